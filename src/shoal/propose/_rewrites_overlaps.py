"""Rewrites of counts of the stretches that overlap one: those that begin before its end, less those that end first."""

import ast
from collections.abc import Iterator

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import step_of
from shoal.propose._pieces import shown
from shoal.propose._rewrites_pairs import conditions
from shoal.propose._rewrites_parts import SIGNS, Rewrite, again, bracketed, expressions, label, repeats
from shoal.propose._rewrites_pure import is_pure
from shoal.propose._rewrites_scans import Scan, Wanted, put, scans
from shoal.propose._rewrites_search import flags
from shoal.syntax._program import Program

__all__ = ["OPERATORS"]


def overlap_count(draft: Draft) -> Change | None:
    """`sum(1 for b, e in xs if b < end and e > start)`: how many begin before the end, less how many end first.

    That holds for stretches that begin before they end; the others are looked at one by one.
    """
    program = draft.program
    scan, first, last = draft.pick(list(_overlaps(program)))
    rewrite = Rewrite(program)
    word, step = label(scan.searched), step_of(scan.place.block)
    bisect = rewrite.module(scan.place.block, "bisect")
    find, starts, ends, odd = (rewrite.name(f"{word}_{name}") for name in ("overlapping", "starts", "ends", "odd"))
    start, end, found = (rewrite.name(name) for name in ("start", "end", "found"))
    things, target = program.text(scan.searched), program.text(scan.target)
    begun, ended = (bracketed(program, one.key) for one in (first, last))
    tests = [program.text(test) if isinstance(test, ast.Compare) else bracketed(program, test) for test in scan.ifs]
    sign = "<" if {first.sign, last.sign} == {ast.Lt, ast.Gt} else "<="
    kept = " and ".join([f"{begun} {sign} {ended}", *tests])
    others = " and ".join([f"not {begun} {sign} {ended}", *tests])
    before = f"{begun} {SIGNS[first.sign]} {end}"
    after = f"{ended} {SIGNS[last.sign]} {start}"
    until = "left" if first.sign is ast.Lt else "right"
    since = "right" if last.sign is ast.Gt else "left"
    among = " and ".join([before, after, *tests])
    rewrite.before(
        scan.place,
        f"{starts} = sorted({program.text(first.key)} for {target} in {things} if {kept})",
        f"{ends} = sorted({program.text(last.key)} for {target} in {things} if {kept})",
        f"{odd} = [{_thing(program, scan)} for {target} in {things} if {others}]",
        "",
        f"def {find}({start}, {end}):",
        f"{step}if {start} > {end}:",
        f"{step}{step}return sum(1 for {target} in {things} if {among})",
        f"{step}{found} = {bisect}.bisect_{until}({starts}, {end}) - {bisect}.bisect_{since}({ends}, {start})",
        f"{step}return {found} + sum(1 for {target} in {odd} if {before} and {after})",
        "",
    )
    put(rewrite, scan, f"{find}({program.text(last.node)}, {program.text(first.node)})", atomic=True)
    return rewrite.change(f"overlaps of {shown(things)} counted by beginnings and ends (line {scan.line})")


def _thing(program: Program, scan: Scan) -> str:
    text = program.text(scan.target)
    return f"({text})" if isinstance(scan.target, ast.Tuple) and not text.startswith("(") else text


def _overlaps(program: Program) -> Iterator[tuple[Scan, Wanted, Wanted]]:
    for scan in scans(program, overlaps=True):
        if scan.value is not None or len(scan.wanted) != 2:
            continue
        for first, last in (scan.wanted, scan.wanted[::-1]):
            if first.sign in (ast.Lt, ast.LtE) and last.sign in (ast.Gt, ast.GtE):
                keys = ast.dump(first.key) != ast.dump(last.key)
                wanted = ast.dump(first.node) != ast.dump(last.node)
                if keys and wanted:
                    yield scan, first, last


# -- whether there is one ----------------------------------------------------------------------------------------------


def counted_any(draft: Draft) -> Change | None:
    """`any(a <= x < b for a, b in xs)`, or a loop that says so, becomes a count that is more than 0.

    Nothing is won by that itself: others look up then how many things are in a range, or overlap one.
    """
    return draft.pick([*_of_calls(draft.program), *_of_flags(draft.program)])


def _of_calls(program: Program) -> Iterator[Change]:
    for site in expressions(program):
        match site.node:
            case ast.Call(
                func=ast.Name(id="any"),
                args=[ast.ListComp(elt=test, generators=[only]) | ast.GeneratorExp(elt=test, generators=[only])],
                keywords=[],
            ) if not only.ifs and _compares(test) and is_pure(program, test, only.iter) and repeats(site):
                rewrite = Rewrite(program)
                clause = f"for {program.text(only.target)} in {bracketed(program, only.iter)}"
                rewrite.exchange(site, f"sum(1 {clause} if {program.text(test)}) > 0")
                yield rewrite.change(f"how many there are, not whether any (line {site.node.lineno})")


def _of_flags(program: Program) -> Iterator[Change]:
    for flag in flags(program):
        if len(flag.clauses) == 1 and _compares(flag.test) and again(flag.place):
            rewrite = Rewrite(program)
            count = f"sum(1 {flag.clauses[0]} if {program.text(flag.test)})"
            flag.put(rewrite, f"{count} {'>' if flag.truth else '=='} 0")
            yield rewrite.change(f"how many there are, not whether any (line {flag.place.statement.lineno})")


def _compares(test: ast.expr) -> bool:
    """Whether a condition is made of comparisons, one of which is an order's."""
    tests = conditions(test)
    signs = [op for one in tests if isinstance(one, ast.Compare) for op in one.ops]
    return all(isinstance(one, ast.Compare) for one in tests) and any(type(op) in SIGNS for op in signs)


OPERATORS = (
    Operator("overlap_count", "rewrites", overlap_count),
    Operator("counted_any", "rewrites", counted_any),
)
