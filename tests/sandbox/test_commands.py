"""What a program can do in its box, what it cannot, and that all it did is counted. Each attack runs for real."""

import asyncio
import os
import sys
import textwrap
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from shoal.sandbox import Exit, Finished
from tests.evaluate.benches import descriptors, own_tmp

from .boxes import BURN, LIMITS, PYTHON, Boxed
from .conftest import INSIDE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="boxes are Linux's")


@pytest.fixture(scope="module")
def boxes(runner: asyncio.Runner) -> Iterator[dict[int, Boxed]]:
    made: dict[int, Boxed] = {}
    yield made
    for boxed in made.values():
        runner.run(boxed.server.close())


@pytest.fixture
def boxed(request: pytest.FixtureRequest, runner: asyncio.Runner, boxes: dict[int, Boxed]) -> Iterator[Boxed]:
    """A box of level 3, or of the level that the test's parameter names; the next program in it is well."""
    level = getattr(request, "param", 3)
    if level not in boxes:
        boxes[level] = Boxed(runner, level)
    boxed = boxes[level]
    if boxed.server.level < level:
        pytest.skip(f"this machine reaches isolation level {boxed.server.level}")
    before = descriptors()
    yield boxed
    assert boxed.answer("echo", "well")["stdout"] == b"well\n"
    assert boxed.left() == []
    assert descriptors() == before


every_level = pytest.mark.parametrize("boxed", [3, 2, 1], indirect=True)
with_filters = pytest.mark.parametrize("boxed", [3, 2], indirect=True)


# -- what works -------------------------------------------------------------------------------------------------------


@every_level
def test_a_shell_runs_pipes_and_files(boxed: Boxed) -> None:
    script = (
        "read word; echo $word | tr a-z A-Z > out; mkdir d; mv out d; ln -s d/out link; cat link; echo no >&2; exit 7"
    )
    answer = boxed.answer("sh", "-c", script, stdin=b"word\n", read=["d/out"])
    assert (answer["code"], answer["stdout"], answer["stderr"]) == (7, b"WORD\n", b"no\n")
    assert answer["d/out"] == b"WORD\n"


@every_level
def test_files_are_put_into_the_working_folder_and_can_be_programs(boxed: Boxed) -> None:
    files = {"run.sh": "#!/bin/sh\ncat data.txt; pwd; echo $TMPDIR", "data.txt": "given "}
    folder, scratch = boxed.answer("./run.sh", files=files)["stdout"].decode().split()[1:]
    assert scratch == f"{folder}/.tmp"


@every_level
def test_python_finds_its_packages(boxed: Boxed) -> None:
    answer = boxed.answer(PYTHON, "-c", "import numpy, sys; print(numpy.arange(3).sum()); sys.exit(2)")
    assert (answer["code"], answer["stdout"]) == (2, b"3\n"), answer


@every_level
def test_a_program_that_is_not_there_is_told(boxed: Boxed) -> None:
    answer = boxed.answer("no-such-program")
    assert answer["failure"] == "no-such-program cannot be started: No such file or directory"
    assert boxed.answer("./data", files={"data": b"\x7fNONSENSE"})["failure"].endswith("Exec format error")


@own_tmp
def test_temporary_files_and_named_pipes_have_a_place(boxed: Boxed) -> None:
    script = "mkfifo f && (echo through > f &) && cat f && echo a > /tmp/x && cat /dev/shm/x <(echo b)"
    assert boxed.answer("bash", "-c", script)["stdout"] == b"through\na\nb\n"


def test_worker_pools_work(boxed: Boxed) -> None:
    program = "from multiprocessing import Pool\nif __name__ == '__main__': print(sum(Pool(3).map(abs, range(-9, 0))))"
    assert boxed.answer(PYTHON, "main.py", files={"main.py": program})["stdout"] == b"45\n"


@every_level
def test_stdin_that_nobody_reads_hangs_nothing(boxed: Boxed) -> None:
    assert boxed.answer("true", stdin=b"x" * (4 << 20))["code"] == 0
    assert boxed.answer("wc", "-c", stdin=b"x" * (4 << 20))["stdout"].strip() == b"4194304"


# -- what is counted --------------------------------------------------------------------------------------------------

SHY = {  # ways to use 0.4 s of CPU where no parent's account shows it
    "child": "if os.fork() == 0: burn(0.4); os._exit(0)\nos.wait()",
    "child nobody waits for": "if os.fork() == 0: burn(0.4); done(); os._exit(0)\nwait()",
    "daemon": """
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0: burn(0.4); done()
            os._exit(0)
        wait()
    """,
    "ignored": """
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        if os.fork() == 0: burn(0.4); done(); os._exit(0)
        wait()
    """,
    "not waited for by the kernel's leave": """
        import ctypes
        action = (ctypes.c_ulong * 19)()
        action[17] = 2  # SIG_DFL with SA_NOCLDWAIT, as the C library lays it out
        assert ctypes.CDLL(None).sigaction(17, action, None) == 0
        if os.fork() == 0: burn(0.4); done(); os._exit(0)
        wait()
    """,
    "raw call": """
        import ctypes
        action = (ctypes.c_ulong * 4)(1, 2, 0, 0)  # SIG_IGN, SA_NOCLDWAIT
        assert ctypes.CDLL(None).syscall(13 if os.uname().machine == "x86_64" else 134, 17, action, None, 8) == 0
        if os.fork() == 0: burn(0.4); done(); os._exit(0)
        wait()
    """,
    "chain": """
        for link in range(20):
            burn(0.02)
            if os.fork(): os._exit(0)
        done()
    """,
    "thread": """
        import threading
        thread = threading.Thread(target=burn, args=(0.4,))
        thread.start(); thread.join()
    """,
    "closed to looks": """
        import ctypes
        if os.fork() == 0:
            ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
            burn(0.4); done(); os._exit(0)
        wait()
    """,
    "clone without a signal": """
        import ctypes
        number = 56 if os.uname().machine == "x86_64" else 220
        if ctypes.CDLL(None).syscall(number, 0, 0, 0, 0, 0) == 0: burn(0.4); done(); os._exit(0)
        wait()
    """,
}


@with_filters
@pytest.mark.parametrize("way", SHY)
def test_cpu_time_of_every_process_is_counted(boxed: Boxed, way: str) -> None:
    if way == "daemon" and boxed.server.level < 3:
        pytest.skip("it may not found a session of its own there")
    program = SHY[way]
    if way == "chain":  # the first link is what we wait for: keep it until the last is done
        program = f"if os.fork():\n    wait(); os._exit(0)\n{textwrap.dedent(program)}"
    ended = boxed.end(program)
    assert ended.cause == "exit"
    assert 0.38 < ended.cpu_seconds < 0.8, ended


@every_level
def test_the_cpu_limit_holds_for_all_processes_together(boxed: Boxed) -> None:
    began = time.monotonic()
    ended = boxed.end("for _ in range(3): os.fork()\nburn(60)", limits=replace(LIMITS, cpu_seconds=1))
    assert ended.cause == "cpu"
    assert 0.9 < ended.cpu_seconds < 1.8
    assert time.monotonic() - began < 6


def test_the_cpu_limit_holds_for_an_endless_chain_of_short_processes(boxed: Boxed) -> None:
    program = "while True:\n    if os.fork(): burn(0.01); os._exit(0)"
    program = f"if os.fork():\n    time.sleep(60)\n{program}"
    ended = boxed.end(program, limits=replace(LIMITS, cpu_seconds=1))
    assert ended.cause == "cpu"
    assert 0.9 < ended.cpu_seconds < 1.8


def test_a_single_process_is_ended_by_its_own_limit_even_if_it_is_deaf(boxed: Boxed) -> None:
    ended = boxed.end("signal.signal(signal.SIGXCPU, signal.SIG_IGN)\nburn(60)", limits=replace(LIMITS, cpu_seconds=1))
    assert ended.cause == "cpu"


@every_level
def test_the_wall_clock_ends_all_of_it_and_counts_it(boxed: Boxed) -> None:
    program = "if os.fork() == 0: burn(0.2)\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(60)"
    ended = boxed.end(program, limits=replace(LIMITS, wall_seconds=2))
    assert ended.cause == "wall"
    assert ended.wall_seconds < 6
    assert 0.18 < ended.cpu_seconds < 0.8


@every_level
def test_a_kill_from_outside_counts_what_was_used(runner: asyncio.Runner, boxed: Boxed) -> None:
    async def killed() -> Exit:
        running = asyncio.create_task(boxed.server.run(boxed.job(PYTHON, "-S", "-c", BURN + "os.fork()\nburn(60)")))
        await asyncio.sleep(1.0)
        (child,) = boxed.server._children.values()
        child.kill()
        return (await running).exit

    ended = runner.run(killed())
    assert ended.cause == "killed"
    assert ended.cpu_seconds > 0.1


def test_peak_memory_is_that_of_the_largest_process(boxed: Boxed) -> None:
    ended = boxed.end("if os.fork() == 0: x = b'x' * (100 << 20); os._exit(0)\nos.wait()")
    assert 100 << 20 < ended.peak_bytes < 150 << 20


# -- what is limited --------------------------------------------------------------------------------------------------


@every_level
def test_memory_of_all_processes_together_is_limited(boxed: Boxed) -> None:
    program = """
        for _ in range(3):
            if os.fork() == 0: break
        kept = bytearray(os.urandom(1)) * (100 << 20)
        time.sleep(30)
    """
    ended = boxed.end(program)
    assert (ended.cause, ended.code) == ("exit", 71)
    assert ended.wall_seconds < 10


@every_level
def test_one_process_gets_no_more_memory_than_all(boxed: Boxed) -> None:
    answer = boxed.answer(PYTHON, "-S", "-c", "x = bytearray(300 << 20)")
    assert (answer["code"], answer["stderr"].splitlines()[-1]) == (1, b"MemoryError")


@with_filters
def test_memory_that_no_process_has_to_itself_is_refused(boxed: Boxed) -> None:
    told = boxed.python(
        """
        import mmap, ctypes
        for attempt in (lambda: mmap.mmap(-1, 1 << 20), lambda: os.memfd_create("x")):
            try: attempt(); print("got it")
            except OSError as error: print(error.errno)
        print(ctypes.CDLL(None, use_errno=True).shmget(0, 4096, 0o600))
        """
    )
    assert told.split() == ["1", "1", "-1"]


def test_the_number_of_processes_is_limited(boxed: Boxed) -> None:
    program = """
        count = 0
        try:
            while os.fork(): count += 1
            time.sleep(30)
        except BlockingIOError:
            print(count)
    """
    assert int(boxed.python(program, limits=replace(LIMITS, processes=10))) == 9


def test_a_fork_bomb_ends_with_its_box(boxed: Boxed) -> None:
    limits = replace(LIMITS, cpu_seconds=1, wall_seconds=3, processes=32)
    finished = boxed.finish("bash", "-c", "bomb() { bomb | bomb & }; bomb; sleep 60", limits=limits)
    assert finished.exit.cause in ("cpu", "wall")


@pytest.mark.parametrize("boxed", [2, 1], indirect=True)
def test_without_namespaces_too_many_processes_fail_or_end_the_program(boxed: Boxed) -> None:
    program = "for _ in range(60):\n    if os.fork() == 0: time.sleep(60)\ntime.sleep(60)"
    answer = boxed.answer(PYTHON, "-S", "-c", BURN + program, limits=replace(LIMITS, processes=32))
    counted = b"BlockingIOError" in answer["stderr"]  # by the kernel, where it does that box by box
    assert answer["failure"] == "more processes at once than are allowed" or counted


def test_the_private_folder_is_full_when_it_is_full(boxed: Boxed) -> None:
    program = """
        def full(fill):
            try:
                while True: fill()
            except OSError as error: return error.errno

        files = [open(name, "wb", buffering=0) for name in "ab"]
        files[0].write(bytes(10 << 20))
        print(full(lambda: files[1].write(bytes(1 << 20))), sum(os.stat(name).st_size for name in "ab") >> 20)
        os.remove("a"); os.remove("b")
        number = iter(range(10**6))
        print(full(lambda: os.mkdir(f"d{next(number)}")), next(number) < 10000)
    """
    assert boxed.python(program).split() == ["28", "16", "28", "True"]


@with_filters
def test_files_beyond_the_limit_end_the_program_or_fail_inside(boxed: Boxed) -> None:
    program = "for n in range(40):\n    open(f'f{n}', 'wb').write(bytes(1 << 20))\n    time.sleep(0.01)\ntime.sleep(5)"
    answer = boxed.answer(PYTHON, "-S", "-c", f"import time\n{program}")
    assert answer["failure"] == "more files than are allowed" or answer["stderr"].rstrip().endswith(b"left on device")


@every_level
def test_output_floods_are_cut(boxed: Boxed) -> None:
    answer = boxed.answer("yes")
    assert answer["failure"] == "too much on standard output"
    assert len(answer["stdout"]) <= 1 << 20
    noisy = boxed.answer("sh", "-c", "yes | head -c 3000000 >&2; echo end >&2")
    assert noisy["code"] == 0
    assert len(noisy["stderr"]) == 8192 and noisy["stderr"].endswith(b"y\nend\n")


# -- what is held -----------------------------------------------------------------------------------------------------


@with_filters
def test_there_is_no_network(boxed: Boxed) -> None:
    program = """
        import socket
        for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, 16, 40):
            try: socket.socket(family, socket.SOCK_DGRAM); print("got it")
            except OSError as error: print(error.errno)
        socket.socketpair()
    """
    assert boxed.python(program).split() == ["1"] * 5


@with_filters
@pytest.mark.parametrize(
    ("x86", "arm", "arguments"),
    [
        (272, 97, "0x10000000"),  # unshare
        (165, 40, "0, 0, 0, 0, 0"),  # mount
        (101, 117, "16, 1, 0, 0"),  # ptrace
        (308, 268, "0, 0"),  # setns
        (161, 51, "0"),  # chroot
        (56, 220, "0x10000011, 0, 0, 0, 0"),  # clone into a new user namespace
        (430, 430, "0, 0"),  # fsopen
        (310, 270, "1, 0, 0, 0, 0, 0"),  # process_vm_readv
        (321, 280, "0, 0, 0"),  # bpf
    ],
)
def test_blatant_calls_are_violations(boxed: Boxed, x86: int, arm: int, arguments: str) -> None:
    number = x86 if os.uname().machine == "x86_64" else arm
    assert boxed.end(f"import ctypes\nctypes.CDLL(None).syscall({number}, {arguments})").cause == "violation"


def test_the_first_process_cannot_be_killed_traced_or_read(boxed: Boxed) -> None:
    program = """
        def refused(attempt):
            try: return f"got {attempt()!r}"
            except OSError as error: return str(error.errno)

        for number in (0, signal.SIGTERM, signal.SIGKILL, signal.SIGSTOP):
            print(refused(lambda: os.kill(1, number)))
        for name in ("status", "cmdline", "environ", "maps", "mem", "fd", "root", "cwd", "stat", "task/1/stat"):
            print(refused(lambda: os.stat(f"/proc/1/{name}")))
        print("1" in os.listdir("/proc"))
    """
    told = boxed.python(program).split()
    assert told[:4] == ["1"] * 4
    assert set(told[4:-1]) <= {"2", "13"}
    assert told[-1] == "False"


@with_filters
def test_a_signal_to_everybody_reaches_nobody_outside(boxed: Boxed) -> None:
    program = """
        if os.fork() == 0: time.sleep(30)
        for target in (-1, os.getppid(), PARENT):
            try: os.kill(target, signal.SIGKILL)
            except OSError: pass
        print("still here")
    """
    assert boxed.python(program.replace("PARENT", str(os.getpid()))).strip() == "still here"


@with_filters
def test_nothing_outside_can_be_written_or_listed(boxed: Boxed) -> None:
    program = """
        for folder in ("/", "..", "/usr", "/usr/lib", "/usr/bin", "/dev", "/etc", INSIDE, sys.prefix):
            try: open(f"{folder}/new", "w"); print("wrote in", folder)
            except OSError: pass
            try: os.mkdir(f"{folder}/new"); print("made in", folder)
            except OSError: pass
        for folder in ("/", "/etc", "/root", "/home", "/var", "/sys"):
            try: os.listdir(folder); print("listed", folder)
            except OSError: pass
        for path in ("/etc/passwd", "/etc/shadow", "/root/.ssh", "/proc/sys/kernel/hostname", "/proc/kcore"):
            try: open(path).read(); print("read", path)
            except OSError: pass
        for call in (os.chmod, os.utime, os.chown):
            try: call("/usr/bin/env", *{os.chmod: (0o777,), os.utime: (), os.chown: (0, 0)}[call]); print(call)
            except OSError: pass
    """
    assert boxed.python(program.replace("INSIDE", repr(INSIDE))) == ""


def test_no_powers_and_no_way_to_any(boxed: Boxed) -> None:
    status = dict(
        line.split(":\t", 1) for line in boxed.answer("cat", "/proc/self/status")["stdout"].decode().splitlines()
    )
    assert {int(status[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {0}
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
    assert "0" not in status["Uid"].split()


@every_level
def test_a_program_holds_its_three_descriptors_and_no_other(boxed: Boxed) -> None:
    program = """
        def is_open(descriptor):
            try: os.fstat(descriptor)
            except OSError: return False
            return True

        print([descriptor for descriptor in range(300) if is_open(descriptor)])
    """
    told = boxed.python(program)
    assert told.strip() == "[0, 1, 2]"


@with_filters
def test_two_boxes_at_once_see_nothing_of_each_other(runner: asyncio.Runner, boxed: Boxed) -> None:
    token = os.urandom(16).hex()
    owner = (
        "import os, sys, time; open('secret', 'w').write(sys.argv[1]); print(os.getcwd(), flush=True); time.sleep(1)"
    )
    looker = """
import os, time
time.sleep(0.4)
seen = sorted(os.listdir("."))
for place in ("..", "/tmp", "/dev/shm", "/proc", "/box"):
    try: seen += [f"{place}/{name}" for name in os.listdir(place) if not name.isdecimal() or int(name) > 9]
    except OSError: pass
for folder in range(1, 2000):
    try: open(f"../{folder}/secret"); print("read it")
    except OSError: pass
print(*seen)
"""

    async def both() -> tuple[Finished, Finished]:
        first = boxed.server.run(boxed.job(PYTHON, "-S", "-c", owner, token))
        second = boxed.server.run(boxed.job(PYTHON, "-S", "-c", looker))
        return await asyncio.gather(first, second)

    first, second = runner.run(both())
    assert first.replies[0]["code"] == 0
    told = second.replies[0]["stdout"].decode()
    assert "secret" not in told and "read it" not in told and token not in told, told


@own_tmp
def test_nothing_of_the_previous_box_is_left(boxed: Boxed) -> None:
    token = os.urandom(16).hex()
    spend = (
        "open('kept', 'w').write(sys.argv[1]); open('/tmp/kept', 'w').write(sys.argv[1]); os.environ['T'] = sys.argv[1]"
    )
    assert boxed.answer(PYTHON, "-S", "-c", f"import os, sys; {spend}", token, stdin=token.encode())["code"] == 0
    find = """
import os, sys
backwards, hits = sys.argv[1].encode(), 0
for line in open("/proc/self/maps"):
    span, rights = line.split()[:2]
    start, end = (int(part, 16) for part in span.split("-"))
    if rights[0] == "r" and "[v" not in line:
        with open("/proc/self/mem", "rb", buffering=0) as memory:
            memory.seek(start)
            hits += memory.read(end - start)[::-1].count(backwards)
for folder, _, names in os.walk("/box/work"):
    hits += sum(backwards in open(f"{folder}/{name}", "rb").read()[::-1] for name in names)
print(hits, os.listdir("."), os.listdir("/tmp"))
"""
    assert boxed.answer(PYTHON, "-S", "-c", find, token[::-1])["stdout"] == b"0 ['.tmp'] []\n"
    assert int(boxed.answer(PYTHON, "-S", "-c", find, token[::-1], token)["stdout"].split()[0]) > 0  # it can be found


# -- what is read back ------------------------------------------------------------------------------------------------


@every_level
def test_only_plain_files_of_sane_size_are_read_back(boxed: Boxed) -> None:
    script = """
        echo honest > plain; ln -s /etc/passwd link; ln -s plain near; mkfifo pipe; mkdir folder
        truncate -s 1G huge 2>/dev/null || truncate -s 10M huge; ln -s folder way; echo x > folder/in; : > empty
    """
    names = ["plain", "link", "near", "pipe", "folder", "huge", "way/in", "folder/in", "empty", "gone"]
    answer = boxed.answer("sh", "-c", script, read=names)
    assert (answer["plain"], answer["folder/in"], answer["empty"]) == (b"honest\n", b"x\n", b"")
    for name in ("link", "near", "pipe", "folder"):
        assert answer[name] == f"{name} is not a plain file"
    assert answer["huge"].endswith("bytes; at most 65536 are read")
    assert answer["way/in"] == "no folder way" and answer["gone"] == "no file gone"


@every_level
def test_files_are_listed_without_links_and_pipes(boxed: Boxed) -> None:
    script = "echo a > b; mkdir c; echo a > c/d; ln -s b e; mkfifo f; echo a > .tmp/scratch; ln -s / g"
    assert boxed.answer("sh", "-c", script, list=True)["names"] == ["b", "c/d"]
