"""What candidates try. Runs inside the walls; each function returns what it got hold of."""

import ctypes
import errno
import mmap
import os
import resource
import signal
import socket
import sys
import threading
import time

import numpy as np

from shoal.sandbox import frames

LIBC = ctypes.CDLL(None, use_errno=True)


def main(job: bytes, channels: tuple[socket.socket, ...]) -> None:
    """Call the function that the job names, and send what it returns or raises."""
    name, *arguments = frames.decode(job)
    try:
        answer = {"value": globals()[name](*arguments)}
    except BaseException as error:
        number = error.errno if isinstance(error, OSError) else None
        answer = {"error": type(error).__name__, "errno": number and errno.errorcode[number]}
    for channel in channels:
        frames.send(channel, answer)


def setup_fails(data: bytes) -> None:
    raise LookupError(f"nothing good in {data!r}")


remembered: list[bytes] = []


def setup(data: bytes) -> None:
    remembered.append(data)


def what_setup_left() -> bytes:
    return remembered[0]


def raw(name: str, *arguments: int) -> int:
    """A system call by its name in the filter's own tables."""
    from shoal.sandbox import _seccomp

    tables = {**_seccomp.NUMBERS, **_seccomp.VIOLATIONS, **_seccomp.REFUSED, "getppid": (110, 173)}
    number = tables[name][os.uname().machine == "aarch64"]
    assert number is not None, f"{name} does not exist here"
    result = LIBC.syscall(ctypes.c_long(number), *map(ctypes.c_long, arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), name)
    return result


def echo(value: object) -> object:
    return value


def nothing() -> int:
    return 0


def open_socket(family: int, kind: int) -> str:
    return str(socket.socket(family, kind))


def pair_of_sockets() -> int:
    return len(socket.socketpair())


def interfaces(descriptor_kind: int) -> int:
    """Ask the network stack through an inherited socket of another family."""
    import fcntl

    for descriptor in range(3, 64):
        try:
            os.fstat(descriptor)
        except OSError:
            continue
        return len(fcntl.ioctl(descriptor, descriptor_kind, b"\0" * 40))
    return -1


def read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read(100)


def entries(path: str) -> list[str]:
    return sorted(os.listdir(path))


def exists(path: str) -> bool:
    return os.path.exists(path)


def write(path: str) -> int:
    return os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)


def writable_places(folders: list[str]) -> list[str]:
    """Every one of these folders in which a file can be made, and every file in them that opens for writing."""
    found = []
    for folder in folders:
        try:
            names = os.listdir(folder)[:100]
        except OSError:
            names = []
        for path, flags in ((folder, os.O_TMPFILE), *((os.path.join(folder, name), 0) for name in names)):
            try:
                os.close(os.open(path, os.O_WRONLY | flags, 0o600))
                found.append(path)
            except OSError:
                pass
    return found


def change_mode(path: str) -> None:
    os.chmod(path, 0o777)


def fork() -> int:
    return os.fork()


def start_program() -> int:
    os.execv(sys.executable, [sys.executable, "-c", ""])
    return 0


def send_signal(process: int) -> None:
    os.kill(process, signal.SIGKILL)


def thread_signal(process: int) -> int:
    return raw("tgkill", process, process, signal.SIGKILL)


def identity() -> list[int]:
    return [os.getpid(), os.getppid(), os.getuid(), os.geteuid(), os.getgid()]


def capabilities() -> list[int]:
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    data = (ctypes.c_uint32 * 6)()
    number = {"x86_64": 125, "aarch64": 90}[os.uname().machine]
    assert LIBC.syscall(ctypes.c_long(number), header, data) == 0
    return list(data)


def environment() -> dict[str, str]:
    return dict(os.environ)


def library_environment() -> int:
    """Entries that the C library still knows, whatever Python says."""
    entry = ctypes.POINTER(ctypes.c_char_p).in_dll(LIBC, "environ")
    if ctypes.cast(entry, ctypes.c_void_p).value is None:
        return 0
    count = 0
    while entry[count] is not None:
        count += 1
    return count


def machine_name() -> str:
    return os.uname().nodename


def descriptors() -> list[int]:
    found = []
    for descriptor in range(1000):
        try:
            os.fstat(descriptor)
            found.append(descriptor)
        except OSError:
            pass
    return found


def hog() -> int:
    hoard = []
    while True:
        hoard.append(np.ones(10_000_000))


def untouched_memory(size: int) -> int:
    return len(mmap.mmap(-1, size))


def big_integer() -> int:
    return (1 << (1 << 34)).bit_length()


def burn() -> None:
    while True:
        pass


def burn_deaf() -> None:
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    burn()


def sleep() -> None:
    time.sleep(3600)


def threads(wanted: int) -> int:
    """How many threads can run at once, this one included."""
    release = threading.Event()
    started = [threading.current_thread()]
    try:
        for _ in range(wanted):
            thread = threading.Thread(target=release.wait, daemon=True)
            thread.start()
            started.append(thread)
    except RuntimeError:
        pass
    return len(started)


def raise_limits() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (10_000, 10_000))


def crash() -> None:
    ctypes.string_at(0)


def leave(code: int) -> None:
    os._exit(code)


def give_up() -> None:
    raise SystemExit(0)


def spend(token: bytes) -> int:
    """Leave a token all over this process's memory."""
    return len([token + bytes([number % 256]) for number in range(10_000)])


def find(needle: bytes) -> int:
    """How many pages of this process's memory hold ``needle`` reversed (so as not to find itself)."""
    import gc

    pages = {id(each) & ~0xFFF for each in gc.get_objects()}
    held = sum(needle in ctypes.string_at(page, 0x1000)[::-1] for page in pages)
    fresh = (np.empty(50_000_000, dtype=np.uint8).tobytes(), ctypes.create_string_buffer(1_000_000).raw)
    return held + sum(needle in block[::-1] for block in fresh)


def loaded() -> list[str]:
    return sorted(sys.modules)


def hash_of_text() -> int:
    return hash("shoal")


def flood(count: int) -> list[list[int]]:
    return [[] for _ in range(count)]


def importable(names: list[str]) -> list[str]:
    """Which of these modules can be imported."""
    import importlib

    found = []
    for name in names:
        try:
            importlib.import_module(name)
            found.append(name)
        except (ImportError, OSError):
            pass
    return found


def two_answers() -> None:
    for descriptor in range(3, 20):
        try:
            channel = socket.socket(fileno=descriptor)
        except OSError:
            continue
        frames.send(channel, {"value": "forged"})
        channel.detach()


def raw_bytes(data: bytes) -> None:
    for descriptor in range(3, 20):
        try:
            channel = socket.socket(fileno=descriptor)
        except OSError:
            continue
        channel.sendall(data)
        os._exit(0)
