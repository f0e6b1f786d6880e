"""The start script, in copies of the checkout whose path has a space."""

import os
import shutil
import subprocess
import sys
import venv
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from subprocess import PIPE
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

import shoal

ROOT = Path(__file__).parents[1]
BASE = Path(sys.base_prefix) / "bin"
PROGRAM = '''"""Stands for the program."""
import os, sys
print(sys.argv[1:], os.getcwd(), sys.prefix)
'''


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A checkout with everything that set-up reads, and a program that prints what it was called with."""
    place = tmp_path / "a place"
    package = place / "src" / "shoal"
    package.mkdir(parents=True)
    for name in ("shoal", "pyproject.toml"):
        shutil.copy(ROOT / name, place)
    shutil.copytree(ROOT / "requirements", place / "requirements")
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(PROGRAM)
    return place


def load(path: Path) -> ModuleType:
    """Import a start script without running it."""
    loader = SourceFileLoader("start_script", str(path))
    spec = spec_from_loader("start_script", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def start(place: Path) -> ModuleType:
    return load(place / "shoal")


def set_up_without_packages(start: ModuleType, mode: str) -> None:
    """What a set-up leaves, less the packages."""
    venv.create(start.VENV, symlinks=True)
    link = start.link_source(start.site_packages())
    start.write(start.STAMP, f"{mode} {start.key_of(mode)} {os.path.relpath(link, start.VENV)}")


def run(place: Path, *words: str, path: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Start it from elsewhere with the Python under the tests, and only `path` to find programs."""
    return subprocess.run(
        [BASE / "python3", place / "shoal", *words],
        cwd=place.parent,
        env=without_our_path(PATH=path or str(BASE), **environment),
        capture_output=True,
        text=True,
        check=False,
    )


def without_our_path(**more: str) -> dict[str, str]:
    """The environment of the tests, in which shoal is not importable by itself."""
    return {name: value for name, value in {**os.environ, **more}.items() if name != "PYTHONPATH"}


def test_a_start_hands_over_words_and_folder(place: Path, start: ModuleType):
    set_up_without_packages(start, "run")
    (place.parent / "shoal.py").write_text("raise SystemExit('the user has a file of that name')")
    done = run(place, "demo", "two words", "")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{['demo', 'two words', '']} {place.parent} {place / '.venv'}\n"


def test_a_moved_checkout_still_starts(place: Path, start: ModuleType):
    set_up_without_packages(start, "run")
    moved = place.rename(place.with_name("another place"))
    assert run(moved, "x").stdout == f"['x'] {moved.parent} {moved / '.venv'}\n"


def test_what_set_up_made_holds_until_something_changes(place: Path, start: ModuleType):
    assert not start.ready(False)
    set_up_without_packages(start, "run")
    assert start.ready(False)
    assert not start.ready(True), "the tools are not there yet"
    with (place / "requirements" / "run.txt").open("a") as lock:
        lock.write("# changed\n")
    assert not start.ready(False)


def test_the_tools_serve_the_program_too(start: ModuleType):
    set_up_without_packages(start, "dev")
    assert start.ready(False)
    assert start.ready(True)


@pytest.mark.parametrize("lost", ["bin/python", "shoal-stamp", "lib"])
def test_a_damaged_set_up_is_noticed(start: ModuleType, lost: str):
    set_up_without_packages(start, "run")
    start.remove(os.path.join(start.VENV, lost))
    assert not start.ready(False)


def test_another_interpreter_under_the_same_name_is_noticed(start: ModuleType, tmp_path: Path):
    set_up_without_packages(start, "run")
    other = tmp_path / "python9"
    other.touch()
    start.remove(start.PYTHON)
    os.symlink(other, start.PYTHON)
    assert not start.ready(False)


def test_entry_points_are_found_as_after_an_install(place: Path, start: ModuleType):
    with (place / "pyproject.toml").open("a") as file:
        file.write('\n[project.entry-points."shoal.labs"]\nevolve = "shoal.labs.evolve:lab"\n')
    set_up_without_packages(start, "run")
    start.link_source(start.site_packages())  # a second time replaces the first
    code = "from importlib.metadata import entry_points as e, version; print(version('shoal'), e(group='shoal.labs'))"
    done = subprocess.run([start.PYTHON, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(shoal.__version__)
    assert done.stdout.count("shoal.labs.evolve:lab") == 1


def test_an_old_python_is_told_what_is_needed(place: Path):
    code = "import runpy, sys; sys.version_info = (3, 9, 1); runpy.run_path('shoal', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=place, env={"PATH": "/nowhere"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("shoal: needs Python 3.11, 3.12 or 3.13 on PATH; python3 is 3.9.1 (")
    assert not (place / ".boot").exists()


def test_a_place_that_cannot_be_written_is_named(place: Path):
    (place / ".boot").touch()
    done = run(place, "x")
    assert done.returncode == 1
    assert done.stderr.startswith("shoal: cannot set up: ")
    assert str(place) in done.stderr
    assert done.stderr.count("\n") == 1


def test_pip_settings_are_read(start: ModuleType):
    listing = "\n".join(
        [
            "global.index-url='https://one.example/simple'",
            "global.extra-index-url='https://two.example/simple\\nhttps://three.example/simple'",
            "install.timeout='9'",
            "list.format='columns'",
            ":env:.index-url='https://four.example/simple'",
            "no setting at all",
        ]
    )
    assert start.parse_pip_options(listing) == {
        "index-url": "https://four.example/simple",
        "extra-index-url": "https://two.example/simple\nhttps://three.example/simple",
        "timeout": "9",
    }


def test_pip_settings_reach_uv_under_its_own_names(start: ModuleType):
    options = {
        "index-url": "https://one.example/simple",
        "extra-index-url": "https://two.example/simple\nhttps://three.example/simple",
        "find-links": "/wheels",
        "cert": "/ca.pem",
        "proxy": "http://proxy.example:3128",
        "trusted-host": "one.example",
        "no-index": "false",
    }
    said = start.uv_environment(options, {})
    assert said["UV_DEFAULT_INDEX"] == "https://one.example/simple"
    assert said["UV_INDEX"] == "https://two.example/simple https://three.example/simple"
    assert said["UV_INDEX_STRATEGY"] == "unsafe-best-match"
    assert said["UV_FIND_LINKS"] == "/wheels"
    assert said["SSL_CERT_FILE"] == "/ca.pem"
    assert said["HTTPS_PROXY"] == said["HTTP_PROXY"] == "http://proxy.example:3128"
    assert said["UV_INSECURE_HOST"] == "one.example"
    assert "UV_NO_INDEX" not in said


@given(
    environ=st.dictionaries(st.sampled_from(["UV_INDEX", "UV_DEFAULT_INDEX", "SSL_CERT_FILE", "PATH"]), st.text()),
    options=st.dictionaries(st.sampled_from(["index-url", "extra-index-url", "cert", "proxy"]), st.text()),
)
def test_what_the_user_tells_uv_wins(environ: dict[str, str], options: dict[str, str]):
    said = load(ROOT / "shoal").uv_environment(options, environ)
    assert environ.items() <= said.items()
    assert all(said[name] for name in said.keys() - environ.keys())


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_from_nothing_to_running_and_back_after_damage(place: Path):
    """Needs the network, or a configured index that has everything."""
    first = run(place, "one")
    assert first.stdout == f"['one'] {place.parent} {place / '.venv'}\n", first.stderr
    second = run(place, "two")
    assert (second.stderr, second.stdout[:7]) == ("", "['two']")

    # As after a set-up that was cut short: no stamp, and a package that is there by name only.
    (place / ".venv" / "shoal-stamp").unlink()
    shutil.rmtree(next((place / ".venv").glob("lib/python*/site-packages/numpy")))
    mended = run(place, "three")
    assert mended.stdout.startswith("['three']"), mended.stderr
    code = "import numpy, scipy, matplotlib, pydantic, sqlalchemy, typer, rich, anyio"
    subprocess.run([place / ".venv" / "bin" / "python", "-c", code], check=True)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_pip_alone_is_enough_and_starts_wait_for_one_another(place: Path):
    """Needs the network, or a configured index that has everything."""
    (place / "requirements" / "boot.txt").write_text("uv==0 --hash=sha256:" + 64 * "0")
    empty = place.parent / "bin"
    empty.mkdir()
    starts = [
        subprocess.Popen(
            [BASE / "python3", place / "shoal", word],
            env=without_our_path(PATH=str(empty)),
            stdout=PIPE,
            stderr=PIPE,
            text=True,
        )
        for word in ("one", "two")
    ]
    outputs = [start.communicate() for start in starts]
    assert sorted(stdout[:7] for stdout, _ in outputs) == ["['one']", "['two']"], outputs
    said = "".join(stderr for _, stderr in outputs)
    assert said.count("installing requirements/run.txt with pip") == 1
    assert "fetching uv ... failed" in said


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_failed_set_up_says_what_was_tried_and_leaves_no_stamp(place: Path):
    done = run(place, "x", path="/nowhere", PIP_NO_INDEX="1", PIP_FIND_LINKS="", PIP_CONFIG_FILE=os.devnull)
    assert done.returncode == 1
    assert "--- fetching uv" in done.stderr
    assert "--- installing requirements/run.txt with pip" in done.stderr
    assert not (place / ".venv" / "shoal-stamp").exists()
