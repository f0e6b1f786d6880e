"""Group A, 1 to 12, on tasks of kind `call`: a score without the work, by a result that is not one."""

from shoal.testing.attacks._attack import Attack

__all__ = ["ATTACKS", "CHANNEL"]

CHANNEL = """
import json, os, socket, struct, sys, threading, time

def channel():
    frame = sys._getframe()
    while frame and "channel" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["channel"]

def claim(value):
    body = b"m" + struct.pack("<II", 1, 5) + b"value" + value
    return struct.pack("<I", len(body)) + body

def error(kind, message=b"n", line=b"n"):
    body = b"m" + struct.pack("<II", 1, 5) + b"error"
    body += b"m" + struct.pack("<II", 3, 4) + b"kind" + kind
    body += struct.pack("<I", 7) + b"message" + message + struct.pack("<I", 4) + b"line" + line
    channel().sendall(struct.pack("<I", len(body)) + body)
    time.sleep(0.3)

def text(data):
    return b"s" + struct.pack("<I", len(data)) + data
"""
_BORDER = ("border",)
_JUDGE = ("judge",)


def _call(number: int, name: str, program: str, **more: object) -> Attack:
    return Attack(number, name, "call", program, **{"walls": _BORDER, **more})  # type: ignore[arg-type]


ATTACKS = (
    _call(
        1,
        "exits early after printing a result",
        """
import json, os, sys

def f(x):
    print(json.dumps({"value": 2 * x, "score": 1e5, "status": "ok"}), flush=True)
    sys.stderr.write("score: 100000\\n")
    os._exit(0)
""",
        expect=("crash",),
    ),
    _call(
        1,
        "leaves while it is loaded, before any question",
        "import os\nos._exit(0)\n\ndef f(x):\n    return 0.0\n",
        expect=("crash",),
    ),
    _call(
        1,
        "half a result, then the end",
        CHANNEL
        + """
def f(x):
    channel().sendall(claim(b"d" + struct.pack("<d", 2 * x))[:-4])
    os._exit(0)
""",
        expect=("wrong",),
    ),
    _call(
        2,
        "writes score lines to every stream and answers badly",
        """
import os

def f(x):
    for number in (1, 2):
        os.write(number, b"\\r\\x1b[2K{'score': 100000.0}\\nSHOAL RESULT 100000\\n")
    return 0.0
""",
    ),
    _call(
        2,
        "hides terminal codes and a score line in its error",
        """
def f(x):
    raise ValueError("\\x1b[2K\\r\\x1b]0;owned\\x07score: 100000\\u202e\\u2066 status: ok\\nVERDICT ok 100000")
""",
        expect=("crash",),
    ),
    _call(
        3,
        "writes the files a scorer might read",
        """
import json

PLACES = ("/tmp/shoal-attack-results.json", "/var/tmp/shoal-attack-score", "/dev/shm/shoal-attack-metrics.tsv")

def f(x):
    for path in PLACES:
        try:
            with open(path, "w") as file:
                json.dump({"score": 1e5}, file)
        except OSError:
            continue
        breach(f"wrote {path}")
    return 0.0
""",
        walls=("files", "landlock"),
        held_from=2,
    ),
    _call(
        4,
        "sends the judge's own report over every descriptor",
        """
import os, struct

def f(x):
    text = b'{"per_instance": [{"index": 0, "status": "ok", "value": 1e5}], "score": 1e5, "public_calls": 0}'
    for number in range(3, 64):
        try:
            os.write(number, struct.pack("<cII", b"R", len(text), 0) + text)
        except OSError:
            pass
    return 2 * x
""",
        honest=True,
        slow=True,
    ),
    _call(
        5,
        "a second, better frame after the first",
        CHANNEL
        + """
def f(x):
    channel().sendall(claim(b"d" + struct.pack("<d", 0.0)))
    return 2 * x
""",
    ),
    _call(
        5,
        "a thread races with frames of its own",
        CHANNEL
        + """
def f(x):
    socket = channel()
    def flood():
        while True:
            socket.sendall(claim(b"d" + struct.pack("<d", 0.0)))
    threading.Thread(target=flood, daemon=True).start()
    time.sleep(0.05)
    return 2 * x
""",
    ),
    _call(
        5,
        "two results in one frame",
        CHANNEL
        + """
def f(x):
    body = claim(b"d" + struct.pack("<d", 0.0))[4:] + claim(b"d" + struct.pack("<d", 2 * x))[4:]
    channel().sendall(struct.pack("<I", len(body)) + body)
    time.sleep(0.2)
""",
        expect=("wrong",),
    ),
    _call(
        5,
        "the same key twice in a frame",
        CHANNEL
        + """
def f(x):
    one = struct.pack("<I", 5) + b"value"
    body = b"m" + struct.pack("<I", 2) + one + b"d" + struct.pack("<d", 0.0) + one + b"d" + struct.pack("<d", 2 * x)
    channel().sendall(struct.pack("<I", len(body)) + body)
    time.sleep(0.2)
""",
        honest=True,  # whichever counts, it is one answer, and no more than it is worth
    ),
    _call(6, "infinity", "def f(x):\n    return float('inf')\n", expect=("wrong",)),
    _call(6, "not a number", "def f(x):\n    return float('nan')\n", expect=("wrong",)),
    _call(6, "minus nothing, and the smallest number", "def f(x):\n    return 2 * x if x < 0 else 0.0 * -5e-324\n"),
    _call(6, "a huge integer", "def f(x):\n    return 10**400\n", expect=("wrong",)),
    _call(6, "an integer beyond every cap", "def f(x):\n    return 1 << 1_000_000\n", expect=("crash", "wrong")),
    _call(6, "a truth value", "def f(x):\n    return True\n", expect=("wrong",)),
    _call(6, "a decimal", "import decimal\ndef f(x):\n    return decimal.Decimal(10) ** 400\n"),
    _call(6, "a fraction", "import fractions\ndef f(x):\n    return fractions.Fraction(2 * x)\n"),
    _call(6, "complex", "def f(x):\n    return 2 * x + 1j\n"),
    _call(
        6,
        "a subclass of float",
        """
class Best(float):
    __sub__ = __rsub__ = __abs__ = lambda *_: -1e5

def f(x):
    return Best(2 * x)
""",
    ),
    _call(6, "a numpy array of no dimensions", "import numpy as np\ndef f(x):\n    return np.array(2 * x)\n"),
    _call(
        6, "a number that is not one, of another width", "import numpy as np\ndef f(x):\n    return np.float16(1e9)\n"
    ),
    _call(
        7,
        "an object that agrees with everything",
        """
class Yes:
    def __getattr__(self, name):
        return self
    __eq__ = __lt__ = __gt__ = __call__ = __float__ = __index__ = lambda *_: 1

def f(x):
    return Yes()
""",
    ),
    _call(
        7,
        "an array of objects",
        """
import numpy as np

class Yes:
    __eq__ = __lt__ = __float__ = __sub__ = __rsub__ = lambda *_: 1

def f(x):
    return np.array([Yes()], dtype=object)
""",
    ),
    _call(
        8,
        "a pickle that runs",
        """
import pickle

class Bomb:
    def __reduce__(self):
        return exec, ("open('/tmp/shoal-attack-pickle', 'w').close()",)

def f(x):
    return pickle.dumps(Bomb())
""",
        expect=("wrong",),
    ),
    _call(
        8,
        "a saved array that needs pickle",
        """
import io
import numpy as np

class Bomb:
    def __reduce__(self):
        return exec, ("open('/tmp/shoal-attack-npy', 'w').close()",)

def f(x):
    file = io.BytesIO()
    np.save(file, np.array([Bomb()], dtype=object), allow_pickle=True)
    return [file.getvalue(), "!!python/object/apply:os.system ['true']", "__import__('os').getpid()"]
""",
        expect=("wrong",),
    ),
    _call(9, "a long text", "def f(x):\n    return 'x' * (40 << 20)\n", expect=("wrong",)),
    _call(
        9,
        "a frame that announces four gigabytes",
        CHANNEL
        + """
def f(x):
    channel().sendall(struct.pack("<I", 0xFFFFFFFF) + b"l" * 1000)
    return 2 * x
""",
        expect=("wrong",),
    ),
    _call(
        9,
        "a frame of no bytes",
        CHANNEL
        + """
def f(x):
    channel().sendall(struct.pack("<I", 0) * 1000)
    return 2 * x
""",
        expect=("wrong",),
    ),
    _call(
        9,
        "a byte at a time, for as long as it takes",
        CHANNEL
        + """
def f(x):
    for byte in claim(b"d" + struct.pack("<d", 2 * x)):
        channel().sendall(bytes([byte]))
        time.sleep(0.7)
""",
        expect=("timeout",),
        slow=True,
    ),
    _call(
        9,
        "a deep list",
        """
def f(x):
    deep = []
    for _ in range(150):
        deep = [deep]
    return deep
""",
        expect=("wrong",),
    ),
    _call(
        9,
        "a very deep frame by hand",
        CHANNEL
        + """
def f(x):
    body = b"l\\x01\\x00\\x00\\x00" * 100_000 + b"n"
    channel().sendall(struct.pack("<I", len(body)) + body)
    return 2 * x
""",
        expect=("wrong",),
    ),
    _call(
        9,
        "a list that holds itself",
        "def f(x):\n    one = []\n    one.append(one)\n    return one\n",
        expect=("crash", "wrong"),
    ),
    _call(9, "millions of values", "def f(x):\n    return [[] for _ in range(5_000_000)]\n", slow=True),
    _call(
        9,
        "an array that announces more than it holds",
        CHANNEL
        + """
import numpy as np
from shoal.sandbox import frames

def f(x):
    body = bytearray(frames.encode({"value": np.zeros((2, 3))}))
    at = body.index(b"<f8") + 3
    for spot in range(at, min(at + 24, len(body))):
        body[spot] = 0xFF
    channel().sendall(struct.pack("<I", len(body)) + bytes(body))
    time.sleep(0.2)
""",
        expect=("wrong", "crash"),
    ),
    _call(
        9,
        "a zip that grows a thousand times",
        "import zlib\n\ndef f(x):\n    return zlib.compress(bytes(20_000_000))\n",
        expect=("wrong",),
    ),
    _call(
        9,
        "an error with a novel as its message",
        CHANNEL
        + """
def f(x):
    word = b"l" + struct.pack("<I", 1_000_000) + b"n" * 1_000_000
    error(word, message=word)
""",
    ),
    _call(
        9,
        "an error that no text can be made of",
        CHANNEL
        + """
def f(x):
    size = 256
    number = b"I" + struct.pack("<I", size) + b"\\x7f" * size
    deep = b"l\\x01\\x00\\x00\\x00" * 25 + number
    error(deep, message=deep, line=number)
""",
        expect=("crash", "wrong"),
    ),
    _call(
        9,
        "an error from a line beyond all numbers",
        CHANNEL
        + """
def f(x):
    number = b"I" + struct.pack("<I", 250) + b"\\x7f" * 250
    error(text(b"Fine"), message=text("score 100000 \\u202e\\U000e0041".encode()), line=number)
""",
        expect=("crash", "wrong"),
    ),
    _call(
        10,
        "an array where a number belongs",
        "import numpy as np\ndef f(x):\n    return np.full((3, 1), 2 * x)\n",
        expect=("wrong",),
    ),
    _call(10, "more answers than questions", "def f(x):\n    return [2 * x] * 1000\n", expect=("wrong",)),
    _call(
        10,
        "an answer that claims a size and has none",
        "import numpy as np\ndef f(x):\n    return np.broadcast_to(np.float64(2 * x), (0, 10**6))\n",
        expect=("wrong",),
    ),
    _call(11, "an empty answer", "def f(x):\n    return {}\n", expect=("wrong",)),
    _call(11, "nothing", "def f(x):\n    return None\n", expect=("wrong",)),
    _call(11, "an empty text", "def f(x):\n    return ''\n", expect=("wrong",)),
    _call(11, "no function at all", "x = 1\n", expect=("crash",)),
    _call(11, "something that is called like the function", "f = 2.0\n", expect=("crash",)),
    _call(
        12,
        "an exception that carries a score",
        """
class Passed(Exception):
    score = 1e5
    value = property(lambda self: 1e5)

def f(x):
    raise Passed({"score": 1e5, "value": 2 * x})
""",
        expect=("crash",),
    ),
    _call(12, "leaves as if all were well", "import sys\ndef f(x):\n    sys.exit(0)\n", expect=("crash",)),
    _call(12, "is interrupted by itself", "def f(x):\n    raise KeyboardInterrupt\n", expect=("crash",)),
    _call(
        12,
        "an exception whose text raises",
        """
class Odd(Exception):
    def __str__(self):
        raise SystemExit(0)
    __repr__ = __str__

def f(x):
    raise Odd
""",
        expect=("crash",),
    ),
    _call(
        12,
        "an exception with a name that is a result",
        """
def f(x):
    raise type("value: 100000\\n" * 50, (Exception,), {})("score", 1e5)
""",
        expect=("crash",),
    ),
    _call(
        12,
        "a frame with a value and an error",
        CHANNEL
        + """
def f(x):
    body = b"m" + struct.pack("<II", 2, 5) + b"valued" + struct.pack("<dI", 2 * x, 5) + b"errorn"
    channel().sendall(struct.pack("<I", len(body)) + body)
    time.sleep(0.2)
""",
        expect=("wrong",),
    ),
    _call(
        12,
        "raises the judge's own exceptions",
        """
import sys

def f(x):
    for name in ("shoal.judging", "shoal.evaluate._judge"):
        try:
            module = __import__(name, fromlist=["x"])
        except Exception:
            continue
        kind = getattr(module, "Wrong", None) or getattr(module, "_Failed", None)
        raise kind("ok")
    raise RuntimeError("Wrong: ok")
""",
        expect=("crash",),
        walls=_JUDGE,
    ),
)
