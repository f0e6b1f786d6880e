"""Statements as lines of text: where they are, what they bind and use, how they are moved."""

import ast
from dataclasses import dataclass

from shoal.propose._draft import Draft
from shoal.syntax._program import Program
from shoal.syntax._region import first_line, last_line
from shoal.syntax._scope import names_at
from shoal.syntax._serial import is_empty
from shoal.syntax._sites import Block, Function

_JUMPS = (ast.Break, ast.Continue)
_FIXED = ast.Return | ast.Global | ast.Nonlocal | ast.Import | ast.ImportFrom | ast.Raise | ast.Break | ast.Continue
_SUSPENDS = ast.Yield | ast.YieldFrom | ast.Await | ast.Global | ast.Nonlocal


@dataclass(frozen=True, slots=True)
class Place:
    """A statement within a block."""

    block: Block
    index: int

    @property
    def statement(self) -> ast.stmt:
        """The statement itself."""
        return self.block.statements[self.index]


def places(program: Program) -> list[Place]:
    """All statements inside functions that have their lines for themselves."""
    return program.derived(_places)


def movable_places(program: Program) -> list[Place]:
    """Those of `places` that may stand elsewhere."""
    return program.derived(_movable_places)


def _movable_places(program: Program) -> list[Place]:
    return [place for place in places(program) if movable(place)]


def _places(program: Program) -> list[Place]:
    return [
        Place(block, index)
        for block in program.sites.blocks
        if block.indent is not None
        for index in block.places
        if not is_empty(block.statements[index])
    ]


def movable(place: Place) -> bool:
    """Whether a statement may stand elsewhere: no jump, no declaration, no text over several lines."""
    statement = place.statement
    if isinstance(statement, _FIXED | Function):
        return False
    return not any(_bound_to_place(node) for node in ast.walk(statement))


def _bound_to_place(node: ast.AST) -> bool:
    if isinstance(node, _SUSPENDS):
        return True
    text = isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))
    return text and node.lineno != node.end_lineno  # type: ignore[attr-defined]


def jumps_out(statement: ast.stmt) -> bool:
    """Whether a statement holds a `break` or `continue` of a loop around it."""
    if isinstance(statement, _JUMPS):
        return True
    if isinstance(statement, ast.For | ast.While | ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        return any(jumps_out(s) for s in getattr(statement, "orelse", ()))
    return any(jumps_out(s) for s in ast.iter_child_nodes(statement) if isinstance(s, ast.stmt | ast.ExceptHandler))  # type: ignore[arg-type]


def span(program: Program, statement: ast.stmt) -> tuple[int, int]:
    """The bytes of a statement's lines, the last newline included."""
    start = program.starts[first_line(statement) - 1]
    end = last_line(statement)
    return start, program.starts[end] if end < len(program.starts) else len(program.data)


def lines(program: Program, statement: ast.stmt) -> str:
    """The text of a statement's lines."""
    start, end = span(program, statement)
    return program.data[start:end].decode()


def indented(text: str, *, old: str, new: str) -> str:
    """Lines with another indent; lines that do not have the old one (comments to the left) are dropped."""
    kept = [line for line in text.splitlines(keepends=True) if line.startswith(old) and line.strip()]
    return "".join(new + line[len(old) :] for line in kept)


def step_of(block: Block) -> str:
    """One more level of indent, as this block's text does it."""
    return "\t" if block.indent and "\t" in block.indent else "    "


def bound(statement: ast.AST) -> set[str]:
    """Names that a statement binds in its own scope: not those of functions and comprehensions inside it."""
    names: set[str] = set()
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                names.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).split(".")[0])
        elif isinstance(node, ast.comprehension):
            waiting += [node.iter, *node.ifs]
        elif not isinstance(node, ast.Lambda):
            waiting += ast.iter_child_nodes(node)
    return names


def used(statement: ast.AST) -> set[str]:
    """Names that a statement reads anywhere inside, or changes in place by an operator."""
    names = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    return names | {
        n.target.id for n in ast.walk(statement) if isinstance(n, ast.AugAssign) and isinstance(n.target, ast.Name)
    }


def reads_first(node: ast.AST) -> set[str]:
    """Names that must be bound before a statement or expression: it reads them before it binds them itself."""
    needed: set[str] = set()
    _read_in_order(node, needed, set())
    return needed


def _read_in_order(node: ast.AST, needed: set[str], have: set[str]) -> None:
    if isinstance(node, ast.Name):
        if not isinstance(node.ctx, ast.Load):
            have.add(node.id)
        elif node.id not in have:
            needed.add(node.id)
        return
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) and node.target.id not in have:
        needed.add(node.target.id)
    scoped = isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp | ast.Lambda)
    inside = set(have) if scoped else have
    if isinstance(node, ast.Lambda):
        inside |= {a.arg for a in ast.walk(node.args) if isinstance(a, ast.arg)}
    for field in _READ_ORDER.get(type(node), node._fields):
        value = getattr(node, field)
        for child in value if isinstance(value, list) else (value,):
            if isinstance(child, ast.AST):
                _read_in_order(child, needed, inside)


# Fields in the order in which they are evaluated, where that is not how they are listed.
_READ_ORDER: dict[type[ast.AST], tuple[str, ...]] = {
    ast.AnnAssign: ("value", "target"),
    ast.Assign: ("value", "targets"),
    ast.AugAssign: ("value", "target"),
    ast.DictComp: ("generators", "key", "value"),
    ast.For: ("iter", "target", "body", "orelse"),
    ast.GeneratorExp: ("generators", "elt"),
    ast.ListComp: ("generators", "elt"),
    ast.NamedExpr: ("value", "target"),
    ast.SetComp: ("generators", "elt"),
    ast.comprehension: ("iter", "target", "ifs"),
}


def local_names(function: Function) -> set[str]:
    """Names that are local to a function; parameters are."""
    arguments = function.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    shared = {n for node in ast.walk(function) if isinstance(node, ast.Global | ast.Nonlocal) for n in node.names}
    inside = set().union(*(bound(s) for s in function.body))
    return (inside | {a.arg for a in every}) - shared


def names_before(draft: Draft, place: Place) -> dict[str, str]:
    """Names surely bound before a statement."""
    return names_at(draft.program, place.block, place.index, hints=draft.hints())
