"""Points where a list or array of numbers is complete, and a program that tells what it holds there.

A variable's construction ends at the last statement of its function's body that writes it before another statement
reads it; a second point is where it is written last. What a function returns without naming it counts too.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from shoal.propose._lines import bound, span
from shoal.syntax._program import Program, Splice
from shoal.syntax._region import first_line, names_bound
from shoal.syntax._serial import is_empty, signed_number
from shoal.syntax._sites import Block

MOST_NUMBERS = 400
"""Larger variables are not worth tuning number by number."""

FUNCTION = "_shoal_traces"
"""What the instrumented program must be asked for, with no arguments."""

MAKERS = ("array", "asarray", "list", "tuple")
_MUTATORS = frozenset(
    ("append", "extend", "insert", "sort", "reverse", "pop", "remove", "fill", "clear", "put", "resize")
)


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """Where the numbers of one variable are complete.

    Attributes:
        line: first line of the statement after which they are.
        name: the variable; "return" or "return[k]" for what a function hands back without a name.
        block, place: the statement.
        returned: the expression that is handed back, for those.
    """

    line: int
    name: str
    block: Block
    place: int
    returned: ast.expr | None = None


def points(program: Program) -> list[Point]:
    """All points of a program's region, in order of the text."""
    found: list[Point] = []
    searching = _searching(program)
    for block in program.sites.blocks:
        if block.owner is block.function and block.indent is not None and id(block.function) not in searching:
            both = (*_variables(block), *_returned(block))
            found += [point for point in both if point.place in block.places]
    return found + list(_top_level(program))


def _searching(program: Program) -> set[int]:
    """`id` of functions that judge by a function they are given, as templates do: what they hold is a search's."""
    return {
        id(inner)
        for function in ast.walk(program.tree)
        if isinstance(function, ast.FunctionDef) and _judges(function)
        for inner in ast.walk(function)
        if isinstance(inner, ast.FunctionDef)
    }


def _judges(function: ast.FunctionDef) -> bool:
    """Whether a function inside calls what the function was given."""
    given = {a.arg for a in function.args.args}
    inner = [n for n in ast.walk(function) if isinstance(n, ast.FunctionDef) and n is not function]
    return any(
        isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id in given
        for one in inner
        for n in ast.walk(one)
    )


def trace_points(program: Program) -> tuple[str, list[Point]]:
    """A program that does the same and remembers its numbers, and the points it watches.

    Calling `FUNCTION` in it returns a list of {"line", "name", "value": nested lists, "array": bool} for the points
    that were reached and held the same at up to three visits.
    """
    watched = points(program)
    splices: list[Splice] = [(first_code(program), first_code(program), _PRELUDE)] if watched else []
    for point in watched:
        call = f"_shoal_record({point.line}, {point.name!r}, "
        if point.returned is not None:
            start, end = program.start(point.returned), program.end(point.returned)
            splices += [(start, start, call), (end, end, ")")]
        else:
            end = span(program, point.block.statements[point.place])[1]
            splices.append((end, end, f"{point.block.indent or ''}{call}{point.name})\n"))
    return program.spliced(splices), watched


def writes(statement: ast.stmt) -> set[str]:
    """Names that a statement binds, or whose value it changes in place as far as can be seen."""
    return bound(statement) | set(_changed_in_place(statement))


def _changed_in_place(statement: ast.stmt) -> Iterator[str]:
    for node in ast.walk(statement):
        match node:
            case ast.Call(func=ast.Attribute(value=value, attr=attribute)) if attribute in _MUTATORS:
                yield from _base(value)
            case ast.Subscript(value=value, ctx=ast.Store() | ast.Del()):
                yield from _base(value)
            case ast.Expr(value=ast.Call(args=arguments)):
                # A call whose result is dropped is there for its effect, such as a shuffle.
                for argument in arguments:
                    if isinstance(argument, ast.Name):
                        yield argument.id


def _base(node: ast.expr) -> Iterator[str]:
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


def completions(block: Block) -> Iterator[tuple[str, int]]:
    """Variables of a function's body, each with a statement after which its construction is complete."""
    function = block.function
    assert function is not None
    written = [writes(s) for s in block.statements]
    read = [_mentioned(s) for s in block.statements]
    arguments = {a.arg for a in ast.walk(function.args) if isinstance(a, ast.arg)}
    shared = {n for node in ast.walk(function) if isinstance(node, ast.Global | ast.Nonlocal) for n in node.names}
    for name in sorted(set().union(*written) - arguments - shared):
        at = [k for k, names in enumerate(written) if name in names]
        if not isinstance(block.statements[at[0]], ast.Assign | ast.AnnAssign) or any(
            isinstance(s, ast.Delete) for s in block.statements
        ):
            continue
        first_read = next((k for k, r in enumerate(read) if name in r and k > at[0] and k not in at), len(read))
        for place in sorted({max(k for k in at if k < first_read), at[-1]}):
            yield name, place


def _mentioned(statement: ast.stmt) -> set[str]:
    """Names in a statement, but for the parameters of a function that it defines."""
    names = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name)}
    if not isinstance(statement, ast.FunctionDef):
        return names
    return names - {a.arg for a in ast.walk(statement.args) if isinstance(a, ast.arg)}


def _variables(block: Block) -> Iterator[Point]:
    written = [writes(s) for s in block.statements]
    for name, place in completions(block):
        statement = block.statements[place]
        first = not any(name in names for names in written[:place])
        if not (first and _is_literal(statement)):
            yield Point(statement.lineno, name, block, place)


def _is_literal(statement: ast.stmt) -> bool:
    """Whether the numbers stand in the text already."""
    value = getattr(statement, "value", None)
    if isinstance(value, ast.Call) and len(value.args) == 1:
        maker = getattr(value.func, "attr", getattr(value.func, "id", ""))
        value = value.args[0] if maker in MAKERS else value
    return value is not None and all(
        isinstance(n, ast.List | ast.Tuple | ast.expr_context | ast.Constant | ast.UnaryOp | ast.unaryop)
        for n in ast.walk(value)
    )


def _returned(block: Block) -> Iterator[Point]:
    place = len(block.statements) - 1
    last = block.statements[place]
    if not isinstance(last, ast.Return) or last.value is None:
        return
    parts = last.value.elts if isinstance(last.value, ast.Tuple) else [last.value]
    for k, part in enumerate(parts):
        name = f"return[{k}]" if isinstance(last.value, ast.Tuple) else "return"
        plain = isinstance(part, ast.Name | ast.Constant | ast.Starred | ast.GeneratorExp | ast.Attribute | ast.Compare)
        if not plain and signed_number(part) is None and not _is_literal(ast.Expr(value=part)):
            yield Point(last.lineno, name, block, place, part)


def _top_level(program: Program) -> Iterator[Point]:
    """Tables that the module computes once."""
    top = Block(program.tree.body, program.tree, "body", None, 0, None, 0, "")
    mutable = {id(s) for s in program.region.mutable}
    for place, statement in enumerate(top.statements):
        # Statements that share a line cannot be told apart by lines.
        alone = not any(s.lineno == statement.end_lineno for s in top.statements[place + 1 : place + 2])
        if id(statement) in mutable and isinstance(statement, ast.Assign) and alone and not _is_literal(statement):
            for name in names_bound(statement):
                if len(statement.targets) == 1 and isinstance(statement.targets[0], ast.Name):
                    yield Point(statement.lineno, name, top, place)


def first_code(program: Program) -> int:
    """Where code can be put first: after the docstring and imports from the future."""
    for statement in program.tree.body:
        future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        if not (future or is_empty(statement)):
            return program.starts[first_line(statement) - 1]
    return len(program.data)


_PRELUDE = f"""\
_shoal_seen = {{}}


def _shoal_numbers(value, depth=0):
    if type(value).__module__ == "numpy" and hasattr(value, "tolist"):
        if value.dtype.kind not in "iuf" or value.size > {MOST_NUMBERS}:
            return None
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        if depth > 3 or len(value) > {MOST_NUMBERS}:
            return None
        inner = [_shoal_numbers(item, depth + 1) for item in value]
        return None if any(item is None for item in inner) else inner
    if type(value) is float or type(value) is int:
        return value if depth and -1e300 < value < 1e300 else None
    return None


def _shoal_count(value):
    return sum(_shoal_count(item) for item in value) if isinstance(value, list) else 1


def _shoal_record(line, name, value):
    seen = _shoal_seen.setdefault((line, name), [0, None, type(value).__name__ == "ndarray"])
    if seen[0] < 3:
        numbers = _shoal_numbers(value)
        seen[1] = numbers if not seen[0] or repr(numbers) == repr(seen[1]) else None
        seen[0] = seen[0] + 1 if seen[1] is not None else 3
    return value


def {FUNCTION}():
    return [
        {{"line": line, "name": name, "value": seen[1], "array": seen[2]}}
        for (line, name), seen in _shoal_seen.items()
        if seen[1] is not None and 2 <= _shoal_count(seen[1]) <= {MOST_NUMBERS}
    ]


"""
