"""Rewrites that do once, before a loop, what gives the same each time: calls, patterns, lookups of names."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import Place, bound, reads_first, span, used
from shoal.propose._pieces import shown
from shoal.propose._rewrites_parts import (
    LOOPS,
    Rewrite,
    above,
    expressions,
    label,
    loops,
    outward,
    parent,
    place_of,
    read_later,
    repeats,
    uses,
    widest,
)
from shoal.propose._rewrites_pure import PURE_BUILTINS, base, changed, is_pure, module_aliases, mutated, mutated_within
from shoal.syntax._program import Program
from shoal.syntax._scope import names_at
from shoal.syntax._sites import Comprehension, Site
from shoal.syntax._types import NUMBERS, guess
from shoal.syntax._words import words

__all__ = ["OPERATORS", "is_worth_once", "may_be_shared", "may_fail", "word_for"]

_VIEWS = words("items keys values")
_ONCE_READ = words("enumerate filter iter map range reversed zip")
_SAFE = frozenset((*NUMBERS, "bool", "str", "tuple", "none"))
_COSTLY = ast.Call | ast.ListComp | ast.SetComp | ast.DictComp
_READERS = words("Decimal Fraction fromisoformat loads strptime")
_PATTERN = {**dict.fromkeys(words("match search fullmatch findall finditer split"), 2), "sub": 3}


class Invariant(NamedTuple):
    """Expressions that are the same text and give the same in a loop, and the statement before which to make it."""

    nodes: list[ast.expr]
    place: Place


def hoist_invariant(draft: Draft) -> Change | None:
    """What gives the same each time round is computed once, before the loop."""
    program = draft.program
    found = draft.pick(_invariants(program))
    node, text = found.nodes[0], program.text(found.nodes[0])
    rewrite = Rewrite(program)
    name = rewrite.name(word_for(node))
    guard = _guard(program, found)
    rewrite.before(found.place, f"{name} = ({text}){guard}" if "\n" in text else f"{name} = {text}{guard}")
    for one in found.nodes:
        rewrite.replace(one, name)
    return rewrite.change(f"{shown(text)} once before the loop (line {node.lineno})")


def _guard(program: Program, found: Invariant) -> str:
    """What keeps an expression from failing where the loop would have had nothing to do."""
    loop: ast.AST = found.place.statement
    if not isinstance(loop, ast.For):
        comprehensions = (n for n in above(program, found.nodes[0]) if isinstance(n, Comprehension))
        loop = next((made.generators[0] for made in comprehensions), loop)
    match loop:
        case ast.For(iter=ast.Name(id=name)) | ast.comprehension(iter=ast.Name(id=name)):
            return f" if {name} else None" if any(map(may_fail, ast.walk(found.nodes[0]))) else ""
    return ""


def may_fail(node: ast.AST) -> bool:
    """Whether an expression asks for what an empty list does not have."""
    match node:
        case ast.BinOp(op=ast.Div() | ast.FloorDiv() | ast.Mod()) | ast.Subscript():
            return True
        case ast.Call(func=ast.Name(id="min" | "max")) | ast.Call(func=ast.Attribute(attr="index")):
            return True
    return _reads_text(node)


def _reads_text(node: ast.AST) -> bool:
    """Whether a call fails at texts that are no date or number: in a loop that has nothing to do, nobody would know."""
    match node:
        case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
            return name in _READERS
    return False


def word_for(node: ast.expr) -> str:
    """A word for what an expression makes."""
    match node:
        case ast.Call(func=ast.Name(id=word), args=[first, *_]) | ast.Call(func=ast.Attribute(attr=word), args=[first]):
            return f"{word.lower() if word[:1].isupper() else word.strip('_')}_{label(first)}"
        case ast.Call(func=ast.Attribute(value=value, attr=word)):
            return f"{label(value)}_{word.strip('_')}"
    return "fixed"


def _invariants(program: Program) -> list[Invariant]:
    found: dict[tuple[str, int], Invariant] = {}
    inside: set[int] = set()
    for site in expressions(program):
        place = _place(program, site) if id(site.node) not in inside else None
        if place is not None:
            inside |= {id(n) for n in ast.walk(site.node)}
            key = ast.dump(site.node), id(place.statement)
            found.setdefault(key, Invariant([], place)).nodes.append(site.node)
    return list(found.values())


def _place(program: Program, site: Site) -> Place | None:
    """Before which statement an expression can be computed; None where it cannot, or is not worth it."""
    node = site.node
    statement = site.block.statements[site.place]
    if isinstance(statement, ast.Return | ast.Raise | ast.Assert) and not site.loose:
        return None
    if not is_worth_once(program, node):
        return None
    names = reads_first(node)
    if not names - _builtins(program, names) or names & set(site.loose) or not may_be_shared(program, site):
        return None
    return widest(program, repeats(site), names)


def is_worth_once(program: Program, node: ast.expr) -> bool:
    """Whether an expression does some work, has no effect, and gives what can be used again."""
    if not any(isinstance(n, _COSTLY) for n in ast.walk(node)) or not is_pure(program, node):
        return False
    return not isinstance(node, ast.GeneratorExp | ast.Lambda | ast.Starred) and not _is_used_up(node)


def _builtins(program: Program, names: set[str]) -> set[str]:
    return {name for name in names if name in PURE_BUILTINS or name in module_aliases(program)}


def _is_used_up(node: ast.expr) -> bool:
    """Whether a thing can be gone through only once, or is a view that costs nothing to make."""
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return name in _ONCE_READ
        case ast.Call(func=ast.Attribute(attr=method), args=[]):
            return method in _VIEWS
    return False


def may_be_shared(program: Program, site: Site) -> bool:
    """Whether nothing changes the value, or keeps it as a thing of its own."""
    if guess(site.node, names_at(program, site.block, site.place)) in _SAFE:
        return True
    over = site.parent
    deep = _is_deep(site.node)
    match over:
        case ast.Assign(targets=[ast.Name(id=name)]):
            loop = next((p.statement for p in repeats(site)), None)
            if loop is None or (deep and name in mutated_within(program, loop)):
                return False
            return name not in mutated(program, loop) and not _is_kept(program, loop, name)
        case _ if deep:  # what is in it is new each time, too
            return False
        case ast.For(iter=node) | ast.comprehension(iter=node):
            return node is site.node
        case ast.Call(func=ast.Name(id=name)):
            return name in PURE_BUILTINS
        case ast.Subscript(ctx=ast.Load()) | ast.Attribute(ctx=ast.Load()):
            return is_pure(program, parent(program, over))
    return isinstance(over, ast.Compare | ast.BinOp | ast.If | ast.While | ast.UnaryOp)


def _is_deep(node: ast.AST) -> bool:
    """Whether what an expression makes holds things that are new each time too."""
    return any(isinstance(n, ast.Attribute) and n.attr == "loads" for n in ast.walk(node))


def _is_kept(program: Program, loop: ast.stmt, name: str) -> bool:
    """Whether a loop stores a thing in another, or hands it out."""
    for use in uses(loop, name):
        over = parent(program, use)
        stores = isinstance(over, ast.Call) and isinstance(over.func, ast.Attribute)
        if stores or isinstance(over, ast.Return | ast.Yield | ast.List | ast.Tuple | ast.Dict):
            return True
    return False


# -- patterns ---------------------------------------------------------------------------------------------------


def compile_pattern(draft: Draft) -> Change | None:
    """A regular expression is compiled once, before the loop."""
    program = draft.program
    site, place = draft.pick([(site, place) for site, place in _matches(program) if place is not None])
    rewrite, call = Rewrite(program), site.node
    function = call.func  # type: ignore[attr-defined]
    name = rewrite.name(f"{function.attr}_pattern")
    compiled, rest = _apart(program, call)
    rewrite.before(place, f"{name} = {compiled}.{function.attr}")
    rewrite.replace(call, f"{name}({rest})")
    return rewrite.change(f"the pattern of re.{function.attr} is compiled once (line {call.lineno})")


def pattern_apart(draft: Draft) -> Change | None:
    """`re.search(x, text)` becomes `re.compile(x).search(text)`, where x depends on an inner loop's things alone.

    Nothing is won by that itself: others compile then once for each of these.
    """
    program = draft.program
    site = draft.pick([site for site, place in _matches(program) if place is None and len(repeats(site)) > 1])
    compiled, rest = _apart(program, site.node)
    rewrite = Rewrite(program)
    rewrite.replace(site.node, f"{compiled}.{site.node.func.attr}({rest})")  # type: ignore[attr-defined]
    return rewrite.change(f"{shown(compiled)} apart (line {site.node.lineno})")


def _apart(program: Program, call: ast.expr) -> tuple[str, str]:
    """Of a call of a function of `re`: the pattern, compiled, and the other arguments."""
    assert isinstance(call, ast.Call)
    assert isinstance(call.func, ast.Attribute)
    first, *rest = call.args
    flags = [option.value for option in call.keywords]
    if len(call.args) > _PATTERN[call.func.attr]:
        *rest, last = rest
        flags = [last]
    given = ", ".join(program.text(one) for one in (first, *flags))
    return f"{base(call.func)}.compile({given})", ", ".join(program.text(one) for one in rest)


def _matches(program: Program) -> Iterator[tuple[Site, Place | None]]:
    """Calls of functions of `re` in loops; the outermost statement before which the pattern can be compiled."""
    for site in expressions(program):
        match site.node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=method), args=args, keywords=options):
                count, flags = _PATTERN.get(method, 0), [option.value for option in options if option.arg == "flags"]
                whole = len(args) == count or (
                    len(args) == count + 1 and not options and method not in ("split", "sub")
                )
                if module_aliases(program).get(module) != "re" or not count or not whole or len(flags) < len(options):
                    continue
                told = [args[0], *flags, *args[count:]]
                if is_pure(program, *told) and not any(isinstance(one, ast.Starred) for one in args):
                    names = set().union(*map(reads_first, told))
                    yield site, None if names & set(site.loose) else widest(program, repeats(site), names)


# -- names ---------------------------------------------------------------------------------------------------------


def local_binding(draft: Draft) -> Change | None:
    """A method, a function of a module or a row of a table gets a local name before the loop that uses it."""
    program = draft.program
    place, nodes, name = draft.pick([*_attributes(program), *_rows(program)])
    rewrite = Rewrite(program)
    name = rewrite.name(name)
    text = program.text(nodes[0])
    rewrite.before(place, f"{name} = {text}")
    for node in nodes:
        rewrite.replace(node, name)
    return rewrite.change(f"{shown(text)} has a local name (line {nodes[0].lineno})")


def _attributes(program: Program) -> Iterator[tuple[Place, list[ast.expr], str]]:
    for place in loops(program):
        rebound = bound(place.statement)
        outer = [p.statement for p in outward(place) if isinstance(p.statement, LOOPS)]
        found: dict[str, list[ast.expr]] = {}
        for node in ast.walk(place.statement):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id=name)) as function) if name not in rebound:
                    if all(name in bound(one) for one in outer) and not _is_comprehended(place.statement, name):
                        found.setdefault(ast.dump(function), []).append(function)
        for nodes in found.values():
            yield place, nodes, nodes[0].attr  # type: ignore[attr-defined]


def _is_comprehended(statement: ast.stmt, name: str) -> bool:
    """Whether a comprehension or a lambda inside gives the name a meaning of its own."""
    stored = any(isinstance(n.ctx, ast.Store) for n in uses(statement, name))
    return stored or any(isinstance(n, ast.arg) and n.arg == name for n in ast.walk(statement))


def _rows(program: Program) -> Iterator[tuple[Place, list[ast.expr], str]]:
    for place in loops(program):
        found: dict[str, list[ast.expr]] = {}
        for node in ast.walk(place.statement):
            match node:
                case ast.Subscript(value=ast.Subscript(value=ast.Name(id=name), slice=ast.Name(id=index)) as row):
                    if not {name, index} & _stored(place.statement):
                        found.setdefault(ast.dump(row), []).append(row)
        for nodes in found.values():
            yield place, nodes, f"{label(nodes[0])}_row"


def hoist_names(draft: Draft) -> Change | None:
    """Names that get the same in each round, at its beginning, get it before the loop."""
    program = draft.program
    place, statement = draft.pick(list(_same_names(program)))
    rewrite = Rewrite(program)
    start, end = span(program, statement)
    rewrite.cut(start, end, "")
    rewrite.before(place, program.data[start:end].decode().strip())
    return rewrite.change(f"{shown(program.text(statement))} once before the loop (line {statement.lineno})")


def _same_names(program: Program) -> Iterator[tuple[Place, ast.stmt]]:
    for place in loops(program):
        loop = place.statement
        assert isinstance(loop, LOOPS)
        head: list[ast.AST] = [loop.target, loop.iter] if isinstance(loop, ast.For) else [loop.test]
        for number, statement in enumerate(loop.body[:-1]):
            match statement:
                case ast.Assign(targets=[ast.Name() | ast.Tuple()], value=value) if is_pure(program, value):
                    if place_of(program, statement) is None or statement.lineno != statement.end_lineno:
                        break
                    if _is_deep(value):
                        break
                    names = bound(statement)
                    others = [*head, *loop.body[:number], *loop.body[number + 1 :]]
                    earlier = set().union(*map(used, [*head, *loop.body[:number]]))
                    if any(map(_reads_text, ast.walk(value))):
                        break
                    moves = used(value) & changed(program, loop) or names & (changed(program, *others) | earlier)
                    if not moves and not read_later(place, names):
                        yield place, statement
                case _:
                    break


def _stored(loop: ast.stmt) -> set[str]:
    """Names that a loop binds anywhere inside, or whose items it sets."""
    names = {n.id for n in ast.walk(loop) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    for node in ast.walk(loop):
        match node:
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
                names.add(name)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name))):
                names.add(name)
    return names


OPERATORS = (
    Operator("hoist_invariant", "rewrites", hoist_invariant),
    Operator("hoist_names", "rewrites", hoist_names),
    Operator("compile_pattern", "rewrites", compile_pattern),
    Operator("pattern_apart", "rewrites", pattern_apart),
    Operator("local_binding", "rewrites", local_binding),
)
