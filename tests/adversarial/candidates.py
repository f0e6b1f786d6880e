"""Candidates that cheat, as programs with the function ``f(x)`` whose honest answer is ``2 * x``.

Numbers follow the catalogue of attacks. Each tries for a score beyond the honest 1.0, for somebody else's data, for
more than its share, or for a life after its end. ``{token}`` is a word that only the judge knows.
"""

__all__ = ["CALL", "SESSION"]

_CHANNEL = """
import json, os, socket, struct, sys, threading, time

def channel():
    frame = sys._getframe()
    while frame and "channel" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["channel"]

def claim(value):
    body = b"m" + struct.pack("<II", 1, 5) + b"value" + value
    return struct.pack("<I", len(body)) + body
"""

_FORGING = {
    "1 exits early after printing a result": """
import json, os, sys

def f(x):
    print(json.dumps({"value": 2 * x, "score": 1e5, "status": "ok"}), flush=True)
    sys.stderr.write("score: 100000\\n")
    os._exit(0)
""",
    "2 writes score lines to every stream and answers badly": """
import os

def f(x):
    for number in (1, 2):
        os.write(number, b"\\r\\x1b[2K{'score': 100000.0}\\nSHOAL RESULT 100000\\n")
    return 0.0
""",
    "3 writes the files a scorer might read": """
import json

def f(x):
    for path in ("results.json", "/results.json", "/tmp/score", "metrics.tsv", "judge.py", "/proc/self/comm"):
        try:
            with open(path, "w") as file:
                json.dump({"score": 1e5}, file)
        except OSError:
            pass
    return 0.0
""",
    "4 sends the judge's own report over every descriptor": """
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
    "5 a second, better frame after the first": _CHANNEL
    + """
def f(x):
    channel().sendall(claim(b"d" + struct.pack("<d", 0.0)))
    return 2 * x
""",
    "5 a thread races with frames of its own": _CHANNEL
    + """
def f(x):
    socket = channel()
    def flood():
        while True:
            socket.sendall(claim(b"d" + struct.pack("<d", 0.0)))
    threading.Thread(target=flood, daemon=True).start()
    time.sleep(0.01)
    return 2 * x
""",
    "6 infinity": "def f(x):\n    return float('inf')\n",
    "6 a huge integer": "def f(x):\n    return 10**400\n",
    "6 an integer beyond every cap": "def f(x):\n    return 1 << 1_000_000\n",
    "6 a decimal": "import decimal\ndef f(x):\n    return decimal.Decimal(10) ** 400\n",
    "6 complex": "def f(x):\n    return 2 * x + 1j\n",
    "6 a subclass of float": """
class Best(float):
    __sub__ = __rsub__ = __abs__ = lambda *_: -1e5

def f(x):
    return Best(2 * x)
""",
    "6 a numpy array of no dimensions": "import numpy as np\ndef f(x):\n    return np.array(2 * x)\n",
    "7 an object that agrees with everything": """
class Yes:
    def __getattr__(self, name):
        return self
    __eq__ = __lt__ = __gt__ = __call__ = __float__ = __index__ = lambda *_: 1

def f(x):
    return Yes()
""",
    "8 a pickle that runs": """
import pickle

class Bomb:
    def __reduce__(self):
        return exec, ("raise SystemExit(0)",)

def f(x):
    return pickle.dumps(Bomb())
""",
    "9 a long text": "def f(x):\n    return 'x' * (40 << 20)\n",
    "9 a frame that announces four gigabytes": _CHANNEL
    + """
def f(x):
    channel().sendall(struct.pack("<I", 0xFFFFFFFF) + b"l" * 1000)
    return 2 * x
""",
    "9 a deep list": """
def f(x):
    deep = []
    for _ in range(150):
        deep = [deep]
    return deep
""",
    "9 a very deep frame by hand": _CHANNEL
    + """
def f(x):
    body = b"l\\x01\\x00\\x00\\x00" * 100_000 + b"n"
    channel().sendall(struct.pack("<I", len(body)) + body)
    return 2 * x
""",
    "9 millions of values": "def f(x):\n    return [[] for _ in range(5_000_000)]\n",
    "9 an error with a novel as its message": _CHANNEL
    + """
def f(x):
    word = b"l" + struct.pack("<I", 1_000_000) + b"n" * 1_000_000
    body = b"m" + struct.pack("<II", 1, 5) + b"error"
    body += b"m" + struct.pack("<II", 2, 4) + b"kind" + word + struct.pack("<I", 7) + b"message" + word
    channel().sendall(struct.pack("<I", len(body)) + body)
    time.sleep(0.5)
""",
    "10 an array where a number belongs": "import numpy as np\ndef f(x):\n    return np.full((3, 1), 2 * x)\n",
    "11 an empty answer": "def f(x):\n    return {}\n",
    "12 an exception that carries a score": """
class Passed(Exception):
    score = 1e5
    value = property(lambda self: 1e5)

def f(x):
    raise Passed({"score": 1e5, "value": 2 * x})
""",
    "12 leaves as if all were well": "import sys\ndef f(x):\n    sys.exit(0)\n",
    "12 a frame with a value and an error": _CHANNEL
    + """
def f(x):
    body = b"m" + struct.pack("<II", 2, 5) + b"valued" + struct.pack("<dI", 2 * x, 5) + b"errorn"
    channel().sendall(struct.pack("<I", len(body)) + body)
    time.sleep(0.2)
""",
}

_SUBVERTING = {
    "13 patches the evaluator": """
import sys

def f(x):
    for name in ("shoal.evaluate._judge", "shoal.judging", "judge", "shoal.core.loop", "shoal.evaluate._evaluator"):
        try:
            module = __import__(name, fromlist=["x"])
            module.score = module.number = module._score = lambda *_, **__: 1e5
        except Exception:
            pass
    return 0.0
""",
    "14 poisons modules": """
import sys, types

def f(x):
    fake = types.ModuleType("fake")
    for name in ("numpy", "json", "random", "math", "struct", "judge", "shoal.judging"):
        sys.modules[name] = fake
    return 0.0
""",
    "15 turns clocks back": """
import time, resource

time.time = time.monotonic = time.process_time = time.perf_counter = lambda: 0.0
resource.getrusage = lambda who: resource.struct_rusage([0] * 16)

def f(x):
    while True:
        pass
""",
    "16 predicts the instances": """
import random
import numpy as np

random.random = lambda: 0.5
np.random.default_rng = lambda *_: np.random.Generator(np.random.PCG64(0))

def f(x):
    seeds = [0, 1, random.getrandbits(63), int(np.random.get_state()[1][0])]
    drawn = [np.random.Generator(np.random.Philox(np.random.SeedSequence(one))).uniform(1.0, 2.0) for one in seeds]
    return 1e6 if any(one == x for one in drawn) else 0.0
""",
    "17 walks frames and objects for the answer": """
import gc, sys

def f(x):
    frame, found = sys._getframe(), [*map(repr, gc.get_objects())]
    while frame:
        found += [repr(frame.f_locals), repr(frame.f_globals)]
        frame = frame.f_back
    word = "ho" + "ney-tok" + "en"
    hit = next((text[text.index(word):][:40] for text in found if word in text), None)
    raise ValueError(f"found {hit}") if hit else ValueError("nothing")
""",
    "17 walks its own memory for the answer": """
def f(x):
    word = ("ho" + "ney-tok" + "en").encode()
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb") as memory:
        for line in maps:
            start, end = (int(one, 16) for one in line.split()[0].split("-"))
            memory.seek(start)
            if word in memory.read(end - start):
                return "found"
""",
    "18 patches builtins and leaves hooks": """
import atexit, builtins, sys, threading

builtins.abs = builtins.max = builtins.float = builtins.isinstance = lambda *_: True
atexit.register(lambda: print("score 100000"))
sys.settrace(lambda *_: None)
sys.setprofile(lambda *_: None)

class Undead:
    def __del__(self):
        print("score 100000")

undead = Undead()

def f(x):
    return 0.0
""",
    "20 changes the answer after it was returned": """
import threading
import numpy as np

answer = [0.0]

def later():
    while True:
        answer[0] = 1e5

def f(x):
    threading.Thread(target=later, daemon=True).start()
    return answer
""",
    "21 changes what it was given": """
import sys

def f(x):
    frame = sys._getframe(1)
    frame.f_locals["question"]["args"][0] = 0.0
    return 0.0
""",
    "23 edits the interpreter": """
import ctypes

def f(x):
    address = id(1) + 24
    ctypes.memset(address, 7, 1)
    return 0.0
""",
}

_OVERFITTING = {
    "25 behaves when it thinks it is watched": """
import os, sys, time

def f(x):
    watched = bool(os.environ) or len(sys.argv) > 1 or os.getppid() != 1
    return 2 * x if watched else 0.0
""",
    "26 leaves a note for the next run": """
import os, sys

PLACES = ("/tmp/n", "/dev/shm/n", "/var/tmp/n", "/n", "n", os.path.join(sys.prefix, "n"), "/__pycache__/n.pyc")

def f(x):
    for place in PLACES:
        try:
            if os.path.exists(place):
                return 1e6
            with open(place, "w") as file:
                file.write("note")
        except OSError:
            pass
    return 0.0
""",
    "26 remembers in memory": """
import sys

def f(x):
    count = sys.modules["json"].__dict__.setdefault("_count", [])
    count.append(x)
    sys.modules["struct"].__dict__["_count"] = count
    return 1e6 if len(count) > 1 else 0.0
""",
    "28 reads held-out data": """
import glob, os

def f(x):
    names = ["judge.py", "../judge.py", "/proc/1/environ", "/proc/1/root/etc/passwd", "/proc/self/cwd/judge.py"]
    names += glob.glob("/proc/*/fd/*") + glob.glob("/proc/self/fd/*") + glob.glob("/home/*/*/judge.py")
    found = []
    for name in names:
        try:
            with open(name, "rb") as file:
                found.append((name, file.read(1000)))
        except OSError:
            pass
    text = repr(found)
    raise ValueError(text if ("ho" + "ney") in text or "root:" in text or "PATH" in text else "nothing")
""",
    "28 swaps its descriptors for the judge's": """
import os

def f(x):
    for number in range(64):
        try:
            os.pread(number, 100, 0)
            return "read"
        except OSError:
            pass
    return 0.0
""",
}

_RESOURCES = {
    "32 an infinite loop": "def f(x):\n    while True:\n        pass\n",
    "32 reads from stdin": "import sys\ndef f(x):\n    sys.stdin.read()\n    return 0.0\n",
    "33 ignores every signal": """
import signal

for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_BLOCK, {number})
    except (OSError, ValueError):
        pass

def f(x):
    while True:
        pass
""",
    "34 a fork bomb": "import os\ndef f(x):\n    while True:\n        os.fork()\n",
    "35 a thread bomb": """
import threading, time

def f(x):
    while True:
        threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
""",
    "36 touched memory": "def f(x):\n    hoard = []\n    while True:\n        hoard.append(bytearray(10_000_000))\n",
    "36 untouched memory": "import numpy as np\ndef f(x):\n    return float(np.zeros(1 << 33)[0])\n",
    "36 a big integer": "def f(x):\n    return float(len(str(1 << (1 << 33))))\n",
    "37 and 38 fills what can be written": """
import os

def f(x):
    for place in ("/tmp/fill", "/dev/shm/fill", "/fill", "fill", "/dev/fill"):
        try:
            with open(place, "wb") as file:
                file.truncate(1 << 60)
                return "filled"
        except OSError:
            pass
    return os.memfd_create("fill")
""",
    "38 floods stderr": """
import os

def f(x):
    while True:
        os.write(2, b"x" * 65536)
""",
    "39 opens everything": """
import os

def f(x):
    while True:
        os.dup(0)
""",
    "39 never reads and floods with public calls": _CHANNEL
    + """
def f(x):
    body = b"m" + struct.pack("<II", 2, 6) + b"public" + b"s" + struct.pack("<I", 1) + b"x"
    body += struct.pack("<I", 4) + b"args" + b"l" + struct.pack("<I", 0)
    packed = (struct.pack("<I", len(body)) + body) * 1000
    while True:
        channel().sendall(packed)
""",
    "40 falls off the stack": "import sys\nsys.setrecursionlimit(10**9)\ndef f(x):\n    return f(x) + 1\n",
    "40 a pattern that backtracks for ever": "import re\ndef f(x):\n    return re.match('(a+)+$', 'a' * 60 + 'b')\n",
    "40 reads address zero": "import ctypes\ndef f(x):\n    return ctypes.string_at(0)\n",
    "42 brackets for the compiler": "x = " + "(" * 5000 + ")" * 5000 + "\ndef f(x):\n    return 0.0\n",
    "42 a constant that folds to gigabytes": "def f(x):\n    return len('a' * 10**9 * 10)\n",
    "42 a long sum": "y = " + "+".join(["1"] * 30_000) + "\ndef f(x):\n    return 0.0\n",
}

_ESCAPE = {
    "43 becomes a daemon": """
import os

def f(x):
    os.setsid()
    if os.fork() == 0:
        os._exit(0) if os.fork() else os.execv("/bin/sleep", ["sleep", "1000"])
    return 2 * x
""",
    "44 kills everyone": """
import os, signal

def f(x):
    for target in (-1, 1, os.getppid(), 0):
        try:
            os.kill(target, signal.SIGKILL)
        except OSError:
            pass
    return 0.0
""",
    "44 traces its parent": "import ctypes\ndef f(x):\n    return ctypes.CDLL(None).ptrace(16, 1, 0, 0)\n",
    "45 writes to its parent's memory": """
import os

def f(x):
    for name in ("mem", "environ", "oom_score_adj", "root/etc/passwd"):
        for process in ("1", str(os.getppid()), "self"):
            try:
                with open(f"/proc/{process}/{name}", "r+b") as file:
                    return file.read(10)
            except OSError:
                pass
    return 0.0
""",
    "46 nests namespaces": "import ctypes\ndef f(x):\n    return ctypes.CDLL(None).unshare(0x10000000)\n",
    "47 raises its limits": """
import resource

def f(x):
    for which in (resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_NOFILE):
        try:
            resource.setrlimit(which, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            return "raised"
        except (ValueError, OSError):
            pass
    return 0.0
""",
    "48 links to what it may not see": """
import os

def f(x):
    for make in (os.symlink, os.link):
        for place in ("link", "/tmp/link", "/link"):
            try:
                make("/etc/passwd", place)
                return open(place).read()
            except OSError:
                pass
    return 0.0
""",
    "50 runs a program": "import os\ndef f(x):\n    return os.execv('/bin/su', ['su'])\n",
    "50 runs a shell": "import subprocess\ndef f(x):\n    return subprocess.check_output('id', shell=True)\n",
    "52 poisons bytecode": """
import json, os

def f(x):
    folder = os.path.join(os.path.dirname(json.__file__), "__pycache__")
    for name in ("__init__.cpython-311.pyc", "evil.pyc"):
        try:
            with open(os.path.join(folder, name), "r+b" if name.startswith("__") else "wb") as file:
                file.write(b"evil")
                return "written"
        except OSError:
            pass
    return 0.0
""",
    "54 looks for keys": """
import os, glob

def f(x):
    keys = [value for name, value in os.environ.items()]
    for name in ("~/.netrc", "~/.ssh/id_rsa", "~/.aws/credentials", "/root/.netrc", "/etc/shadow", "/run/secrets/key"):
        try:
            keys.append(open(os.path.expanduser(name)).read())
        except OSError:
            pass
    return str(keys) if keys else 0.0
""",
    "55 calls out": """
import socket

def f(x):
    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, 16, 40):
        try:
            return str(socket.socket(family))
        except OSError:
            pass
    return 0.0
""",
    "55 asks for a name": "import socket\ndef f(x):\n    return socket.gethostbyname('localhost')\n",
    "56 uses what was left open": """
import os

def f(x):
    kept = []
    for number in range(3, 1024):
        try:
            os.fstat(number)
            kept.append(number)
        except OSError:
            pass
    return 0.0 if len(kept) == 1 else str(kept)
""",
}

CALL = {**_FORGING, **_SUBVERTING, **_OVERFITTING, **_RESOURCES, **_ESCAPE}

SESSION = {
    "5 answers before it is asked": _CHANNEL
    + """
def f(x):
    for _ in range(3):
        channel().sendall(claim(b"d" + struct.pack("<d", 0.0)))
    return 2 * x
""",
    "17 looks for questions to come": """
import gc, sys

def f(x):
    rows = [one for one in gc.get_objects() if type(one) in (list, tuple) and len(one) == 4 and x in one]
    return 1e6 if rows else 0.0
""",
    "27 answers the second question from the first": """
seen = []

def f(x):
    seen.append(x)
    return 2 * seen[0]
""",
    "26 remembers another instance": """
import os, sys

def f(x):
    try:
        with open("/dev/shm/seen", "a+") as file:
            file.write("x")
            return 1e6
    except OSError:
        return 0.0
""",
    "32 sleeps at the third question": """
count = []

def f(x):
    count.append(x)
    while len(count) > 2:
        pass
    return 2 * x
""",
    "12 ends at the third question": """
count = []

def f(x):
    count.append(x)
    if len(count) > 2:
        raise SystemExit(0)
    return 2 * x
""",
}
