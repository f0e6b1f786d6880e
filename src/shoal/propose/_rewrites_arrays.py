"""Vectorise: plain arithmetic over lists of numbers by numpy, with plain numbers handed back."""

import ast
from collections.abc import Iterator

from shoal.propose._draft import Change, Draft, ImpossibleError, Operator
from shoal.propose._grammar_place import SIGNS
from shoal.propose._lines import Place, reads_first, used
from shoal.propose._pieces import shown
from shoal.propose._rewrites_nest import nest_of
from shoal.propose._rewrites_parts import (
    Rewrite,
    again,
    bracketed,
    changed_by,
    expressions,
    label,
    loops,
    parent,
    repeats,
    uses,
    values_of,
    widest,
)
from shoal.propose._rewrites_pure import is_pure, module_aliases
from shoal.syntax._program import Program
from shoal.syntax._sites import Site
from shoal.syntax._words import words

__all__ = ["OPERATORS"]

_COMPARED: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
_OF_MATH = words("sqrt sin cos tan exp log log2 log10 log1p expm1 hypot floor ceil sinh cosh tanh fabs degrees radians")
_RENAMED = {"abs": "abs", "pow": "power", "asin": "arcsin", "acos": "arccos", "atan": "arctan", "atan2": "arctan2"}


class _UnfitError(Exception):
    """Something that arrays cannot do."""


class _Arrays:
    """Arithmetic on one thing after the other as arithmetic on arrays.

    `element`: name -> text of an array; `index`: name -> (first, last) texts of the range that it runs through.
    """

    def __init__(self, program: Program, place: Place, around: list[Place], loose: set[str]) -> None:
        self.program, self.place, self.around, self.loose = program, place, around, loose
        self.rewrite = Rewrite(program)
        self.numpy = self.rewrite.module(place.block, "numpy")
        self.element: dict[str, str] = {}
        self.index: dict[str, tuple[str, str]] = {}
        self._made: dict[str, str] = {}

    def iterate(self, target: ast.expr, iterated: ast.expr) -> None:
        """Take in what a loop binds."""
        match target, iterated:
            case ast.Name(id=name), ast.Call(func=ast.Name(id="range"), args=bounds) if 1 <= len(bounds) <= 2:
                first = self.program.text(bounds[0]) if len(bounds) == 2 else ""
                self.index[name] = first, self.program.text(bounds[-1])
            case ast.Tuple(elts=[*targets]), ast.Call(func=ast.Name(id="zip"), args=[*parts]) if len(targets) == len(
                parts
            ):
                for one, part in zip(targets, parts, strict=True):
                    self.iterate(one, part)
            case ast.Tuple(elts=[ast.Name(id=name), inner]), ast.Call(func=ast.Name(id="enumerate"), args=[values]):
                self.index[name] = "", f"len({self.program.text(values)})"
                self.iterate(inner, values)
            case ast.Name(id=name), _ if not isinstance(iterated, ast.Call):
                self.element[name] = self.array(iterated)
            case ast.Tuple(elts=[*targets]), _ if not isinstance(iterated, ast.Call):
                table = self.array(iterated, columns=len(targets))
                for k, one in enumerate(targets):
                    if not isinstance(one, ast.Name):
                        raise _UnfitError
                    self.element[one.id] = f"{table}[:, {k}]"
            case _:
                raise _UnfitError

    def array(self, node: ast.expr, *, columns: int = 0) -> str:
        """The text of an array of a list, with so many columns; it is made once where that can be."""
        text, names = self.program.text(node), reads_first(node)
        made = f"{self.numpy}.array({text})" + (f".reshape(-1, {columns})" if columns else "")
        if not is_pure(self.program, node):
            raise _UnfitError
        if names & self.loose:
            return made
        if text not in self._made:
            if names & changed_by(self.program, self.place):
                raise _UnfitError
            self._made[text] = self.rewrite.name(f"{label(node)}_array")
            place = widest(self.program, self.around, names) or self.place
            self.rewrite.before(place, f"{self._made[text]} = {made}")
        return self._made[text]

    def text(self, node: ast.expr) -> str:
        """The text for arrays of an expression for one thing."""
        if not used(node) & (self.element.keys() | self.index.keys()):
            if not is_pure(self.program, node):
                raise _UnfitError
            return bracketed(self.program, node)
        match node:
            case ast.Name(id=name) if name in self.element:
                return self.element[name]
            case ast.Name(id=name):
                return f"{self.numpy}.arange({', '.join(b for b in self.index[name] if b)})"
            case ast.BinOp(left=left, op=op, right=right) if type(op) in SIGNS:
                return f"({self.text(left)} {SIGNS[type(op)]} {self.text(right)})"
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return f"(-{self.text(operand)})"
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARED:
                return f"({self.text(left)} {_COMPARED[type(op)]} {self.text(right)})"
            case ast.BoolOp(op=op, values=values):
                return f"({(' & ' if isinstance(op, ast.And) else ' | ').join(map(self.text, values))})"
            case ast.IfExp(test=test, body=body, orelse=other):
                return (
                    f"{self.numpy}.where({_bare(self.text(test))}, {_bare(self.text(body))}, {_bare(self.text(other))})"
                )
            case ast.Call():
                return self._call(node)
            case ast.Subscript():
                return self._lookup(node)
        raise _UnfitError

    def _call(self, call: ast.Call) -> str:
        match call:
            case ast.Call(func=ast.Name(id="min" | "max" as by), args=[one, two], keywords=[]):
                return f"{self.numpy}.{by}imum({_bare(self.text(one))}, {_bare(self.text(two))})"
            case ast.Call(func=ast.Name(id="abs"), args=[one]):
                return f"{self.numpy}.abs({_bare(self.text(one))})"
            case ast.Call(func=ast.Name(id="float"), args=[one]):
                return self.text(one)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=name), args=arguments, keywords=[]):
                known = _RENAMED.get(name, name if name in _OF_MATH else "")
                if module_aliases(self.program).get(module) == "math" and known:
                    return f"{self.numpy}.{known}({', '.join(_bare(self.text(a)) for a in arguments)})"
        raise _UnfitError

    def _lookup(self, node: ast.Subscript) -> str:
        """`xs[i]`, `xs[i][1]` and the like as parts of an array."""
        indices: list[ast.expr] = []
        root: ast.expr = node
        while isinstance(root, ast.Subscript):
            indices.insert(0, root.slice)
            root = root.value
        if any(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in indices) or self._is_table(root):
            raise _UnfitError
        if isinstance(root, ast.Name) and root.id in self.element and not used(ast.Tuple(indices)) & self.index.keys():
            return f"{self.element[root.id]}[:, {', '.join(self.program.text(k) for k in indices)}]"
        moving = [k for k, one in enumerate(indices) if used(one) & self.index.keys()]
        if not isinstance(root, ast.Name | ast.Attribute) or len(moving) != 1 or used(root) & self.element.keys():
            raise _UnfitError
        texts = [self._place(one) if k in moving else self.program.text(one) for k, one in enumerate(indices)]
        return f"{self.array(root)}[{', '.join(texts)}]"

    def _is_table(self, node: ast.expr) -> bool:
        """Whether a name is seen to hold a dictionary or a Counter, of which there is no array."""
        function = self.place.block.function
        values = values_of(function, node.id) if isinstance(node, ast.Name) and function is not None else None
        called = [getattr(v.func, "attr", getattr(v.func, "id", "")) for v in values or () if isinstance(v, ast.Call)]
        made = any(isinstance(value, ast.Dict | ast.DictComp) for value in values or ())
        return made or not {"Counter", "dict"}.isdisjoint(called)

    def _place(self, index: ast.expr) -> str:
        """The part of an axis that an index runs through."""
        if isinstance(index, ast.Name):
            first, last = self.index[index.id]
            return f"{first}:{last}"
        return self.text(index)


def vectorise(draft: Draft) -> Change | None:
    """Arithmetic in a loop becomes arithmetic on arrays.

    Payload: "numpy", whether numpy may be imported where the program does not have it yet (it may).
    """
    program = draft.program
    if not draft.payload.get("numpy", True) and "numpy" not in module_aliases(program).values():
        raise ImpossibleError("the program has no numpy, and may not import it")
    found = [*_of_sums(program), *_of_lists(program), *_of_loops(program)]
    return draft.pick(found)


def _of_sums(program: Program) -> Iterator[Change]:
    for site in expressions(program):
        match site.node:
            case ast.Call(
                func=ast.Name(id="sum" | "min" | "max" as by),
                args=[ast.ListComp() | ast.GeneratorExp() as made],
                keywords=[],
            ) if len(made.generators) == 1:
                change = _reduced(program, site, by, made)
                if change is not None:
                    yield change


def _context(program: Program, site: Site) -> _Arrays:
    return _Arrays(program, Place(site.block, site.place), repeats(site), set(site.loose))


def _reduced(program: Program, site: Site, by: str, made: ast.ListComp | ast.GeneratorExp) -> Change | None:
    arrays, generator = _context(program, site), made.generators[0]
    try:
        arrays.iterate(generator.target, generator.iter)
        tests = [arrays.text(test) for test in generator.ifs]
        if tests and by != "sum":
            return None
        text = arrays.text(made.elt)
        if not (_is_arithmetic(made.elt) or any(map(_has_order, generator.ifs))):
            return None
        text = f"{arrays.numpy}.where({_bare(' & '.join(tests))}, {_bare(text)}, 0)" if tests else text
    except _UnfitError:
        return None
    arrays.rewrite.replace(site.node, f"{arrays.numpy}.{by}({_bare(text)}).item()")
    return arrays.rewrite.change(f"{shown(program.text(site.node))} by numpy (line {site.node.lineno})")


def _bare(text: str) -> str:
    """The text without parentheses around all of it."""
    depth = 0
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0 and place < len(text) - 1:
            return text
    return text[1:-1] if text.startswith("(") else text


def _is_arithmetic(node: ast.expr) -> bool:
    return any(isinstance(n, ast.BinOp | ast.Call | ast.IfExp | ast.Compare) for n in ast.walk(node))


def _has_order(node: ast.expr) -> bool:
    """Whether things are told apart by what is more: they are numbers, most likely."""
    order = ast.Lt | ast.LtE | ast.Gt | ast.GtE
    return any(isinstance(op, order) for n in ast.walk(node) if isinstance(n, ast.Compare) for op in n.ops)


def _of_lists(program: Program) -> Iterator[Change]:
    for site in expressions(program):
        node = site.node
        above = parent(program, node)
        reduced = isinstance(above, ast.Call) and getattr(above.func, "id", "") in ("sum", "min", "max")
        if not isinstance(node, ast.ListComp) or reduced or len(node.generators) != 1 or node.generators[0].ifs:
            continue
        arrays = _context(program, site)
        try:
            arrays.iterate(node.generators[0].target, node.generators[0].iter)
            text = arrays.text(node.elt)
        except _UnfitError:
            continue
        if _is_arithmetic(node.elt):
            bare = text if text.startswith(("(", f"{arrays.numpy}.")) else f"({text})"
            arrays.rewrite.replace(node, f"{bare}.tolist()")
            yield arrays.rewrite.change(f"{shown(program.text(node))} by numpy (line {node.lineno})")


def _of_loops(program: Program) -> Iterator[Change]:
    """Loops that add something up, perhaps with names for parts of it."""
    for place in loops(program):
        nest = nest_of(program, place)
        match place.statement:
            case ast.For(body=[*first, ast.AugAssign(target=target, op=ast.Add(), value=value)]) as loop if (
                nest is not None
            ):
                plain = all(isinstance(s, ast.Assign) and isinstance(s.targets[0], ast.Name) for s in first)
                added = {n.id for n in ast.walk(target) if isinstance(n, ast.Name)}
                alone = not added & nest.targets and not any(uses(s, n) for s in (*first, value) for n in _root(target))
                if plain and alone and (first or _is_arithmetic(value)):
                    yield from _summed(program, place, loop, [s for s in first if isinstance(s, ast.Assign)])


def _root(node: ast.expr) -> list[str]:
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return [node.id] if isinstance(node, ast.Name) else []


def _summed(program: Program, place: Place, loop: ast.For, first: list[ast.Assign]) -> Iterator[Change]:
    last = loop.body[-1]
    assert isinstance(last, ast.AugAssign)
    arrays = _Arrays(program, place, again(place), set())
    lines = []
    try:
        arrays.iterate(loop.target, loop.iter)
        for statement in first:
            name = program.text(statement.targets[0])
            if used(statement.value) & (arrays.element.keys() | arrays.index.keys()):
                lines.append(f"{name} = {_bare(arrays.text(statement.value))}")
                arrays.element[name] = name
            else:
                lines.append(program.text(statement))
        if not used(last.value) & (arrays.element.keys() | arrays.index.keys()):
            return
        text = _bare(arrays.text(last.value))
    except _UnfitError:
        return
    arrays.rewrite.within(place, *lines, f"{program.text(last.target)} += {arrays.numpy}.sum({text}).item()")
    yield arrays.rewrite.change(f"{shown(program.text(last.target))} added up by numpy (line {loop.lineno})")


OPERATORS = (Operator("vectorise", "rewrites", vectorise),)
