"""Where a template can take hold: a value that is complete, and the rest of the function that makes an answer of it."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from shoal.propose._draft import Draft, ImpossibleError
from shoal.propose._lines import local_names, reads_first, span, step_of, used
from shoal.propose._trace import completions
from shoal.syntax._program import Program, Splice
from shoal.syntax._scope import names_at
from shoal.syntax._sites import Block, Function
from shoal.syntax._types import guess

__all__ = ["Cut", "Judge", "Rest", "bodies", "body_of", "cuts", "fresh", "judge_of", "rest_of"]

_WORDS = re.compile(r"[^\W\d]\w*")
_NO_SEQUENCE = frozenset(("bool", "class", "function", "int", "none", "number", "object", "str", "mask"))
_SUSPENDS = ast.Yield | ast.YieldFrom | ast.Await | ast.Global | ast.Nonlocal


class Judge(NamedTuple):
    """How an answer is scored.

    Attributes:
        function: name of the public function.
        spread: the answer's parts are its arguments.
        given: arguments of the entry that it takes before the answer.
    """

    function: str
    spread: bool
    given: tuple[str, ...]

    def call(self, name: str, answer: str, parts: list[str] | None) -> str:
        """The call, where the function is known as `name`; `parts` are the texts of a tuple that is written out."""
        if not self.spread:
            return f"{name}({', '.join((*self.given, answer))})"
        return f"{name}({', '.join(parts)})" if parts is not None else f"{name}(*{answer})"


@dataclass(frozen=True, slots=True)
class Cut:
    """A value that is complete.

    Attributes:
        block, place: after this statement of a function's body; for `returned`, the return statement itself.
        names: the variables that hold it; several are improved together.
        returned: the expression that holds it, where it has no name.
    """

    block: Block
    place: int
    names: tuple[str, ...]
    returned: ast.expr | None = None

    @property
    def whole(self) -> bool:
        """Whether it is all that the function returns."""
        last = self.block.statements[-1]
        value = getattr(last, "value", None)
        return value is not None and (
            self.returned is value or (isinstance(value, ast.Name) and value.id in self.names)
        )


class Rest(NamedTuple):
    """What is done with a value until the function returns.

    Attributes:
        answer: an expression in the value's names.
        parts: the texts of the answer's parts, where it is a tuple that is written out.
        splices: what changes in the function.
        function: text of a function that the answer calls, not indented; "" for none.
    """

    answer: str
    parts: list[str] | None
    splices: tuple[Splice, ...] = ()
    function: str = ""


def fresh(program: Program, name: str, *more: str) -> str:
    """The name, with a number where the program or one of `more` has it already."""
    taken = program.derived(_words).union(*(_WORDS.findall(text) for text in more))
    number = 2
    found = name
    while found in taken:
        found, number = f"{name}_{number}", number + 1
    return found


def _words(program: Program) -> frozenset[str]:
    return frozenset(_WORDS.findall(program.source))


def judge_of(draft: Draft) -> Judge:
    """How the entry's answer is scored; raises ImpossibleError when no public function can do it."""
    entry = body_of(draft.program, draft.program.entry[0]) if len(draft.program.entry) == 1 else None
    if entry is None:
        raise ImpossibleError("templates need one entry, with lines of its own")
    arguments = entry.function.args  # type: ignore[union-attr]
    given = tuple(a.arg for a in (*arguments.posonlyargs, *arguments.args))
    plain = not (arguments.vararg or arguments.kwarg or arguments.kwonlyargs)
    found = [judge for name, takes in draft.public.items() if plain and (judge := _judge(name, takes, given))]
    if not found:
        raise ImpossibleError("no public function can score an answer")
    return next((judge for judge in found if judge.function == "score"), found[0])


def _judge(name: str, takes: int, given: tuple[str, ...]) -> Judge | None:
    if takes == 1:
        return Judge(name, False, ())
    if given:
        return Judge(name, False, given) if takes == len(given) + 1 else None
    return Judge(name, True, ()) if takes > 1 else None


def body_of(program: Program, name: str) -> Block | None:
    """The body of a top-level function of the region, where its statements have lines of their own."""
    for block in program.sites.blocks:
        owner = block.owner
        if isinstance(owner, ast.FunctionDef) and owner.name == name and owner in program.tree.body:
            plain = block.indent is not None and not any(isinstance(n, _SUSPENDS) for n in ast.walk(owner))
            return block if plain else None
    return None


def bodies(program: Program, *, given: bool) -> list[Block]:
    """The entry's body and those whose result it hands on as it is; the entry's only where its arguments are needed."""
    found: list[Block] = []
    name: str | None = program.entry[0]
    while name is not None:
        block = body_of(program, name)
        if block is None or block in found:
            return found
        found.append(block)
        match block.statements[-1]:
            case ast.Return(value=ast.Call(func=ast.Name(id=called))) if not given:
                name = called
            case _:
                name = None
    return found


def cuts(program: Program, judge: Judge) -> list[Cut]:
    """All cuts at one variable or one unnamed part, in order of the text."""
    return [
        cut
        for block in bodies(program, given=bool(judge.given))
        for cut in (*_variables(program, block), *_parts(block))
        if cut.place in block.places
    ]


def _variables(program: Program, block: Block) -> Iterator[Cut]:
    for name, place in completions(block):
        later = block.statements[place + 1 :]
        if not later or not isinstance(later[-1], ast.Return) or later[-1].value is None:
            continue
        read = any(name in reads_first(s) for s in later)
        kind = names_at(program, block, place + 1).get(name, "none")
        if read and kind not in _NO_SEQUENCE and not kind.startswith("module") and not _held(block, place, name):
            yield Cut(block, place, (name,))


def _held(block: Block, place: int, name: str) -> bool:
    """Whether a function inside the function looks at the variable itself, whatever it is called with."""
    inner = [n for s in block.statements[: place + 1] for n in ast.walk(s) if isinstance(n, Function | ast.Lambda)]
    return any(name in used(n) - {a.arg for a in ast.walk(n.args) if isinstance(a, ast.arg)} for n in inner)


def _parts(block: Block) -> Iterator[Cut]:
    place = len(block.statements) - 1
    match block.statements[place]:
        case ast.Return(value=ast.Tuple(elts=elements) as value):
            parts = [*elements, value]
        case ast.Return(value=ast.expr() as value):
            parts = [value]
        case _:
            return
    for part in parts:
        if isinstance(part, ast.Call | ast.List | ast.ListComp | ast.Tuple | ast.BinOp):
            yield Cut(block, place, (), part)


def joined(program: Program, cut: Cut) -> Cut:
    """The cut with all variables that are complete there, sequences as far as can be told, and needed later."""
    names = names_at(program, cut.block, cut.place + 1)
    local = local_names(cut.block.function)  # type: ignore[arg-type]
    arguments = {a.arg for a in ast.walk(cut.block.function.args) if isinstance(a, ast.arg)}  # type: ignore[union-attr]
    needed = _needed(cut.block.statements[cut.place + 1 :])
    found = [
        name
        for name in names
        if name in cut.names
        or (
            name in needed & local - arguments
            and guess(ast.Name(name), names) in ("list", "numbers", "array", "matrix")
        )
    ]
    return Cut(cut.block, cut.place, tuple(found))


def _needed(statements: Iterable[ast.stmt]) -> set[str]:
    """Names that must be bound before a sequence of statements."""
    return reads_first(ast.Module(body=list(statements), type_ignores=[]))


def rest_of(program: Program, cut: Cut, *, state: str) -> Rest | None:
    """What makes the answer; several variables become the parts of `state`. None where that cannot be cut out."""
    statements = cut.block.statements
    last = statements[-1]
    assert isinstance(last, ast.Return) and last.value is not None
    exchanged = {name: f"{state}[{k}]" for k, name in enumerate(cut.names)} if len(cut.names) > 1 else {}
    if cut.returned is None and cut.place < len(statements) - 2:
        return _extracted(program, cut, exchanged)
    answer = _text(program, last.value, cut.returned, state, exchanged)
    parts = None
    if isinstance(last.value, ast.Tuple) and cut.returned is not last.value:
        parts = [_text(program, part, cut.returned, state, exchanged) for part in last.value.elts]
        answer = f"({', '.join(parts)}{',' * (len(parts) == 1)})"
    changed = bool(exchanged) or cut.returned is not None
    start, end = program.start(last), program.end(last)
    return Rest(answer, parts, ((start, end, f"return {_bare(answer, parts)}"),) if changed else ())


def _bare(answer: str, parts: list[str] | None) -> str:
    return ", ".join(parts) if parts is not None and len(parts) > 1 else answer


def _text(program: Program, node: ast.expr, old: ast.expr | None, new: str, exchanged: Mapping[str, str]) -> str:
    """The text of an expression with `old` and some names exchanged."""
    pieces = [(old, new)] if old is not None else []
    pieces += [(n, exchanged[n.id]) for n in ast.walk(node) if isinstance(n, ast.Name) and n.id in exchanged]
    first, last = program.start(node), program.end(node)
    data = program.data[first:last]
    for piece, text in sorted(pieces, key=lambda p: program.start(p[0]), reverse=True):
        start, end = program.start(piece) - first, program.end(piece) - first
        if start >= 0 and end <= last - first:
            data = data[:start] + text.encode() + data[end:]
    return data.decode()


def _extracted(program: Program, cut: Cut, exchanged: Mapping[str, str]) -> Rest | None:
    """The rest as a function of its own."""
    block, place = cut.block, cut.place
    rest = block.statements[place + 1 :]
    if any(_long_text(node) for s in rest for node in ast.walk(s)):
        return None
    bound = names_at(program, block, place + 1)
    needed = _needed(rest) & local_names(block.function)  # type: ignore[arg-type]
    if not needed <= bound.keys():
        return None
    order = [name for name in bound if name in needed]
    name = fresh(program, "finish")
    start, end = span(program, rest[0])[0], span(program, rest[-1])[1]
    indent = block.indent or ""
    body = "".join(
        step_of(block) + line[len(indent) :] if line.startswith(indent) else line
        for line in program.data[start:end].decode().splitlines(keepends=True)
    )
    body = body if body.endswith("\n") else f"{body}\n"
    call = f"{name}({', '.join(exchanged.get(one, one) for one in order)})"
    splices = ((start, end, f"{indent}return {call}\n"),)
    return Rest(call, None, splices, f"def {name}({', '.join(order)}):\n{body}")


def _long_text(node: ast.AST) -> bool:
    text = isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))
    return text and node.lineno != node.end_lineno  # type: ignore[attr-defined]
