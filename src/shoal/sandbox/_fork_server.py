"""The warm fork server: import once, then one fresh process per job. Runs inside the walls, standard library only.

Two processes: the first enters new namespaces and then only waits; its child is process 1 of the new ones, so that
its end takes every process inside along. The server never reads a job, a channel or anything a candidate writes;
what it learns of a child is the kernel's account of its end.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import resource
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from shoal.sandbox._blob import read_all
from shoal.sandbox._ends import EXCEPTION, NOT_CONFINED, OUT_OF_MEMORY
from shoal.sandbox._jail import LINUX, Jail, die_with_parent, own_process_count
from shoal.sandbox._records import EXIT, FORK_FAILED, LENGTH, ORDER, SPAWN, START, Order

if LINUX:
    from shoal.sandbox import _seccomp
    from shoal.sandbox import _syscalls as sys_

    fork = sys_.fork
else:
    fork = os.fork

if TYPE_CHECKING:
    from shoal.sandbox._box import Boxes

__all__ = ["main"]

Entry = Callable[[bytes, tuple[socket.socket, ...]], None]

MOST_DESCRIPTORS = 64
STACK_BYTES = 8 << 20
RSS_PER_KIB = 1024 if sys.platform == "darwin" else 1  # what getrusage counts in
TRACEBACK_CHARACTERS = 4000


def main(descriptor: int, parent: int) -> None:
    """Serve on the control socket until it closes. ``parent`` is the supervisor's process id."""
    die_with_parent()
    if os.getppid() != parent:
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=descriptor)
    config, setup_data = _configuration(control)
    jail = _jail(config)
    jail.separate()
    if jail.stands("processes"):
        _become_first(control)
    try:
        server = _Server(control, jail, _prepare(jail, config, setup_data), jail.walls)
    except Exception as error:
        _report(control, {"error": _describe(error), "walls": jail.walls})
        return
    _report(control, {"error": None, "walls": jail.walls})
    server.serve()
    jail.close()


def _jail(config: dict[str, Any]) -> Jail:
    given = config["level"], tuple(config["mounts"]), tuple(config["hide"])
    if config["commands"]:
        from shoal.sandbox._command_jail import CommandJail  # no other child should carry it along

        return CommandJail(*given)
    return Jail(*given)


def _configuration(control: socket.socket) -> tuple[dict[str, Any], bytes]:
    data, descriptors, _, _ = socket.recv_fds(control, ORDER.size, 2)
    if len(data) != ORDER.size or Order._make(ORDER.unpack(data)).kind != START:
        raise RuntimeError("the first record must be START")
    return json.loads(read_all(descriptors[0])), read_all(descriptors[1])


def _become_first(control: socket.socket) -> None:
    """Return in a child that is process 1 of the new namespace; this process waits for it and ends with it."""
    child = os.fork()
    if child == 0:
        die_with_parent()
        return
    os.closerange(3, control.fileno() + 1)
    _, status = os.waitpid(child, 0)
    os._exit(min(255, abs(os.waitstatus_to_exitcode(status))))


def _prepare(jail: Jail, config: dict[str, Any], setup_data: bytes) -> _Warm:
    """Build the walls around everything that has to be loaded first. Raises whatever imports and setup raise."""
    jail.enclose()
    os.chdir("/")
    sys.path += config["path"]
    for name in config["warm"]:
        importlib.import_module(name)
    entry = _resolve(config["entry"])
    setup = _resolve(config["setup"])
    baseline = jail.baseline()
    for name, bounds in ((resource.RLIMIT_CORE, (0, 0)), (resource.RLIMIT_STACK, (STACK_BYTES, STACK_BYTES))):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(name, bounds)
    os.environ.clear()
    os.dup2(1, 2)  # start-up errors had a reader; nothing may write there from now on
    wakeup = socket.socketpair()
    jail.seal()
    jail.walls["limits"] = "" if LINUX else f"{sys.platform} does not limit memory"
    if setup is not None:
        setup(setup_data)
    gc.collect()
    gc.freeze()
    return _Warm(entry, baseline, wakeup)


def _resolve(name: str | None) -> Any:
    """The function behind ``package.module:function``."""
    if name is None:
        return None
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)


def _describe(error: Exception) -> str:
    import traceback

    return "".join(traceback.format_exception(error))[-TRACEBACK_CHARACTERS:]


def _report(control: socket.socket, report: dict[str, Any]) -> None:
    text = json.dumps(report).encode()
    control.sendall(LENGTH.pack(len(text)) + text)


@dataclass
class _Warm:
    """What each child starts from: its function, the server's own address space in bytes, and the wake-up sockets."""

    entry: Entry | None
    baseline: int
    wakeup: tuple[socket.socket, socket.socket]


class _Server:
    def __init__(self, control: socket.socket, jail: Jail, warm: _Warm, walls: dict[str, str]) -> None:
        self.control, self.warm, self.entry = control, warm, warm.entry
        self.filtered = jail.stands("seccomp")
        self.filters = _child_filters() if self.filtered else {}
        self.boxes: Boxes | None = getattr(jail, "boxes", None)
        self.alone = jail.stands("processes")  # children end with process 1; elsewhere each must be told to
        self.countable = jail.stands("threads") and self.filtered
        self.numbers: dict[int, int] = {}  # process -> child number
        self.processes: dict[int, int] = {}  # child number -> process
        self.asked: set[int] = set()  # processes that were told to end
        self.sweepers: set[int] = set()  # processes that remove what boxes have left

    def serve(self) -> None:
        """Answer records until the supervisor closes its end; then end, and with us every child."""
        reader, writer = self.warm.wakeup
        reader.setblocking(False)
        writer.setblocking(False)
        signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, _nothing)
        if self.boxes is not None:
            signal.signal(signal.SIGTERM, self.boxes.stop)
        poller = select.poll()
        poller.register(self.control, select.POLLIN)
        poller.register(reader, select.POLLIN)
        while True:
            for descriptor, _ in poller.poll():
                if descriptor == reader.fileno():
                    reader.recv(4096)
                    self.reap()
                elif not self.take_order():
                    self.kill_all()
                    return

    def take_order(self) -> bool:
        """Carry out the next record; False at the end of the conversation."""
        data, descriptors, _, _ = socket.recv_fds(self.control, ORDER.size, MOST_DESCRIPTORS)
        if len(data) < ORDER.size:
            return False
        order = Order._make(ORDER.unpack(data))
        if order.kind == SPAWN:
            self.spawn(order, descriptors)
        elif order.number in self.processes:  # never a process that has been reaped: its id may be another's by now
            self.kill(self.processes[order.number])
        return True

    def kill(self, process: int) -> None:
        """End a child. The first process of a box is asked before it is killed, so that it counts those inside."""
        asked = process in self.asked
        self.asked.add(process)
        os.kill(process, signal.SIGKILL if self.boxes is None or asked else signal.SIGTERM)

    def spawn(self, order: Order, descriptors: list[int]) -> None:
        try:
            process = self.boxes.fork() if self.boxes is not None else fork()
        except OSError:
            self.tell(order.number, FORK_FAILED)
            process = -1
        if process == 0:
            self.child(order, descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        if process > 0:
            self.numbers[process] = order.number
            self.processes[order.number] = process

    def reap(self) -> None:
        """Account for every child that has ended."""
        while self.numbers or self.sweepers:
            process, status, usage = os.wait4(-1, os.WNOHANG)
            if process == 0:
                return
            self.sweepers.discard(process)
            number = self.numbers.pop(process, None)
            if number is not None:
                del self.processes[number]
                self.asked.discard(process)
                self.tell(number, status, usage)
                self.sweep(number)

    def sweep(self, number: int) -> None:
        """Have removed what is left of a box; where no process can be started, all is removed at the end."""
        if self.boxes is not None:
            with contextlib.suppress(OSError):
                self.sweepers |= {self.boxes.sweep(number)} - {0}

    def tell(self, number: int, status: int, usage: resource.struct_rusage | None = None) -> None:
        account = (usage.ru_maxrss // RSS_PER_KIB, usage.ru_utime, usage.ru_stime) if usage else (0, 0.0, 0.0)
        with contextlib.suppress(BrokenPipeError):
            self.control.sendall(EXIT.pack(number, status, *account, time.process_time()))

    def kill_all(self) -> None:
        for process in self.numbers:
            self.kill(process)
        if self.boxes is not None and not self.boxes.alone:
            for process in self.sweepers:  # what they have not removed is removed with the folder of all boxes
                os.kill(process, signal.SIGKILL)
            while self.numbers or self.sweepers:  # nothing else ends who runs in there
                process, _, _ = os.wait4(-1, 0)
                self.sweepers.discard(process)
                self.numbers.pop(process, None)

    def child(self, order: Order, descriptors: list[int]) -> NoReturn:
        """Confine this new process, run the function on the job, end. Nothing of the server may run after it."""
        try:
            self.confine(order, descriptors)
            job = read_all(descriptors[0])
            channels = tuple(socket.socket(fileno=each) for each in descriptors[1:])
        except BaseException:
            os._exit(NOT_CONFINED)
        code = self.work(job, channels)
        if self.boxes is not None:
            self.boxes.leave(code)
        os._exit(code)

    def work(self, job: bytes, channels: tuple[socket.socket, ...]) -> int:
        """The exit code of the function."""
        try:
            if self.entry is not None:
                self.entry(job, channels)
        except MemoryError:
            return OUT_OF_MEMORY
        except BaseException:
            return EXCEPTION
        return 0

    def confine(self, order: Order, descriptors: list[int]) -> None:
        signal.set_wakeup_fd(-1)
        if self.boxes is not None:
            _close_all_but([*descriptors, *self.boxes.kept()])
            self.boxes.enter(order)
            return
        _close_all_but(descriptors)
        _own_streams()
        if not self.alone:
            die_with_parent()
        counted = self.countable and order.threads > 1 and own_process_count()
        for limit, value, extra in _bounds(order, self.warm.baseline, counted=counted):
            resource.setrlimit(limit, (value, value + extra))
        if self.filtered:
            self.filters[order.threads > 1].load(process=os.getpid())


def _nothing(*_: object) -> None:
    """The signal only has to interrupt `poll`."""


def _child_filters() -> dict[bool, sys_.Filter]:
    """Ready to load, for children with and without threads."""
    return {
        threads: sys_.Filter(_seccomp.child_filter(threads=threads), placeholder=_seccomp.PROCESS)
        for threads in (False, True)
    }


def _close_all_but(descriptors: list[int]) -> None:
    """Close everything above standard error except ``descriptors``."""
    start = 3
    for descriptor in sorted(descriptors):
        if descriptor > start:
            os.closerange(start, descriptor)
        start = descriptor + 1
    os.closerange(start, 1 << 20)


def _own_streams() -> None:
    """Streams of this child's own: flags of an inherited one stay set, and the next child could read them."""
    null = os.open("/dev/null", os.O_RDWR)
    for stream in range(3):
        os.dup2(null, stream)
    os.close(null)


def _bounds(order: Order, baseline: int, *, counted: bool) -> Iterator[tuple[int, int, int]]:
    """Limits of one child: which, soft value, and how far the hard one lies above it."""
    yield resource.RLIMIT_CPU, order.cpu_seconds, 1
    yield resource.RLIMIT_NOFILE, order.open_files, 0
    yield resource.RLIMIT_FSIZE, order.file_bytes, 0
    if baseline:
        yield resource.RLIMIT_AS, baseline + order.memory_bytes, 0
    if counted:
        yield resource.RLIMIT_NPROC, order.threads, 0
