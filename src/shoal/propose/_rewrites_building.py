"""Rewrites of how texts and lists are built: pieces that are joined at the end, and lists that grow in place."""

import ast
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, names_before, places, used
from shoal.propose._rewrites_nest import start_of
from shoal.propose._rewrites_parts import (
    LOOPS,
    Rewrite,
    bracketed,
    exchanged_text,
    loops,
    outward,
    parent,
    read_later,
    uses,
    values_of,
)
from shoal.propose._rewrites_pure import is_pure
from shoal.syntax._program import Program
from shoal.syntax._types import LISTS

__all__ = ["OPERATORS", "is_handed_on", "is_own"]


class Addition(NamedTuple):
    """A statement that adds something to a variable: where its text is, and whether it is put in front."""

    statement: ast.stmt
    start: int
    end: int
    front: bool


def join(draft: Draft) -> Change | None:
    """A text that grows piece by piece in a loop becomes a list of pieces that are joined after the loop."""
    program = draft.program
    place, name, added = draft.pick(list(_growing_texts(draft)))
    rewrite = Rewrite(program)
    parts = rewrite.name(f"{name}_parts")
    start = start_of(program, place, name)
    empty = start is not None and isinstance(start.value, ast.Constant) and start.value.value == ""
    if start is not None and empty and isinstance(start.place.statement, ast.Assign):
        rewrite.replace(start.place.statement, f"{parts} = []")
    else:
        rewrite.before(place, f"{parts} = [{name}]")
    for one in added:
        rewrite.replace(one.statement, f"{parts}.append({program.data[one.start : one.end].decode()})")
    joined = f"reversed({parts})" if added[0].front else parts
    rewrite.after(place, f'{name} = "".join({joined})')
    return rewrite.change(f"the pieces of {name} are joined at the end (line {place.statement.lineno})")


def _growing_texts(draft: Draft) -> Iterator[tuple[Place, str, list[Addition]]]:
    """The outermost loops in which a text grows and is not looked at, with its name and what is added."""
    program = draft.program
    for place in loops(program):
        names = names_before(draft, place)
        for name in sorted(_added_names(place.statement)):
            outer = [p.statement for p in outward(place) if isinstance(p.statement, LOOPS)]
            if names.get(name) != "str" or any(additions(program, one, name) for one in outer):
                continue
            added = additions(program, place.statement, name)
            if added and len({one.front for one in added}) == 1:
                yield place, name, added


def _added_names(loop: ast.stmt) -> set[str]:
    targets: list[ast.expr] = [n.target for n in ast.walk(loop) if isinstance(n, ast.AugAssign)]
    targets += [t for n in ast.walk(loop) if isinstance(n, ast.Assign) for t in n.targets]
    return {t.id for t in targets if isinstance(t, ast.Name)}


def additions(program: Program, loop: ast.stmt, name: str) -> list[Addition]:
    """What is added to a variable in a loop; none where the loop also does something else with it."""
    found = [one for node in ast.walk(loop) if (one := _addition(program, node, name))]
    mentions = sum(1 if isinstance(one.statement, ast.AugAssign) else 2 for one in found)
    return found if mentions == len(uses(loop, name)) else []


def _addition(program: Program, node: ast.AST, name: str) -> Addition | None:
    match node:
        case ast.AugAssign(target=ast.Name(id=target), op=ast.Add(), value=value):
            if target == name and name not in used(value):
                return Addition(node, program.start(value), program.end(value), False)
        case ast.Assign(targets=[ast.Name(id=target)], value=ast.BinOp(op=ast.Add()) as value) if target == name:
            return _added(program, node, value, name)
        case ast.Assign(
            targets=[ast.Name(id=target)], value=ast.List(elts=[ast.Starred(value=ast.Name(id=first)), *more])
        ) if target == first == name and more and not any(uses(one, name) for one in more):
            return Addition(node, program.start(more[0]), program.end(more[-1]), False)
    return None


def _added(program: Program, statement: ast.stmt, value: ast.BinOp, name: str) -> Addition | None:
    """Of `name + a + b`, what follows the first plus; of `a + name`, what is before it."""
    if isinstance(value.right, ast.Name) and value.right.id == name and not uses(value.left, name):
        return Addition(statement, program.start(value.left), program.end(value.left), True)
    first: ast.expr = value
    last = first
    while isinstance(first, ast.BinOp) and isinstance(first.op, ast.Add):
        first, last = first.left, first
    alone = len(uses(value, name)) == 1 and isinstance(first, ast.Name) and first.id == name
    if not alone or not isinstance(last, ast.BinOp) or program.start(value) != program.start(first):
        return None
    start, end = program.start(last.right), program.end(value)
    try:
        ast.parse(program.data[start:end].decode().strip(), mode="eval")
    except SyntaxError:
        return None  # parentheses that the first plus stands in
    return Addition(statement, start, end, False)


# -- lists ---------------------------------------------------------------------------------------------------------


def append_in_place(draft: Draft) -> Change | None:
    """`out = out + [x]` and `out = [*out, x]` become an append, and `out = out + more` grows in place.

    An argument, which is its caller's, is copied once before the loop, under another name.
    """
    program = draft.program
    name, added, place = draft.pick([*_growing_lists(draft), *_growing_arguments(program)])
    given = place if any(isinstance(n, ast.arg) and n.arg == name for n in ast.walk(place.block.owner)) else None
    rewrite = Rewrite(program)
    own, exchanged = name, {}
    if given is not None:
        own = rewrite.name(f"own_{name}")
        rewrite.before(given, f"{own} = list({name})")
        later = [use for s in given.block.statements[given.index :] for use in uses(s, name)]
        exchanged = dict.fromkeys(later, own)
        inside = {id(use) for one in added for use in uses(one.statement, name)}
        for use in later:
            if id(use) not in inside:
                rewrite.replace(use, own)
    for one in added:
        value = one.statement.value  # type: ignore[attr-defined]
        more: ast.expr = value.right if isinstance(value, ast.BinOp) else ast.List(value.elts[1:])
        single = isinstance(more, ast.List) and len(more.elts) == 1 and not isinstance(more.elts[0], ast.Starred)
        if isinstance(more, ast.List) and single:
            text = f"{own}.append({_with(program, more.elts[0], exchanged)})"
        elif isinstance(value, ast.List):
            text = f"{own} += [{program.data[program.start(value.elts[1]) : program.end(value)].decode()}"
        else:
            text = f"{own} += {_with(program, more, exchanged)}"
        rewrite.replace(one.statement, text)
    shorter = [n for n in ast.walk(place.statement) if isinstance(n, ast.Assign) and _is_shorter(n.value, name)]
    for statement in shorter if given is None else ():
        rewrite.replace(statement, f"del {name}[-1:]")
    return rewrite.change(f"{name} grows in place (line {added[0].statement.lineno})")


def _with(program: Program, node: ast.expr, exchanged: Mapping[ast.Name, str]) -> str:
    """The text of an expression, with other names in it."""
    inside = {id(n) for n in ast.walk(node)}
    return exchanged_text(program, node, {use: name for use, name in exchanged.items() if id(use) in inside})


def _growing_lists(draft: Draft) -> Iterator[tuple[str, list[Addition], Place]]:
    program = draft.program
    for place in loops(program):
        function = place.block.function
        names = names_before(draft, place)
        for name in sorted(_added_names(place.statement)):
            kinds = names.get(name) in LISTS and function is not None and is_own(function, name)
            nodes = [n for n in ast.walk(place.statement) if isinstance(n, ast.Assign)]
            found = [one for n in nodes if (one := _addition(program, n, name)) and not one.front]
            found = [one for one in found if _is_one_sum(one.statement, name)]
            if kinds and found and not is_handed_on(program, place.statement, name):
                yield name, found, place


def _growing_arguments(program: Program) -> Iterator[tuple[str, list[Addition], Place]]:
    """Arguments that nothing but sums with lists binds anew, all of them in one outermost loop."""
    for place in loops(program):
        function = place.block.function
        if not isinstance(function, ast.FunctionDef) or place.block.owner is not function:
            continue
        for name in sorted(_added_names(place.statement) & {a.arg for a in function.args.args}):
            nodes = [n for n in ast.walk(place.statement) if isinstance(n, ast.Assign)]
            found = [one for n in nodes if (one := _addition(program, n, name)) and not one.front]
            found = [one for one in found if _is_one_sum(one.statement, name) and _adds_list(one.statement.value)]  # type: ignore[attr-defined]
            bindings = sum(not isinstance(use.ctx, ast.Load) for use in uses(function, name))
            if found and bindings == len(found) and not is_handed_on(program, place.statement, name):
                yield name, found, place


def _adds_list(value: ast.expr) -> bool:
    if isinstance(value, ast.List):
        return len(value.elts) == 2 and not isinstance(value.elts[1], ast.Starred)
    return isinstance(value, ast.BinOp) and isinstance(value.right, ast.List)


def _is_one_sum(statement: ast.stmt, name: str) -> bool:
    value = statement.value  # type: ignore[attr-defined]
    if isinstance(value, ast.List):
        return True
    return isinstance(value, ast.BinOp) and isinstance(value.left, ast.Name) and value.left.id == name


def is_own(function: ast.AST, name: str) -> bool:
    """Whether a list is made by the function itself."""
    values = values_of(function, name) or []
    made = ast.List | ast.ListComp | ast.Call | ast.BinOp
    return bool(values) and all(isinstance(value, made) or _is_shorter(value, name) for value in values)


def _is_shorter(value: ast.expr, name: str) -> bool:
    """Whether a value is a list without its last thing."""
    return ast.unparse(value) == f"{name}[:-1]"


def is_handed_on(program: Program, loop: ast.AST, name: str) -> bool:
    """Whether a loop hands a list on as it is at that time, or gives it another name."""
    for use in uses(loop, name):
        above = parent(program, use)
        if isinstance(above, ast.Assign | ast.Tuple | ast.List | ast.Dict | ast.Yield | ast.Return) and not isinstance(
            use.ctx, ast.Store
        ):
            return True
        if isinstance(above, ast.Call) and isinstance(above.func, ast.Attribute):
            return True
    return False


def update_in_place(draft: Draft) -> Change | None:
    """`d = {**d, k: v}`, `s = s | {x}` and `d = dict(d)` in a loop change the table that is there instead of a copy."""
    program = draft.program
    place, name, text = draft.pick(list(_copied_tables(program)))
    rewrite = Rewrite(program)
    if text:
        rewrite.within(place, text)
    else:
        rewrite.drop(place)
    return rewrite.change(f"{name} is changed in place (line {place.statement.lineno})")


def _copied_tables(program: Program) -> Iterator[tuple[Place, str, str]]:
    """Copies, in a loop, of what the function made and hands on to nobody; what takes their place, "" for nothing."""
    for place in places(program):
        match place.statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if place.block.function is not None:
                outer = next((p.statement for p in outward(place) if isinstance(p.statement, LOOPS)), None)
                text = _in_place(program, name, value)
                if text is None or outer is None or (not text and len(place.block.statements) == 1):
                    continue
                made = values_of(place.block.function, name) or []
                own = bool(made) and all(isinstance(one, _TABLES) or one is value for one in made)
                if own and not is_handed_on(program, _without(outer, place.statement), name):
                    yield place, name, text


_TABLES = ast.Dict | ast.DictComp | ast.Set | ast.SetComp | ast.List | ast.ListComp | ast.Call | ast.BinOp


def _without(loop: ast.stmt, statement: ast.stmt) -> ast.Module:
    """The statements of a loop but one."""
    inside = [n for n in ast.walk(loop) if isinstance(n, ast.stmt) and n is not statement]
    simple = [n for n in inside if not any(isinstance(one, ast.stmt) for one in ast.iter_child_nodes(n))]
    return ast.Module(body=simple, type_ignores=[])


def _in_place(program: Program, name: str, value: ast.expr) -> str | None:
    """What does the same to a table itself; "" for nothing, where it is only copied, None for something else."""
    match value:
        case ast.Dict(keys=[None, *keys], values=[ast.Name(id=same), *values]) if same == name and None not in keys:
            pairs = zip(keys, values, strict=True)
            if len(keys) == 1 and keys[0] is not None:
                return f"{name}[{program.text(keys[0])}] = {program.text(values[0])}"
            told = ", ".join(f"{program.text(k)}: {program.text(v)}" for k, v in pairs if k is not None)
            return f"{name}.update({{{told}}})" if keys else ""
        case ast.Dict(keys=[None, None], values=[ast.Name(id=same), other]) if same == name and name not in used(other):
            return f"{name}.update({program.text(other)})"
        case ast.BinOp(left=ast.Name(id=same), op=ast.BitOr(), right=ast.Set(elts=[one])) if same == name:
            return f"{name}.add({program.text(one)})" if not isinstance(one, ast.Starred) else None
        case ast.BinOp(left=ast.Name(id=same), op=ast.BitOr(), right=right) if same == name:
            return f"{name} |= {program.text(right)}"
        case ast.Call(func=ast.Attribute(value=ast.Name(id=same), attr="union"), args=[right]) if same == name:
            return f"{name}.update({program.text(right)})"
        case (
            ast.Call(func=ast.Name(id="dict" | "set" | "list"), args=[ast.Name(id=same)], keywords=[])
            | ast.Call(func=ast.Attribute(value=ast.Name(id=same), attr="copy"), args=[], keywords=[])
            | ast.Subscript(value=ast.Name(id=same), slice=ast.Slice(lower=None, upper=None, step=None))
        ) if same == name:
            return ""
    return None


def filter_once(draft: Draft) -> Change | None:
    """Things that are removed from a list one by one are left out at once."""
    program = draft.program
    place, name, target, test = draft.pick(list(_removals(program)))
    rewrite = Rewrite(program)
    rewrite.within(place, f"{name}[:] = [{target} for {target} in {name} if {test}]")
    return rewrite.change(f"{name} is filtered at once (line {place.statement.lineno})")


def _removals(program: Program) -> Iterator[tuple[Place, str, str, str]]:
    """Loops that remove things from a list: the list, a name for a thing, and what stays."""
    for place in loops(program):
        match place.statement:
            case ast.For(target=ast.Name(id=one), iter=copied, body=[ast.If(test=test, body=[last], orelse=[])]):
                name = _removed(last, one)
                whole = name and ast.unparse(copied) in (f"list({name})", f"{name}[:]", f"{name}.copy()")
                if whole and is_pure(program, test) and name not in used(test) and not read_later(place, {one}):
                    yield place, name, one, f"not {bracketed(program, test)}"
            case ast.While(
                test=ast.Compare(left=ast.Name(id=one), ops=[ast.In()], comparators=[searched]), body=[last]
            ):
                name = _removed(last, one)
                if name and isinstance(searched, ast.Name) and searched.id == name:
                    item = Rewrite(program).name("item")
                    yield place, name, item, f"{item} != {one}"


def _removed(statement: ast.stmt, one: str) -> str:
    """The list of `name.remove(one)`."""
    match statement:
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="remove"), args=[ast.Name(id=removed)])
        ) if removed == one:
            return name
    return ""


OPERATORS = (
    Operator("join", "rewrites", join),
    Operator("append_in_place", "rewrites", append_in_place),
    Operator("update_in_place", "rewrites", update_in_place),
    Operator("filter_once", "rewrites", filter_once),
)
