"""What the machine can isolate: tried, told honestly, and capped where asked."""

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from shoal.sandbox import Server, probe
from shoal.sandbox import _seccomp as seccomp
from shoal.sandbox._isolation import assess

from .conftest import Walls, profile


def test_probe_agrees_with_a_real_server(server: Server) -> None:
    isolation = probe()
    assert isolation == server.isolation
    assert 1 <= isolation.level <= 3
    for wall in isolation.properties:
        assert wall.detail and wall.how_to_get_it


def test_levels_follow_from_walls() -> None:
    every = dict.fromkeys(("files", "processes", "network", "ipc", "hostname", "cgroup", "identity"), "")
    every |= dict.fromkeys(("landlock", "seccomp", "limits"), "")
    assert assess(every).level == 3
    for missing in ("files", "processes", "network", "landlock", "seccomp"):
        assert assess({**every, missing: "not here"}).level == 2, missing
    assert assess({**every, "limits": "no"}).level == 1
    assert assess({"landlock": "", "limits": ""}).level == 1
    assert assess({"landlock": "", "seccomp": "", "limits": ""}).level == 2
    assert assess({}).level == 1


@pytest.mark.parametrize("level", [1, 2])
def test_lower_levels_work_and_say_what_they_lack(runner: asyncio.Runner, level: int) -> None:
    server = Server(profile(warm=()), level=level)
    runner.run(server.start())
    try:
        assert server.level <= level
        assert server.isolation is not None
        lacking = {wall.name for wall in server.isolation.properties if not wall.ok}
        assert {"files", "processes", "network"} <= lacking
        walls = Walls(runner, server)
        assert walls.value("echo", [1.5]) == [1.5]
        if server.level == 2:
            assert walls.refusal("read", "/etc/passwd") == "EACCES"
            assert walls.refusal("open_socket", 2, 1) == "EPERM"
            assert walls.end("fork").cause == "violation"
    finally:
        runner.run(server.close())


HEADER = Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")
GENERIC = Path("/usr/include/asm-generic/unistd.h")
CALLS = {**seccomp.NUMBERS, **seccomp.VIOLATIONS, **seccomp.REFUSED}


@pytest.mark.parametrize(("header", "column"), [(HEADER, 0), (GENERIC, 1)])
def test_numbers_of_calls_are_the_kernels(header: Path, column: int) -> None:
    if not header.exists():
        pytest.skip(f"no {header}")
    text = header.read_text()
    for name, numbers in CALLS.items():
        found = re.search(rf"#define __NR(?:3264)?_{name}\s+(\d+)", text)
        if found is not None:
            assert int(found[1]) == numbers[column], name
        else:
            assert numbers[column] is None, name


def test_filters_are_whole_programs_with_jumps_inside() -> None:
    if not seccomp.supported():
        pytest.skip("no filter for this machine")
    for code in (seccomp.base_filter(), seccomp.child_filter(threads=True)):
        assert len(code) % 8 == 0
        lines = [(int.from_bytes(code[at : at + 2], "little"), *code[at + 2 : at + 4]) for at in range(0, len(code), 8)]
        assert lines[-1][0] == 0x06
        assert len(lines) < 4096
        for number, (_, yes, no) in enumerate(lines):
            assert number + 1 + max(yes, no) < len(lines) or (yes, no) == (0, 0)


def test_package_costs_nothing_until_used() -> None:
    script = (
        "import sys, shoal.sandbox; print(*[m for m in ('asyncio', 'numpy', 'ctypes', 'anyio') if m in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    found = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, check=True, text=True)
    assert found.stdout.split() == []
