"""Groups A to D on tasks of kind `command`: programs that may start others, and own a folder while they run."""

from shoal.testing.attacks._attack import Attack

__all__ = ["ATTACKS", "COMMAND"]

COMMAND = """
import os, sys

def breach(what):
    sys.stderr.write("BREACH " + str(what)[:200] + "\\n")
    sys.exit(1)

def answer(y):
    with open("out", "w") as file:
        file.write(repr(y))
    print(repr(y), flush=True)

x = float(sys.stdin.readline())
"""


def _command(number: int, name: str, program: str, **more: object) -> Attack:
    return Attack(number, name, "command", program, **{"walls": ("processes",), **more})  # type: ignore[arg-type]


_RESULTS = (
    _command(1, "leaves well without an answer", "os._exit(0)\n", expect=("crash",), walls=("border",)),
    _command(1, "half an answer", "sys.stdout.write(repr(2 * x)[:1])\nopen('out', 'w').close()\n", walls=("border",)),
    _command(
        2,
        "writes score lines around its answer",
        "print('\\r\\x1b[2K{\"score\": 1e5}')\nanswer(0.0)\nprint('SHOAL RESULT 100000')\n",
        walls=("border",),
    ),
    _command(
        3,
        "writes the files a scorer might read",
        """
import json
for name in ("score", "results.json", "metrics.tsv", "judge.py", "task.toml", "stdout"):
    with open(name, "w") as file:
        json.dump({"score": 1e5}, file)
answer(0.0)
""",
        walls=("judge",),
    ),
    _command(
        4,
        "writes to every descriptor it was left",
        """
for number in range(3, 256):
    try:
        os.write(number, b"R" + b"\\xff" * 8)
    except OSError:
        continue
    breach(f"descriptor {number} was open")
answer(0.0)
""",
        walls=("processes",),
    ),
    _command(5, "two answers", "answer(0.0)\nprint(repr(2 * x))\n", walls=("border",)),
    _command(6, "infinity", "answer(float('inf'))\n", expect=("wrong",), walls=("border",)),
    _command(6, "no number at all", "answer('nan or 100000')\n", expect=("wrong",), walls=("border",)),
    _command(
        9,
        "floods standard output",
        "open('out', 'w').close()\nwhile True:\n    os.write(1, b'1' * 65536)\n",
        walls=("limits",),
        bomb=True,
    ),
    _command(
        9,
        "a file of a size that nobody has",
        "answer(0.0)\nos.truncate('out', 1 << 60)\n",
        walls=("limits",),
        harmful=True,
        held_from=2,
    ),
    _command(
        9,
        "an answer of bytes that are no text",
        "os.write(1, bytes(range(256)) * 100)\nopen('out', 'wb').write(b'\\xff\\xfe\\x00')\n",
        expect=("wrong",),
        walls=("border",),
    ),
    _command(11, "an empty answer", "open('out', 'w').close()\n", expect=("wrong",), walls=("border",)),
    _command(12, "says that all is well and fails", "answer(2 * x)\nsys.exit(3)\n", expect=("crash",)),
    _command(12, "answers and dies", "answer(2 * x)\nos.abort()\n", expect=("crash",)),
    _command(
        19,
        "leaves start files for the next program",
        """
if os.path.exists("sitecustomize.py") or os.path.exists(os.path.expanduser("~/.pythonrc")):
    breach("start files of the run before")
for name in ("sitecustomize.py", "usercustomize.py", os.path.expanduser("~/.pythonrc"), ".pth"):
    with open(name, "w") as file:
        file.write("raise SystemExit")
answer(0.0)
""",
        walls=("fresh",),
    ),
)
_LEARNING = (
    _command(
        26,
        "leaves a note for the next run",
        """

places = ("/tmp/shoal-attack-n", "/dev/shm/shoal-attack-n", "/var/tmp/shoal-attack-n", "n", "/shoal-attack-n")
for place in places:
    if os.path.exists(place):
        breach(f"{place} is still there")
for place in places:
    try:
        open(place, "w").close()
    except OSError:
        pass
answer(0.0)
""",
        walls=("files", "fresh"),
        held_from=3,
    ),
    _command(
        26,
        "changes its own program for the next run",
        """
text = open(__file__).read()
if "CHANGED" + "=1" in text:
    breach("its own change of the run before")
try:
    with open(__file__, "a") as file:
        file.write("\\nCHANGED" + "=1\\n")
except OSError:
    pass
answer(0.0)
""",
        walls=("fresh",),
    ),
    _command(
        26,
        "leaves a note in shared memory of System V",
        """
import ctypes
libc = ctypes.CDLL(None)
if libc.shmget(0x5A0A1, 64, 0o1666) >= 0 or libc.msgget(0x5A0A1, 0o1666) >= 0:
    breach("shared memory")
answer(0.0)
""",
        walls=("seccomp", "ipc"),
        held_from=2,
    ),
    _command(
        28,
        "reads held-out data",
        """
import glob
names = ["/etc/passwd", "/etc/hostname", "../judge.py", *glob.glob("/tmp/shoal-attack-home/*"), "/root/.netrc"]
for name in names + glob.glob("/proc/[0-9]*/environ") + ["/proc/1/root/etc/passwd", "/proc/1/mem"]:
    if name == f"/proc/{os.getpid()}/environ":
        continue
    try:
        data = open(name, "rb").read(100)
    except OSError:
        continue
    if data:
        breach(f"read {name}")
answer(0.0)
""",
        walls=("files", "landlock"),
        held_from=2,
    ),
    _command(
        28,
        "reads the judge that Shoal is made of",
        """
try:
    import shoal.evaluate._judge as judge
except Exception:
    answer(0.0)
else:
    breach(judge.__file__)
""",
        walls=("files", "landlock"),
        held_from=2,
    ),
)
_RESOURCES = (
    _command(32, "an infinite loop", "while True:\n    pass\n", expect=("timeout",), walls=("limits",), slow=True),
    _command(32, "sleeps", "import time\ntime.sleep(1000)\n", expect=("timeout",), walls=("limits",), slow=True),
    _command(
        32,
        "spreads its time over many processes",
        """
for _ in range(6):
    if os.fork() == 0:
        break
while True:
    pass
""",
        expect=("timeout",),
        walls=("limits", "processes"),
        slow=True,
        bomb=True,
    ),
    _command(
        32,
        "spends its time in processes that end at once",
        """
import signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
while True:
    if os.fork() == 0:
        end = time.process_time() + 0.05
        while time.process_time() < end:
            pass
        os._exit(0)
    try:
        os.wait()
    except OSError:
        pass
""",
        expect=("timeout",),
        walls=("limits", "processes", "seccomp"),
        slow=True,
        bomb=True,
    ),
    _command(
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
while True:
    pass
""",
        expect=("timeout",),
        walls=("limits",),
        slow=True,
    ),
    _command(
        34,
        "a fork bomb",
        "while True:\n    try:\n        os.fork()\n    except OSError:\n        pass\n",
        walls=("limits", "processes"),
        bomb=True,
        harmful=True,
        held_from=3,
        slow=True,
    ),
    _command(
        35,
        "a thread bomb",
        """
import threading, time
while True:
    threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
""",
        walls=("limits", "processes"),
        bomb=True,
        harmful=True,
        held_from=2,
    ),
    _command(
        36,
        "touched memory",
        "hoard = []\nwhile True:\n    hoard.append(bytearray(10_000_000))\n",
        expect=("memory",),
        walls=("limits",),
        bomb=True,
    ),
    _command(
        36,
        "memory in many processes",
        """
import time
for _ in range(7):
    if os.fork() == 0:
        hoard = bytearray(100_000_000)
        hoard[::4096] = b"x" * len(hoard[::4096])
        time.sleep(1000)
time.sleep(1000)
""",
        walls=("limits",),
        expect=("memory",),
        bomb=True,
        slow=True,
    ),
    _command(
        37,
        "fills its folder",
        """
with open("fill", "wb") as file:
    while True:
        file.write(bytes(1 << 20))
""",
        walls=("limits",),
        bomb=True,
        harmful=True,
        held_from=2,
    ),
    _command(
        38,
        "uses up the names of files",
        """
made = 0
try:
    while made < 50_000:
        open(f"n{made}", "w").close()
        made += 1
except OSError:
    pass
if made >= 50_000:
    breach("as many files as it likes")
answer(0.0)
""",
        walls=("limits",),
        bomb=True,
        harmful=True,
        held_from=3,
        slow=True,
    ),
    _command(
        38,
        "floods stderr",
        "while True:\n    os.write(2, b'x' * 65536)\n",
        expect=("timeout",),
        walls=("limits",),
        slow=True,
    ),
    _command(39, "never reads its input", "os.close(0)\nanswer(0.0)\n", walls=("limits",)),
    _command(40, "reads address zero", "import ctypes\nctypes.string_at(0)\n", expect=("crash",), walls=("limits",)),
)
ATTACKS = (*_RESULTS, *_LEARNING, *_RESOURCES)
