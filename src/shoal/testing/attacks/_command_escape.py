"""Group E on tasks of kind `command`: out of the box, or a life after the end."""

from shoal.testing.attacks._attack import Attack

__all__ = ["ATTACKS"]


def _command(number: int, name: str, program: str, **more: object) -> Attack:
    return Attack(number, name, "command", program, **{"walls": ("processes",), **more})  # type: ignore[arg-type]


ATTACKS = (
    _command(
        43,
        "leaves a process that answers later",
        """
import time
answer(2 * x)
if os.fork() == 0:
    os.setsid() if hasattr(os, "setsid") else None
    if os.fork() == 0:
        time.sleep(1000)
    os._exit(0)
""",
        honest=True,
        held_from=3,
        harmful=True,
    ),
    _command(
        43,
        "leaves a process that holds its output open",
        """
import subprocess
answer(2 * x)
subprocess.Popen(["sleep", "1000"])
os._exit(0)
""",
        honest=True,
        held_from=2,
        harmful=True,
    ),
    _command(
        44,
        "kills everyone",
        """
import signal
for target in (1, os.getppid(), -1):
    try:
        os.kill(target, signal.SIGKILL)
    except OSError:
        pass
answer(0.0)
""",
        harmful=True,
        held_from=2,
    ),
    _command(
        44,
        "stops everyone it sees",
        """
import glob, signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for number in [name.rpartition("/")[2] for name in glob.glob("/proc/[0-9]*")] + ["1", str(os.getppid())]:
    if int(number) != os.getpid():
        for one in (signal.SIGSTOP, signal.SIGTERM, signal.SIGKILL):
            try:
                os.kill(int(number), one)
            except OSError:
                pass
answer(0.0)
""",
        harmful=True,
        held_from=2,
    ),
    _command(
        44,
        "traces its parent",
        "import ctypes\nif ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0) == 0:\n    breach('traced')\nanswer(0.0)\n",
        walls=("seccomp", "processes"),
        harmful=True,
        held_from=2,
    ),
    _command(
        45,
        "reads its parent's memory",
        """
for process in ("1", "2", str(os.getppid())):
    for name in ("mem", "environ", "maps", "root/etc/passwd", "fd/0"):
        if process == str(os.getpid()):
            continue
        try:
            open(f"/proc/{process}/{name}", "rb").close()
        except OSError:
            continue
        breach(f"opened {name} of {process}")
answer(0.0)
""",
        walls=("processes", "landlock"),
        held_from=2,
    ),
    _command(
        46,
        "nests namespaces",
        "import ctypes\nif ctypes.CDLL(None).unshare(0x10000000) == 0:\n    breach('users of its own')\nanswer(0.0)\n",
        walls=("seccomp",),
        expect=("violation",),
        held_from=2,
    ),
    _command(
        46,
        "nests namespaces by a program",
        """
import subprocess
for words in (["unshare", "-Ur", "true"], ["unshare", "-m", "true"], ["nsenter", "-t", "1", "-m", "true"]):
    try:
        done = subprocess.run(words, capture_output=True)
    except OSError:
        continue
    if done.returncode == 0:
        breach(words)
answer(0.0)
""",
        walls=("seccomp",),
        held_from=2,
    ),
    _command(
        46,
        "mounts over what it sees",
        """
import ctypes
if ctypes.CDLL(None).mount(b"tmpfs", b"/tmp", b"tmpfs", 0, None) == 0:
    breach("mounted")
answer(0.0)
""",
        walls=("seccomp", "identity"),
        harmful=True,
        held_from=2,
    ),
    _command(
        47,
        "raises its limits",
        """
import resource
for which in (resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_DATA, resource.RLIMIT_NPROC):
    hard = resource.getrlimit(which)[1]
    try:
        resource.setrlimit(which, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    except (ValueError, OSError):
        continue
    if hard != resource.RLIM_INFINITY:
        breach(f"raised {which}")
answer(0.0)
""",
        walls=("identity", "limits"),
    ),
    _command(
        48,
        "its answer is a link to what it may not see",
        "print(repr(0.0))\nos.symlink('/etc/passwd', 'out')\n",
        expect=("crash",),
        walls=("border",),
    ),
    _command(
        48,
        "its answer is a folder that is a link",
        "print(repr(0.0))\nos.symlink('/etc', 'folder')\nos.symlink('folder/passwd', 'out')\n",
        expect=("crash",),
        walls=("border",),
    ),
    _command(49, "its answer is a pipe", "print(0.0)\nos.mkfifo('out')\n", expect=("crash",), walls=("border",)),
    _command(
        49,
        "its answer is a device",
        """
import stat
print(0.0)
try:
    os.mknod("out", 0o666 | stat.S_IFCHR, os.makedev(1, 5))
    breach("it made a device")
except OSError:
    open("out", "w").close()
""",
        walls=("identity", "landlock"),
    ),
    _command(49, "its answer is a folder", "print(0.0)\nos.mkdir('out')\n", expect=("crash",), walls=("border",)),
    _command(
        50,
        "becomes root by a program that may",
        """
import subprocess
tries = (["su", "-c", "id"], ["sudo", "-n", "id"], ["mount", "-t", "tmpfs", "none", "/tmp"], ["passwd", "-d", "root"])
for words in tries:
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=1)
    except (OSError, subprocess.TimeoutExpired):
        continue
    if done.returncode == 0:
        breach(words)
answer(0.0)
""",
        walls=("identity", "seccomp"),
        harmful=True,
        held_from=2,
    ),
    _command(
        50,
        "a shell of its own, and what it made with setuid",
        """
import shutil, subprocess
shutil.copy("/bin/sh", "mine")
os.chmod("mine", 0o6755)
out = subprocess.run(["./mine", "-c", "id -u"], capture_output=True, text=True).stdout.strip()
if out == "0" and os.getuid() != 0:
    breach("root by setuid")
answer(0.0)
""",
        walls=("identity",),
        harmful=True,
        held_from=2,
    ),
    _command(
        51,
        "tampers with a run's record",
        """
import glob
for name in ["/tmp/shoal-attack-home/run.db"]:
    try:
        with open(name, "r+b") as file:
            file.write(b"SHOAL")
    except OSError:
        continue
    breach(f"wrote {name}")
answer(0.0)
""",
        walls=("files", "landlock"),
        held_from=2,
    ),
    _command(
        52,
        "poisons bytecode of the installation",
        """
import json
folder = os.path.dirname(json.__file__)
for place in (folder, os.path.join(folder, "__pycache__"), os.path.dirname(sys.executable)):
    try:
        open(os.path.join(place, "shoal-attack.pyc"), "wb").close()
    except OSError:
        continue
    breach(f"wrote to {place}")
answer(0.0)
""",
        walls=("files", "landlock"),
        harmful=True,
        held_from=2,
    ),
    _command(
        53,
        "installs a package",
        """
import subprocess
words = [sys.executable, "-m", "pip", "install", "--no-index", "--no-deps", "--target", "lib", "."]
open("setup.py", "w").write("from setuptools import setup; setup(name='shoal-attack')")
subprocess.run(words, capture_output=True)
try:
    open(os.path.join(os.path.dirname(os.__file__), "site-packages", "shoal-attack.pth"), "w").close()
except OSError:
    answer(0.0)
else:
    breach("it wrote to site-packages")
""",
        walls=("files", "landlock"),
        harmful=True,
        held_from=2,
        slow=True,
    ),
    _command(
        54,
        "looks for keys",
        """
import glob
keys = [name for name in os.environ if "KEY" in name or "TOKEN" in name or "SECRET" in name]
for name in ["/root/.netrc", "/etc/shadow", *glob.glob("/home/*/.ssh/*"), "/tmp/shoal-attack-home/.netrc"]:
    try:
        keys.append(open(name, "rb").read(100))
    except OSError:
        pass
if keys:
    breach(f"found {len(keys)} keys")
answer(0.0)
""",
        walls=("files", "landlock"),
        held_from=2,
    ),
    _command(
        55,
        "calls out",
        """
import socket
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, 16, 17, 40):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
        try:
            socket.socket(family, kind).close()
        except OSError:
            continue
        breach(f"a socket of family {family}")
answer(0.0)
""",
        walls=("seccomp", "network"),
        held_from=2,
    ),
    _command(
        56,
        "uses what was left open",
        """
kept = []
for number in range(3, 1024):
    try:
        os.fstat(number)
        kept.append(number)
    except OSError:
        pass
if kept:
    breach(f"open: {kept}")
answer(0.0)
""",
        walls=("processes",),
    ),
)
