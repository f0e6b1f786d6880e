"""The house rules that a machine can check: who imports what, how long things are, what the locks hold."""

import ast
import os
import re
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import shoal

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "shoal"
MODULES = sorted(SOURCE.rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())

# Rooms that may import these at all.
OWNERS = {
    "aiohttp": {"models", "serve", "testing"},
    "fastapi": {"serve", "testing"},
    "httpx": {"models", "serve", "testing"},
    "openai": {"models"},
    "rich": {"cli"},
    "sqlalchemy": {"store"},
    "typer": {"cli"},
}
# Imported inside functions only: each costs a tenth of a second or more.
LAZY = {"fastapi", "matplotlib", "numba", "openai", "ray", "scipy", "torch"}
HEAVY = {"anyio", "matplotlib", "numpy", "pydantic", "rich", "scipy", "sqlalchemy", "typer"}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    code = "from importlinter.cli import lint_imports_command as c; c()"
    return subprocess.run(
        [sys.executable, "-P", "-c", code, "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "src")},
        capture_output=True,
        text=True,
        check=False,
    )


def imports(tree: ast.AST, *, inside_functions: bool) -> Iterator[str]:
    """Top-level names of the packages that a module imports; what is only for the type checker does not count."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        elif inside_functions or not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from imports(node, inside_functions=inside_functions)


def test_imports_point_down_and_every_package_has_its_place():
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("path", "text", "complaint"),
    [
        ("core/a.py", "import shoal.search", "shoal.core is not allowed to import shoal.search"),
        ("guard/a.py", "import shoal.store", "shoal.guard is not allowed to import shoal.store"),
        ("labs/one/a.py", "import shoal.labs.two", "shoal.labs.one is not allowed to import shoal.labs.two"),
        ("attic/a.py", "", "- shoal.attic"),
    ],
)
def test_a_wrong_import_is_found(tmp_path: Path, path: str, text: str, complaint: str):
    for package in ("", "core", "search", "guard", "store", "labs", "labs/one", "labs/two", str(Path(path).parent)):
        folder = tmp_path / "src" / "shoal" / package
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").touch()
    (tmp_path / "src" / "shoal" / path).write_text(text)
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    done = lint_imports(tmp_path)
    assert done.returncode == 1
    assert complaint in done.stdout


def test_only_the_owners_import_a_library():
    wrong = [
        f"{path.relative_to(SOURCE)} imports {name}"
        for path in MODULES
        for name in imports(ast.parse(path.read_text()), inside_functions=True)
        if name in OWNERS and path.relative_to(SOURCE).parts[0] not in OWNERS[name]
    ]
    assert not wrong


def test_heavy_libraries_are_imported_where_they_are_used():
    wrong = [
        f"{path.relative_to(SOURCE)} imports {name}"
        for path in MODULES
        for name in imports(ast.parse(path.read_text()), inside_functions=False)
        if name in LAZY
    ]
    assert not wrong


def test_importing_shoal_loads_nothing_heavy():
    code = "import sys, shoal; print(*{name.partition('.')[0] for name in sys.modules})"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert not HEAVY & set(done.stdout.split())


def test_shoal_has_no_other_names():
    assert shoal.__version__ == PROJECT["project"]["version"]
    assert set(shoal.__all__) <= set(dir(shoal))
    with pytest.raises(AttributeError, match="no attribute 'seaweed'"):
        _ = shoal.seaweed


def test_every_module_says_what_it_is():
    trees = {path: ast.parse(path.read_text()) for path in MODULES}
    silent = [
        str(path.relative_to(SOURCE)) for path, tree in trees.items() if tree.body and not ast.get_docstring(tree)
    ]
    assert not silent


@pytest.mark.parametrize("path", [*MODULES, ROOT / "shoal"], ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_can_be_seen_whole(path: Path):
    text = path.read_text()
    assert text.count("\n") < 600
    functions = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    lengths = {function.name: (function.end_lineno or 0) - function.lineno + 1 for function in functions}
    assert {name: length for name, length in lengths.items() if length > 80} == {}


def locked(name: str) -> dict[str, str]:
    """Package -> version, of one lock."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    return dict(re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE))


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("run", PROJECT["project"]["dependencies"]),
        ("dev", PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]),
        ("boot", ["uv"]),
    ],
)
def test_the_locks_hold_what_the_project_asks_for(lock: str, wanted: list[str]):
    versions = locked(lock)
    for requirement in map(Requirement, wanted):
        assert requirement.specifier.contains(versions[requirement.name]), requirement


@pytest.mark.parametrize("lock", ["run", "dev", "boot"])
def test_the_locks_hold_for_any_machine(lock: str):
    text = (ROOT / "requirements" / f"{lock}.txt").read_text()
    assert not re.search(r"https?:|file:|--index|--find-links|@|(?<![\w-])/", text)
    entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    # A wheel and the source at least: a lock made from one machine's store of wheels would list one.
    assert [entry for entry in entries if entry.count("--hash=sha256:") < 2] == []


def test_tools_do_not_change_what_the_program_runs_on():
    assert locked("run").items() <= locked("dev").items()


def test_a_test_cannot_leave_this_machine():
    with socket.socket() as outside, pytest.raises(RuntimeError, match=re.escape("tried to reach 192.0.2.1")):
        outside.connect(("192.0.2.1", 80))
    with pytest.raises(RuntimeError, match=re.escape("tried to reach api.example.com")):
        socket.getaddrinfo("api.example.com", 443)
