"""The edit scope: whether a program stays within what its task lets change, judged on syntax trees.

The frozen statements must be the same in normal form, in the same order, with the regions between the same two of
them; and the regions must not reach out: bind a name that frozen code binds or takes from Python, change a thing
that is not theirs, or end the module before its end. A region inside a function shares the function's own variables
with the code around it, and may return; it may not change which things that code's other names mean.
"""

import ast
import builtins
import copy
from collections.abc import Iterable, Iterator

from shoal.syntax._holes import is_hole
from shoal.syntax._normal import statements_hash
from shoal.syntax._program import Program
from shoal.syntax._reach import Reach, reach, reach_apart
from shoal.syntax._region import first_line, inner, last_line, lines_like_marks, marked_lines, names_bound
from shoal.syntax._serial import is_empty
from shoal.syntax._source import SourceError

__all__ = ["check_entries", "check_scope", "frozen_data"]

_BUILTINS = frozenset(dir(builtins))
_BLOCKS = frozenset(("body", "orelse", "finalbody", "handlers", "cases"))
Layout = list[tuple[int, frozenset[str]]]


def check_scope(child: Program, parent: Program) -> None:
    """Raise SourceError with the reason when ``child`` may not stand in for ``parent``; both were read with one select.

    What the parent's own regions do already, the child's may do too. A program all of which may change has to keep its
    entries only.
    """
    check_entries(child, parent)
    if parent.select == "all":
        return
    _check_layout(child, parent)
    _check_reach(child, parent)


def frozen_data(program: Program) -> frozenset[str]:
    """Names that the frozen part gives to data: neither imports nor functions nor classes, which no edit changes."""
    found = program.derived(_reaches)[1]
    defined = {getattr(statement, "name", "") for statement in program.region.frozen}
    return frozenset(found.bound.keys() - found.imported - defined)


def check_entries(child: Program, parent: Program) -> None:
    """Raise SourceError when an entry is gone or has other parameters; values of defaults may differ."""
    had, has = _parameters(parent), _parameters(child)
    for name, parameters in had.items():
        if name not in has:
            raise SourceError(f"{name} must stay: the task calls it")
        if has[name] != parameters:
            raise SourceError(f"{name} must keep its parameters")


def _parameters(program: Program) -> dict[str, str]:
    """Entry -> its parameters without the values of their defaults; what is no function has none."""
    found: dict[str, str] = {}
    for statement in program.tree.body:
        for name in names_bound(statement) & set(program.entry):
            found[name] = _without_values(getattr(statement, "args", None))
    return found


def _without_values(arguments: ast.arguments | None) -> str:
    if arguments is None:
        return ""
    plain = ast.arguments(**{name: getattr(arguments, name) for name in ast.arguments._fields})
    plain.defaults = [ast.Constant(None)] * len(arguments.defaults)
    plain.kw_defaults = [one and ast.Constant(None) for one in arguments.kw_defaults]
    return ast.dump(plain)


# -- the frozen part, and where the regions stand in it ---------------------------------------------------------------


def _check_layout(child: Program, parent: Program) -> None:
    had, has = parent.derived(_layout), child.derived(_layout)
    marked = parent.select == "marked"
    if marked and len(has) != len(had):
        raise SourceError(f"the program has {len(has)} marked regions and must have {len(had)}")
    if child.frozen_hash != parent.frozen_hash:
        raise SourceError(_difference(child, parent))
    if marked and has != had:
        raise SourceError("a region was moved: its marks stand between other statements than before")
    if marked and len(has_texts := _texts_like_marks(child)) > len(_texts_like_marks(parent)):
        raise SourceError("a line of a string looks like the mark of a region and is none", has_texts[0])
    if not marked and not set(has) <= set(had):
        moved = sorted(name for _, names in set(has) - set(had) for name in names)
        raise SourceError(f"{', '.join(moved)} was moved to another place among the frozen statements")


def _layout(program: Program) -> Layout:
    """Of each region, how many frozen statements stand before it; of a region given by names, also which it binds."""
    frozen = program.region.frozen
    if program.select == "marked":
        spans = marked_lines(program.tree, program.source)
        return [(sum(_count(s) for s in frozen if last_line(s) < first), frozenset()) for first, _ in spans]
    held, before, layout = {id(s) for s in frozen}, 0, []
    for statement in program.tree.body:
        if id(statement) in held:
            before += _count(statement)
        else:
            layout.append((before, names_bound(statement)))
    return layout


def _texts_like_marks(program: Program) -> list[int]:
    marks = {line for span in marked_lines(program.tree, program.source) for line in span}
    return [line for line in lines_like_marks(program.source) if line not in marks]


def _count(statement: ast.stmt) -> int:
    """What a statement counts for, as the hash of the frozen part sees it: docstrings do not, imports name by name."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return len(statement.names)
    return 0 if is_empty(statement) else 1


def _difference(child: Program, parent: Program) -> str:
    """Which frozen statement was changed, in words."""
    had, has = (list(_pieces(one.region.frozen)) for one in (parent, child))
    pairs = enumerate(zip(had, has, strict=False))
    place = next((k for k, (a, b) in pairs if statements_hash([a]) != statements_hash([b])), min(len(had), len(has)))
    if len(has) < len(had):
        missing = first_line(had[place])
        return f"the frozen part was changed: what stands in line {missing} of the task's program is not there"
    if place == len(has):
        return "the frozen part was changed"
    what = "is no part of a region" if len(has) > len(had) else "is not what it was"
    return f"the frozen part was changed: the statement in line {first_line(has[place])} {what}"


def _pieces(statements: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that count; one with a region inside as its head, and then what its blocks hold."""
    for statement in statements:
        if not is_hole(statement) and any(map(is_hole, ast.walk(statement))):
            head = copy.copy(statement)
            for name in _BLOCKS.intersection(statement._fields):
                setattr(head, name, [])
            yield head
            yield from _pieces(one for _, one in inner(statement))
        elif not is_empty(statement):
            yield statement


# -- what the regions reach -------------------------------------------------------------------------------------------


def _reaches(program: Program) -> tuple[Reach, Reach]:
    """What the regions do, and what the frozen part does."""
    region = program.region
    if region.holes:
        return reach_apart(program.tree.body, region.mutable)
    return reach(region.mutable), reach(region.frozen)


def _check_reach(child: Program, parent: Program) -> None:
    if not parent.region.frozen:
        return
    (had, frozen), (has, around) = parent.derived(_reaches), child.derived(_reaches)
    reasons = (
        *_rebound(has, had, frozen),
        *_changed(has, had, frozen),
        *_around(has, had),
        *_hidden(around, frozen),
    )
    if reasons:
        line, told = min(reasons)
        raise SourceError(told, line)


def _rebound(has: Reach, had: Reach, frozen: Reach) -> Iterator[tuple[int, str]]:
    for name in has.bound.keys() - had.bound.keys():
        if name in frozen.bound and not has.origins[name] == frozen.origins[name] != "":
            yield has.bound[name], f"the region binds {name}, which the frozen part defines"
        elif name in _BUILTINS and name in frozen.used:
            yield has.bound[name], f"the region binds {name}, a name of Python that the frozen part uses"
        elif name.startswith("__") and name.endswith("__"):
            yield has.bound[name], f"the region binds {name}, which has a meaning for Python"


def _hidden(has: Reach, had: Reach) -> Iterator[tuple[int, str]]:
    """Names of the frozen part that mean something else, since a region in a function binds them now, or no more."""
    for (name, _, before), (_, line, after) in zip(had.homes, has.homes, strict=False):
        if before != after:
            what = "binds" if after else "no longer binds"
            yield line, f"the frozen part uses {name} in this line, and the region {what} it around there"


def _changed(has: Reach, had: Reach, frozen: Reach) -> Iterator[tuple[int, str]]:
    for key in has.changed.keys() - had.changed.keys():
        name, how = key
        imported = name in has.imported or name in frozen.imported or name not in has.bound | frozen.bound
        if imported and _sets(how):
            yield has.changed[key], f"the region changes {name} ({how}), which is imported"
        elif name in frozen.bound and not imported:
            yield has.changed[key], f"the region changes {name} ({how}), which the frozen part defines"


def _sets(how: str) -> bool:
    """Whether it is sure to set an attribute or an item: of a module, a function may only be called like a method."""
    return not how.endswith("(...)") or "__" in how or how in ("setattr(...)", "delattr(...)", "vars(...)")


def _around(has: Reach, had: Reach) -> Iterator[tuple[int, str]]:
    for way in has.around.keys() - had.around.keys():
        yield has.around[way], f"the region reaches around its scope with {way}"
    for way in has.ends.keys() - had.ends.keys():
        yield has.ends[way], f"the region ends the program at its top level with {way}"
