"""Group D, 32 to 42, on tasks of kind `call`: more time, memory, processes and files than are its share."""

from shoal.testing.attacks._attack import Attack
from shoal.testing.attacks._forging import CHANNEL

__all__ = ["ATTACKS"]

_LIMITS = ("limits",)


def _call(number: int, name: str, program: str, **more: object) -> Attack:
    return Attack(number, name, "call", program, **{"walls": _LIMITS, **more})  # type: ignore[arg-type]


ATTACKS = (
    _call(32, "an infinite loop", "def f(x):\n    while True:\n        pass\n", expect=("timeout",), slow=True),
    _call(32, "reads from stdin", "import sys\ndef f(x):\n    sys.stdin.read()\n    return 0.0\n"),
    _call(
        32,
        "sleeps",
        "import time\ndef f(x):\n    time.sleep(1000)\n    return 2 * x\n",
        expect=("timeout",),
        slow=True,
    ),
    _call(
        32,
        "answers, and then goes on for ever",
        CHANNEL
        + """
def f(x):
    channel().sendall(claim(b"d" + struct.pack("<d", 2 * x)))
    while True:
        pass
""",
        expect=("timeout",),
        slow=True,
    ),
    _call(
        32,
        "never ends loading",
        "import time\nwhile True:\n    time.sleep(0.01)\n",
        expect=("timeout",),
        slow=True,
    ),
    _call(
        33,
        "ignores every signal",
        """
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
        expect=("timeout",),
        slow=True,
    ),
    _call(
        34,
        "a fork bomb",
        "import os\ndef f(x):\n    while True:\n        os.fork()\n",
        walls=("seccomp",),
        held_from=2,
        expect=("violation",),
        bomb=True,
        harmful=True,
    ),
    _call(
        34,
        "a fork bomb by the bare system call",
        """
import ctypes

def f(x):
    while ctypes.CDLL(None).syscall(56, 17, 0, 0, 0, 0) >= 0:
        pass
    return 0.0
""",
        walls=("seccomp",),
        held_from=2,
        bomb=True,
        harmful=True,
    ),
    _call(
        35,
        "a thread bomb",
        """
import threading, time

def f(x):
    while True:
        threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
""",
        walls=("threads", "limits"),
        held_from=2,
        bomb=True,
        harmful=True,
    ),
    _call(
        36,
        "touched memory",
        "def f(x):\n    hoard = []\n    while True:\n        hoard.append(bytearray(10_000_000))\n",
        expect=("memory",),
        bomb=True,
    ),
    _call(
        36,
        "untouched memory",
        "import numpy as np\ndef f(x):\n    return float(np.zeros(1 << 33)[0])\n",
        expect=("memory",),
        bomb=True,
    ),
    _call(36, "a big integer", "def f(x):\n    return float(len(str(1 << (1 << 33))))\n", bomb=True),
    _call(
        36,
        "shared memory that no limit counts twice",
        """
import mmap

def f(x):
    hoard = [mmap.mmap(-1, 1 << 26) for _ in range(200)]
    for one in hoard:
        one[::4096] = b"x" * len(one[::4096])
    return float(len(hoard))
""",
        bomb=True,
    ),
    _call(
        37,
        "fills what can be written",
        """
import os

def f(x):
    for place in ("/tmp/shoal-attack-fill", "/dev/shm/shoal-attack-fill", "/var/tmp/shoal-attack-fill", "fill"):
        try:
            with open(place, "wb") as file:
                file.truncate(1 << 60)
        except OSError:
            continue
        breach(f"filled {place}")
    try:
        breach(os.memfd_create("fill"))
    except OSError:
        pass
    return 0.0
""",
        walls=("files", "landlock", "seccomp"),
        held_from=2,
        bomb=True,
        harmful=True,
    ),
    _call(
        38,
        "floods stderr",
        """
import os

def f(x):
    while True:
        os.write(2, b"x" * 65536)
""",
        expect=("timeout",),
        slow=True,
    ),
    _call(
        38,
        "uses up the names of files",
        """
def f(x):
    made = 0
    for number in range(1000):
        try:
            open(f"/tmp/shoal-attack-inode-{number}", "x").close()
            made += 1
        except OSError:
            break
    if made:
        breach(f"made {made} files")
    return 0.0
""",
        walls=("files", "landlock"),
        held_from=2,
        harmful=True,
    ),
    _call(
        39,
        "opens everything",
        """
import os

def f(x):
    while True:
        os.dup(0)
""",
        expect=("crash",),
    ),
    _call(
        39,
        "never reads and floods with public calls",
        CHANNEL
        + """
def f(x):
    body = b"m" + struct.pack("<II", 2, 6) + b"public" + b"s" + struct.pack("<I", 1) + b"x"
    body += struct.pack("<I", 4) + b"args" + b"l" + struct.pack("<I", 0)
    packed = (struct.pack("<I", len(body)) + body) * 1000
    while True:
        channel().sendall(packed)
""",
        slow=True,
    ),
    _call(
        39,
        "sends its own channel through itself until nothing is left",
        CHANNEL
        + """
def f(x):
    one = channel()
    for _ in range(20_000):
        socket.send_fds(one, [b"\\x00"], [one.fileno()] * 50)
    return 2 * x
""",
        expect=("wrong", "crash", "timeout"),
        slow=True,
    ),
    _call(
        40,
        "falls off the stack",
        "import sys\nsys.setrecursionlimit(10**9)\ndef f(x):\n    return f(x) + 1\n",
        bomb=True,
        slow=True,
    ),
    _call(
        40,
        "a pattern that backtracks for ever",
        "import re\ndef f(x):\n    return re.match('(a+)+$', 'a' * 60 + 'b')\n",
        expect=("timeout",),
        slow=True,
    ),
    _call(40, "reads address zero", "import ctypes\ndef f(x):\n    return ctypes.string_at(0)\n", expect=("crash",)),
    _call(40, "aborts", "import os\ndef f(x):\n    os.abort()\n", expect=("crash",)),
    _call(
        41,
        "takes all cores at the lowest niceness",
        """
import os, threading

try:
    os.nice(-20)
    breach("it may go first")
except OSError:
    pass
try:
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50))
    breach("it may go before all others")
except (OSError, AttributeError):
    pass

def burn():
    while True:
        pass

def f(x):
    for _ in range(3):
        threading.Thread(target=burn, daemon=True).start()
    burn()
""",
        walls=("limits", "identity"),
        expect=("timeout",),
        slow=True,
        bomb=True,
    ),
    _call(42, "brackets for the compiler", "x = " + "(" * 5000 + ")" * 5000 + "\ndef f(x):\n    return 0.0\n"),
    _call(42, "a constant that folds to gigabytes", "def f(x):\n    return len('a' * 10**9 * 10)\n", bomb=True),
    _call(42, "a long sum", "y = " + "+".join(["1"] * 30_000) + "\ndef f(x):\n    return 0.0\n"),
    _call(
        42, "nested functions", "\n".join(" " * n + "def f(x):" for n in range(120)) + "\n" + " " * 120 + "return 0.0\n"
    ),
    _call(42, "a byte that is no text", "def f(x):\n    return 0.0\n# \\x00\x00 \ud7ff\n"),
)
