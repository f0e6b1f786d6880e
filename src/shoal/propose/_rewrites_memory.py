"""Rewrites that remember results for as long as one call lasts: recursion, repeated calls, recurrences."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._idioms_cut import body_of
from shoal.propose._idioms_memoise import is_pure_function, pure_functions
from shoal.propose._lines import Place, bound, places, span, step_of, used
from shoal.propose._rewrites_parts import (
    LOOPS,
    Rewrite,
    changed_by,
    comments,
    exchanged_text,
    expressions,
    functions,
    parent,
    repeats,
    text_with,
    top_of,
    uses,
)
from shoal.propose._rewrites_pure import base, changed, is_harmless, mutated, mutations
from shoal.syntax._program import Program, Splice
from shoal.syntax._serial import is_empty
from shoal.syntax._sites import Block

__all__ = ["OPERATORS"]

_CHANGEABLE = ast.List | ast.ListComp | ast.Dict | ast.DictComp | ast.Set | ast.SetComp


# -- recursion ---------------------------------------------------------------------------------------------------------


class Recursion(NamedTuple):
    """A function that calls itself.

    Attributes:
        block: its body.
        parameters: those that a call gives: of a method, all but the first.
        calls: the calls of itself.
        varying: places of the parameters that differ from call to call; the others are the same all along.
    """

    block: Block
    parameters: list[ast.arg]
    calls: list[ast.Call]
    varying: list[int]


def remember_recursion(draft: Draft) -> Change | None:
    """A function that calls itself does so through an inner function that remembers, until the outer call returns.

    Parameters that are handed on as they are stay outside: they need not be hashable. Lists of which parts are handed
    on become tuples, perhaps: parts of these are hashable too.
    """
    program = draft.program
    found = draft.pick(list(_recursions(program)))
    function = found.block.function
    assert isinstance(function, ast.FunctionDef)
    rewrite = Rewrite(program)
    name = rewrite.name(f"{function.name}_of")
    functools = rewrite.module(found.block, "functools")
    indent, step = found.block.indent or "", step_of(found.block)
    arguments = [found.parameters[k] for k in found.varying]
    parts = {a.arg for a in arguments if _is_cut(found, a.arg)} if draft.chance(0.5) else set()
    names = ", ".join(f"tuple({a.arg})" if a.arg in parts else a.arg for a in arguments)
    body = [s for k, s in enumerate(found.block.statements) if k or not is_empty(s)]
    start, end = top_of(program, body[0]), span(program, body[-1])[1]
    text = _deeper(_with_calls(program, start, end, found, name), indent, step)
    head = f"{indent}@{functools}.cache\n{indent}def {name}({', '.join(program.text(a) for a in arguments)}):\n"
    rewrite.cut(start, end, f"{head}{text}\n{indent}return {name}({names})\n")
    return rewrite.change(f"{function.name} remembers what it returned, for one call (line {function.lineno})")


def _with_calls(program: Program, start: int, end: int, found: Recursion, name: str) -> str:
    """The text between, with the calls of itself as calls of the inner function."""
    splices: list[Splice] = []
    for call in found.calls:
        splices.append((program.start(call.func), program.end(call.func), name))
        kept = [call.args[k] for k in found.varying]
        if len(kept) < len(call.args):
            texts = ", ".join(program.text(argument) for argument in kept)
            splices.append((program.start(call.args[0]), program.end(call.args[-1]), texts))
    return text_with(program, start, end, splices)


def _deeper(text: str, indent: str, step: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(
        f"{indent}{step}{line[len(indent) :]}" if line.startswith(indent) and line.strip() else line for line in lines
    )


def _recursions(program: Program, *, least: int = 2) -> Iterator[Recursion]:
    """Functions that call themselves, ``least`` times or again and again."""
    for block, parameters, calls in (*_of_functions(program), *_of_methods(program)):
        function = block.function
        if not isinstance(function, ast.FunctionDef) or function.decorator_list or _has_long_text(block):
            continue
        arguments = function.args
        plain = not (arguments.vararg or arguments.kwarg or arguments.kwonlyargs or arguments.posonlyargs)
        whole = all(len(c.args) == len(parameters) and not c.keywords for c in calls)
        if plain and len(calls) >= min(least, 2 - _in_loop(program, calls)) and whole:
            varying = [k for k, a in enumerate(parameters) if not _handed_on(function, calls, k, a.arg)]
            if varying and not any(isinstance(a, ast.Starred) for c in calls for a in c.args):
                # Where a call stands in another's arguments, all of them stay: one text cannot be cut twice.
                nested = any(inner is not call and inner in ast.walk(call) for call in calls for inner in calls)
                yield Recursion(block, parameters, calls, list(range(len(parameters))) if nested else varying)


def _of_functions(program: Program) -> Iterator[tuple[Block, list[ast.arg], list[ast.Call]]]:
    """Pure functions that mention themselves in nothing but calls: bodies, parameters, these calls."""
    for block in program.derived(pure_functions):
        function = block.function
        assert isinstance(function, ast.FunctionDef)
        calls = _calls_of(function, function.name)
        if sum(len(uses(s, function.name)) for s in function.body) == len(calls):
            yield block, function.args.args, calls


def _of_methods(program: Program) -> Iterator[tuple[Block, list[ast.arg], list[ast.Call]]]:
    """As `_of_functions`, of methods that call no other method of their object and change nothing of it."""
    for block in functions(program):
        function, outer = block.function, block.outer
        owned = outer is not None and isinstance(outer.owner, ast.ClassDef)
        if not owned or not isinstance(function, ast.FunctionDef) or not function.args.args:
            continue
        own, *parameters = function.args.args
        of_own = [n for n in ast.walk(function) if isinstance(n, ast.Attribute) and base(n) == own.arg]
        calls = [n for n in ast.walk(function) if isinstance(n, ast.Call) and n.func in of_own]
        itself = all(ast.unparse(call.func) == f"{own.arg}.{function.name}" for call in calls)
        mentions = sum(n.attr == function.name for n in of_own)
        whole = len(uses(function, own.arg)) == len(of_own)
        still = mutations(program, *function.body).count(own.arg) == len(calls)  # a call of itself is told as a change
        still = still and all(isinstance(n.ctx, ast.Load) for n in of_own)
        if itself and whole and still and mentions == len(calls) and is_pure_function(program, function):
            yield block, parameters, calls


def _is_cut(found: Recursion, name: str) -> bool:
    """Whether a call hands on a part of a parameter."""
    slices = (n for call in found.calls for a in call.args for n in ast.walk(a) if isinstance(n, ast.Subscript))
    return any(isinstance(n.slice, ast.Slice) and base(n.value) == name for n in slices)


def _in_loop(program: Program, calls: list[ast.Call]) -> bool:
    """Whether one of the calls may be made several times."""
    loops = (*LOOPS.__args__, ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp)
    for call in calls:
        node: ast.AST = call
        while not isinstance(node, ast.FunctionDef | ast.Module):
            if isinstance(node, loops):
                return True
            node = parent(program, node)
    return False


def _handed_on(function: ast.FunctionDef, calls: list[ast.Call], place: int, name: str) -> bool:
    """Whether each call hands a parameter on as it is, and nothing binds it anew."""
    same = all(isinstance(c.args[place], ast.Name) and c.args[place].id == name for c in calls)  # type: ignore[attr-defined]
    return same and not any(name in bound(s) for s in function.body)


def _calls_of(node: ast.AST, name: str) -> list[ast.Call]:
    calls = (n for n in ast.walk(node) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name))
    return [call for call in calls if call.func.id == name]  # type: ignore[attr-defined]


def _has_long_text(block: Block) -> bool:
    """Whether a text runs over several lines: it would change with its indent."""
    statements = [s for s in block.statements if not is_empty(s)]
    return any(
        isinstance(n, ast.Constant | ast.JoinedStr) and n.lineno != n.end_lineno
        for s in statements
        for n in ast.walk(s)
    )


# -- repeated calls ----------------------------------------------------------------------------------------------------


def remember_calls(draft: Draft) -> Change | None:
    """An own function that is called again and again remembers what it returned, until its caller returns."""
    program = draft.program
    name, calls, place = draft.pick(list(_repeated(program)))
    rewrite = Rewrite(program)
    functools = rewrite.module(place.block, "functools")
    cached, fixed = rewrite.name(f"{name}_cached"), _fixed(program, name, calls, place)
    parameters = body_of(program, name).function.args.args  # type: ignore[union-attr]
    varying = ", ".join(a.arg for k, a in enumerate(parameters) if k not in fixed)
    given = ", ".join(program.text(calls[0].args[k]) if k in fixed else a.arg for k, a in enumerate(parameters))
    made = f"lambda {varying}: {name}({given})" if fixed else name
    rewrite.before(place, f"{cached} = {functools}.cache({made})")
    for call in calls:
        rewrite.replace(call.func, cached)
        if fixed:
            kept = ", ".join(program.text(one) for k, one in enumerate(call.args) if k not in fixed)
            rewrite.cut(program.start(call.args[0]), program.end(call.args[-1]), kept)
    return rewrite.change(f"{name} remembers what it returned, for one call (line {calls[0].lineno})")


def _fixed(program: Program, name: str, calls: list[ast.Call], place: Place) -> set[int]:
    """Places of arguments that are the same list or table in all calls: these need not be hashable."""
    body = body_of(program, name)
    assert body is not None
    assert isinstance(body.function, ast.FunctionDef)
    parameters = [a.arg for a in body.function.args.args]
    plain = all(len(c.args) == len(parameters) and not c.keywords for c in calls)
    nested = any(inner is not call and inner in ast.walk(call) for call in calls for inner in calls)
    found = set()
    for k, parameter in enumerate(parameters if plain and not nested else ()):
        given = {program.text(call.args[k]) for call in calls}
        still = isinstance(calls[0].args[k], ast.Name) and not given & changed_by(program, place)
        held = any(_is_container(parent(program, use), use) for use in uses(body.function, parameter))
        if len(given) == 1 and still and held and not given & (set(parameters) - {parameter}):
            found.add(k)
    return found if len(found) < len(parameters) else set()


def _is_container(node: ast.AST, use: ast.Name) -> bool:
    """Whether a thing is gone through, or something is looked up in it."""
    match node:
        case ast.For(iter=held) | ast.comprehension(iter=held) | ast.Subscript(value=held):
            return held is use
        case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[held]):
            return held is use
    return False


def _repeated(program: Program) -> Iterator[tuple[str, list[ast.Call], Place]]:
    """Pure own functions, their calls within one statement that makes them again and again, and that statement."""
    pure = {block.function.name for block in program.derived(pure_functions) if block.function}
    found: dict[tuple[str, int], tuple[list[ast.Call], Place]] = {}
    for site in expressions(program):
        match site.node:
            case ast.Call(func=ast.Name(id=name), args=args) if name in pure and site.block.function is not None:
                if any(isinstance(a, ast.Subscript) and isinstance(a.slice, ast.Slice) for a in args):
                    continue  # a new list mostly, which cannot be a key
                around = repeats(site)
                if around and site.block.function.name != name:
                    outermost = around[-1]
                    key = name, id(outermost.statement)
                    found.setdefault(key, ([], outermost))[0].append(site.node)
    for (name, _), (calls, place) in found.items():
        yield name, calls, place


def remember_helper(draft: Draft) -> Change | None:
    """A helper that calls itself once, and is called again and again, becomes an inner function that remembers.

    What one walk through it has found is known to the next, for as long as one call of its caller lasts.
    """
    program = draft.program
    found, calls, place = draft.pick(list(_walked(program)))
    function = found.block.function
    assert isinstance(function, ast.FunctionDef)
    rewrite = Rewrite(program)
    functools, name = rewrite.module(place.block, "functools"), rewrite.name(f"{function.name}_of")
    body = [s for k, s in enumerate(found.block.statements) if k or not is_empty(s)]
    start, end = top_of(program, body[0]), span(program, body[-1])[1]
    old, step = found.block.indent or "", step_of(place.block)
    lines = _without_comments(program, body, _with_calls(program, start, end, found, name))
    text = (f"{step}{line[len(old) :]}" if line.startswith(old) else line for line in lines)
    names = ", ".join(program.text(found.parameters[k]) for k in found.varying)
    rewrite.before(place, f"@{functools}.cache", f"def {name}({names}):", *text, "")
    for call in calls:
        rewrite.replace(call, f"{name}({', '.join(program.text(call.args[k]) for k in found.varying)})")
    return rewrite.change(f"{function.name} remembers what it returned, for one call (line {place.statement.lineno})")


def _without_comments(program: Program, statements: list[ast.stmt], text: str) -> list[str]:
    """The lines of a text without the comments of some statements, which stay where they are."""
    told = [comment for statement in statements for comment in comments(program, statement)]
    lines = (
        next((line.removesuffix(one).rstrip() for one in told if line.endswith(one)), line)
        for line in text.splitlines()
    )
    return [line for line in lines if line.strip() and not line.lstrip().startswith("#")]


def _walked(program: Program) -> Iterator[tuple[Recursion, list[ast.Call], Place]]:
    """Helpers that call themselves once, the calls of others that make them again and again, and where from."""
    repeated = {name: (calls, place) for name, calls, place in _repeated(program)}
    for found in _recursions(program, least=1):
        function = found.block.function
        calls, place = repeated.get(function.name if function is not None else "", ([], None))
        if place is None or len(found.calls) > 1 or isinstance(found.block.owner, ast.ClassDef):
            continue
        fixed = [k for k in range(len(found.parameters)) if k not in found.varying]
        whole = all(len(c.args) == len(found.parameters) and not c.keywords for c in calls)
        same = whole and all(ast.unparse(c.args[k]) == found.parameters[k].arg for c in calls for k in fixed)
        nested = any(inner is not call and inner in ast.walk(call) for call in calls for inner in calls)
        steady = not {found.parameters[k].arg for k in fixed} & changed_by(program, place)
        if calls and same and steady and not nested:
            yield found, calls, place


def cache_inner(draft: Draft) -> Change | None:
    """A function inside a function that calls itself remembers what it returned: it is made anew at each call."""
    program = draft.program
    place = draft.pick(list(_inner(program)))
    function = place.statement
    assert isinstance(function, ast.FunctionDef)
    rewrite = Rewrite(program)
    functools = rewrite.module(place.block, "functools")
    rewrite.decorate(place, f"@{functools}.cache")
    return rewrite.change(f"{function.name} remembers what it returned (line {function.lineno})")


def _inner(program: Program) -> Iterator[Place]:
    """Functions in functions that call themselves, and change nothing that is not theirs.

    One that calls itself only once has others call it again and again.
    """
    for place in places(program):
        function = place.statement
        if not isinstance(function, ast.FunctionDef) or function.decorator_list or not function.args.args:
            continue
        own = set().union(*(bound(s) for s in function.body))
        calls = _calls_of(function, function.name)
        lasting = mutated(program, *function.body) - own
        called = [one for s in place.block.statements for one in _calls_of(s, function.name)]
        often = len(calls) > 1 - _in_loop(program, calls) or (calls and _in_loop(program, called))
        later = changed(program, *place.block.statements[place.index + 1 :])
        steady = not later & (used(function) - own - {function.name})
        if often and steady and not lasting and _is_still(program, function, own):
            yield place


def _is_still(program: Program, function: ast.FunctionDef, own: set[str]) -> bool:
    """Whether a function does nothing but compute, with things of its own, and returns what can be shared."""
    for node in (inner for statement in function.body for inner in ast.walk(statement)):
        match node:
            case ast.Global() | ast.Nonlocal() | ast.FunctionDef() | ast.With() | ast.Raise():
                return False
            case ast.Return(value=ast.expr() as value) if any(isinstance(r, _CHANGEABLE) for r in _results(value)):
                return False
            case ast.Call(func=ast.Name(id=name)) if name == function.name:
                continue
            case ast.Call(func=ast.Attribute(value=value)) if base(value) in own:
                continue
            case ast.expr() if not is_harmless(program, node):
                return False
    return True


def _results(node: ast.expr) -> list[ast.expr]:
    """What an expression may be, where it is one thing or another."""
    match node:
        case ast.IfExp(body=body, orelse=other):
            return [*_results(body), *_results(other)]
        case ast.BoolOp(values=values):
            return [result for value in values for result in _results(value)]
    return [node]


# -- recurrences -------------------------------------------------------------------------------------------------------


class Recurrence(NamedTuple):
    """`return g(f(n - 1), f(n - 2))` at the end of a function whose first cases stand before it."""

    place: Place
    name: str
    parameter: str
    first: int
    calls: list[tuple[ast.Call, int]]


def recurrence(draft: Draft) -> Change | None:
    """A function of n that calls itself with n - 1 and n - 2 counts up instead."""
    program = draft.program
    found = draft.pick(list(_recurrences(program)))
    rewrite = Rewrite(program)
    order = max(back for _, back in found.calls)
    names = [rewrite.name(f"{found.name}_{k}") for k in range(order, 0, -1)]
    count, step = rewrite.name("step"), step_of(found.place.block)
    value = found.place.statement.value  # type: ignore[attr-defined]
    inner = {id(n) for call, _ in found.calls for n in ast.walk(call)}
    exchanged: dict[ast.expr, str] = {call: names[order - back] for call, back in found.calls}
    exchanged |= {use: count for use in uses(value, found.parameter) if id(use) not in inner}
    firsts = ", ".join(f"{found.name}({found.first - order + k})" for k in range(order))
    shifted = ", ".join([*names[1:], f"({exchanged_text(program, value, exchanged)})"])
    joined = ", ".join(names)
    rewrite.within(
        found.place,
        f"{joined} = {firsts}",
        f"for {count} in range({found.first}, {found.parameter} + 1):",
        f"{step}{joined} = {shifted}",
        f"return {names[-1]}",
    )
    return rewrite.change(f"{found.name} counts up (line {found.place.statement.lineno})")


def _recurrences(program: Program) -> Iterator[Recurrence]:
    for block in functions(program):
        function = block.function
        if not isinstance(function, ast.FunctionDef) or len(function.args.args) != 1 or function.decorator_list:
            continue
        name, parameter = function.name, function.args.args[0].arg
        *before, last = block.statements
        first = max((k for s in before for k in _cases(s, parameter)), default=-1)
        calls = [(call, _step_back(call, parameter)) for call in _calls_of(last, name)]
        steps = [back for _, back in calls]
        alone = all(not _calls_of(s, name) and parameter not in bound(s) for s in before)
        if isinstance(last, ast.Return) and len(calls) > 1 and all(steps) and alone and first >= max(steps):
            yield Recurrence(Place(block, len(before)), name, parameter, first, calls)


def _cases(statement: ast.stmt, parameter: str) -> list[int]:
    """The first numbers that a statement which returns does not answer; none for another statement."""
    match statement:
        case ast.If(test=test, body=[ast.Return()], orelse=[]):
            return _beyond(test, parameter)
    return []


def _beyond(test: ast.expr, parameter: str) -> list[int]:
    match test:
        case ast.Compare(left=ast.Name(id=name), ops=[op], comparators=[ast.Constant(value=int(k))]) if (
            name == parameter
        ):
            return [k] if isinstance(op, ast.Lt) else [k + 1] if isinstance(op, ast.LtE | ast.Eq) else []
        case ast.Compare(left=ast.Name(id=name), ops=[ast.In()], comparators=[ast.Tuple(elts=parts)]) if (
            name == parameter
        ):
            return [p.value + 1 for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, int)]
        case ast.BoolOp(op=ast.Or(), values=values):
            return [k for value in values for k in _beyond(value, parameter)]
    return []


def _step_back(call: ast.Call, parameter: str) -> int:
    """k of `f(n - k)`; 0 for another call."""
    match call:
        case ast.Call(
            args=[ast.BinOp(left=ast.Name(id=name), op=ast.Sub(), right=ast.Constant(value=int(k)))], keywords=[]
        ) if name == parameter:
            return k
    return 0


OPERATORS = (
    Operator("remember_recursion", "rewrites", remember_recursion),
    Operator("remember_calls", "rewrites", remember_calls),
    Operator("remember_helper", "rewrites", remember_helper),
    Operator("cache_inner", "rewrites", cache_inner),
    Operator("recurrence", "rewrites", recurrence),
)
