"""A rewrite of copies that are kept in case a change turns out wrong: what was there before it is kept alone."""

import ast
from collections.abc import Iterator

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place
from shoal.propose._rewrites_building import is_handed_on
from shoal.propose._rewrites_copies import Copy, copies, is_touched, last_words, owned, without
from shoal.propose._rewrites_parts import Rewrite, outward, place_of, uses
from shoal.propose._rewrites_tried import MOST_STEPS, Trial, is_plain, is_step, kind_of, may_be_missing, undo_of
from shoal.syntax._program import Program

__all__ = ["OPERATORS"]


def kept_entry(draft: Draft) -> Change | None:
    """A copy that is taken back where a change turns out wrong gives way to what the change wrote over."""
    program = draft.program
    copy, trial, backs = draft.pick(list(_kept(draft)))
    rewrite, undo = Rewrite(program), []
    missing = rewrite.name("missing") if any(may_be_missing(trial, one.statement) for one in trial.steps) else ""
    if missing:
        rewrite.before(copy.loop, f"{missing} = object()")
    rewrite.drop(copy.place)
    for step in trial.steps:
        kept, back = undo_of(rewrite, trial, step, missing)
        if kept:
            rewrite.before(step, *kept)
        undo.append(back)
    for place in backs:
        rewrite.within(place, *(line for lines in reversed(undo) for line in lines))
    return rewrite.change(f"{copy.name} keeps what was changed alone (line {copy.place.statement.lineno})")


def _kept(draft: Draft) -> Iterator[tuple[Copy, Trial, list[Place]]]:
    """Copies that do nothing but come back where what was copied was changed wrongly: each with the changes."""
    program = draft.program
    for copy in copies(program):
        block, first = copy.place.block, copy.place.index + 1
        assert block.function is not None
        following = block.statements[first:]
        backs = [one for one in ast.walk(copy.loop.statement) if isinstance(one, ast.Assign) and _takes_back(one, copy)]
        holding = [k for k, one in enumerate(following) if any(back in ast.walk(one) for back in backs)]
        if not holding or len(uses(block.function, copy.name)) != len(backs) + 1:
            continue
        changed = copy._replace(name=copy.copied)
        steps = [Place(block, first + k) for k, s in enumerate(following[: holding[0]]) if is_step(s, changed)]
        told = [place_of(program, one) for one in backs]
        found = [
            place for place in told if place is not None and _is_conditional(place, copy) and _is_last(place, backs)
        ]
        if not 0 < len(steps) <= MOST_STEPS or len(found) != len(backs):
            continue
        made = {step.statement for step in steps}
        between = [one for one in following[: holding[-1] + 1] if one not in made]
        region = [part for one in between for part in _apart(one, backs)]
        trial = Trial(changed, kind_of(draft, copy), steps, region, [], [], [])
        if _is_clear(program, copy, trial, backs):
            yield copy, trial, found


def _apart(statement: ast.stmt, backs: list[ast.Assign]) -> Iterator[ast.AST]:
    """A statement in parts, without those by which the copy comes back."""
    if isinstance(statement, ast.If):
        yield statement.test
        for one in (*statement.body, *statement.orelse):
            yield from _apart(one, backs)
    elif statement not in backs:
        yield statement


def _takes_back(statement: ast.stmt, copy: Copy) -> bool:
    """Whether a statement lets the copy be the thing again."""
    return ast.unparse(statement) in (f"{copy.copied} = {copy.name}", f"{copy.copied}[:] = {copy.name}")


def _is_conditional(place: Place, copy: Copy) -> bool:
    """Whether nothing but conditions stand between a statement and the round in which the copy was made."""
    for outer in outward(place):
        if not isinstance(outer.statement, ast.If):
            return False
        if outer.block is copy.place.block:
            return True
    return False


def _is_last(place: Place, backs: list[ast.Assign]) -> bool:
    """Whether the copy comes back but once in a round."""
    return len(backs) == 1 or isinstance(place.block.statements[-1], ast.Continue | ast.Break | ast.Return)


def _is_clear(program: Program, copy: Copy, trial: Trial, backs: list[ast.Assign]) -> bool:
    """Whether the steps are all that changes the thing meanwhile, and whether it stays the same thing for others."""
    if trial.kind not in ("list", "set", "dict") or is_touched(program, trial.region, copy.copied):
        return False
    statements = [step.statement for step in trial.steps]
    if not all(is_plain(program, trial, statement) for statement in statements):
        return False
    if all(isinstance(one.targets[0], ast.Subscript) for one in backs):
        return trial.kind == "list"
    own, _ = owned(copy)
    left_out = (copy.place.statement, *backs, *statements, *last_words(copy.loop.statement))
    return own and not is_handed_on(program, without(copy.loop.statement, left_out), copy.copied)


OPERATORS = (Operator("kept_entry", "rewrites", kept_entry),)
