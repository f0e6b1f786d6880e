"""Rewrites of copies that are tried: a copy gets an entry or two, and is dropped again where that turns out wrong."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._grammar_place import SIGNS
from shoal.propose._lines import Place, jumps_out, names_before, span, step_of, used
from shoal.propose._rewrites_building import is_handed_on
from shoal.propose._rewrites_copies import (
    Copy,
    copied_name,
    copies,
    first_copy,
    is_caught,
    is_one_name,
    is_touched,
    last_words,
    owned,
    without,
)
from shoal.propose._rewrites_parts import Rewrite, exchanged_text, parent, place_of, uses, values_of
from shoal.propose._rewrites_pure import base, changed, is_pure, mutations
from shoal.syntax._program import Program

__all__ = ["MOST_STEPS", "OPERATORS", "Trial", "is_plain", "is_step", "kind_of", "may_be_missing", "undo_of"]


class Trial(NamedTuple):
    """A copy that is changed, looked at, and takes the place of the thing or is dropped.

    Attributes:
        copy: with the statement by which it takes the thing's place.
        kind: of the thing: "list", "set", "dict", or "table" for what may be a dictionary with a default.
        steps: the statements that change the copy.
        region: what runs from the first of these on, but for them, up to where the copy takes the thing's place.
        after: statements after that which know the copy by its name.
        chain: the conditions under which it takes its place, outermost first.
        drops: jumps by which it is dropped, each with the steps that were made before.
    """

    copy: Copy
    kind: str
    steps: list[Place]
    region: list[ast.AST]
    after: list[ast.stmt]
    chain: list[ast.If]
    drops: list[tuple[Place, int]]


def tried_in_place(draft: Draft) -> Change | None:
    """A copy that gets entries, and is dropped where they are wrong, gives way to the thing: they come later, or go."""
    program = draft.program
    trial = draft.pick(list(_trials(draft)))
    rewrite, copy = Rewrite(program), trial.copy
    if copy.first:
        rewrite.before(copy.loop, first_copy(program, copy))
    rewrite.drop(copy.place)
    if _is_put_later(program, trial):
        _put_later(rewrite, trial)
    else:
        _put_back(rewrite, trial)
    return rewrite.change(f"{copy.name} is tried in {copy.copied} itself (line {copy.place.statement.lineno})")


# -- later -------------------------------------------------------------------------------------------------------------


def _is_put_later(program: Program, trial: Trial) -> bool:
    """Whether nobody looks at more of the copy than its only entry, which can wait."""
    copy, statement = trial.copy, trial.steps[0].statement
    targets = _targets(statement)
    if len(trial.steps) > 1 or len(targets) != 1 or not isinstance(targets[0].value, ast.Name):
        return False
    entry = ast.unparse(targets[0])
    looks = [use for node in trial.region for use in uses(node, copy.name)]
    entries = [one for node in trial.region for one in ast.walk(node) if _is_read(one, entry)]
    if len(looks) != len(entries):
        return False
    if isinstance(statement, ast.AugAssign) and type(statement.op) not in SIGNS:
        return False
    if trial.kind == "table":
        reads = [one for one in ast.walk(statement) if isinstance(one, ast.Subscript) and _root(one) == copy.name]
        return len(reads) == 1 and not isinstance(statement, ast.AugAssign)  # a read may put a default in
    return trial.kind == "dict" or _is_known(statement, entry)


def _is_read(node: ast.AST, entry: str) -> bool:
    return isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and ast.unparse(node) == entry


def _is_known(statement: ast.stmt, entry: str) -> bool:
    """Whether a statement reads first what it changes, which must be there."""
    if isinstance(statement, ast.AugAssign):
        return True
    assert isinstance(statement, ast.Assign)
    sure = [statement.value]
    while sure:
        node = sure.pop()
        if _is_read(node, entry):
            return True
        if isinstance(node, ast.BinOp):
            sure += [node.left, node.right]
        elif isinstance(node, ast.Call):
            sure += node.args
    return False


def _put_later(rewrite: Rewrite, trial: Trial) -> None:
    """Give the entry's value a name, which all look at, and put it into the thing where the copy took its place."""
    program, copy, step = rewrite.program, trial.copy, trial.steps[0]
    statement, target = step.statement, _targets(step.statement)[0]
    text = _in_other_words(program, statement.value, copy)  # type: ignore[attr-defined]
    entry = f"{copy.copied}[{_in_other_words(program, target.slice, copy)}]"
    if isinstance(statement, ast.AugAssign):
        right = text if isinstance(statement.value, ast.Name | ast.Constant | ast.Call | ast.Subscript) else f"({text})"
        text = f"{entry} {SIGNS[type(statement.op)]} {right}"
    value = rewrite.name("value")
    looked = {id(one) for node in trial.region for one in ast.walk(node) if _is_read(one, ast.unparse(target))}
    rewrite.within(step, f"{value} = {text}")
    for node in trial.region:
        for one in ast.walk(node):
            if id(one) in looked:
                rewrite.replace(one, value)
    _rename(rewrite, trial, [])
    assert copy.back is not None
    rewrite.within(copy.back, f"{entry} = {value}")


def _in_other_words(program: Program, node: ast.expr, copy: Copy) -> str:
    """The text of an expression on one line, about the thing in the place of its copy."""
    text = exchanged_text(program, node, dict.fromkeys(uses(node, copy.name), copy.copied))
    return text if "\n" not in text else ast.unparse(ast.parse(f"({text})", mode="eval"))


def _rename(rewrite: Rewrite, trial: Trial, nodes: list[ast.AST]) -> None:
    """Call the copy what the thing is called: before its first change, after it took that place, and in nodes."""
    copy = trial.copy
    before = copy.place.block.statements[copy.place.index + 1 : trial.steps[0].index]
    for node in (*before, *trial.after, *nodes):
        for use in uses(node, copy.name):
            rewrite.replace(use, copy.copied)


# -- back --------------------------------------------------------------------------------------------------------------


def _put_back(rewrite: Rewrite, trial: Trial) -> None:
    """Change the thing itself, and put back what was there where the copy would have been dropped."""
    copy, undo = trial.copy, []
    missing = rewrite.name("missing") if any(may_be_missing(trial, one.statement) for one in trial.steps) else ""
    if missing:
        rewrite.before(copy.loop, f"{missing} = object()")
    for step in trial.steps:
        kept, back = undo_of(rewrite, trial, step, missing)
        if kept:
            rewrite.before(step, *kept)
        undo.append(back)
    _rename(rewrite, trial, [*trial.region, *(step.statement for step in trial.steps)])
    for place, done in trial.drops:
        rewrite.before(place, *(line for lines in reversed(undo[:done]) for line in lines))
    _leave(rewrite, trial, [line for lines in reversed(undo) for line in lines])


def undo_of(rewrite: Rewrite, trial: Trial, step: Place, missing: str) -> tuple[list[str], list[str]]:
    """Lines that keep what a step changes, and those that put it back."""
    program, copy, deeper = rewrite.program, trial.copy, step_of(step.block)
    if isinstance(step.statement, ast.Expr):
        if trial.kind == "list":
            return [], [f"{copy.copied}.pop()"]
        one = _in_other_words(program, step.statement.value.args[0], copy)  # type: ignore[attr-defined]
        is_new = rewrite.name("is_new")
        return [f"{is_new} = {one} not in {copy.copied}"], [f"if {is_new}:", f"{deeper}{copy.copied}.remove({one})"]
    kept: list[str] = []
    back: list[str] = []
    for target in _targets(step.statement):
        old = rewrite.name("old")
        entry = _in_other_words(program, target, copy)
        put = [f"{entry} = {old}"]
        if missing and may_be_missing(trial, step.statement):
            held = _in_other_words(program, target.value, copy)
            kept.append(f"{old} = {held}.get({_in_other_words(program, target.slice, copy)}, {missing})")
            put = [f"if {old} is {missing}:", f"{deeper}del {entry}", "else:", f"{deeper}{put[0]}"]
        else:
            kept.append(f"{old} = {entry}")
        back = [*put, *back]
    return kept, back


def may_be_missing(trial: Trial, statement: ast.stmt) -> bool:
    """Whether what a step puts into a table may be new there."""
    if isinstance(statement, ast.Expr):
        return False
    targets = _targets(statement)
    known = len(targets) == 1 and _is_known(statement, ast.unparse(targets[0])) and trial.kind != "table"
    return not known and any(_kind_of(trial.copy, trial.kind, one) == "dict" for one in targets)


def _leave(rewrite: Rewrite, trial: Trial, undo: list[str]) -> None:
    """Take out the statement by which the copy takes the thing's place; elsewhere undo what was done."""
    back = trial.copy.back
    assert back is not None
    alone = len(back.block.statements) == 1
    only = trial.chain[0] if len(trial.chain) == 1 and alone else None
    if only is not None and only.body == [back.statement] and not only.orelse:
        _turn(rewrite, only.test)
        rewrite.within(back, *undo)
        return
    if only is not None and _is_two_sided(rewrite.program, only):
        _keep_other(rewrite, only, back, undo)
        return
    for chosen in reversed(trial.chain):
        inside = any(back.statement in ast.walk(s) for s in chosen.body)
        if inside:
            _end_else(rewrite, chosen, undo)
        else:
            _end_with(rewrite, chosen.body, undo)
    rewrite.within(back, *(["pass"] if alone else []))


def _is_two_sided(program: Program, chosen: ast.If) -> bool:
    """Whether a condition has two sides, with no comment where one of them may go."""
    other = chosen.orelse
    if not other or (isinstance(other[0], ast.If) and program.data[program.start(other[0]) :].startswith(b"elif")):
        return False
    start, end = span(program, chosen.body[0])[0], span(program, other[-1])[1]
    return b"#" not in program.data[start:end]


def _keep_other(rewrite: Rewrite, chosen: ast.If, back: Place, undo: list[str]) -> None:
    """Leave of a condition's two sides only that on which the copy would have been dropped."""
    program = rewrite.program
    if chosen.body == [back.statement]:
        _turn(rewrite, chosen.test)
        rewrite.cut(span(program, back.statement)[0], span(program, chosen.orelse[0])[0])
        _end_with(rewrite, chosen.orelse, undo)
        return
    last, indent = chosen.body[-1], back.block.indent or ""
    gone = isinstance(last, ast.Continue | ast.Break | ast.Return | ast.Raise)
    text = "".join(f"{indent}{line}\n" for line in ([] if gone else undo))
    rewrite.cut(span(program, last)[1], span(program, back.statement)[1], text)


def _turn(rewrite: Rewrite, test: ast.expr) -> None:
    """Ask for the opposite."""
    start, end = rewrite.program.start(test), rewrite.program.end(test)
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        rewrite.cut(start, rewrite.program.start(test.operand))
    elif isinstance(test, ast.Call | ast.Name | ast.Subscript | ast.Attribute):
        rewrite.cut(start, start, "not ")
    else:
        rewrite.cut(start, start, "not (")
        rewrite.cut(end, end, ")")


def _end_with(rewrite: Rewrite, statements: list[ast.stmt], undo: list[str]) -> None:
    """Undo at the end of some statements, where that is reached."""
    last = statements[-1]
    if not isinstance(last, ast.Continue | ast.Break | ast.Return | ast.Raise):
        place = place_of(rewrite.program, last)
        assert place is not None
        rewrite.after(place, *undo)


def _end_else(rewrite: Rewrite, chosen: ast.If, undo: list[str]) -> None:
    """Undo where a condition does not hold."""
    program = rewrite.program
    match chosen.orelse:
        case [ast.If() as other] if program.data[program.start(other) :].startswith(b"elif"):
            _end_with(rewrite, other.body, undo)
            _end_else(rewrite, other, undo)
        case []:
            place = place_of(program, chosen)
            assert place is not None
            while program.data[program.start(place.statement) :].startswith(b"elif"):
                assert place.block.outer is not None
                place = Place(place.block.outer, place.block.place)
            rewrite.after(place, "else:", *(step_of(place.block) + line for line in undo))
        case others:
            _end_with(rewrite, others, undo)


# -- where -------------------------------------------------------------------------------------------------------------


def _trials(draft: Draft) -> Iterator[Trial]:
    """Copies that are changed and looked at, and then take the place of what was copied or are dropped."""
    program = draft.program
    for copy in copies(program):
        own, first = owned(copy)
        if (own or first) and is_one_name(copy) and not is_caught(copy.place):
            trial = _trial(draft, copy._replace(first=not own))
            if trial is not None and _is_clear(program, trial):
                yield trial


def _trial(draft: Draft, copy: Copy) -> Trial | None:
    block, first = copy.place.block, copy.place.index + 1
    following = block.statements[first:]
    ends = [k for k, s in enumerate(following) if _backs(s, copy)]
    steps = [Place(block, first + k) for k, s in enumerate(following[: ends[0]]) if is_step(s, copy)] if ends else []
    if len(ends) != 1 or not 0 < len(steps) <= MOST_STEPS:
        return None
    chain, back, after, looked = _way(draft.program, following[ends[0]], copy)
    between = following[steps[0].index - first : ends[0]]
    region = [s for s in between if s not in {step.statement for step in steps}]
    if back is None:
        return None
    if chain and any(uses(s, copy.name) for s in following[ends[0] + 1 :]):
        return None
    after = after if chain else following[ends[0] + 1 :]
    copy, drops = copy._replace(back=back), _drops(draft.program, steps, [*region, *looked])
    if drops is None or not (drops or chain):
        return None
    return Trial(copy, kind_of(draft, copy), steps, [*region, *looked], after, chain, drops)


MOST_STEPS = 3
"""Entries that a copy gets at most."""


def _backs(statement: ast.stmt, copy: Copy) -> bool:
    """Whether a statement, or one under a condition in it, lets the copy take the thing's place."""
    if isinstance(statement, ast.If):
        return any(_backs(one, copy) for one in (*statement.body, *statement.orelse))
    return ast.unparse(statement) == f"{copy.copied} = {copy.name}"


def _way(
    program: Program, statement: ast.stmt, copy: Copy
) -> tuple[list[ast.If], Place | None, list[ast.stmt], list[ast.AST]]:
    """The conditions on the way to where the copy takes the thing's place, that, what is after it, and what is not."""
    if not isinstance(statement, ast.If):
        return [], place_of(program, statement), [], []
    body, other = statement.body, statement.orelse
    if not any(_backs(one, copy) for one in body):
        body, other = other, body
    found = [k for k, one in enumerate(body) if _backs(one, copy)]
    if len(found) != 1 or any(_backs(one, copy) for one in other):
        return [], None, [], []
    chain, back, after, looked = _way(program, body[found[0]], copy)
    rest = body[found[0] + 1 :]
    if chain and any(uses(one, copy.name) for one in rest):
        return [], None, [], []
    after = after if chain else rest
    return [statement, *chain], back, after, [statement.test, *body[: found[0]], *other, *looked]


def _drops(program: Program, steps: list[Place], region: list[ast.AST]) -> list[tuple[Place, int]] | None:
    """Jumps out of the round, each with the steps made before; None where one is not told."""
    found = []
    for node in region:
        if not isinstance(node, ast.stmt):
            continue
        done = sum(program.start(step.statement) < program.start(node) for step in steps)
        for jump in _jumps(node):
            place = place_of(program, jump) if isinstance(jump, ast.Continue | ast.Break) else None
            if place is None:
                return None
            found.append((place, done))
    return found


def _jumps(statement: ast.stmt) -> Iterator[ast.stmt]:
    """The jumps out of the round in a statement, or itself where it is too much to tell."""
    if isinstance(statement, ast.If):
        for one in (*statement.body, *statement.orelse):
            yield from _jumps(one)
    elif jumps_out(statement):
        yield statement


def is_step(statement: ast.stmt, copy: Copy) -> bool:
    """Whether a statement puts entries into the copy, or a last thing, and does nothing else to it."""
    match statement:
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append" | "add"), args=[_], keywords=[])
        ):
            return name == copy.name
    return bool(_targets(statement)) and all(_root(one) == copy.name for one in _targets(statement))


def _targets(statement: ast.stmt) -> list[ast.Subscript]:
    """The entries that a statement sets; nothing where it sets something else."""
    match statement:
        case ast.Assign(targets=[ast.Tuple(elts=targets)]):
            pass
        case ast.Assign(targets=[one]) | ast.AugAssign(target=one):
            targets = [one]
        case _:
            return []
    return [one for one in targets if isinstance(one, ast.Subscript)] if all(map(_is_entry, targets)) else []


def _is_entry(target: ast.expr) -> bool:
    return isinstance(target, ast.Subscript) and not isinstance(target.slice, ast.Slice)


def _root(target: ast.Subscript) -> str:
    """The name of what an entry is in, directly or in a row of it."""
    held = target.value.value if isinstance(target.value, ast.Subscript) else target.value
    return held.id if isinstance(held, ast.Name) else ""


def _is_clear(program: Program, trial: Trial) -> bool:
    """Whether the steps are all that changes the copy, and nobody keeps it, or looks at the thing meanwhile."""
    copy, statements = trial.copy, [step.statement for step in trial.steps]
    block = copy.place.block.statements
    before = block[copy.place.index + 1 : trial.steps[0].index]
    if is_touched(program, [*before, *trial.region], copy.name, copy.copied):
        return False
    if not all(is_plain(program, trial, statement) for statement in statements):
        return False
    assert copy.back is not None
    left_out = (copy.place.statement, copy.back.statement, *last_words(copy.loop.statement), *statements)
    rest = without(copy.loop.statement, left_out)
    if any(is_handed_on(program, rest, one) for one in (copy.name, copy.copied)):
        return False
    if _is_put_later(program, trial):
        return True
    seen = [*trial.region, *statements[1:]]
    if trial.kind == "table" and not _asks_no_other(trial, [*seen, statements[0]]):
        return False
    given = [one for node in trial.region for one in ast.walk(node) if isinstance(one, ast.Return)]
    return not any(uses(one, copy.copied) for one in seen) and not any(uses(one, copy.name) for one in given)


def _asks_no_other(trial: Trial, nodes: list[ast.AST]) -> bool:
    """Whether nothing but what the steps put in is looked up: a table with a default gets what it is asked for."""
    put = {ast.unparse(target) for step in trial.steps for target in _targets(step.statement)}
    looks = [one for node in nodes for one in ast.walk(node) if isinstance(one, ast.Subscript)]
    return all(ast.unparse(one) in put for one in looks if _root(one) == trial.copy.name)


def is_plain(program: Program, trial: Trial, statement: ast.stmt) -> bool:
    """Whether a step changes what is known to be a list or a table, and no more."""
    name, kind = trial.copy.name, trial.kind
    if isinstance(statement, ast.Expr):
        call = statement.value
        assert isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
        if mutations(program, statement).count(name) != 1 or _is_held(program, call.args[0], name):
            return False
        if call.func.attr == "append":
            return kind == "list"
        if kind == "set" and _shows_order(program, trial.copy):
            return False
        still = not changed(program, *trial.region, *(s.statement for s in trial.steps)) & used(call.args[0])
        return kind == "set" and still and is_pure(program, call.args[0])
    targets, value = _targets(statement), statement.value  # type: ignore[attr-defined]
    keys = [one.slice for one in targets] + [one.value.slice for one in targets if isinstance(one.value, ast.Subscript)]
    if not all(_kind_of(trial.copy, kind, one) for one in targets) or not is_pure(program, *keys):
        return False
    moved = changed(program, *trial.region, *(step.statement for step in trial.steps)) | {trial.copy.copied}
    if moved & set().union(*map(used, keys)):
        return False
    if isinstance(statement, ast.AugAssign) and isinstance(value, ast.List | ast.ListComp | ast.Set | ast.Dict):
        return False  # what is there may be changed, and not exchanged
    return mutations(program, statement).count(name) == len(targets) and not _is_held(program, value, name)


def _shows_order(program: Program, copy: Copy) -> bool:
    """Whether somebody may see in which order the things of a set come, which a copy may have in another."""
    function = copy.place.block.function
    assert function is not None
    for use in (*uses(function, copy.copied), *uses(function, copy.name)):
        match parent(program, use):
            case ast.For(iter=gone) if gone is use:
                return True
            case ast.Call(func=ast.Name(id="list" | "tuple" | "enumerate" | "iter" | "zip")) | ast.Starred():
                return True
            case ast.Call(func=ast.Attribute(attr="join" | "pop")):
                return True
            case ast.comprehension() as clause if isinstance(parent(program, clause), ast.ListComp | ast.DictComp):
                return True
    return False


def _is_held(program: Program, value: ast.expr, name: str) -> bool:
    """Whether all of the copy may be in what is put into it."""
    whole = (use for use in uses(value, name) if not isinstance(parent(program, use), ast.Subscript | ast.Attribute))
    return not all(isinstance(parent(program, use), ast.Call | ast.Compare) for use in whole)


def _kind_of(copy: Copy, kind: str, target: ast.Subscript) -> str:
    """Whether an entry is one of a list or of a table; "" where that is not told, or a copy is not as deep."""
    if isinstance(target.value, ast.Name):
        return {"table": "dict", "set": ""}.get(kind, kind)
    value = copy.place.statement.value  # type: ignore[attr-defined]
    match value:
        case ast.ListComp(elt=one) | ast.DictComp(value=one):
            inner = _displayed(one) if copied_name(one) else ""
            return inner or ("list" if copied_name(one) and not _is_text(target.slice) else "")
        case ast.Call(func=ast.Name(id="deepcopy") | ast.Attribute(attr="deepcopy")):
            return "dict" if _is_text(target.slice) else "list" if kind == "list" else ""
    return ""


def _is_text(key: ast.expr) -> bool:
    return isinstance(key, ast.Constant) and isinstance(key.value, str)


def kind_of(draft: Draft, copy: Copy) -> str:
    """What is copied: "list", "dict", "table" where that may have a default, or ""."""
    function, copied = copy.place.block.function, copy.copied
    assert function is not None
    value = copy.place.statement.value  # type: ignore[attr-defined]
    made = [one for one in values_of(function, copied) or [] if ast.unparse(one) != copy.name]
    kinds = {_displayed(one) for one in made}
    shown_as = _displayed(value)
    if shown_as and (copy.first or kinds <= {shown_as}):
        return shown_as
    if len(kinds) == 1 and "" not in kinds and not shown_as:
        return kinds.pop()
    asked = {n.attr for n in ast.walk(function) if isinstance(n, ast.Attribute) and base(n) in (copied, copy.name)}
    if not shown_as and any(_asks_kind(one, copied, copy.name) for one in ast.walk(function)):
        return ""  # it may be one or the other
    if shown_as == "dict" or (not shown_as and asked & {"get", "items", "keys", "values", "setdefault"}):
        return "table"
    told = names_before(draft, copy.place).get(copied, "")
    return "list" if told in ("list", "numbers") else shown_as


def _asks_kind(node: ast.AST, *names: str) -> bool:
    """Whether code asks of what kind something is."""
    match node:
        case ast.Call(func=ast.Name(id="isinstance" | "type"), args=[asked, *_]):
            return base(asked) in names
    return False


def _displayed(value: ast.expr) -> str:
    """What an expression makes, as far as its text tells."""
    match value:
        case ast.List() | ast.ListComp() | ast.Call(func=ast.Name(id="list" | "sorted")):
            return "list"
        case ast.Subscript(slice=ast.Slice()):
            return "list"
        case ast.BinOp(left=ast.List(), op=ast.Mult()):
            return "list"
        case ast.Dict() | ast.DictComp() | ast.Call(func=ast.Name(id="dict")):
            return "dict"
        case ast.Set() | ast.SetComp() | ast.Call(func=ast.Name(id="set")):
            return "set"
    return ""


OPERATORS = (Operator("tried_in_place", "rewrites", tried_in_place),)
