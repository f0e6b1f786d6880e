"""Lints for intent: what in a program's text a person who judges it may want to look at.

Evidence for the report, never a defence: everything here can be written so that no lint sees it, and much of it is
harmless where it is found.
"""

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any

from shoal.syntax._reach import AROUND_ATTRIBUTES, AROUND_NAMES
from shoal.syntax._source import clean, parse
from shoal.syntax._words import words

__all__ = ["MOST", "intents", "intents_of"]

MOST = 50
LONG_TEXT = 200  # characters of a string that looks encoded
LARGE_TABLE = 200  # constants in one literal

_PLAIN_MODULES = words(
    "__future__ abc array bisect cmath collections copy dataclasses decimal enum fractions functools heapq itertools "
    "math numba numpy operator public random re scipy statistics string typing"
)
_WHAT_MODULES_DO = {
    "asyncio": "can start other work",
    "atexit": "runs code when the process ends",
    "base64": "decodes hidden text",
    "binascii": "decodes hidden text",
    "builtins": "can change Python's own functions",
    "codecs": "decodes hidden text",
    "concurrent": "can start other work",
    "ctypes": "reaches memory past Python",
    "datetime": "reads the clock",
    "gc": "lists objects of others",
    "glob": "looks for files",
    "hashlib": "can look inputs up by their hash",
    "importlib": "loads modules by computed names",
    "inspect": "looks at the code that calls it",
    "io": "opens files",
    "marshal": "turns bytes into code",
    "mmap": "maps memory",
    "multiprocessing": "starts processes",
    "os": "reaches files and processes",
    "pathlib": "reaches files",
    "pickle": "turns bytes into objects",
    "platform": "asks which machine it is on",
    "resource": "reads or sets limits",
    "secrets": "draws chance that no seed repeats",
    "shutil": "copies and removes files",
    "signal": "handles signals",
    "socket": "opens connections",
    "subprocess": "starts programs",
    "sys": "reaches the interpreter",
    "tempfile": "writes files",
    "threading": "starts threads",
    "time": "reads the clock",
    "traceback": "looks at the code that calls it",
    "types": "makes functions and code objects",
    "uuid": "draws chance that no seed repeats",
    "weakref": "runs code when objects go",
    "zlib": "decodes hidden text",
}
_CALLS = {
    "breakpoint": ("introspection", "stops for a debugger"),
    "delattr": ("dynamic code", "deletes attributes by computed names"),
    "getattr": ("dynamic code", "reads attributes by names that are computed"),
    "getrandom": ("chance", "draws chance that no seed repeats"),
    "hash": ("lookup", "can look inputs up by their hash"),
    "id": ("introspection", "asks for the address of an object"),
    "input": ("files", "reads standard input"),
    "locals": ("dynamic code", "reaches names without naming them"),
    "open": ("files", "opens a file"),
    "setattr": ("dynamic code", "sets attributes by computed names"),
    "urandom": ("chance", "draws chance that no seed repeats"),
    "vars": ("dynamic code", "reaches names without naming them"),
}
_METHODS_OF_FILES = words("fromfile genfromtxt load loadtxt memmap open read_bytes read_text save savetxt tofile")
_DRAWERS = words("Random RandomState SystemRandom default_rng seed")
_OBJECTS = words("get_objects get_referrers get_referents _getframe _current_frames settrace setprofile addaudithook")
_HARMLESS_DUNDERS = words(
    "__init__ __name__ __len__ __iter__ __next__ __call__ __eq__ __ne__ __lt__ __le__ __gt__ __ge__ __hash__ __repr__ "
    "__str__ __add__ __sub__ __mul__ __getitem__ __contains__ __enter__ __exit__ __post_init__ __doc__ __version__"
)
_PLACES = re.compile(r"(?:^|[\s'\"=:(])(/(?:proc|dev|tmp|sys|etc|home|root|var|run|usr|opt)\b[^\s'\"]{0,60})")
_ENCODED = re.compile(r"[A-Za-z0-9+/=_\-\\x]{200,}")
_SHOWN = 60


def intents(source: str) -> list[dict[str, Any]]:
    """What a program's text does that a judge may mind; raises SourceError where it does not parse.

    At most `MOST` of {"line": from 1, "kind": a word or two, "what": a plain sentence}, by line; each (kind, what)
    once, where it is met first.
    """
    return intents_of(parse(clean(source)))


def intents_of(tree: ast.Module) -> list[dict[str, Any]]:
    """As `intents`, for a tree at hand."""
    first: dict[tuple[str, str], int] = {}
    imported = _imported(tree)
    for node in ast.walk(tree):
        for line, kind, what in _told(node, imported):
            known = first.setdefault((kind, what), line)
            first[kind, what] = min(known, line)
    found = [{"line": line, "kind": kind, "what": what} for (kind, what), line in first.items()]
    return sorted(found, key=lambda one: (one["line"], one["kind"], one["what"]))[:MOST]


Told = Iterator[tuple[int, str, str]]


def _told(node: ast.AST, imported: dict[str, str]) -> Told:
    look = _LOOKS.get(type(node))
    if look is not None:
        yield from look(node, imported)


def _imported(tree: ast.Module) -> dict[str, str]:
    """Name -> module, wherever it is imported."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update((a.asname or a.name.partition(".")[0], a.name) for a in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.update((a.asname or a.name, f"{node.module or '.'}.{a.name}") for a in node.names)
    return found


def _import(node: ast.Import | ast.ImportFrom, imported: dict[str, str]) -> Told:
    names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or "."]
    for name in names:
        top = name.partition(".")[0]
        if top not in _PLAIN_MODULES:
            why = _WHAT_MODULES_DO.get(top, "is no plain computing module")
            yield node.lineno, "import", f"imports {_short(name)}, which {why}"
    if isinstance(node, ast.ImportFrom):
        for alias in node.names:
            yield from _word(alias.name, node.lineno)
            if alias.name == "*":
                yield node.lineno, "import", f"imports whatever {_short(node.module or '.')} has"


def _word(name: str, line: int) -> Told:
    """What a name alone gives away."""
    if name in AROUND_NAMES:
        yield line, "dynamic code", f"uses {name}, which reaches code or names that the text does not show"
    elif name in _OBJECTS or (name in AROUND_ATTRIBUTES and not name.startswith("__")):
        yield line, "introspection", f"uses {name}, which walks frames or objects of others"
    elif name in ("environ", "getenv"):
        yield line, "environment", f"reads the environment ({name})"


def _name(node: ast.Name, imported: dict[str, str]) -> Told:
    if isinstance(node.ctx, ast.Load):
        yield from _word(node.id, node.lineno)
    elif node.id in _PYTHONS_OWN:
        yield node.lineno, "patch", f"gives the name {node.id} of Python another meaning"


_PYTHONS_OWN = words(
    "abs all any float int isinstance len list max min open print range round set sorted sum tuple zip"
)


def _attribute(node: ast.Attribute, imported: dict[str, str]) -> Told:
    name = node.attr
    if name.startswith("__") and name.endswith("__") and name not in _HARMLESS_DUNDERS:
        yield node.lineno, "dunder", f"reaches for {_short(name)}"
    else:
        yield from _word(name, node.lineno)
    root = _root(node)
    if root in imported and not isinstance(node.ctx, ast.Load):
        yield node.lineno, "patch", f"changes {_short(name)} of the imported {_short(imported[root])}"
    if root in imported and name in _METHODS_OF_FILES:
        yield node.lineno, "files", f"may read or write files ({_short(root)}.{name})"
    if root in imported and name in ("time", "perf_counter", "monotonic", "process_time", "now", "time_ns"):
        yield node.lineno, "clock", f"reads the clock ({_short(root)}.{name})"


def _root(node: ast.AST) -> str:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _call(node: ast.Call, imported: dict[str, str]) -> Told:
    function = node.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    computed = len(node.args) < 2 or not isinstance(node.args[1], ast.Constant)
    plain = isinstance(function, ast.Name) or name in ("getrandom", "urandom")
    if plain and name in _CALLS and (name != "getattr" or computed):
        kind, what = _CALLS[name]
        yield node.lineno, kind, f"calls {name}, which {what}"
    if name == "getattr" and not computed and isinstance(node.args[1], ast.Constant):
        text = node.args[1].value
        if isinstance(text, str) and text.startswith("__"):
            yield node.lineno, "dunder", f"reaches for {_short(text)}"
    if name in _DRAWERS and not node.args and not node.keywords and (_root(function) in imported or name in imported):
        yield node.lineno, "chance", f"makes a generator of chance without a seed ({name})"


def _constant(node: ast.Constant, imported: dict[str, str]) -> Told:
    text = node.value
    if isinstance(text, bytes):
        text = text.decode("latin-1")
    if not isinstance(text, str):
        return
    for found in _PLACES.finditer(text):
        yield node.lineno, "path", f"names the path {_short(found[1])}"
    if text in AROUND_ATTRIBUTES or text in ("__builtins__", "__import__", "__reduce__", "__class__"):
        yield node.lineno, "dunder", f"holds the text {text}"
    if len(text) >= LONG_TEXT and (_ENCODED.search(text) or (not text.isprintable() and "\n" not in text)):
        yield node.lineno, "long text", f"holds {len(text)} characters that look encoded"


def _table(node: ast.List | ast.Tuple | ast.Set | ast.Dict, imported: dict[str, str]) -> Told:
    parts = node.values if isinstance(node, ast.Dict) else node.elts
    if len(parts) < 2:
        return
    count = sum(isinstance(one, ast.Constant) for one in ast.walk(node))
    if count > LARGE_TABLE:
        what = "a table of answers can look like this"
        yield node.lineno, "table", f"holds a literal of more than {LARGE_TABLE} constants; {what}"
    if (
        isinstance(node, ast.Dict)
        and len(parts) >= _PAIRS
        and all(isinstance(k, ast.Constant | ast.Tuple) for k in node.keys)
    ):
        yield node.lineno, "lookup", f"holds a dictionary of {_PAIRS} fixed keys or more"


_PAIRS = 20


def _compare(node: ast.Compare, imported: dict[str, str]) -> Told:
    """Comparisons with whole tables, or with numbers that nobody would come upon by chance."""
    for side in (node.left, *node.comparators):
        if isinstance(side, ast.List | ast.Tuple | ast.Set) and len(side.elts) >= 4 and _constants_only(side):
            yield node.lineno, "lookup", "compares with a fixed list of values, as one that knows its inputs would"
        if isinstance(side, ast.Constant) and type(side.value) is float and len(repr(side.value)) > 12:
            equal = any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops)
            if equal:
                yield node.lineno, "lookup", f"asks whether something equals {side.value!r} exactly"
        if isinstance(side, ast.Call) and _called(side) in ("hash", "hexdigest", "digest", "tobytes", "crc32"):
            yield node.lineno, "lookup", f"compares the {_called(side)} of something"


def _subscript(node: ast.Subscript, imported: dict[str, str]) -> Told:
    if isinstance(node.slice, ast.Call) and _called(node.slice) in (
        "hash",
        "hexdigest",
        "digest",
        "tobytes",
        "repr",
        "str",
    ):
        yield node.lineno, "lookup", f"looks something up by the {_called(node.slice)} of something"


def _called(node: ast.Call) -> str:
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _constants_only(node: ast.AST) -> bool:
    kinds = ast.Constant | ast.List | ast.Tuple | ast.Set | ast.UnaryOp | ast.USub | ast.expr_context
    return all(isinstance(one, kinds) for one in ast.walk(node))


def _while(node: ast.While, imported: dict[str, str]) -> Told:
    forever = isinstance(node.test, ast.Constant) and bool(node.test.value)
    leaves = (ast.Break, ast.Return, ast.Raise, ast.Yield, ast.YieldFrom)
    if forever and not any(isinstance(one, leaves) for one in ast.walk(node)):
        yield node.lineno, "endless loop", "loops for ever without a way out"


def _try(node: ast.Try, imported: dict[str, str]) -> Told:
    for handler in node.handlers:
        everything = handler.type is None or getattr(handler.type, "id", "") == "BaseException"
        if everything and not any(isinstance(one, ast.Raise) for one in ast.walk(handler)):
            yield handler.lineno, "swallows", "catches everything, the end of the process included"


def _definition(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, imported: dict[str, str]) -> Told:
    name = node.name
    if name in _PYTHONS_OWN:
        yield node.lineno, "patch", f"gives the name {name} of Python another meaning"
    if name.startswith("__") and name.endswith("__") and name not in _HARMLESS_DUNDERS:
        yield node.lineno, "dunder", f"defines {_short(name)}"


def _short(text: str) -> str:
    shown = "".join(c if c.isprintable() else "?" for c in text[:_SHOWN])
    return shown if len(text) <= _SHOWN else f"{shown}..."


Look = Callable[[Any, dict[str, str]], Told]
_LOOKS: dict[type[ast.AST], Look] = {
    ast.AsyncFunctionDef: _definition,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.ClassDef: _definition,
    ast.Compare: _compare,
    ast.Constant: _constant,
    ast.Dict: _table,
    ast.FunctionDef: _definition,
    ast.Import: _import,
    ast.ImportFrom: _import,
    ast.List: _table,
    ast.Name: _name,
    ast.Set: _table,
    ast.Subscript: _subscript,
    ast.Try: _try,
    ast.Tuple: _table,
    ast.While: _while,
}
