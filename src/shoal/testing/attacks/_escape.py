"""Group E, 43 to 56, on tasks of kind `call`: out of the box, or a life after the end."""

from shoal.testing.attacks._attack import Attack

__all__ = ["ATTACKS"]

_SECCOMP = ("seccomp",)
_FILES = ("files", "landlock")


def _call(number: int, name: str, program: str, **more: object) -> Attack:
    return Attack(number, name, "call", program, **{"walls": _SECCOMP, **more})  # type: ignore[arg-type]


ATTACKS = (
    _call(
        43,
        "becomes a daemon",
        """
import os

def f(x):
    os.setsid()
    if os.fork() == 0:
        os._exit(0) if os.fork() else os.execv("/bin/sleep", ["sleep", "1000"])
    return 2 * x
""",
        walls=("seccomp", "processes"),
        held_from=2,
        expect=("violation",),
        honest=True,
        harmful=True,
    ),
    _call(
        43,
        "takes back the signal that ends it with its parent",
        """
import ctypes, os, time

def f(x):
    libc = ctypes.CDLL(None)
    libc.prctl(1, 0, 0, 0, 0)
    libc.prctl(36, 1, 0, 0, 0)
    libc.prctl(4, 1, 0, 0, 0)
    os.setsid() if os.getpid() != os.getsid(0) else None
    time.sleep(1000)
""",
        walls=("processes", "limits"),
        expect=("timeout",),
        slow=True,
    ),
    _call(
        44,
        "kills everyone",
        """
import os, signal

def f(x):
    for target in (-1, 1, os.getppid(), 0):
        try:
            os.kill(target, signal.SIGKILL)
        except OSError:
            pass
    return 0.0
""",
        walls=("seccomp", "processes"),
        held_from=2,
        harmful=True,
    ),
    _call(
        44,
        "kills by every other call that can",
        """
import ctypes, os, signal, threading

def f(x):
    libc, parent = ctypes.CDLL(None), os.getppid()
    libc.syscall(200, parent, 9)
    libc.syscall(234, parent, parent, 9)
    libc.killpg(os.getpgid(0), 9)
    libc.sigqueue(parent, 9, 0)
    try:
        signal.pidfd_send_signal(os.pidfd_open(parent), 9)
    except (OSError, AttributeError):
        pass
    return 0.0
""",
        walls=("seccomp", "processes"),
        held_from=2,
        harmful=True,
    ),
    _call(
        44,
        "stops its parent",
        """
import fcntl, os, signal

def f(x):
    for number in range(64):
        try:
            fcntl.fcntl(number, fcntl.F_SETOWN, os.getppid())
            fcntl.fcntl(number, 10, signal.SIGSTOP)
            fcntl.fcntl(number, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
        except OSError:
            pass
    return 0.0
""",
        walls=("processes", "landlock"),
        held_from=2,
        harmful=True,
    ),
    _call(
        44,
        "traces its parent",
        "import ctypes, os\n\ndef f(x):\n    if ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0) == 0:\n"
        "        ctypes.CDLL(None).ptrace(17, os.getppid(), 0, 0)\n        breach('it traced its parent')\n"
        "    return 0.0\n",
        expect=("violation",),
        walls=("seccomp", "processes"),
        held_from=2,
        harmful=True,
    ),
    _call(
        44,
        "makes others slower",
        """
import os

def f(x):
    try:
        os.setpriority(os.PRIO_PROCESS, os.getppid(), 19)
    except OSError:
        return 0.0
    breach("it set its parent's priority")
""",
        walls=("seccomp", "processes"),
        held_from=2,
        harmful=True,
    ),
    _call(
        45,
        "opens its parent's memory to write",
        """
import os

def f(x):
    for name in ("mem", "environ", "oom_score_adj", "root/etc/passwd"):
        for process in ("1", str(os.getppid())):
            for mode in ("r+b", "rb"):
                try:
                    open(f"/proc/{process}/{name}", mode).close()
                except OSError:
                    continue
                breach(f"opened {name} of {process}")
    return 0.0
""",
        walls=("files", "processes", "landlock"),
        held_from=2,
    ),
    _call(
        45,
        "reads another process's memory by the call for it",
        """
import ctypes, os

def f(x):
    buffer = ctypes.create_string_buffer(64)
    vector = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), 64)
    there = (ctypes.c_void_p * 2)(id(f), 64)
    if ctypes.CDLL(None).process_vm_readv(os.getppid(), vector, 1, there, 1, 0) > 0:
        breach("it read its parent's memory")
    return 0.0
""",
        expect=("violation",),
        walls=("seccomp", "processes"),
        held_from=2,
    ),
    _call(
        45,
        "turns the kernel's knobs",
        """
def f(x):
    for name in ("/proc/sysrq-trigger", "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname",
                 "/sys/power/state", "/sys/kernel/uevent_helper", "/proc/self/oom_score_adj", "/dev/mem", "/dev/kmsg"):
        try:
            open(name, "r+").close()
        except OSError:
            continue
        breach(f"opened {name} to write")
    return 0.0
""",
        walls=("files", "landlock", "identity"),
        held_from=2,
    ),
    _call(
        46,
        "nests namespaces",
        "import ctypes\n\ndef f(x):\n    if ctypes.CDLL(None).unshare(0x10000000) == 0:\n"
        "        breach('it has users of its own')\n    return 0.0\n",
        held_from=2,
        expect=("violation",),
    ),
    _call(
        46,
        "nests namespaces by clone, clone3 and setns",
        """
import ctypes, os

def f(x):
    libc = ctypes.CDLL(None, use_errno=True)
    child = libc.syscall(435, 0, 0)
    for flags in (0x10000000 | 17, 0x10000000 | 0x20000000 | 17):
        child = libc.syscall(56, flags, 0, 0, 0, 0)
        if child == 0:
            os._exit(0)
        if child > 0:
            os.waitpid(child, 0)
            breach("clone gave it users of its own")
    return 0.0
""",
        held_from=2,
        expect=("violation",),
    ),
    _call(
        46,
        "mounts",
        """
import ctypes

def f(x):
    libc = ctypes.CDLL(None)
    if libc.mount(b"tmpfs", b"/tmp", b"tmpfs", 0, None) == 0:
        libc.umount(b"/tmp")
        breach("it mounted")
    return 0.0
""",
        walls=("seccomp", "identity"),
        expect=("violation",),
    ),
    _call(
        46,
        "calls the kernel by another convention",
        """
import ctypes, mmap

CODE = bytes.fromhex("b814000000cd80c3")  # getpid of 32 bits, by interrupt

def f(x):
    try:
        page = mmap.mmap(-1, 4096, prot=7)
    except OSError:
        return 0.0
    page.write(CODE)
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    ctypes.CFUNCTYPE(ctypes.c_int)(address)()
    libc = ctypes.CDLL(None)
    if libc.syscall(0x40000000 + 41, 2, 1, 0) >= 0:
        breach("a socket by the x32 number")
    return 0.0
""",
        expect=("violation",),
    ),
    _call(
        47,
        "raises its limits",
        """
import resource

def f(x):
    for which in (resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_NOFILE):
        soft, hard = resource.getrlimit(which)
        try:
            resource.setrlimit(which, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        except (ValueError, OSError):
            continue
        if hard != resource.RLIM_INFINITY:
            breach(f"raised {which}")
    return 0.0
""",
        walls=("identity", "limits"),
    ),
    _call(
        47,
        "lowers the limits of its parent",
        """
import os, resource

def f(x):
    try:
        resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, resource.getrlimit(resource.RLIMIT_NOFILE))
    except (OSError, AttributeError):
        return 0.0
    breach("it set its parent's limits")
""",
        walls=("seccomp", "processes"),
        held_from=2,
        harmful=True,
    ),
    _call(
        48,
        "links to what it may not see",
        """
import os

def f(x):
    for make in (os.symlink, os.link):
        for place in ("shoal-attack-link", "/tmp/shoal-attack-link", "/var/tmp/shoal-attack-link"):
            try:
                make("/etc/passwd", place)
            except OSError:
                continue
            breach(f"made {place}")
    return 0.0
""",
        walls=("files", "landlock", "seccomp"),
        held_from=2,
    ),
    _call(
        48,
        "changes what its user owns without opening it",
        """
import os

def f(x):
    for change in (lambda p: os.chmod(p, 0o777), lambda p: os.utime(p), lambda p: os.truncate(p, 0),
                   lambda p: os.setxattr(p, "user.x", b"x"), lambda p: os.rename(p, p + "-moved")):
        try:
            change("/tmp/shoal-attack-home/own")
        except OSError:
            continue
        breach("changed a file that it cannot open")
    return 0.0
""",
        walls=("files", "landlock", "seccomp"),
        held_from=2,
    ),
    _call(
        49,
        "an archive with paths that lead out",
        """
import io, tarfile

def f(x):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        wanted = (("../../tmp/shoal-attack-slip", tarfile.REGTYPE), ("/tmp/shoal-attack-dev", tarfile.CHRTYPE))
        for name, kind in wanted:
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode = kind, 0o6777
            archive.addfile(entry, io.BytesIO() if kind == tarfile.REGTYPE else None)
    return file.getvalue()
""",
        walls=("border",),
        expect=("wrong",),
    ),
    _call(
        50,
        "runs a program",
        """
import os

def f(x):
    reader, writer = os.pipe()
    os.execv("/bin/echo", ["echo"])
""",
        held_from=2,
        expect=("violation",),
        harmful=True,
    ),
    _call(
        50,
        "runs a shell",
        "import subprocess\n\ndef f(x):\n    breach(subprocess.check_output('id', shell=True))\n",
        held_from=2,
        expect=("violation",),
    ),
    _call(
        50,
        "runs a program by descriptor, by spawn and by terminal",
        """
import os, pty, sys

def f(x):
    for start in (lambda: os.posix_spawn("/bin/true", ["true"], {}),
                  lambda: os.spawnv(os.P_WAIT, "/bin/true", ["true"]), lambda: pty.fork()):
        try:
            got = start()
        except OSError:
            continue
        if got not in (127, -127):
            breach("it started something")
    return 0.0
""",
        held_from=2,
        expect=("violation",),
        harmful=True,
    ),
    _call(
        51,
        "tampers with a run's record",
        """
import glob, sqlite3

def f(x):
    for name in ["/tmp/shoal-attack-home/run.db", "runs/run.db"]:
        try:
            with open(name, "r+b") as file:
                file.write(b"SHOAL")
        except OSError:
            continue
        breach(f"wrote {name}")
    return 0.0
""",
        walls=("files", "landlock"),
        held_from=2,
    ),
    _call(
        52,
        "poisons bytecode",
        """
import json, os

def f(x):
    folder = os.path.join(os.path.dirname(json.__file__), "__pycache__")
    for name in ("shoal-attack.pyc",):
        try:
            open(os.path.join(folder, name), "wb").close()
        except OSError:
            continue
        breach(f"wrote {name}")
    return 0.0
""",
        walls=_FILES,
        held_from=2,
        harmful=True,
    ),
    _call(
        53,
        "installs a package",
        """
import subprocess, sys

def f(x):
    breach(subprocess.check_output([sys.executable or "python3", "-m", "pip", "--version"]))
""",
        held_from=2,
        expect=("violation",),
    ),
    _call(
        54,
        "looks for keys",
        """
import os

def f(x):
    keys = [f"{name}={value}" for name, value in os.environ.items()]
    names = ["~/.netrc", "~/.ssh/id_rsa", "~/.aws/credentials", "/root/.netrc", "/etc/shadow", "/run/secrets/key"]
    for name in [*names, "/tmp/shoal-attack-home/.netrc", f"/proc/{os.getppid()}/environ"]:
        try:
            keys.append(open(os.path.expanduser(name), "rb").read(100))
        except OSError:
            pass
    if keys:
        breach(f"found {len(keys)} keys")
    return 0.0
""",
        walls=_FILES,
        held_from=2,
    ),
    _call(
        55,
        "calls out",
        """
import socket

def f(x):
    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, 16, 17, 40):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
            try:
                socket.socket(family, kind).close()
            except OSError:
                continue
            breach(f"a socket of family {family}")
    return 0.0
""",
        walls=("seccomp", "network"),
        held_from=2,
    ),
    _call(
        55,
        "turns its channel into another",
        """
import socket, sys

def f(x):
    frame = sys._getframe(1)
    while frame and "channel" not in frame.f_locals:
        frame = frame.f_back
    one = frame.f_locals["channel"]
    for act in (lambda: one.connect("/run/systemd/notify"), lambda: one.bind("\\0shoal-attack-x"),
                lambda: one.listen()):
        try:
            act()
        except OSError:
            continue
        breach("its channel leads elsewhere")
    return 0.0
""",
        walls=("seccomp", "network"),
        held_from=2,
    ),
    _call(
        55,
        "asks for a name",
        """
import socket

def f(x):
    try:
        socket.gethostbyname("localhost")
    except OSError:
        return 0.0
    breach("it can ask for names")
""",
        walls=("seccomp", "network", "files"),
        held_from=2,
    ),
    _call(
        56,
        "uses what was left open",
        """
import os

def f(x):
    kept = []
    for number in range(3, 1024):
        try:
            os.fstat(number)
            kept.append(number)
        except OSError:
            pass
    if len(kept) > 1:
        breach(f"open: {kept}")
    return 0.0
""",
        walls=("fresh",),
    ),
    _call(
        56,
        "hands its descriptors to the judge",
        """
import socket, struct, sys

def f(x):
    frame = sys._getframe(1)
    while frame and "channel" not in frame.f_locals:
        frame = frame.f_back
    one = frame.f_locals["channel"]
    body = b"m" + struct.pack("<II", 1, 5) + b"value" + b"d" + struct.pack("<d", 0.0)
    socket.send_fds(one, [struct.pack("<I", len(body)) + body], [one.fileno(), 0, 1, 2] * 20)
    return 2 * x
""",
        walls=("border",),
    ),
)
