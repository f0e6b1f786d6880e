"""How a template's function gets into a program: its name, its imports, its numbers, and the call at a cut."""

import ast
import re
from dataclasses import dataclass
from string import Template
from typing import Any

from shoal.propose._draft import Change, Draft
from shoal.propose._idioms_cut import Cut, Judge, fresh, rest_of
from shoal.propose._lines import span
from shoal.propose._trace import first_code
from shoal.syntax._program import Program, Splice
from shoal.syntax._region import last_line
from shoal.syntax._sites import Block

__all__ = [
    "MOST_CALLS",
    "Filled",
    "applied",
    "deep",
    "definitions",
    "filled",
    "import_place",
    "modules",
    "public_name",
    "steps",
]

FEWEST_CALLS = 30
MOST_CALLS = 3_000
DEEPEST = 2
"""Times that one template is put around one value."""

_MODULES = ("math", "numpy", "random")


@dataclass(frozen=True, slots=True)
class Filled:
    """A template's function with all its blanks filled.

    Attributes:
        name: of the function.
        text: of the function, not indented.
        imports: statements it needs.
    """

    name: str
    text: str
    imports: tuple[str, ...]


def steps(draft: Draft, *, times: float = 1.0, fewest: float = FEWEST_CALLS) -> int:
    """How many calls of a public function a template makes: of any size up to payload "public_calls_most".

    `times` scales the number, for templates whose steps are cheaper or dearer; `fewest` is the least before that.
    """
    most = draft.number("public_calls_most", MOST_CALLS, low=FEWEST_CALLS, high=1e6)
    size = most * (min(fewest, most) / most) ** float(draft.rng.random())
    return int(float(f"{times * size:.2g}"))


def filled(program: Program, block: Block, name: str, template: Template, *, sign: float, **blanks: Any) -> Filled:
    """Fill a template's blanks: its name, the modules it needs, the sign that makes more better, its own numbers."""
    name = fresh(program, name)
    needed = [blank for blank in _MODULES if re.search(rf"\$\{{?{blank}\b", template.template)]
    known = modules(program, block, needed)
    text = template.substitute(
        name=name, sign="" if sign > 0 else "-", **{blank: alias for blank, (alias, _) in known.items()}, **blanks
    )
    return Filled(name, text, tuple(statement for _, statement in known.values() if statement))


def modules(program: Program, block: Block, blanks: list[str]) -> dict[str, tuple[str, str]]:
    """What each module is called in the program, and the import that it takes first ("" for none)."""
    known: dict[str, str] = {}
    for statement in (*program.tree.body, *block.statements):
        if isinstance(statement, ast.Import):
            known.update({alias.name: alias.asname or alias.name for alias in statement.names})
    found = {}
    for blank in blanks:
        if blank in known:
            found[blank] = (known[blank], "")
            continue
        alias = fresh(program, {"numpy": "np"}.get(blank, blank))
        found[blank] = (alias, f"import {blank}" if alias == blank else f"import {blank} as {alias}")
    return found


def public_name(program: Program, block: Block, judge: Judge) -> tuple[str, str]:
    """What the public function is called in the program, and the import that it takes first ("" for none)."""
    for statement in (*program.tree.body, *block.statements):
        for alias in statement.names if isinstance(statement, ast.Import | ast.ImportFrom) else ():
            if isinstance(statement, ast.Import) and alias.name == "public":
                return f"{alias.asname or 'public'}.{judge.function}", ""
            if getattr(statement, "module", "") == "public" and alias.name == judge.function:
                return alias.asname or alias.name, ""
    name = fresh(program, judge.function)
    return name, f"from public import {judge.function}" + (f" as {name}" if name != judge.function else "")


def deep(program: Program, block: Block, name: str, base: str) -> bool:
    """Whether a variable is put through functions of a template's name as often as is good."""
    count = 0
    for statement in block.statements:
        match statement:
            case ast.Assign(targets=[ast.Name(id=target)], value=ast.Call(func=ast.Name(id=called))):
                count += target == name and re.fullmatch(rf"{base}(_\d+)?", called) is not None
    return count >= DEEPEST


def applied(program: Program, cut: Cut, judge: Judge, made: Filled, *, note: str, template: str) -> Change | None:
    """Put the value at a cut through a template's function."""
    block, indent = cut.block, cut.block.indent or ""
    state = cut.names[0] if len(cut.names) == 1 else fresh(program, "part" if cut.returned is not None else "state")
    rest = rest_of(program, cut, state=state)
    if rest is None:
        return None
    score, public = public_name(program, block, judge)
    call = judge.call(score, rest.answer, rest.parts)
    statement = block.statements[cut.place]
    end = span(program, statement)[0 if cut.returned is not None else 1]
    start, first = state, ""
    if cut.returned is not None:
        first = f"{indent}{state} = {program.text(cut.returned)}\n"
    elif len(cut.names) > 1:
        start = f"({', '.join(cut.names)})"
    lines = f"{first}{indent}{state} = {made.name}({start}, lambda {state}: {call})\n"
    functions = [text for text in (made.text, rest.function) if text]
    imports = [*made.imports, *([public] if public else [])]
    before, others = definitions(program, block, functions, imports)
    shown = state if cut.names else "what is returned"
    return Change(
        note=f"{note} of {shown} (line {statement.lineno})",
        splices=[(end, end, before + lines), *others, *rest.splices],
        details={"template": template},
    )


def definitions(program: Program, block: Block, functions: list[str], imports: list[str]) -> tuple[str, list[Splice]]:
    """Where functions and imports go: at the top level where that may change, else before a statement of the block.

    Returns:
        text for the block, indented as it is, and splices for the rest of the program.
    """
    if not isinstance(program.select, str) or _is_closed(program, block):
        lines = [f"{line}\n" for line in imports] + [line for text in functions for line in text.splitlines(True)]
        return "".join(f"{block.indent}{line}" if line.strip() else line for line in lines), []
    function = block.function
    assert function is not None
    line = last_line(_outermost(program, function))
    end = program.starts[line] if line < len(program.starts) else len(program.data)
    code = "".join(f"\n\n{text}" for text in functions)
    if not imports:
        return "", [(end, end, code)]
    text = "".join(f"{one}\n" for one in imports)
    if program.select == "marked":
        return "", [(end, end, f"\n\n{text}{code}")]
    place, gap = import_place(program)
    return "", [(place, place, text + gap), (end, end, code)]


def _is_closed(program: Program, block: Block) -> bool:
    """Whether a block may change, and the top level around it may not."""
    mutable = {id(statement) for statement in program.region.mutable}
    return block.function is not None and id(_outermost(program, block.function)) not in mutable


def _outermost(program: Program, function: ast.stmt) -> ast.stmt:
    return next(s for s in program.tree.body if any(n is function for n in ast.walk(s)))


def import_place(program: Program) -> tuple[int, str]:
    """Where an import can be put: after the imports at the top, or before all code, with empty lines after it."""
    first = first_code(program)
    end = None
    for statement in program.tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            line = last_line(statement)
            end = program.starts[line] if line < len(program.starts) else len(program.data)
        elif program.start(statement) >= first:
            break
    return (first, "\n\n") if end is None else (end, "")
