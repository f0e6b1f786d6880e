"""Rewrites of single expressions: what Python does in one step, or need not do at all."""

import ast

from shoal.propose._draft import Change, Draft, Operator
from shoal.propose._lines import used
from shoal.propose._pieces import Piece, replaced, shown
from shoal.propose._rewrites_parts import bracketed, exchanged_text, expressions
from shoal.syntax._program import Program
from shoal.syntax._sites import Site

__all__ = ["OPERATORS"]

# What it says that a thing is counted so often.
_MEANT: dict[tuple[type[ast.cmpop], int], str] = {
    (ast.Gt, 0): "in",
    (ast.NotEq, 0): "in",
    (ast.GtE, 1): "in",
    (ast.Eq, 0): "not in",
    (ast.Lt, 1): "not in",
}


_TAKING = ("all", "any", "max", "min", "set", "sorted", "sum", "tuple")


def shorter(draft: Draft) -> Change | None:
    """An expression gives way to one that does less for the same value."""
    program = draft.program
    site, new = draft.pick([(s, new) for s in expressions(program) if (new := _shorter(program, s))])
    note = f"{shown(program.text(site.node))} -> {shown(new.text)} (line {site.node.lineno})"
    return Change(note=note, splices=[replaced(program, site, new)])


def _shorter(program: Program, site: Site) -> Piece | None:
    node = site.node
    match node:
        case ast.Subscript(value=ast.Call(func=ast.Name(id="sorted"), args=[values], keywords=[]), slice=index):
            by = {"0": "min", "-1": "max"}.get(ast.unparse(index))
            return Piece(f"{by}({program.text(values)})", True) if by else None
        case ast.Subscript(
            value=ast.Call(func=ast.Name(id="sorted"), args=[values], keywords=[ast.keyword(arg="key", value=key)]),
            slice=ast.Constant(value=0),
        ):
            return Piece(f"min({program.text(values)}, key={program.text(key)})", True)
        case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[searched]):
            plain = _searched(program, searched)
            middle = program.data[program.end(left) : program.start(searched)].decode()
            return Piece(f"{program.text(left)}{middle}{plain}", False) if plain else None
        case ast.Compare(
            left=ast.Call(func=ast.Attribute(value=values, attr="count"), args=[one]),
            ops=[op],
            comparators=[ast.Constant(value=int(number))],
        ) if not isinstance(one, ast.Starred) and (sign := _MEANT.get((type(op), number))):
            return Piece(f"{bracketed(program, one)} {sign} {bracketed(program, values)}", False)
        case ast.Compare(
            left=ast.Call(func=ast.Name(id="len" | "sum"), args=[ast.ListComp() | ast.GeneratorExp() as made]),
            ops=[op],
            comparators=[ast.Call(func=ast.Name(id="len"), args=[things])],
        ) if text := _of_all(program, made, op, things):
            return Piece(text, not text.startswith("not "))
        case ast.Call(
            func=ast.Name(id="len"),
            args=[
                ast.Call(func=ast.Attribute(value=text, attr="split"), args=[ast.Constant(value=str(end))], keywords=[])
            ],
        ) if end:
            return Piece(f"{bracketed(program, text)}.count({end!r}) + 1", False)
        case ast.BinOp(left=ast.BinOp(left=number, op=ast.Pow(), right=power), op=ast.Mod(), right=modulus):
            return Piece(f"pow({', '.join(program.text(n) for n in (number, power, modulus))})", True)
        case ast.BinOp(left=ast.Name(id=name), op=ast.Pow(), right=ast.Constant(value=2)):
            return Piece(f"{name} * {name}", False)
        case ast.Call(func=ast.Name(id="any" | "all" as by), args=[ast.ListComp() | ast.GeneratorExp() as made]) if (
            text := _of_sets(program, by, made)
        ):
            return Piece(text, False)
        case ast.Call():
            text = _call(program, node)
            return Piece(text, True) if text else None
        case ast.ListComp() | ast.GeneratorExp():
            text = _of_filter(program, node)
            listed = isinstance(node, ast.ListComp)
            return Piece(text if listed else text[1:-1], listed) if text else None
    return None


def _of_filter(program: Program, made: ast.ListComp | ast.GeneratorExp) -> str:
    """A comprehension over `filter(lambda x: y, xs)` with the condition of its own; "" for another one."""
    match made.generators[0]:
        case ast.comprehension(
            target=ast.Name(id=name),
            iter=ast.Call(
                func=ast.Name(id="filter"),
                args=[ast.Lambda(args=ast.arguments(args=[ast.arg(arg=same)], defaults=[]), body=body), things],
            ) as iterated,
        ) if name == same and not isinstance(body, ast.IfExp | ast.Lambda):
            told = f"{bracketed(program, things)} if {program.text(body)}"
            return exchanged_text(program, made, {iterated: told})
    return ""


def _searched(program: Program, node: ast.expr) -> str:
    """What is searched, without a list of it being made first; "" where there is nothing to save."""
    match node:
        case ast.Call(func=ast.Attribute(value=table, attr="keys"), args=[]):
            return bracketed(program, table)
        case ast.Call(func=ast.Name(id="list" | "sorted" | "tuple"), args=[inner], keywords=[]):
            return bracketed(program, inner)
    return ""


def _of_sets(program: Program, by: str, made: ast.ListComp | ast.GeneratorExp) -> str:
    """`all(x in ys for x in xs)` as a comparison of sets, which others make once; "" where it is something else."""
    match made:
        case (
            ast.ListComp(
                elt=ast.Compare(left=ast.Name(id=name), ops=[ast.In()], comparators=[searched]),
                generators=[ast.comprehension(target=ast.Name(id=same), iter=iterated, ifs=[])],
            )
            | ast.GeneratorExp(
                elt=ast.Compare(left=ast.Name(id=name), ops=[ast.In()], comparators=[searched]),
                generators=[ast.comprehension(target=ast.Name(id=same), iter=iterated, ifs=[])],
            )
        ) if name == same and name not in used(searched):
            one, other = program.text(iterated), program.text(searched)
            return f"set({one}) <= set({other})" if by == "all" else f"not set({one}).isdisjoint({other})"
    return ""


def _of_all(program: Program, made: ast.ListComp | ast.GeneratorExp, op: ast.cmpop, things: ast.expr) -> str:
    """`len([x for x in xs if c]) < len(xs)`, which says that c is not true of all; "" where it is something else."""
    counts = isinstance(made, ast.ListComp) or ast.unparse(made.elt) == "1"
    match made.generators:
        case [ast.comprehension(target=target, iter=iterated, ifs=[test])] if (
            counts and ast.dump(iterated) == ast.dump(things) and isinstance(op, ast.Lt | ast.NotEq | ast.Eq | ast.GtE)
        ):
            said = f"all({program.text(test)} for {program.text(target)} in {program.text(iterated)})"
            return f"not {said}" if isinstance(op, ast.Lt | ast.NotEq) else said
    return ""


def _call(program: Program, call: ast.Call) -> str:
    match call:
        case ast.Call(func=ast.Name(id="any" | "all" as by), args=[ast.ListComp() as made], keywords=[]):
            return f"{by}({program.text(made)[1:-1]})"
        case ast.Call(
            func=ast.Name(id="sorted" | "set" | "sum" | "max" | "min" | "list" | "tuple" as by),
            args=[ast.Call(func=ast.Name(id="list" | "tuple"), args=[inner], keywords=[])],
            keywords=[],
        ):
            return f"{by}({program.text(inner)})"
        case ast.Call(
            func=ast.Name(id="set" | "max" | "min" as by),
            args=[ast.Call(func=ast.Name(id="sorted"), args=[inner], keywords=[])],
            keywords=[],
        ):
            return f"{by}({program.text(inner)})"
        case ast.Call(func=ast.Name(id="list"), args=[ast.Call(func=ast.Name(id="sorted")) as made], keywords=[]):
            return program.text(made)
        case ast.Call(func=ast.Name(id="list"), args=[inner], keywords=[]) if text := _of_lambda(program, inner):
            return f"[{text}]"
        case ast.Call(func=ast.Name(id="next"), args=[inner, _], keywords=[]) if text := _of_lambda(program, inner):
            return f"next(({text}){program.data[program.end(inner) : program.end(call)].decode()}"
        case ast.Call(func=ast.Name(id=by), args=[inner]) if by in _TAKING and (text := _of_lambda(program, inner)):
            return f"{by}(({text}){program.data[program.end(inner) : program.end(call)].decode()}"
    return ""


def _of_lambda(program: Program, node: ast.expr) -> str:
    """`map(lambda x: y, xs)` and `filter(lambda x: y, xs)` as the inside of a comprehension; "" for anything else."""
    match node:
        case ast.Call(
            func=ast.Name(id="map" | "filter" as by),
            args=[ast.Lambda(args=ast.arguments(args=[ast.arg(arg=name)], defaults=[]), body=body), things],
        ):
            clause = f"for {name} in {bracketed(program, things)}"
            text = bracketed(program, body) if isinstance(body, ast.IfExp | ast.Lambda) else program.text(body)
            return f"{text} {clause}" if by == "map" else f"{name} {clause} if {text}"
    return ""


def without_part(draft: Draft) -> Change | None:
    """What is asked of a part of a text is asked of the text itself, which need not be copied for that."""
    program = draft.program
    site, new = draft.pick([(s, new) for s in expressions(program) if (new := _of_whole(program, s.node))])
    note = f"{shown(program.text(site.node))} -> {shown(new)} (line {site.node.lineno})"
    return Change(note=note, splices=[replaced(program, site, Piece(new, True))])


def _of_whole(program: Program, node: ast.expr) -> str:
    """`text.startswith(x, i)` for `text[i:].startswith(x)`, and the like; "" for anything else."""
    match node:
        case ast.Call(
            func=ast.Attribute(
                value=ast.Subscript(value=text, slice=ast.Slice(lower=lower, upper=upper, step=None)),
                attr="startswith" | "endswith" as method,
            ),
            args=[wanted],
            keywords=[],
        ) if (lower or upper) and not isinstance(wanted, ast.Starred):
            ends = [program.text(lower) if lower is not None else "0", *([program.text(upper)] if upper else [])]
            return f"{program.text(text)}.{method}({', '.join([program.text(wanted), *ends])})"
        case ast.Call(
            func=ast.Attribute(
                value=ast.Subscript(value=text, slice=ast.Slice(lower=None, upper=ast.expr() as upper, step=None)),
                attr="find" | "rfind" as method,
            ),
            args=[wanted],
            keywords=[],
        ) if not isinstance(wanted, ast.Starred):
            return f"{program.text(text)}.{method}({program.text(wanted)}, 0, {program.text(upper)})"
    return ""


OPERATORS = (
    Operator("shorter", "rewrites", shorter),
    Operator("without_part", "rewrites", without_part),
)
