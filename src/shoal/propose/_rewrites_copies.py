"""Rewrites of copies that nobody needs: of what is made anew in each round, and of lists that grow at their front."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, jumps_out, places, used
from shoal.propose._rewrites_building import is_handed_on, is_own
from shoal.propose._rewrites_nest import start_of
from shoal.propose._rewrites_parts import LOOPS, Rewrite, loops, makes_list, outward, parent, uses, values_of
from shoal.propose._rewrites_pure import module_aliases, mutated
from shoal.syntax._program import Program

__all__ = [
    "OPERATORS",
    "Copy",
    "copied_name",
    "copies",
    "first_copy",
    "is_caught",
    "is_one_name",
    "is_touched",
    "last_words",
    "owned",
    "without",
]

_MADE = ast.Dict | ast.DictComp | ast.Set | ast.SetComp | ast.List | ast.ListComp | ast.Call | ast.BinOp


class Copy(NamedTuple):
    """A statement in a loop that copies something.

    Attributes:
        place: of the statement.
        name: of the copy.
        copied: name of what is copied.
        loop: the innermost loop around it.
        back: the statement by which the copy takes the place of the thing; None where neither changes.
        first: whether the thing itself must be copied once, before the loop: somebody else may have it.
    """

    place: Place
    name: str
    copied: str
    loop: Place
    back: Place | None = None
    first: bool = False


def without_copy(draft: Draft) -> Change | None:
    """A copy made in a loop gives way to the thing itself, where one of the two is not needed any more."""
    program = draft.program
    copy = draft.pick(list(_copies(program)))
    rewrite, name, copied = Rewrite(program), copy.name, copy.copied
    if copy.first:
        rewrite.before(copy.loop, first_copy(program, copy))
    if copy.back is not None and is_one_name(copy):
        for place in (copy.place, copy.back):
            rewrite.drop(place)
        gone = {id(use) for place in (copy.place, copy.back) for use in uses(place.statement, name)}
        for use in uses(copy.loop.statement, name):
            if id(use) not in gone:
                rewrite.replace(use, copied)
    else:
        rewrite.replace(copy.place.statement.value, copied)  # type: ignore[attr-defined]
    return rewrite.change(f"{name} is no copy of {copied} (line {copy.place.statement.lineno})")


def first_copy(program: Program, copy: Copy) -> str:
    """The line that copies once, before the loop, what somebody else may have."""
    value = copy.place.statement.value  # type: ignore[attr-defined]
    part = isinstance(value, ast.Subscript)  # of itself, a name would seem to be another's too
    return f"{copy.copied} = list({copy.copied})" if part else f"{copy.copied} = {program.text(value)}"


def _copies(program: Program) -> Iterator[Copy]:
    """Statements in a loop that copy something which is not needed twice."""
    for copy in copies(program):
        place, loop = copy.place, copy.loop.statement
        found = _taking_its_place(program, copy)
        if found is not None:
            yield found
        elif _is_only_read(program, place, loop, copy.name, copy.copied):
            yield copy


def copies(program: Program) -> Iterator[Copy]:
    """Statements in a loop that copy something, and give the copy a name of its own."""
    for place in places(program):
        loop = next((p for p in outward(place) if isinstance(p.statement, LOOPS)), None)
        match place.statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if loop is not None:
                copied, alone = copied_name(value), values_of(place.block.function, name) == [value]  # type: ignore[arg-type]
                if copied and copied != name and alone:
                    yield Copy(place, name, copied, loop)


def _taking_its_place(program: Program, copy: Copy) -> Copy | None:
    """Where the copy takes the place of the thing before that is looked at again: `new = old[:]; ...; old = new`."""
    place, name, copied = copy.place, copy.name, copy.copied
    following = place.block.statements[place.index + 1 :]
    back = next((s for s in following if ast.unparse(s) == f"{copied} = {name}"), None)
    if back is None:
        return None
    between = following[: following.index(back)]
    still = _still(program, between, name, copied)
    if any(jumps_out(s) for s in still) and not is_one_name(copy):
        return None
    if any(uses(s, copied) or jumps_out(s) for s in between[len(still) :]):
        return None
    own, first = owned(copy)
    rest = without(copy.loop.statement, (place.statement, back, *last_words(copy.loop.statement)))
    if not (own or first) or any(is_handed_on(program, rest, one) for one in (name, copied)) or is_caught(place):
        return None
    return copy._replace(back=Place(place.block, place.index + 1 + len(between)), first=not own)


def owned(copy: Copy) -> tuple[bool, bool]:
    """Whether the function makes itself what is copied, and whether that can be copied once, before the loop."""
    function, copied = copy.place.block.function, copy.copied
    assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    around = [p.statement.iter for p in outward(copy.place) if isinstance(p.statement, ast.For)]
    if any(copied in used(one) and not makes_list(one) and not _counts(one) for one in around):
        return False, False  # no loop goes through what it changes
    made = [one for one in values_of(function, copied) or [] if ast.unparse(one) != copy.name]
    own = bool(made) and all(isinstance(one, _MADE) for one in made)
    given = any(one.arg == copied for one in function.args.args) or any(isinstance(one, ast.Name) for one in made)
    return own, given and sum(isinstance(use.ctx, ast.Store) for use in uses(copy.loop.statement, copied)) == 1


def _counts(iterated: ast.expr) -> bool:
    return isinstance(iterated, ast.Call) and isinstance(iterated.func, ast.Name) and iterated.func.id == "range"


def _still(program: Program, statements: list[ast.stmt], *names: str) -> list[ast.stmt]:
    """The first few of some statements that change nothing of what has one of the names: a copy is as good as new."""
    still: list[ast.stmt] = []
    for statement in statements:
        if is_touched(program, [*still, statement], *names):
            break
        still.append(statement)
    return still


def is_touched(program: Program, nodes: list[ast.AST], *names: str) -> bool:
    """Whether code may change what has one of the names, or a part of it that it calls otherwise."""
    parts = set(names)
    for _ in nodes:
        for inner in (one for node in nodes for one in ast.walk(node)):
            for target, value in _named_so(inner):
                if used(value) & parts:
                    parts |= {one.id for one in ast.walk(target) if isinstance(one, ast.Name)}
    return bool(parts & mutated(program, *nodes)) or any(bound(one) & set(names) for one in nodes)


def _named_so(node: ast.AST) -> Iterator[tuple[ast.AST, ast.expr]]:
    """What gets a name, where that may be a part of something."""
    match node:
        case ast.Assign(value=ast.Compare() | ast.BoolOp() | ast.UnaryOp() | ast.Constant()):
            return
        case ast.Assign(value=ast.Call(func=ast.Name(id=told))) if told in _TELLING:
            return
        case ast.Assign(targets=targets, value=value):
            yield from ((target, value) for target in targets)
        case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
            yield target, value
        case ast.For(target=target, iter=iterated) | ast.comprehension(target=target, iter=iterated):
            yield target, iterated


def last_words(loop: ast.stmt) -> list[ast.stmt]:
    """The statements by which a loop ends its function: what they hand on changes no more."""
    nodes = list(ast.walk(loop))
    inner = any(isinstance(one, ast.FunctionDef | ast.Lambda | ast.AsyncFunctionDef) for one in nodes)
    return [] if inner else [one for one in nodes if isinstance(one, ast.Return)]


def is_caught(place: Place) -> bool:
    """Whether what goes wrong at a statement may be caught in its function: a copy that was begun is dropped then."""
    return any(
        isinstance(one.statement, ast.Try | ast.TryStar)
        or (isinstance(one.statement, ast.With) and "suppress" in ast.unparse(one.statement.items[0]))
        for one in outward(place)
    )


def is_one_name(copy: Copy) -> bool:
    """Whether the copy's name can be that of the thing itself: nothing outside of the loop knows it."""
    function, loop = copy.place.block.function, copy.loop.statement
    assert function is not None
    return len(uses(function, copy.name)) == len(uses(loop, copy.name))


def _is_only_read(program: Program, place: Place, loop: ast.stmt, name: str, copied: str) -> bool:
    """Whether neither the copy nor the thing changes where the loop runs, and the loop hands the copy to nobody."""
    assert place.block.function is not None
    still = copied not in bound(loop) and not {name, copied} & mutated(program, place.block.function)
    return still and not is_handed_on(program, without(place.block.function, (place.statement,)), name)


def without(node: ast.AST, left_out: tuple[ast.stmt, ...]) -> ast.Module:
    """The parts of a statement that hold no other statements, but for some."""
    inside = [n for n in ast.walk(node) if isinstance(n, ast.stmt) and n not in left_out]
    simple = [n for n in inside if not any(isinstance(one, ast.stmt) for one in ast.iter_child_nodes(n))]
    heads: list[ast.stmt] = [
        ast.Expr(part)
        for n in inside
        if n not in simple
        for part in ast.iter_child_nodes(n)
        if isinstance(part, ast.expr) and not isinstance(getattr(part, "ctx", None), ast.Store)
    ]
    return ast.Module(body=[*simple, *heads], type_ignores=[])


def copied_name(value: ast.expr) -> str:
    """The name of what an expression is a copy of, with copies of its things or without; "" for anything else."""
    match value:
        case ast.Call(func=ast.Name(id="dict" | "set" | "list" | "deepcopy"), args=[ast.Name(id=name)], keywords=[]):
            return name
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="copy"), attr="copy" | "deepcopy"), args=[ast.Name(id=name)]
        ):
            return name
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="copy"), args=[], keywords=[]):
            return name
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Slice(lower=None, upper=None, step=None)):
            return name
        case ast.Dict(keys=[None], values=[ast.Name(id=name)]):
            return name
        case ast.ListComp(
            elt=one, generators=[ast.comprehension(target=ast.Name(id=thing), iter=ast.Name(id=name), ifs=[])]
        ):
            return name if _is_same(one, thing) else ""
        case ast.DictComp(
            key=ast.Name(id=key),
            value=one,
            generators=[
                ast.comprehension(
                    target=ast.Tuple(elts=[ast.Name(id=first), ast.Name(id=thing)]),
                    iter=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="items"), args=[]),
                    ifs=[],
                )
            ],
        ) if key == first:
            return name if _is_same(one, thing) else ""
    return ""


def _is_same(value: ast.expr, name: str) -> bool:
    """Whether an expression is a thing, or a copy of it."""
    return (isinstance(value, ast.Name) and value.id == name) or copied_name(value) == name


# -- with something more -----------------------------------------------------------------------------------------------


def copied_first(draft: Draft) -> Change | None:
    """`new = old + [x]` and `new = {**old, k: v}` become a copy that is changed, where it may take the thing's place.

    Nothing is won by that itself: other rewrites see then that the copy is not needed.
    """
    program = draft.program
    place, lines = draft.pick(list(_enlarged(program)))
    rewrite = Rewrite(program)
    rewrite.within(place, *lines)
    return rewrite.change(f"a copy, and then its change (line {place.statement.lineno})")


def _enlarged(program: Program) -> Iterator[tuple[Place, list[str]]]:
    for place in places(program):
        loop = next((p.statement for p in outward(place) if isinstance(p.statement, LOOPS)), None)
        match place.statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if loop is not None:
                copied, copy, more = _more(program, value, name)
                back = f"{copied} = {name}"
                backs = any(isinstance(one, ast.Assign) and ast.unparse(one) == back for one in ast.walk(loop))
                still = name not in used(value) and not {name, copied} & mutated(program, value)
                if copied not in ("", name) and backs and still:
                    yield place, [f"{name} = {copy}", *more]


def _more(program: Program, value: ast.expr, name: str) -> tuple[str, str, list[str]]:
    """What is copied with something more, the copy's text, and what puts that in; "" where there is no such thing."""
    match value:
        case ast.BinOp(ast.Name(id=copied), ast.Add(), ast.List(elts=[one])) if not isinstance(one, ast.Starred):
            return copied, f"{copied}[:]", [f"{name}.append({program.text(one)})"]
        case ast.List(elts=[ast.Starred(ast.Name(id=copied)), one]) if not isinstance(one, ast.Starred):
            return copied, f"list({copied})", [f"{name}.append({program.text(one)})"]
        case ast.BinOp(ast.Name(id=copied), ast.BitOr(), ast.Set(elts=[one])) if not isinstance(one, ast.Starred):
            return copied, f"set({copied})", [f"{name}.add({program.text(one)})"]
        case ast.Dict(keys=[None, *keys], values=[ast.Name(id=copied), *values]) if keys and None not in keys:
            pairs = [(key, one) for key, one in zip(keys, values, strict=True) if key is not None]
            if copied in set().union(*(used(one) for pair in pairs[1:] for one in pair)):
                return "", "", []
            return (
                copied,
                f"dict({copied})",
                [f"{name}[{program.text(key)}] = {program.text(one)}" for key, one in pairs],
            )
    return "", "", []


# -- the front of a list -----------------------------------------------------------------------------------------------


def turned_around(draft: Draft) -> Change | None:
    """A list that grows at its front in a loop grows at its end, and is turned around after the loop."""
    program = draft.program
    place, name, added = draft.pick(list(_growing_in_front(program)))
    rewrite = Rewrite(program)
    for statement, value in added:
        rewrite.replace(statement, f"{name}.append({program.text(value)})")
    start = start_of(program, place, name)
    if start is None or ast.unparse(start.value) not in ("[]", "list()"):
        rewrite.before(place, f"{name}.reverse()")
    rewrite.after(place, f"{name}.reverse()")
    return rewrite.change(f"{name} grows at its end, and is turned around (line {place.statement.lineno})")


def _growing_in_front(program: Program) -> Iterator[tuple[Place, str, list[tuple[ast.stmt, ast.expr]]]]:
    """The outermost loops that do nothing with a list of the function's own but put things before its first one."""
    for place in loops(program):
        function = place.block.function
        names = {name for node in ast.walk(place.statement) if (name := _put_in_front(node)[0])}
        for name in sorted(names):
            outer = [p.statement for p in outward(place) if isinstance(p.statement, LOOPS)]
            added = _all_in_front(place.statement, name)
            widest = added and not any(_all_in_front(one, name) for one in outer)
            if widest and function is not None and _is_plain(program, function, name, added):
                yield place, name, added


def _is_plain(program: Program, function: ast.AST, name: str, added: list[tuple[ast.stmt, ast.expr]]) -> bool:
    """Whether the function makes the list itself, and each thing is put into it by a statement of its own."""
    statements = [statement for statement, _ in added]
    values = [one for one in values_of(function, name) or [] if parent(program, one) not in statements]
    made = ast.List | ast.ListComp | ast.Call
    return bool(values) and is_own(function, name) and all(isinstance(one, made) for one in values)


def _all_in_front(loop: ast.stmt, name: str) -> list[tuple[ast.stmt, ast.expr]]:
    """What a loop puts before a list's first thing, with the statements; nothing where it does more with the list."""
    found = [
        (node, value)
        for node in ast.walk(loop)
        if isinstance(node, ast.stmt) and (put := _put_in_front(node))[0] == name and (value := put[1]) is not None
    ]
    mentions = sum(len(uses(statement, name)) for statement, _ in found)
    return found if mentions == len(uses(loop, name)) else []


def _put_in_front(node: ast.AST) -> tuple[str, ast.expr | None]:
    """The list of `out.insert(0, x)` or `out = [x] + out`, and what is put in; "" for anything else."""
    match node:
        case ast.Expr(
            value=ast.Call(
                func=ast.Attribute(value=ast.Name(id=name), attr="insert"),
                args=[ast.Constant(value=0), value],
                keywords=[],
            )
        ) if name not in used(value):
            return name, value
        case (
            ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.BinOp(left=ast.List(elts=[value]), op=ast.Add(), right=ast.Name(id=same)),
            )
            | ast.Assign(
                targets=[ast.Name(id=name)], value=ast.List(elts=[value, ast.Starred(value=ast.Name(id=same))])
            )
        ) if name == same and name not in used(value) and not isinstance(value, ast.Starred):
            return name, value
    return "", None


# -- how deep ----------------------------------------------------------------------------------------------------------


def shallower(draft: Draft) -> Change | None:
    """A deep copy becomes a copy of the thing, or of it and of the things right in it: as deep as it is changed."""
    program = draft.program
    place, call, depth = draft.pick(list(_deep(program)))
    rewrite = Rewrite(program)
    module, name = rewrite.module(place.block, "copy"), program.text(call.args[0])
    one, key = rewrite.name("one"), rewrite.name("key")
    inner = f"[{module}.copy({one}) for {one} in {name}] if isinstance({name}, list) "
    inner += f"else {{{key}: {module}.copy({one}) for {key}, {one} in {name}.items()}}"
    rewrite.replace(call, f"{module}.copy({name})" if depth < 2 else inner)
    return rewrite.change(f"{name} is copied less deeply (line {call.lineno})")


def _deep(program: Program) -> Iterator[tuple[Place, ast.Call, int]]:
    """Deep copies that get a name, and how deep down in them something is changed, where that is two steps at most."""
    for place in places(program):
        match place.statement:
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Call(func=called, args=[ast.Name()], keywords=[]) as call,
            ) if _copies_deeply(program, called) and place.block.function is not None:
                found = uses(place.block.function, name)
                depth = max((_depth(program, use) for use in found), default=0)
                if depth <= _DEEPEST and not any(_is_kept(program, use) for use in found):
                    yield place, call, depth


_DEEPEST = 2
"""Steps down in a copy at which something may be changed, and the copy need not be deeper."""


_TELLING = ("abs", "all", "any", "bool", "float", "hash", "int", "isinstance", "len", "repr", "round", "str", "sum")
"""Functions that tell something of a thing, and give nothing of it away."""


def _is_kept(program: Program, use: ast.expr) -> bool:
    """Whether somebody may keep a copy, or a part of it: what changes there later must not change the original."""
    node: ast.AST = use
    while True:
        over = parent(program, node)
        match over:
            case ast.Call(func=ast.Name(id=told)) if told in _TELLING:
                return False
            case ast.Call(func=ast.Attribute() as method) if method is not node:
                return True
            case ast.Subscript() | ast.Attribute():
                if over.value is not node:
                    return False
            case ast.Assign() | ast.AnnAssign() | ast.NamedExpr() | ast.Return() | ast.Yield() | ast.YieldFrom():
                return over.value is node
            case ast.stmt() | ast.Compare() | ast.comprehension():
                return False
        node = over


def _copies_deeply(program: Program, called: ast.expr) -> bool:
    match called:
        case ast.Attribute(value=ast.Name(id=module), attr="deepcopy"):
            return module_aliases(program).get(module) == "copy"
        case ast.Name(id="deepcopy"):
            imports = (n for n in program.tree.body if isinstance(n, ast.ImportFrom) and n.module == "copy")
            return any(alias.name == "deepcopy" and not alias.asname for n in imports for alias in n.names)
    return False


def _depth(program: Program, use: ast.expr) -> int:
    """How many steps down from a name something is changed; more than are known where an object's parts are."""
    steps, node = 0, use
    while isinstance(over := parent(program, node), ast.Subscript | ast.Attribute) and over.value is node:
        if isinstance(over, ast.Attribute):
            called = parent(program, over)
            method = isinstance(called, ast.Call) and called.func is over
            return steps + bool(mutated(program, called)) if method else _DEEPEST + 1
        steps, node = steps + 1, over
    return steps if not isinstance(getattr(node, "ctx", None), ast.Load) else 0


OPERATORS = (
    Operator("shallower", "rewrites", shallower),
    Operator("without_copy", "rewrites", without_copy),
    Operator("copied_first", "rewrites", copied_first),
    Operator("turned_around", "rewrites", turned_around),
)
