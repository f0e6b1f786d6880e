"""Rewrites of searches among texts for those that begin or end with one, or that one begins or ends with."""

import ast
from collections.abc import Iterator

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import reads_first, step_of
from shoal.propose._pieces import shown
from shoal.propose._rewrites_pairs import Fit, kept, pairs
from shoal.propose._rewrites_parts import Rewrite, bracketed, label
from shoal.propose._rewrites_pure import is_pure
from shoal.syntax._program import Program

__all__ = ["OPERATORS"]

_PARTS = {"startswith": "{0}[:{1}]", "endswith": "{0}[max(0, len({0}) - {1}) :]"}
"""The part of a text that is as long as what it is compared with."""

_WORDS = {"startswith": "starting", "endswith": "ending"}


def by_beginning(draft: Draft) -> Change | None:
    """Look up those that begin, or end, with a text by their parts of that length, made once for each length."""
    program = draft.program
    pair = draft.pick(pairs(program, _longer))
    method, key = pair.fit.text, bracketed(program, pair.fit.key)
    rewrite, step = Rewrite(program), step_of(pair.place.block)
    word = f"{label(pair.iterated)}_{_WORDS[method]}"
    find, tables, table = rewrite.name(word), rewrite.name(f"{word}_by_size"), rewrite.name("table")
    wanted, size = rewrite.name("wanted"), rewrite.name("size")
    target, thing = kept(rewrite, pair)
    rewrite.before(
        pair.place,
        f"{tables} = {{}}",
        "",
        f"def {find}({wanted}):",
        f"{step}{size} = len({wanted})",
        f"{step}if {size} not in {tables}:",
        f"{step}{step}{table} = {tables}[{size}] = {{}}",
        f"{step}{step}for {target} in {pair.whole}:",
        *(f"{step}{step}{step}{program.text(statement)}" for statement in pair.named),
        f"{step}{step}{step}{table}.setdefault({_PARTS[method].format(key, size)}, []).append({thing})",
        f"{step}return {tables}[{size}].get({wanted}, ())",
        "",
    )
    rewrite.replace(pair.iterated, f"{find}({pair.fit.wanted})")
    return rewrite.change(f"{shown(pair.whole)} by {_WORDS[method]} (line {pair.target.lineno})")


def of_beginnings(draft: Draft) -> Change | None:
    """Look up the texts that one begins, or ends, with by its parts of all their lengths."""
    program = draft.program
    pair = draft.pick(pairs(program, _shorter))
    method, key = pair.fit.text, program.text(pair.fit.key)
    rewrite, step = Rewrite(program), step_of(pair.place.block)
    word = label(pair.iterated)
    table, sizes, find = (rewrite.name(f"{word}_{one}") for one in ("by_text", "sizes", "of"))
    number, size, whole, found, one = map(rewrite.name, ("number", "size", "whole", "found", "one"))
    target, thing = kept(rewrite, pair)
    item = f"({target})" if "," in target and not target.startswith("(") else target
    part = f"{whole}[:{size}]" if method == "startswith" else f"{whole}[len({whole}) - {size} :]"
    rewrite.before(
        pair.place,
        f"{table} = {{}}",
        f"for {number}, {item} in enumerate({pair.whole}):",
        *(f"{step}{program.text(statement)}" for statement in pair.named),
        f"{step}{table}.setdefault({key}, []).append(({number}, {thing}))",
        f"{sizes} = {{len({one}) for {one} in {table}}}",
        "",
        f"def {find}({whole}):",
        f"{step}{found} = []",
        f"{step}for {size} in {sizes}:",
        f"{step}{step}if {size} <= len({whole}):",
        f"{step}{step}{step}{found} += {table}.get({part}, ())",
        f"{step}return [{one} for {number}, {one} in sorted({found})]",
        "",
    )
    rewrite.replace(pair.iterated, f"{find}({pair.fit.wanted})")
    return rewrite.change(f"{shown(pair.whole)} by {_WORDS[method]} (line {pair.target.lineno})")


# -- what is asked -----------------------------------------------------------------------------------------------------


def _longer(program: Program, apart: list[list[ast.expr]], inner: set[str]) -> Iterator[Fit]:
    """Where the inner thing is the longer text; the fit's text is the method that compares."""
    for method, longer, shorter in _compared(program, apart):
        if reads_first(longer) & inner and not reads_first(shorter) & inner:
            yield Fit(longer, method, program.text(shorter))


def _shorter(program: Program, apart: list[list[ast.expr]], inner: set[str]) -> Iterator[Fit]:
    """As `_longer`, where it is the shorter one."""
    for method, longer, shorter in _compared(program, apart):
        if reads_first(shorter) & inner and not reads_first(longer) & inner:
            yield Fit(shorter, method, program.text(longer))


def _compared(program: Program, apart: list[list[ast.expr]]) -> Iterator[tuple[str, ast.expr, ast.expr]]:
    """Conditions that one text begins or ends with another: the method's name, the longer and the shorter."""
    for test in apart[0] if len(apart) == 1 else ():
        match test:
            case ast.Call(
                func=ast.Attribute(value=longer, attr="startswith" | "endswith" as method), args=[shorter], keywords=[]
            ) if not isinstance(shorter, ast.Tuple | ast.Constant) and is_pure(program, test):
                yield method, longer, shorter
            case ast.Compare(
                left=ast.Subscript(value=longer, slice=ast.Slice(lower=None, upper=size, step=None)),
                ops=[ast.Eq()],
                comparators=[shorter],
            ) if is_pure(program, test):
                match size:
                    case ast.Call(func=ast.Name(id="len"), args=[of]) if ast.dump(of) == ast.dump(shorter):
                        yield "startswith", longer, shorter


OPERATORS = (
    Operator("by_beginning", "rewrites", by_beginning),
    Operator("of_beginnings", "rewrites", of_beginnings),
)
