"""What a candidate cannot do. Each test is an attack from the inside."""

import contextlib
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shoal.sandbox import Limits, Server

from .conftest import INSIDE, Walls, profile

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the walls are Linux's")


@pytest.fixture(autouse=True)
def _next_one_is_well(walls: Walls) -> Iterator[None]:
    """After every attack the next honest candidate gets its answer."""
    yield
    assert walls.value("echo", 7) == 7


def needs(walls: Walls, level: int) -> None:
    if walls.server.level < level:
        pytest.skip(f"this machine reaches isolation level {walls.server.level}")


@pytest.mark.parametrize(
    ("family", "kind"),
    [
        (socket.AF_INET, socket.SOCK_STREAM),
        (socket.AF_INET6, socket.SOCK_DGRAM),
        (socket.AF_UNIX, socket.SOCK_STREAM),
        (16, socket.SOCK_RAW),  # netlink
        (40, socket.SOCK_STREAM),  # vsock
    ],
)
def test_no_socket_of_any_family(walls: Walls, family: int, kind: int) -> None:
    needs(walls, 2)
    assert walls.refusal("open_socket", int(family), int(kind)) == "EPERM"


def test_no_new_channel_and_no_question_to_the_network_stack(walls: Walls) -> None:
    needs(walls, 2)
    assert walls.refusal("pair_of_sockets") == "EPERM"
    assert walls.refusal("interfaces", 0x8912) == "ENOTTY"  # SIOCGIFCONF


def test_sees_only_python_and_its_libraries(walls: Walls) -> None:
    needs(walls, 3)
    for path in ("/etc/passwd", "/proc/self/environ", "/proc/1/cmdline", "/sys", "/tmp", "/var", "/home", "/bin/sh"):
        assert walls.refusal("read", path) in ("ENOENT", "EACCES"), path
    assert walls.value("exists", str(Path.home() / ".ssh")) is False
    assert walls.refusal("entries", "/") == "EACCES"
    for device in ("/dev/shm", "/dev/tty", "/dev/mem", "/dev/fd"):
        assert walls.value("exists", device) is False


def test_sees_neither_the_repository_nor_the_tests(walls: Walls) -> None:
    needs(walls, 3)
    repository = Path(__file__).parents[2]
    for path in (repository / "pyproject.toml", repository / ".git", Path(__file__), repository / "tests"):
        assert walls.value("exists", str(path)) is (path in Path(INSIDE).parents), path
    for path in (repository / "tests" / "core", repository / "README.md"):
        assert walls.value("exists", str(path)) is False


def test_writes_nowhere(walls: Walls) -> None:
    needs(walls, 2)
    folders = [INSIDE, *(path for path in sys.path if Path(path).is_dir()), "/usr/lib"]
    assert walls.value("writable_places", folders) == []
    assert walls.refusal("entries", "/dev") == "EACCES"
    assert walls.refusal("write", "/dev/urandom") in ("EACCES", "EROFS")
    assert walls.value("write", "/dev/null") > 2
    for path in ("/new", "/tmp/new", "/dev/shm/new", f"{INSIDE}/new"):
        assert walls.refusal("write", path) in ("EROFS", "EACCES", "ENOENT", "EPERM"), path
    assert walls.refusal("change_mode", INSIDE) == "EPERM"


@pytest.mark.parametrize("name", ["fork", "start_program"])
def test_starting_processes_is_a_violation(walls: Walls, name: str) -> None:
    needs(walls, 2)
    assert walls.end(name).cause == "violation"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("ptrace", (0, 0, 0, 0)),
        ("mount", (0, 0, 0, 0, 0)),
        ("unshare", (0x10000000,)),
        ("setns", (0, 0)),
        ("bpf", (0, 0, 0)),
        ("chroot", (0,)),
        ("process_vm_readv", (1, 0, 0, 0, 0, 0)),
        ("pivot_root", (0, 0)),
        ("clone", (0x10000000 | 17, 0, 0, 0, 0)),
        ("clone", (17, 0, 0, 0, 0)),
    ],
)
def test_blatant_calls_are_violations(walls: Walls, name: str, arguments: tuple[int, ...]) -> None:
    needs(walls, 2)
    assert walls.end("raw", name, *arguments).cause == "violation"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("shmget", (0, 4096, 0o600)),
        ("msgget", (0, 0)),
        ("semget", (0, 1, 0)),
        ("memfd_create", (0, 0)),
        ("userfaultfd", (0,)),
        ("keyctl", (0, 0)),
        ("perf_event_open", (0, 0, -1, -1, 0)),
        ("io_uring_setup", (1, 0)),
        ("personality", (0x0040000,)),
        ("pidfd_open", (1, 0)),
        ("prlimit64", (1, 7, 0, 0)),
        ("setpriority", (2, 0, 19)),
        ("sched_setaffinity", (1, 0, 0)),
    ],
)
def test_refused_calls_leave_the_program_running(walls: Walls, name: str, arguments: tuple[int, ...]) -> None:
    needs(walls, 2)
    assert walls.refusal("raw", name, *arguments) == "EPERM"


def test_clone3_looks_as_if_the_kernel_had_none(walls: Walls) -> None:
    needs(walls, 2)
    assert walls.refusal("raw", "clone3", 0, 0) == "ENOSYS"


def test_own_processes_and_no_signal_to_others(walls: Walls) -> None:
    needs(walls, 3)
    process, parent, user, effective, group = walls.value("identity")
    assert parent == 1 and process > 1
    assert 0 not in (user, effective, group)
    for target in (1, -1, os.getpid()):
        assert walls.refusal("send_signal", target) == "EPERM"
        assert walls.refusal("thread_signal", target) == "EPERM"


def test_no_capabilities_with_and_without_threads(walls: Walls) -> None:
    needs(walls, 2)
    for threads in (1, 4):
        assert walls.value("capabilities", limits=Limits(threads=threads)) == [0] * 6


def test_environment_and_names_tell_nothing(walls: Walls) -> None:
    assert walls.value("environment") == {}
    assert walls.value("library_environment") == 0
    if walls.server.level == 3:
        assert walls.value("machine_name") == "shoal"


def test_hash_seed_is_fixed(walls: Walls) -> None:
    assert walls.value("hash_of_text") == walls.value("hash_of_text")


def test_holds_its_channel_and_no_other_descriptor(walls: Walls) -> None:
    first = walls.value("descriptors")
    for _ in range(5):
        walls.value("nothing")
    assert first == walls.value("descriptors")
    assert first[:3] == [0, 1, 2] and len(first) == 4


def test_nothing_of_the_previous_job_is_in_memory(walls: Walls) -> None:
    token = os.urandom(16)
    assert walls.value("spend", token) == 10_000
    assert walls.value("find", token[::-1]) == 0


def test_hidden_paths_cannot_be_read_at_any_level(runner: Any, tmp_path: Path) -> None:
    folder = tmp_path / "shown"
    (folder / "secret").mkdir(parents=True)
    (folder / "open.txt").write_bytes(b"open")
    (folder / "secret" / "answer.txt").write_bytes(b"answer")
    (folder / "key.txt").write_bytes(b"key")
    os.chmod(folder, 0o755)
    for parent in (tmp_path, *tmp_path.parents[:-2]):
        with contextlib.suppress(PermissionError):
            os.chmod(parent, 0o755)
    for level in (2, 3):
        hide = (str(folder / "secret"), str(folder / "key.txt"))
        server = Server(profile(mounts=(str(folder),), hide=hide, warm=()), level=level)
        runner.run(server.start())
        walls = Walls(runner, server)
        try:
            needs(walls, 2)
            assert walls.value("read", str(folder / "open.txt")) == b"open"
            assert walls.answer("read", str(folder / "secret" / "answer.txt")).get("errno") in ("ENOENT", "EACCES")
            assert walls.answer("read", str(folder / "key.txt")).get("value", b"") == b""
        finally:
            runner.run(server.close())


def test_own_source_can_be_hidden_after_the_imports(runner: Any) -> None:
    package = str(Path(sys.modules["shoal"].__file__ or "").parent)
    server = Server(profile(hide=(package,), warm=()))
    runner.run(server.start())
    try:
        walls = Walls(runner, server)
        needs(walls, 2)
        names = ["shoal.judging", "shoal.tasks", "shoal.core.loop", "colorsys"]
        assert walls.value("importable", names) == ["colorsys"]
        assert walls.refusal("read", f"{package}/judging.py") in ("ENOENT", "EACCES")
    finally:
        runner.run(server.close())
