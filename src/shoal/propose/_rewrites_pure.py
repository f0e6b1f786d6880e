"""What code may change, and which expressions can be evaluated once instead of again and again.

Read off the text: what another name of the same thing does, and what an unknown method does to its arguments, is not
told. A rewrite that relies on it is tested before it counts.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping

from shoal.propose._idioms_memoise import pure_names
from shoal.propose._lines import bound
from shoal.syntax._program import Program
from shoal.syntax._words import words

__all__ = [
    "PURE_BUILTINS",
    "base",
    "changed",
    "is_harmless",
    "is_pure",
    "module_aliases",
    "mutated",
    "mutated_within",
    "mutations",
]

PURE_BUILTINS = words(
    "abs all any bin bool bytes callable chr complex dict divmod enumerate filter float format frozenset hash hex int "
    "isinstance issubclass iter len list map max min oct ord pow range repr reversed round set slice sorted str sum "
    "tuple type zip"
)
_PURE_METHODS = words(
    "as_integer_ratio bit_count bit_length capitalize casefold center conjugate copy count decode difference elements "
    "encode end endswith expandtabs find findall finditer format fullmatch get group groupdict groups hex index "
    "intersection isalnum isalpha isascii isdecimal isdigit isdisjoint isidentifier islower isnumeric isspace issubset "
    "issuperset istitle isupper is_integer items join keys ljust lower lstrip match most_common partition "
    "removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip search span split splitlines start "
    "startswith strip sub swapcase symmetric_difference title tolist total translate union upper values zfill "
    "fromisoformat fromordinal isocalendar isoformat isoweekday strftime strptime toordinal total_seconds weekday"
)
_PURE_MODULES = words("bisect cmath collections fractions heapq itertools math operator re statistics string")
_PURE_OF = {"datetime": words("date datetime time timedelta"), "json": words("dumps loads")}
_FIRST_CHANGED = words("heapify heappop heappush heappushpop heapreplace insort insort_left insort_right shuffle")


def base(node: ast.AST) -> str:
    """The name at the root of `a.b[c]`; "" where there is none."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def changed(program: Program, *nodes: ast.AST) -> set[str]:
    """Names that code binds, or whose value it may change in place."""
    return set().union(*(bound(node) for node in nodes)) | mutated(program, *nodes)


def mutated(program: Program, *nodes: ast.AST) -> set[str]:
    """Names whose value code may change in place."""
    return set(mutations(program, *nodes))


def mutations(program: Program, *nodes: ast.AST) -> list[str]:
    """As `mutated`, a name as often as it happens."""
    return [name for name in _mutated(program, nodes, program.derived(_changing)) if name]


def mutated_within(program: Program, *nodes: ast.AST) -> set[str]:
    """Names of what loops go through whose things they may change in place."""
    names = mutated(program, *nodes)
    gone = (inner for node in nodes for inner in ast.walk(node) if isinstance(inner, ast.For))
    return {n.id for loop in gone if bound(loop.target) & names for n in ast.walk(loop.iter) if isinstance(n, ast.Name)}


def _mutated(program: Program, nodes: Iterable[ast.AST], takes: Mapping[str, set[int]]) -> Iterator[str]:
    for node in (inner for one in nodes for inner in ast.walk(one)):
        match node:
            case ast.Subscript(value=value, ctx=ast.Store() | ast.Del()):
                yield base(value)
            case ast.Attribute(value=value, ctx=ast.Store() | ast.Del()):
                yield base(value)
            case ast.AugAssign(target=ast.Name(id=name)):
                yield name
            case ast.Call():
                yield from _changed_by_call(program, node, takes)


def _changed_by_call(program: Program, call: ast.Call, takes: Mapping[str, set[int]]) -> Iterator[str]:
    match call.func:
        case ast.Attribute(value=value, attr=method):
            root = base(value)
            if root in module_aliases(program):
                yield from (base(one) for one in call.args[:1] if method in _FIRST_CHANGED)
            elif method not in _PURE_METHODS:
                yield root
        case ast.Name(id=name) if name not in PURE_BUILTINS:
            yield program.derived(_bound_methods).get(name, "")
            for place, argument in enumerate(call.args):
                if isinstance(argument, ast.Name) and (name not in takes or place in takes[name]):
                    yield argument.id


def _bound_methods(program: Program) -> dict[str, str]:
    """Name -> whose method it is, as in `append = out.append`."""
    found = {}
    for node in ast.walk(program.tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Attribute(value=value, attr=method)):
                if method not in _PURE_METHODS:
                    found[name] = base(value)
    return found


def _changing(program: Program) -> dict[str, set[int]]:
    """Own function -> places of the arguments that it changes in place; classes change none."""
    nodes = list(ast.walk(program.tree))
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
    found: dict[str, set[int]] = {n.name: set() for n in nodes if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    for _ in range(2):  # once more, for those that hand an argument on
        for function in functions:
            arguments = [a.arg for a in (*function.args.posonlyargs, *function.args.args)]
            inside = set(_mutated(program, function.body, found))
            found[function.name] = {k for k, name in enumerate(arguments) if name in inside}
    return found


def module_aliases(program: Program) -> dict[str, str]:
    """What modules are called anywhere in a program -> the module."""
    return program.derived(_module_aliases)


def _module_aliases(program: Program) -> dict[str, str]:
    return {
        alias.asname or alias.name: alias.name
        for node in ast.walk(program.tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }


def is_pure(program: Program, *nodes: ast.AST) -> bool:
    """Whether expressions have no effect and depend on nothing but the names in them, as far as can be seen."""
    return all(is_harmless(program, inner) for node in nodes for inner in ast.walk(node))


def is_harmless(program: Program, node: ast.AST) -> bool:
    """As `is_pure`, for a node without what is in it."""
    match node:
        case ast.Await() | ast.Yield() | ast.YieldFrom() | ast.NamedExpr():
            return False
        case ast.Call(func=ast.Name(id=name)):
            return name in program.derived(_pure_names)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=called)) if name in module_aliases(program):
            module = module_aliases(program)[name]
            return (module in _PURE_MODULES and called not in _FIRST_CHANGED) or called in _PURE_OF.get(module, ())
        case ast.Call(func=ast.Attribute(attr=method)):
            return method in _PURE_METHODS
        case ast.Call():
            return False
    return True


def _pure_names(program: Program) -> frozenset[str]:
    """Functions that can be called by name without effect: Python's, those of pure modules, own ones."""
    stored = (n for n in ast.walk(program.tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    parameters = (n for n in ast.walk(program.tree) if isinstance(n, ast.arg))
    other = {n.id for n in stored} | {n.arg for n in parameters}
    imported = {
        alias.asname or alias.name
        for node in ast.walk(program.tree)
        if isinstance(node, ast.ImportFrom) and node.module in (*_PURE_MODULES, *_PURE_OF)
        for alias in node.names
        if alias.name not in _FIRST_CHANGED and alias.name in _PURE_OF.get(node.module, (alias.name,))
    }
    return frozenset((PURE_BUILTINS | imported | program.derived(pure_names)) - other)
