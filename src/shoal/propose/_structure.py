"""Materialise: what a loop computes becomes numbers in the text, which can then be tuned one by one."""

import ast
import math
from typing import Any

from shoal.propose._draft import Change, Draft, ImpossibleError, Operator
from shoal.propose._lines import span, step_of, used
from shoal.propose._trace import MOST_NUMBERS, Point, points, writes
from shoal.syntax._program import Program, Splice
from shoal.syntax._scope import names_at
from shoal.syntax._serial import is_empty

_LONGEST_LINE = 100
_KEEPS = ast.Return | ast.Raise | ast.Yield | ast.YieldFrom | ast.Await | ast.Global | ast.Nonlocal | ast.With | ast.Try
_DEFINES = ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom | ast.Assert | ast.Break | ast.Continue


def materialise(draft: Draft) -> Change | None:
    """Put a traced value where it was computed.

    Payload: "line" and "name" of a traced point, its "value" (nested lists of numbers) and whether it was an "array".
    """
    program = draft.program
    line, name = draft.payload.get("line"), draft.payload.get("name")
    point = next((p for p in points(program) if p.line == line and p.name == name), None)
    if point is None:
        raise ImpossibleError(f"no variable {name!r} is completed on line {line}")
    numbers = _checked(draft.payload.get("value"))
    names = names_at(program, point.block, point.place)
    indent = point.block.indent or ""
    text = literal(numbers, indent=indent, step=step_of(point.block))
    if draft.payload.get("array"):
        text = f"{_numpy(names)}.array({text})"
    count = _count(numbers)
    return Change(
        note=f"{point.name} as {count} numbers (line {point.line})",
        splices=_splices(program, point, text),
        details={"materialised": count},
    )


def _splices(program: Program, point: Point, text: str) -> list[Splice]:
    statement = point.block.statements[point.place]
    match statement:
        case ast.Return(value=value) if point.returned is not None:
            splices = [(program.start(point.returned), program.end(point.returned), text)]
            parts = value.elts if isinstance(value, ast.Tuple) else []
            dead = _dead(point, still_read=set().union(*(used(p) for p in parts if p is not point.returned)))
        case (
            ast.Assign(targets=[ast.Name()], value=value) | ast.AnnAssign(target=ast.Name(), value=ast.expr() as value)
        ):
            splices = [(program.start(value), program.end(value), text)]
            dead = _dead(point, still_read=set())
        case _:
            end = span(program, statement)[1]
            splices = [(end, end, f"{point.block.indent or ''}{point.name} = {text}\n")]
            dead = _dead(point, still_read=None)
    return splices + [(*span(program, s), "") for s in dead]


def _dead(point: Point, *, still_read: set[str] | None) -> list[ast.stmt]:
    """Statements up to the point that only helped to build the value.

    `still_read`: what the changed statement at the point reads; None where it stays as it was and may be dead itself.
    """
    function = point.block.function
    if function is None or any(isinstance(n, ast.Global | ast.Nonlocal) for n in ast.walk(function)):
        return []
    statements = point.block.statements
    end = point.place + 1 if still_read is None else point.place
    built = [writes(s) for s in statements[:end]]
    touched = [used(s) | writes(s) for s in statements]
    if still_read is not None:
        touched[point.place] = still_read
    open_ = point.block.places
    dead = {k for k, names in enumerate(built) if names and k in open_ and _pure(statements[k], names)}
    while True:
        # Later statements get the variable from the text that is put in.
        needed = {
            k
            for k in dead
            for other in range(k + 1, len(statements))
            if other not in dead and built[k] & touched[other] - ({point.name} if other > point.place else set())
        }
        if not needed:
            return [statements[k] for k in sorted(dead)]
        dead -= needed


def _pure(statement: ast.stmt, written: set[str]) -> bool:
    """Whether removing a statement loses nothing but the names it writes."""
    if is_empty(statement):
        return False
    if isinstance(statement, ast.FunctionDef):
        return not (statement.decorator_list or statement.args.defaults or any(statement.args.kw_defaults))
    for node in ast.walk(statement):
        if isinstance(node, _KEEPS | _DEFINES):
            return False
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            return False
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            base = node.value.func
            while isinstance(base, ast.Attribute | ast.Subscript):
                base = base.value
            if not isinstance(base, ast.Name) or base.id not in written:
                return False
    return True


def literal(value: Any, *, indent: str, step: str) -> str:
    """Nested lists of numbers as text; long ones with a row to a line.

    Args:
        value: nested lists of finite numbers.
        indent: white space of the line it starts on.
        step: one more level of indent.
    """
    flat = repr(value)
    if len(flat) + len(indent) <= _LONGEST_LINE or not isinstance(value, list):
        return flat
    if any(isinstance(item, list) for item in value):
        rows = [literal(item, indent=indent + step, step=step) for item in value]
    else:
        rows = _filled([repr(item) for item in value], _LONGEST_LINE - len(indent + step))
    return "[\n" + "".join(f"{indent}{step}{row},\n" for row in rows) + f"{indent}]"


def _filled(items: list[str], width: int) -> list[str]:
    rows: list[str] = []
    for item in items:
        if rows and len(rows[-1]) + len(item) + 3 <= width:
            rows[-1] += f", {item}"
        else:
            rows.append(item)
    return rows


def _checked(value: object) -> list[Any]:
    if not isinstance(value, list) or not 1 <= _count(value) <= MOST_NUMBERS:
        raise ImpossibleError(f"the value must be a list of 1 to {MOST_NUMBERS} numbers")
    return value


def _count(value: object, depth: int = 0) -> int:
    if isinstance(value, list) and depth < 5:
        return sum(_count(item, depth + 1) for item in value)
    if type(value) not in (int, float) or not math.isfinite(value):  # type: ignore[arg-type]
        raise ImpossibleError("the value must hold finite numbers")
    return 1


def _numpy(names: dict[str, str]) -> str:
    alias = next((name for name, kind in names.items() if kind == "module numpy"), None)
    if alias is None:
        raise ImpossibleError("the value is an array, and numpy has no name in this program")
    return alias


OPERATORS = (Operator("materialise", "structure", materialise, needs="payload"),)
