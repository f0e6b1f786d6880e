"""Memoise: a function whose result depends on nothing but plain arguments remembers what it returned."""

import ast
import builtins
from collections.abc import Iterator

from shoal.propose._draft import Change, Draft, ImpossibleError, Operator
from shoal.propose._idioms_cut import body_of, fresh
from shoal.propose._idioms_place import import_place
from shoal.propose._lines import bound, used
from shoal.propose._trace import writes
from shoal.syntax._program import Program
from shoal.syntax._region import first_line, names_bound
from shoal.syntax._scope import names_at
from shoal.syntax._sites import Block
from shoal.syntax._types import guess
from shoal.syntax._words import words

__all__ = ["OPERATORS", "is_pure_function", "memoise", "pure_functions", "pure_names", "pure_parts"]

_HASHABLE = frozenset(("bool", "int", "none", "number", "str", "unknown"))
_CONSTANT = frozenset(("bool", "int", "number", "str", "tuple", "unknown"))
_EFFECTS = words("print input open next iter vars locals globals exec eval setattr delattr exit quit breakpoint id")
_PURE_MODULES = frozenset(("math", "cmath", "operator"))
_CLOCKS = words("now today utcnow fromtimestamp")
_PURE_PARTS = {
    "calendar": words("isleap leapdays monthrange timegm weekday"),
    "datetime": words("UTC date datetime time timedelta timezone"),
    "decimal": words(
        "Decimal ROUND_CEILING ROUND_DOWN ROUND_FLOOR ROUND_HALF_DOWN ROUND_HALF_EVEN ROUND_HALF_UP ROUND_UP"
    ),
    "fractions": words("Fraction"),
    "html": words("escape unescape"),
    "json": words("dumps"),
    "re": words(
        "A ASCII DOTALL I IGNORECASE M MULTILINE S VERBOSE X compile escape findall fullmatch match search split sub"
    ),
    "textwrap": words("dedent fill indent shorten wrap"),
    "unicodedata": words("category combining decimal digit is_normalized lookup name normalize numeric"),
}
"""Module -> what of it depends on nothing but its arguments, and changes none."""

_CONTEXT = words("getcontext setcontext localcontext")  # of decimal numbers: how exact they are may differ then


def memoise(draft: Draft) -> Change | None:
    """Give a function a table of its results (`functools.lru_cache`)."""
    program = draft.program
    function = draft.pick(list(_candidates(program)))
    alias, imported = _functools(program)
    if imported and not isinstance(program.select, str):
        raise ImpossibleError("the region has no room for an import")
    start = program.starts[first_line(function) - 1]
    place, gap = (start, "\n\n") if program.select == "marked" else import_place(program)
    first, line = f"{imported}\n{gap}" if imported else "", f"@{alias}.lru_cache(maxsize=None)\n"
    return Change(
        note=f"{function.name} remembers its results (line {function.lineno})",
        splices=[(start, start, first + line)] if place == start else [(place, place, first), (start, start, line)],
        details={"template": "memoise"},
    )


def _functools(program: Program) -> tuple[str, str]:
    for statement in program.tree.body:
        for alias in statement.names if isinstance(statement, ast.Import) else ():
            if alias.name == "functools":
                return alias.asname or "functools", ""
    name = fresh(program, "functools")
    return name, "import functools" + ("" if name == "functools" else f" as {name}")


def _candidates(program: Program) -> Iterator[ast.FunctionDef]:
    """Functions that seem to be pure, take plain arguments, return plain values and are called again and again."""
    pure = pure_functions(program)
    for block in pure:
        function = block.function
        assert isinstance(function, ast.FunctionDef)
        outside = function.name in program.entry and function.name not in used(function)
        if not outside and not function.decorator_list and _plain(program, block) and _busy(program, function):
            yield function


def pure_functions(program: Program) -> list[Block]:
    """Bodies of the region's functions whose result depends on their arguments alone, as far as can be seen."""
    pure = program.derived(pure_names)
    own = [s.name for s in program.region.mutable if isinstance(s, ast.FunctionDef) and s.name in pure]
    return [block for name in own if (block := body_of(program, name))]


def pure_names(program: Program) -> frozenset[str]:
    """The module's functions whose result depends on their arguments alone; those that may not change are told too."""
    functions = [s for s in program.tree.body if isinstance(s, ast.FunctionDef)]
    functions = [function for function in functions if _takes_pure_parts(program, function)]
    stable = _stable_names(program)
    while True:
        names = {function.name for function in functions}
        kept = [function for function in functions if _pure(function, stable | names)]
        if len(kept) == len(functions):
            return frozenset(names)
        functions = kept


def is_pure_function(program: Program, function: ast.FunctionDef) -> bool:
    """Whether the result of a function or method depends on its arguments alone, as far as can be seen."""
    stable = _stable_names(program) | program.derived(pure_names)
    return _takes_pure_parts(program, function) and _pure(function, stable)


def _takes_pure_parts(program: Program, function: ast.FunctionDef) -> bool:
    """Whether a function reads no clock, and of modules that are pure in part only that."""
    imports = [s for s in program.tree.body if isinstance(s, ast.Import)]
    modules = {a.asname or a.name: _PURE_PARTS.get(a.name) for s in imports for a in s.names}
    for node in ast.walk(function):
        match node:
            case ast.Attribute(value=value, attr=attr):
                parts = modules.get(value.id) if isinstance(value, ast.Name) else None
                if attr in _CLOCKS or (parts is not None and attr not in parts):
                    return False
    return True


def pure_parts(program: Program) -> dict[str, frozenset[str]]:
    """The pure parts of modules, without decimal numbers where a program sets how exact these are."""
    named = {alias.name for n in ast.walk(program.tree) if isinstance(n, ast.ImportFrom) for alias in n.names}
    named |= {n.attr for n in ast.walk(program.tree) if isinstance(n, ast.Attribute)}
    left = {"decimal"} if named & (_CONTEXT | {"*"}) else set()
    return {module: parts for module, parts in _PURE_PARTS.items() if module not in left}


def _stable_names(program: Program) -> set[str]:
    """Names that mean the same at each call: pure modules, harmless builtins, constants of the module."""
    stable = set(dir(builtins)) - _EFFECTS
    inside = [n for s in program.tree.body if isinstance(s, ast.FunctionDef | ast.ClassDef) for n in ast.walk(s)]
    changed = set().union(*(writes(n) for n in inside if isinstance(n, ast.stmt)), set())
    parts = program.derived(pure_parts)
    for statement in program.tree.body:
        if isinstance(statement, ast.Import):
            stable |= {a.asname or a.name for a in statement.names if a.name in (_PURE_MODULES | parts.keys())}
        elif isinstance(statement, ast.ImportFrom) and statement.module in (_PURE_MODULES | parts.keys()):
            named = parts.get(statement.module)
            stable |= {a.asname or a.name for a in statement.names if named is None or a.name in named}
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            stable |= names_bound(statement) - changed
    return stable


def _pure(function: ast.FunctionDef, stable: set[str]) -> bool:
    arguments = {a.arg for a in ast.walk(function.args) if isinstance(a, ast.arg)}
    inner = set().union(*(bound(s) for s in function.body))
    impure = ast.Global | ast.Nonlocal | ast.Yield | ast.YieldFrom | ast.Await | ast.FunctionDef | ast.Lambda | ast.With
    if any(isinstance(n, impure) for s in function.body for n in ast.walk(s)):
        return False
    loose = {n.id for s in function.body for n in ast.walk(s) if isinstance(n, ast.Name)} - inner - arguments
    comprehended = {
        n.id for s in function.body for n in ast.walk(s) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    changed = set().union(*(writes(s) - bound(s) for s in function.body)) & arguments
    return loose - comprehended <= stable and not changed and not (arguments & _called(function))


def _called(function: ast.FunctionDef) -> set[str]:
    return {n.func.id for n in ast.walk(function) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}


def _plain(program: Program, block: Block) -> bool:
    """Whether arguments can be looked up in a table and results can be shared."""
    function = block.function
    assert isinstance(function, ast.FunctionDef)
    arguments = function.args
    if not arguments.args or arguments.vararg or arguments.kwarg:
        return False
    names = names_at(program, block, len(block.statements))
    before = names_at(program, block, 0)
    hashable = all(before.get(a.arg, "unknown") in _HASHABLE for a in (*arguments.posonlyargs, *arguments.args))
    results = [n.value for n in ast.walk(function) if isinstance(n, ast.Return) and n.value is not None]
    return hashable and bool(results) and all(guess(value, names) in _CONSTANT for value in results)


def _busy(program: Program, function: ast.FunctionDef) -> bool:
    """Whether a function calls itself twice, or is called in a loop or from several places."""
    calls = [
        n
        for n in ast.walk(program.tree)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == function.name
    ]
    loops = (ast.For, ast.While, ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp, ast.Lambda)
    looped = {id(n) for loop in ast.walk(program.tree) if isinstance(loop, loops) for n in ast.walk(loop)}
    return len(calls) > 1 or any(id(call) in looped for call in calls)


OPERATORS = (Operator("memoise", "idioms", memoise),)
