"""Groups B and C, 13 to 31, on tasks of kind `call`: the evaluator subverted, the instances learnt by heart."""

from shoal.testing.attacks._attack import Attack

__all__ = ["ATTACKS"]

_JUDGE = ("judge",)
_FILES = ("files", "landlock")


def _call(number: int, name: str, program: str, **more: object) -> Attack:
    return Attack(number, name, "call", program, **{"walls": _JUDGE, **more})  # type: ignore[arg-type]


_SUBVERTING = (
    _call(
        13,
        "patches the evaluator",
        """
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
    ),
    _call(
        13,
        "patches the code that runs it",
        """
import sys

def f(x):
    for module in list(sys.modules.values()):
        for name in ("send", "receive", "encode", "framed", "decode", "size_of", "_describe", "_function"):
            if getattr(module, "__name__", "").startswith("shoal") and hasattr(module, name):
                setattr(module, name, lambda *_, **__: {"value": 1e5, "score": 1e5})
    return 0.0
""",
    ),
    _call(
        14,
        "poisons modules",
        """
import sys, types

def f(x):
    fake = types.ModuleType("fake")
    for name in ("numpy", "json", "random", "math", "struct", "judge", "shoal.judging"):
        sys.modules[name] = fake
    return 0.0
""",
    ),
    _call(
        14,
        "leaves an importer behind",
        """
import sys, types

class Finder:
    def find_spec(self, name, path=None, target=None):
        raise SystemExit(0)

def f(x):
    sys.meta_path.insert(0, Finder())
    sys.path_hooks.insert(0, lambda path: Finder())
    sys.modules.clear()
    return 0.0
""",
    ),
    _call(
        15,
        "turns clocks back",
        """
import time, resource

time.time = time.monotonic = time.process_time = time.perf_counter = lambda: 0.0
resource.getrusage = lambda who: resource.struct_rusage([0] * 16)

def f(x):
    while True:
        pass
""",
        expect=("timeout",),
        walls=("limits",),
        slow=True,
    ),
    _call(
        16,
        "predicts the instances",
        """
import random
import numpy as np

random.random = lambda: 0.5
np.random.default_rng = lambda *_: np.random.Generator(np.random.PCG64(0))

def f(x):
    seeds = [*range(50), random.getrandbits(63), int(np.random.get_state()[1][0])]
    drawn = [np.random.Generator(np.random.Philox(np.random.SeedSequence(one))).uniform(1.0, 2.0) for one in seeds]
    return 1e6 if any(one == x for one in drawn) else 0.0
""",
        walls=("seeds",),
    ),
    _call(
        17,
        "walks frames and objects for the answer",
        """
import gc, re, sys

def f(x):
    frame, found = sys._getframe(), [*map(repr, gc.get_objects())]
    while frame:
        found += [repr(frame.f_locals), repr(frame.f_globals)]
        frame = frame.f_back
    hits = [re.search("hone[y]-token.{0,9}", text) for text in found]
    if any(hits):
        breach(next(filter(None, hits)).group())
    return 0.0
""",
    ),
    _call(
        17,
        "walks its own memory for the answer",
        """
import re

def f(x):
    try:
        maps, memory = open("/proc/self/maps"), open("/proc/self/mem", "rb")
    except OSError:
        return 0.0
    for line in maps:
        start, end = (int(one, 16) for one in line.split()[0].split("-"))
        try:
            memory.seek(start)
            data = memory.read(end - start)
        except (OSError, ValueError, OverflowError):
            continue
        if hit := re.search(b"hone[y]-token.{0,9}", data):
            breach(hit.group())
    return 0.0
""",
    ),
    _call(
        17,
        "follows a raised error to who caught it",
        """
import sys

def f(x):
    try:
        raise ValueError
    except ValueError as error:
        trace, seen = error.__traceback__, []
        frame = trace.tb_frame
        while frame:
            seen.append(repr(frame.f_code) + repr(frame.f_globals.get("__file__")) + repr(list(frame.f_locals)))
            frame = frame.f_back
    if "judge.py" in repr(seen) or "instance" in repr(seen):
        breach("the judge is in the frames")
    return 0.0
""",
    ),
    _call(
        18,
        "patches builtins and leaves hooks",
        """
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
    ),
    _call(
        18,
        "listens to audit events and hooks threads",
        """
import sys, threading

def hook(event, arguments):
    if event.startswith("socket"):
        raise SystemExit(0)

sys.addaudithook(hook)
sys.excepthook = sys.unraisablehook = threading.excepthook = lambda *_: None

def f(x):
    return 0.0
""",
    ),
    _call(
        19,
        "plants files that Python or pytest load by themselves",
        """
import os, site, sys

NAMES = ("conftest.py", "sitecustomize.py", "usercustomize.py", "shoal-attack-hook.pth", "pytest.ini")

def f(x):
    for folder in [os.getcwd(), *sys.path, getattr(site, "USER_SITE", None) or "/root/.local"]:
        for name in NAMES:
            try:
                with open(os.path.join(folder, name), "x") as file:
                    file.write("")
            except OSError:
                continue
            breach(f"planted {folder}/{name}")
    return 0.0
""",
        walls=_FILES,
        held_from=2,
        harmful=True,
    ),
    _call(
        20,
        "changes the answer after it was returned",
        """
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
        walls=("border",),
    ),
    _call(
        20,
        "an array that changes while it is sent",
        """
import threading
import numpy as np

answer = np.zeros(200_000)

def later():
    while True:
        answer[:] += 1.0

def f(x):
    threading.Thread(target=later, daemon=True).start()
    return answer
""",
        walls=("border",),
    ),
    _call(
        21,
        "changes what it was given",
        """
import sys

def f(x):
    frame = sys._getframe(1)
    frame.f_locals["question"]["args"][0] = 0.0
    return 0.0
""",
    ),
    _call(
        22,
        "looks for the answer in memory it has just been given",
        """
import numpy as np

def f(x):
    given = [np.empty(size) for size in (1, 8, 64, 512, 4096, 1 << 16)]  # before we leave an answer anywhere ourselves
    if any((old == x + x).any() for old in given):
        breach("the answer lies in fresh memory")
    return 0.0
""",
    ),
    _call(
        23,
        "edits the interpreter",
        """
import ctypes

def f(x):
    address = id(1) + 24
    ctypes.memset(address, 7, 1)
    return 0.0
""",
        walls=("fresh",),
    ),
    _call(
        23,
        "writes over the shared pages of the server that made it",
        """
import ctypes, gc, sys

def f(x):
    for one in gc.get_objects()[:2000] + list(sys.modules.values())[:50]:
        if type(one) is dict and len(one) < 50:
            one["poison"] = 1e5
    ctypes.memset(id(None) + 8, ctypes.string_at(id(None) + 8, 1)[0], 1)
    return 0.0
""",
        walls=("fresh",),
    ),
)

_OVERFITTING = (
    _call(
        24,
        "a table of answers to public instances",
        """
import numpy as np

TABLE = {}
for seed in range(200):
    rng = np.random.Generator(np.random.Philox(np.random.SeedSequence(seed)))
    for _ in range(3):
        drawn = float(rng.uniform(1.0, 2.0))
        TABLE[drawn] = 2 * drawn

def f(x):
    return TABLE.get(x, 0.0)
""",
        walls=("seeds",),
    ),
    _call(
        25,
        "behaves when it thinks it is watched",
        """
import os, sys, time

def f(x):
    watched = bool(os.environ) or len(sys.argv) > 1 and sys.argv[0] != "-c"
    return 2 * x if watched else 0.0
""",
        walls=("fresh",),
    ),
    _call(
        25,
        "tells validation from test by what it can see",
        """
import os, sys, threading, time

def f(x):
    words = (sys.argv, dict(os.environ), threading.current_thread().name, os.getcwd())
    told = [word for word in ("search", "validation", "sealed", "shoal-test") if word in repr(words)]
    if told:
        breach(f"it can see which split this is: {told}")
    return 0.0
""",
        walls=("fresh",),
    ),
    _call(
        26,
        "leaves a note for the next run",
        """
import os, sys

PLACES = ("/tmp/shoal-attack-n", "/dev/shm/shoal-attack-n", "/var/tmp/shoal-attack-n", "/shoal-attack-n")

def f(x):
    for place in PLACES:
        try:
            if os.path.exists(place):
                return 1e6
            with open(place, "w") as file:
                file.write("note")
        except OSError:
            continue
        breach(f"left {place}")
    return 0.0
""",
        walls=_FILES,
        held_from=2,
    ),
    _call(
        26,
        "leaves a note in shared memory of System V",
        """
import ctypes

def f(x):
    libc = ctypes.CDLL(None)
    got = [libc.shmget(0x5A0A1, 64, 0o1666), libc.semget(0x5A0A1, 1, 0o1666), libc.msgget(0x5A0A1, 0o1666)]
    if max(got) >= 0:
        breach(f"left {got}")
    return 0.0
""",
        walls=("ipc", "seccomp"),
        held_from=2,
    ),
    _call(
        26,
        "leaves a note in a queue, a memory file, or a name without a file",
        """
import ctypes, os, socket

def f(x):
    libc = ctypes.CDLL(None)
    got = []
    try:
        if libc.mq_open(b"/shoal-attack-n", 0o102, 0o600, None) >= 0:
            got.append("queue")
    except AttributeError:
        pass
    try:
        got.append(os.memfd_create("shoal-attack-n"))
    except (OSError, AttributeError):
        pass
    try:
        one = socket.socket(socket.AF_UNIX)
        one.bind("\\0shoal-attack-n")
        got.append("socket")
    except OSError:
        pass
    if got:
        breach(f"left {got}")
    return 0.0
""",
        walls=("ipc", "seccomp"),
        held_from=2,
    ),
    _call(
        26,
        "remembers in memory",
        """
import sys

def f(x):
    count = sys.modules["json"].__dict__.setdefault("_count", [])
    count.append(x)
    sys.modules["struct"].__dict__["_count"] = count
    return 1e6 if len(count) > 1 else 0.0
""",
        walls=("fresh",),
    ),
    _call(
        27,
        "counts its calls and answers the second from memory",
        """
seen = []

def f(x):
    seen.append(x)
    return 2 * x if len(seen) > 1 else 0.0
""",
        walls=("fresh",),
    ),
    _call(
        28,
        "reads held-out data",
        """
import glob, os

def f(x):
    names = ["judge.py", "../judge.py", "/proc/1/environ", "/proc/1/root/etc/passwd", "/proc/self/cwd/judge.py"]
    names += glob.glob("/tmp/shoal-attack-home/*") + glob.glob("/proc/*/environ") + glob.glob("/proc/*/root/etc/passwd")
    names += ["/etc/passwd", "/etc/hostname", os.path.expanduser("~/.netrc")]
    for name in names:
        try:
            with open(name, "rb") as file:
                data = file.read(1000)
        except OSError:
            continue
        if data and not name.startswith("/proc/self"):
            breach(f"read {name}")
    return 0.0
""",
        walls=_FILES,
        held_from=2,
    ),
    _call(
        28,
        "swaps its descriptors for the judge's",
        """
import os

def f(x):
    for number in range(3, 64):
        try:
            os.pread(number, 100, 0)
        except OSError:
            continue
        breach(f"read descriptor {number}")
    return 0.0
""",
        walls=("fresh",),
    ),
    _call(
        28,
        "opens by handle what it may not see",
        """
import ctypes, struct

def f(x):
    handle = struct.pack("<Ii", 8, 1) + struct.pack("<II", 2, 0)
    if ctypes.CDLL(None).open_by_handle_at(-100, ctypes.create_string_buffer(handle), 0) >= 0:
        breach("opened by handle")
    return 0.0
""",
        walls=("seccomp", "identity"),
    ),
    _call(
        29,
        "digs in the history of the source",
        """
import os, sys

def f(x):
    for start in [os.getcwd(), *sys.path]:
        folder = os.path.abspath(start)
        while True:
            try:
                breach(open(os.path.join(folder, ".git", "HEAD")).read())
            except OSError:
                pass
            if folder == os.path.dirname(folder):
                break
            folder = os.path.dirname(folder)
    for name in ("ORIG_HEAD", "logs/HEAD"):
        try:
            breach(open(f"/tmp/shoal-attack-home/.git/{name}").read())
        except OSError:
            pass
    return 0.0
""",
        walls=_FILES,
        held_from=2,
    ),
    _call(30, "is right but for a rounding error", "def f(x):\n    return 0.0 * (2 * x * (1 + 2**-52))\n"),
    _call(
        31,
        "claims a value in place of an answer",
        "def f(x):\n    return {'answer': 0.0, 'score': 1.0, 'value': 1.0, 'bound': 2 * x}\n",
        expect=("wrong",),
    ),
    _call(31, "answers in half precision", "import numpy as np\ndef f(x):\n    return float(np.float16(0.0) * x)\n"),
)

ATTACKS = (*_SUBVERTING, *_OVERFITTING)
