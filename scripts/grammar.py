"""Count how Python expressions are built: `.venv/bin/python scripts/grammar.py`.

Reads the standard library of the running interpreter, file by file in order of their paths, and writes
src/shoal/propose/grammar.json: how often each production stands in each role (see `docs/decisions/007-grammar.md`).
Text formatting, and comparisons with text or None, are left out: what is made from the table are numbers.
"""

import ast
import hashlib
import json
import platform
import sys
import sysconfig
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shoal.propose._grammar import TABLE, counts_digest
from shoal.syntax._words import words

ROOT = Path(__file__).resolve().parents[1]
# Tests repeat one form a thousand times; the others are translated, vendored, or not about values.
SKIPPED = words("__pycache__ ensurepip idlelib lib2to3 site-packages test tests turtledemo")
LEAST = 5
"""Counts below this are left out: they say little and take most of the room."""

MOST = 24
"""Different entries kept per role, the most frequent first."""

FUNCTIONS = words("abs all any divmod enumerate float int len max min pow range round sorted sum zip")
MATH = words("atan atan2 ceil cos dist exp fabs floor hypot log log10 log1p log2 pow sin sqrt tan tanh")
SIGNS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.And: "and",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.Div: "/",
    ast.Eq: "==",
    ast.FloorDiv: "//",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.Invert: "~",
    ast.LShift: "<<",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Mod: "%",
    ast.Mult: "*",
    ast.Not: "not",
    ast.NotEq: "!=",
    ast.NotIn: "not in",
    ast.Or: "or",
    ast.Pow: "**",
    ast.RShift: ">>",
    ast.Sub: "-",
    ast.UAdd: "+",
    ast.USub: "-",
}
Counts = dict[str, dict[str, Counter[str]]]


def main() -> None:
    """Write the table; with "--check", only say whether it is the one of this interpreter."""
    made = learned(Path(sysconfig.get_path("stdlib")))
    text = as_text(made)
    if "--check" in sys.argv[1:]:
        sys.exit(0 if TABLE.read_text() == text else f"{TABLE.name} is not what Python {made['python']} gives")
    TABLE.write_text(text)
    print(f"{made['files']} files, {len(text)} bytes, sha256 {made['sha256']}")


def learned(library: Path) -> dict[str, Any]:
    """The table of a folder of Python files, as it is written to disk."""
    counts: Counts = defaultdict(lambda: defaultdict(Counter))
    files, read = 0, hashlib.sha256()
    for path in sources(library):
        data = path.read_bytes()
        try:
            with warnings.catch_warnings(action="ignore"):
                tree = ast.parse(data)
        except SyntaxError:
            continue  # what lies there on purpose, for tools to stumble on
        files += 1
        read.update(data)
        for role, node in expressions(tree):
            count(counts, role, node)
        for statement in ast.walk(tree):
            if isinstance(statement, ast.AugAssign) and not is_text(statement.value):
                counts["augmented"]["statement"][SIGNS.get(type(statement.op), "@")] += 1
    kept = trimmed(counts)
    return {
        "python": platform.python_version(),
        "files": files,
        "library": read.hexdigest(),  # distributors patch the library: a version number does not name its text
        "sha256": counts_digest(kept),
        "counts": kept,
    }


def as_text(made: dict[str, Any]) -> str:
    """The table as JSON, a role to a line, so that a change shows where it is."""
    lines = [f'"{key}": {json.dumps(made[key])}' for key in ("python", "files", "library", "sha256")]
    tables = []
    for table, roles in made["counts"].items():
        rows = ",\n".join(f"{json.dumps(role)}: {json.dumps(row)}" for role, row in roles.items())
        tables.append(f"{json.dumps(table)}: {{\n{rows}\n}}")
    return "{\n" + ",\n".join([*lines, '"counts": {\n' + ",\n".join(tables) + "\n}"]) + "\n}\n"


def sources(library: Path) -> list[Path]:
    """The library's own Python files, in order of their paths."""
    found = (path for path in library.rglob("*.py") if SKIPPED.isdisjoint(path.relative_to(library).parts))
    return sorted(found, key=lambda path: path.relative_to(library).as_posix())


def expressions(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Every expression with its role: what stands above it, and where in that it stands."""
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            for node in value if isinstance(value, list) else (value,):
                if isinstance(node, ast.expr) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
                    role = role_of(parent, field)
                    if role:
                        yield role, node


def role_of(parent: ast.AST, field: str) -> str:
    """Where an expression stands; "" where values of other sorts stand."""
    match parent:
        case ast.BinOp(op=op) if not is_text(parent.left) and not is_text(parent.right):
            return f"{SIGNS.get(type(op), '@')} {field}"
        case ast.Compare(comparators=[other]) if not is_text(parent.left) and not is_text(other):
            return f"compare {'left' if field == 'left' else 'right'}"
        case ast.Call(func=ast.Name(id=name)) if field == "args" and name in FUNCTIONS:
            return name
        case ast.Call() if field == "args":
            return "argument"
    return PLACES.get((type(parent), field), "")


PLACES: dict[tuple[type[ast.AST], str], str] = {
    (ast.Assign, "value"): "assign",
    (ast.AugAssign, "value"): "augmented",
    (ast.BoolOp, "values"): "boolean",
    (ast.GeneratorExp, "elt"): "element",
    (ast.If, "test"): "test",
    (ast.IfExp, "body"): "choice",
    (ast.IfExp, "orelse"): "choice",
    (ast.IfExp, "test"): "test",
    (ast.ListComp, "elt"): "element",
    (ast.Return, "value"): "return",
    (ast.Slice, "lower"): "lower",
    (ast.Slice, "step"): "step",
    (ast.Slice, "upper"): "upper",
    (ast.Subscript, "slice"): "index",
    (ast.UnaryOp, "operand"): "unary",
    (ast.While, "test"): "test",
    (ast.comprehension, "ifs"): "test",
    (ast.comprehension, "iter"): "iterated",
}


def is_text(node: ast.AST) -> bool:
    """Whether an expression plainly is no number: text, None, or a display of things."""
    plain = isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, str | bytes))
    return plain or isinstance(node, ast.JoinedStr | ast.Dict | ast.Set | ast.Tuple | ast.List)


def count(counts: Counts, role: str, node: ast.expr) -> None:
    """Count one expression: its production by role, and what the production is made with."""
    if is_text(node) or isinstance(node, ast.Starred):
        return
    counts["productions"][role][type(node).__name__] += 1
    match node:
        case ast.BinOp(left=left, op=op, right=right) if not is_text(left) and not is_text(right):
            counts["operators"][role][SIGNS.get(type(op), "@")] += 1
        case ast.Compare(left=left, ops=[op], comparators=[other]) if type(op) in SIGNS and not is_text(other):
            counts["comparisons"][role][SIGNS[type(op)]] += 1
        case ast.BoolOp(op=op):
            counts["booleans"][role][SIGNS[type(op)]] += 1
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool) and abs(value) <= 1000:
            counts["constants"][role][repr(value)] += 1
        case ast.Call():
            counts["calls"][role][call_class(node)] += 1
        case ast.Subscript(slice=ast.Slice() as index):
            counts["slices"][role][slice_class(index)] += 1
        case ast.Subscript(slice=index):
            counts["subscripts"][role][subscript_class(index)] += 1
        case ast.ListComp(generators=[one]) | ast.GeneratorExp(generators=[one]):
            counts["comprehensions"][role][type(node).__name__ + (" if" if one.ifs else "")] += 1


def call_class(node: ast.Call) -> str:
    """The class of a call: a built-in or a function of `math` by its name, anything else by its arity."""
    match node.func:
        case ast.Name(id=name) if name in FUNCTIONS:
            return name
        case ast.Name(id=name) if name in MATH:
            return f"math.{name}"
        case ast.Attribute(value=ast.Name(id="math" | "_math"), attr=name) if name in MATH:
            return f"math.{name}"
        case ast.Attribute():
            return f"method {min(len(node.args), 3)}"
    return f"function {min(len(node.args), 3)}"


def subscript_class(index: ast.expr) -> str:
    """What an index is."""
    match index:
        case ast.Constant(value=int()):
            return "number"
        case ast.UnaryOp():
            return "negative"
        case ast.Name():
            return "name"
    return "other"


def slice_class(index: ast.Slice) -> str:
    """What a slice gives: "a:", ":b", "a:b", with ":s" for a step."""
    return f"{'a' if index.lower else ''}:{'b' if index.upper else ''}{':s' if index.step else ''}"


def trimmed(counts: Counts) -> dict[str, dict[str, dict[str, int]]]:
    """The frequent ones, in an order that no dictionary decides."""
    kept: dict[str, dict[str, dict[str, int]]] = {}
    for table in sorted(counts):
        rows = {role: best(counts[table][role]) for role in sorted(counts[table])}
        kept[table] = {role: row for role, row in rows.items() if row}
    return kept


def best(row: Counter[str]) -> dict[str, int]:
    """The most frequent entries of a role, the first in the alphabet where two are equal."""
    order = sorted(row.items(), key=lambda item: (-item[1], item[0]))
    return {name: number for name, number in order[:MOST] if number >= LEAST}


if __name__ == "__main__":
    main()
