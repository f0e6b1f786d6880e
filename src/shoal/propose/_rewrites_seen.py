"""Rewrites of lists that grow and are searched meanwhile: a set in their place, or beside them."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, reads_first, span, step_of
from shoal.propose._rewrites_parts import (
    Rewrite,
    bracketed,
    exchanged_text,
    expressions,
    functions,
    parent,
    place_of,
    uses,
    values_of,
)
from shoal.propose._rewrites_pure import PURE_BUILTINS, is_pure, mutated
from shoal.propose._rewrites_scans import sides
from shoal.syntax._program import Program
from shoal.syntax._scope import names_at
from shoal.syntax._sites import Site
from shoal.syntax._types import guess

__all__ = ["OPERATORS", "Grown", "grown_lists", "is_told", "line_after", "starts_empty"]


class Grown(NamedTuple):
    """A list that is only appended to, and searched: a local one, or one that a function is given.

    Attributes:
        name: of the list.
        first: the assignment that makes it, and the value; of one that is given the first statement, and the argument.
        tests: names in membership tests.
        appends: the calls that append to it, each with its statement.
        others: other mentions.
    """

    name: str
    first: tuple[Place, ast.expr | ast.arg]
    tests: list[ast.Name]
    appends: list[tuple[ast.Call, Place]]
    others: list[ast.Name]


def seen_set(draft: Draft) -> Change | None:
    """A list that grows and is searched becomes a set, or gets a set beside it where its order is needed."""
    program = draft.program
    lists = (*grown_lists(program), *_given_lists(program))
    grown = draft.pick([one for one in lists if one.tests and is_told(program, one)])
    rewrite = Rewrite(program)
    place, value = grown.first
    given = isinstance(value, ast.arg)
    only = not given and not grown.others and isinstance(place.statement, ast.Assign)
    name = grown.name if only else rewrite.name(f"{grown.name}_set")
    made = f"set({grown.name})" if isinstance(value, ast.arg) else _as_set(program, value)
    if only:
        rewrite.replace(value, made)
    elif given:
        rewrite.before(place, f"{name} = {made}")
    else:
        rewrite.cut(*line_after(program, place), f"{place.block.indent}{name} = {made}\n")
    for call, at in grown.appends:
        method = "add" if isinstance(call.func, ast.Attribute) and call.func.attr == "append" else "update"
        if only:
            rewrite.replace(call.func, f"{name}.{method}")
        else:
            rewrite.cut(*line_after(program, at), f"{at.block.indent}{name}.{method}({program.text(call.args[0])})\n")
    for test in grown.tests if not only else ():
        rewrite.replace(test, name)
    what = "becomes a set" if only else "has a set beside it"
    return rewrite.change(f"{grown.name} {what} (line {place.statement.lineno})")


def is_told(program: Program, grown: Grown) -> bool:
    """Whether what is appended can be evaluated once more."""
    return is_pure(program, *(call.args[0] for call, _ in grown.appends))


def line_after(program: Program, place: Place) -> tuple[int, int]:
    """Where lines that come right after a statement are put."""
    end = span(program, place.statement)[1]
    return end, end


def _as_set(program: Program, value: ast.expr) -> str:
    if isinstance(value, ast.List):
        inside = program.text(value)[1:-1].strip()
        return f"{{{inside}}}" if inside else "set()"
    match value:
        case ast.Call(func=ast.Name(), args=[]):
            return "set()"
        case ast.Call(func=ast.Name(), args=[things]):
            return f"set({program.text(things)})"
        case ast.Call(func=ast.Attribute(value=things)) | ast.Subscript(value=things):
            return f"set({program.text(things)})"
    return f"set({program.text(value)})"


def grown_lists(program: Program) -> Iterator[Grown]:
    """Lists that a function makes, appends to, and looks through or searches."""
    for block in functions(program):
        function = block.function
        assert function is not None
        names = {n.id: None for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        for name in names:
            values = values_of(function, name)
            if values is not None and len(values) == 1 and _is_list(values[0]):
                first = place_of(program, parent(program, values[0]))  # type: ignore[arg-type]
                grown = first and _uses(program, function, name, (first, values[0]))
                if grown:
                    yield grown


def _is_copied(statement: ast.Assign) -> bool:
    """Whether things are put into another list, which is not the same one afterwards."""
    return all(isinstance(t, ast.Subscript) and isinstance(t.slice, ast.Slice) for t in statement.targets)


def _given_lists(program: Program) -> Iterator[Grown]:
    """Lists that a function is given, appends to, and searches."""
    for block in functions(program):
        function = block.function
        if not isinstance(function, ast.FunctionDef):
            continue
        body = function.body[ast.get_docstring(function, clean=False) is not None :]
        first = place_of(program, body[0]) if body else None
        if first is None:
            continue
        for arg in function.args.posonlyargs + function.args.args + function.args.kwonlyargs:
            if all(isinstance(use.ctx, ast.Load) for use in uses(function, arg.arg)):
                grown = _uses(program, function, arg.arg, (first, arg))
                if grown is not None:
                    yield grown


def _is_list(value: ast.expr) -> bool:
    match value:
        case ast.List(elts=elements):
            return not any(isinstance(e, ast.Starred) for e in elements)
        case ast.Call(func=ast.Name(id="list"), args=[] | [_], keywords=[]):
            return True
        case ast.Call(func=ast.Attribute(attr="copy"), args=[]):
            return True
        case ast.Subscript(slice=ast.Slice(lower=None, upper=None, step=None)):
            return True
    return False


def _uses(program: Program, function: ast.AST, name: str, first: tuple[Place, ast.expr | ast.arg]) -> Grown | None:
    grown = Grown(name, first, [], [], [])
    for use in uses(function, name):
        over = parent(program, use)
        if isinstance(over, ast.Compare) and isinstance(over.ops[-1], ast.In | ast.NotIn):
            grown.tests.append(use)
        elif isinstance(over, ast.Attribute) and over.attr in ("append", "extend"):
            call = parent(program, over)
            at = place_of(program, parent(program, call))  # type: ignore[arg-type]
            if at is None or not isinstance(call, ast.Call) or len(call.args) != 1:
                return None
            grown.appends.append((call, at))
        elif isinstance(use.ctx, ast.Load):
            if (isinstance(over, ast.Assign) and not _is_copied(over)) or name in mutated(
                program, *_around(program, over)
            ):
                return None
            grown.others.append(use)
    return grown if grown.appends else None


def _around(program: Program, node: ast.AST) -> list[ast.AST]:
    """What may change a thing that is mentioned right in it, and no more: not whole statements."""
    inner = [node, parent(program, node)] if isinstance(node, ast.Attribute | ast.Subscript) else [node]
    return [one for one in inner if not isinstance(one, ast.stmt) or isinstance(one, ast.AugAssign | ast.Delete)]


# -- by key ------------------------------------------------------------------------------------------------------------


class Keyed(NamedTuple):
    """A search of a list that grows for something with some key.

    Attributes:
        grown: the list.
        site: the expression that searches: a list of all keys, or an any.
        target, key: name of one thing, and its key.
        wanted: the key that is looked for; None where the site is the list of keys.
    """

    grown: Grown
    site: Site
    target: str
    key: ast.expr
    wanted: ast.expr | None


def seen_keys(draft: Draft) -> Change | None:
    """A list that grows and is searched for a key gets a set of its keys beside it."""
    program = draft.program
    lists = [one for one in grown_lists(program) if starts_empty(one) and is_told(program, one)]
    keyed = draft.pick([k for grown in lists for k in _searches(program, grown)])
    rewrite = Rewrite(program)
    place = keyed.grown.first[0]
    name = rewrite.name(f"{keyed.grown.name}_keys")
    rewrite.cut(*line_after(program, place), f"{place.block.indent}{name} = set()\n")
    for call, at in keyed.grown.appends:
        exchanged: dict[ast.expr, str] = dict.fromkeys(uses(keyed.key, keyed.target), bracketed(program, call.args[0]))
        key = exchanged_text(program, keyed.key, exchanged)
        rewrite.cut(*line_after(program, at), f"{at.block.indent}{name}.add({key})\n")
    if keyed.wanted is None:
        rewrite.replace(keyed.site.node, name)
    else:
        rewrite.exchange(keyed.site, f"{bracketed(program, keyed.wanted)} in {name}")
    return rewrite.change(f"{keyed.grown.name} has a set of its keys beside it (line {place.statement.lineno})")


def starts_empty(grown: Grown) -> bool:
    """Whether a list is empty at first, and gets one thing at a time."""
    value = grown.first[1]
    empty = ast.unparse(value) in ("[]", "list()")
    return empty and all(isinstance(c.func, ast.Attribute) and c.func.attr == "append" for c, _ in grown.appends)


def _searches(program: Program, grown: Grown) -> Iterator[Keyed]:
    for site in expressions(program):
        made, key, wanted = _search(site)
        if made is None or key is None:
            continue
        target, one = made.generators[0].target, made.generators[0]
        over_all = len(made.generators) == 1 and not one.ifs and any(one.iter is use for use in grown.others)
        if over_all and isinstance(target, ast.Name) and _is_own_key(program, key, target.id):
            yield Keyed(grown, site, target.id, key, wanted)


_Search = tuple[ast.ListComp | ast.GeneratorExp | None, ast.expr | None, ast.expr | None]


def _search(site: Site) -> _Search:
    """The comprehension that goes through a list, the key it looks at, and the key that is looked for."""
    match site.node, site.parent:
        case ast.ListComp(elt=key) as made, ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[searched]):
            return (made, key, None) if searched is made else (None, None, None)
        case ast.Call(func=ast.Name(id="any"), args=[ast.ListComp() | ast.GeneratorExp() as made]), _:
            match made.elt, made.generators[0].target:
                case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]), ast.Name(id=name):
                    pair = sides(left, right, {name})
                    return (made, *pair) if pair is not None else (None, None, None)
    return None, None, None


def _is_own_key(program: Program, key: ast.expr, target: str) -> bool:
    """Whether a key depends on nothing but the thing itself."""
    return is_pure(program, key) and reads_first(key) - PURE_BUILTINS == {target}


# -- what no set takes -------------------------------------------------------------------------------------------------


_HASHED = frozenset(("str", "int", "float", "bool", "number"))


def seen_tables(draft: Draft) -> Change | None:
    """A list of tables or of lists that grows and is searched gets a set beside it of what can be hashed of each."""
    program = draft.program
    lists = [one for one in grown_lists(program) if one.tests and starts_empty(one) and is_told(program, one)]
    grown = draft.pick([one for one in lists if _may_be_unhashable(program, one)])
    rewrite = Rewrite(program)
    place, step = grown.first[0], step_of(grown.first[0].block)
    name, key, one = rewrite.name(f"{grown.name}_keys"), rewrite.name("key_of"), rewrite.name("one")
    made = [
        f"{name} = set()",
        "",
        f"def {key}({one}):",
        f"{step}if isinstance({one}, dict):",
        f"{step}{step}return dict, frozenset((name, {key}(value)) for name, value in {one}.items())",
        f"{step}if isinstance({one}, list | tuple):",
        f"{step}{step}return type({one}), *map({key}, {one})",
        f"{step}return {one}",
        "",
    ]
    indent = place.block.indent or ""
    rewrite.cut(*line_after(program, place), "".join(f"{indent}{line}".rstrip() + "\n" for line in made))
    for call, at in grown.appends:
        rewrite.cut(*line_after(program, at), f"{at.block.indent}{name}.add({key}({program.text(call.args[0])}))\n")
    for test in grown.tests:
        compared = parent(program, test)
        assert isinstance(compared, ast.Compare)
        rewrite.replace(compared.left, f"{key}({program.text(compared.left)})")
        rewrite.replace(test, name)
    return rewrite.change(f"{grown.name} has a set beside it of what can be hashed (line {place.statement.lineno})")


def _may_be_unhashable(program: Program, grown: Grown) -> bool:
    """Whether things that are appended may be tables or lists, as far as the text tells."""
    kinds = [guess(call.args[0], names_at(program, at.block, at.index)) for call, at in grown.appends]
    return not any(kind in _HASHED for kind in kinds)


# -- the last few ------------------------------------------------------------------------------------------------------


def last_few(draft: Draft) -> Change | None:
    """Whether something is among the last few of a list that grows is told by where it was appended last."""
    program = draft.program
    grown, site, wanted, least = draft.pick(list(_among_last(program)))
    rewrite = Rewrite(program)
    place = grown.first[0]
    name = rewrite.name(f"{grown.name}_ends")
    rewrite.cut(*line_after(program, place), f"{place.block.indent}{name} = {{}}\n")
    for call, at in grown.appends:
        line = f"{name}[{program.text(call.args[0])}] = len({grown.name})"
        rewrite.cut(*line_after(program, at), f"{at.block.indent}{line}\n")
    assert isinstance(site.node, ast.Compare)
    sign = ">" if isinstance(site.node.ops[0], ast.In) else "<="
    first = f"slice({program.text(least)}, None).indices(len({grown.name}))[0]"
    rewrite.exchange(site, f"{name}.get({program.text(wanted)}, 0) {sign} {first}")
    return rewrite.change(f"where things were appended to {grown.name} last (line {site.node.lineno})")


def _among_last(program: Program) -> Iterator[tuple[Grown, Site, ast.expr, ast.expr]]:
    """Searches of the last few of a list that grows: the list, the search, what is looked for, from where on."""
    lists = [one for one in grown_lists(program) if starts_empty(one) and is_told(program, one)]
    for site in expressions(program):
        match site.node:
            case ast.Compare(
                left=wanted,
                ops=[ast.In() | ast.NotIn()],
                comparators=[
                    ast.Subscript(value=ast.Name() as held, slice=ast.Slice(lower=least, upper=None, step=None))
                ],
            ) if least is not None and is_pure(program, wanted, least):
                yield from ((one, site, wanted, least) for one in lists if held in one.others)


OPERATORS = (
    Operator("seen_set", "rewrites", seen_set),
    Operator("seen_keys", "rewrites", seen_keys),
    Operator("seen_tables", "rewrites", seen_tables),
    Operator("last_few", "rewrites", last_few),
)
