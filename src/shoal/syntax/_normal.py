"""The canonical form of a program: what stays when formatting, comments, docstrings and local names are forgotten.

Two programs with one normal hash do the same. Kept apart: different constants (1 and 1.0 too), global names,
attributes, parameters of functions, annotations that are evaluated. `analyse` writes a tree as a flat list of tokens
in one pass; names are patched at the end, when it is known which scope binds them.
"""

import ast
import builtins
import copy
import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from shoal.syntax._holes import HOLE
from shoal.syntax._serial import Chunk, Number, Walker, is_empty, number_token, signed_number
from shoal.syntax._source import SourceError, clean, parse
from shoal.syntax._words import words

DYNAMIC = frozenset(("dir", "eval", "exec", "globals", "locals", "vars", "__import__", HOLE))
"""Names that let a program see its own variables: where one is used nothing is renamed and nothing dropped.

What stands in a hole may use any name around it, too.
"""

PURE_MODULES = words(
    "bisect cmath collections dataclasses enum fractions functools heapq itertools math numpy operator random re "
    "statistics string sys time typing"
)
"""Modules whose import has no effect but the names it binds."""

_KNOWN = frozenset(dir(builtins)) | {"__name__", "__file__", "__doc__", "__builtins__"}


@dataclass(frozen=True, slots=True)
class Normal:
    """A program in canonical form.

    Attributes:
        tokens: the canonical form, flat.
        numbers: `id` of the tree's number nodes (the outermost sign included) -> index in `tokens`, -1 where dropped.
        undefined: names the program uses and neither defines nor has from Python itself.
        dropped: top-level statements that do not count, since nothing uses what they bind.
    """

    tokens: list[str]
    numbers: dict[int, int]
    undefined: frozenset[str]
    dropped: tuple[ast.stmt, ...] = ()

    def hash(self) -> str:
        """SHA-256 of the canonical form, in hex."""
        return _digest(self.tokens)

    def shape(self) -> str:
        """The hash of the canonical form with its numbers left out."""
        tokens = self.tokens.copy()
        for index in self.numbers.values():
            if index >= 0:
                tokens[index] = "#"
        return _digest(tokens)

    def hash_with(self, changed: Iterable[tuple[int, Number]]) -> str:
        """The hash after some numbers changed; each is an index in `tokens` and the new value."""
        tokens = self.tokens.copy()
        for index, value in changed:
            if index >= 0:
                tokens[index] = number_token(value)
        return _digest(tokens)


def normal_hash(source: str, *, entry: Collection[str] | None = None) -> str:
    """SHA-256 in hex of a program's normal form; raises SourceError.

    Args:
        source: the program's text.
        entry: names that are called from outside. Where given, top-level functions and constants that nothing else uses
            do not count.
    """
    return analyse(parse(clean(source)), entry=entry).hash()


def analyse(tree: ast.Module, *, entry: Collection[str] | None = None) -> Normal:
    """The canonical form of a tree, which is not changed; raises SourceError when it is nested too deeply."""
    walker = _walk(tree, entry)
    fixed = _rename_nothing(walker)
    out = walker.out
    for index, name, _ in _renamed(walker, fixed):
        out[index] = f"%{name}"
    undefined = frozenset() if walker.star else frozenset(walker.mentioned - walker.module.bound.keys() - _KNOWN)
    chunks = _kept(walker, entry)
    if len(chunks) == len(walker.chunks):
        return Normal(out, walker.numbers, undefined)
    return _without_dropped(walker, chunks, undefined)


def statements_hash(statements: Collection[ast.stmt]) -> str:
    """Hash of a sequence of top-level statements in canonical form; nothing among them is dropped."""
    if not statements:
        return _digest([])
    walker = _walk(ast.Module(body=list(statements), type_ignores=[]), None)
    for index, name, _ in _renamed(walker, _rename_nothing(walker)):
        walker.out[index] = f"%{name}"
    return _digest(walker.out)


def normal_form(tree: ast.Module, *, entry: Collection[str] | None = None) -> str:
    """The canonical form as Python text; the tree is not changed. Raises SourceError when it cannot be written out."""
    tree = copy.deepcopy(tree)
    walker = _walk(tree, entry)
    names = list(_renamed(walker, _rename_nothing(walker)))
    renamed = {index for index, _, _ in names}
    taken = {token[1:] for index, token in enumerate(walker.out) if token[:1] == "$" and index not in renamed}
    fresh = _fresh_names(max((number for _, number, _ in names), default=-1) + 1, taken)
    for _, number, node in names:
        setattr(node, _NAME_FIELD[type(node)], fresh[number])
    body = [chunk.node for chunk in _kept(walker, entry)]
    tree.body = [s for s in body if not is_empty(s)]
    try:
        return ast.unparse(ast.fix_missing_locations(_Plain().visit(tree)))
    except (ValueError, RecursionError) as error:
        raise SourceError(f"cannot be written out: {error}") from None


_NAME_FIELD: dict[type[ast.AST], str] = {ast.Name: "id", ast.ExceptHandler: "name", ast.arg: "arg"}


def _digest(tokens: list[str]) -> str:
    return hashlib.sha256("\0".join(tokens).encode("utf-8", "surrogatepass")).hexdigest()


def _walk(tree: ast.Module, entry: Collection[str] | None) -> Walker:
    walker = Walker(droppable_code=entry is not None, pure_modules=PURE_MODULES)
    try:
        walker.module_body(tree.body)
    except RecursionError:
        raise SourceError("nested too deeply") from None
    return walker


def _rename_nothing(walker: Walker) -> bool:
    return not walker.mentioned.isdisjoint(DYNAMIC)


def _renamed(walker: Walker, fixed: bool) -> Iterable[tuple[int, int, ast.AST]]:
    """Index in the tokens, number of the local name within its top-level statement, and the node that bears it."""
    if fixed:
        return
    protected = walker.protected
    chunk = -1
    ends = [c.end for c in walker.chunks]
    numbers: dict[tuple[int, str], int] = {}
    for index, name, scope, node in sorted(walker.resolved, key=_first):
        if name in protected:
            continue
        if scope.parameters and name in scope.parameters and walker.by_keyword(name):
            continue
        while chunk < 0 or index >= ends[chunk]:
            chunk += 1
            numbers = {}
        yield index, numbers.setdefault((id(scope), name), len(numbers)), node


def _first(item: tuple[int, str, object, ast.AST]) -> int:
    return item[0]


def _fresh_names(count: int, taken: set[str]) -> list[str]:
    names: list[str] = []
    number = 0
    while len(names) < count:
        if f"v{number}" not in taken:
            names.append(f"v{number}")
        number += 1
    return names


def _kept(walker: Walker, entry: Collection[str] | None) -> list[Chunk]:
    """The top-level pieces that count: all but unused imports, helpers and constants."""
    if all(c.kept for c in walker.chunks) or walker.star or _rename_nothing(walker):
        return walker.chunks
    outside = frozenset(entry or ())
    waiting = [c for c in walker.chunks if not c.kept and outside.isdisjoint(c.names)]
    live = [c for c in walker.chunks if c.kept or not outside.isdisjoint(c.names)]
    used = set(walker.global_names).union(*(c.used for c in live))
    while True:
        woken = [c for c in waiting if not used.isdisjoint(c.names)]
        if not woken:
            break
        waiting = [c for c in waiting if used.isdisjoint(c.names)]
        used.update(*(c.used for c in woken))
    dropped = {id(c) for c in waiting}
    return [c for c in walker.chunks if id(c) not in dropped]


def _without_dropped(walker: Walker, chunks: list[Chunk], undefined: frozenset[str]) -> Normal:
    moved: dict[int, int] = {}
    tokens: list[str] = []
    for chunk in chunks:
        shift = len(tokens) - chunk.start
        moved.update((index, index + shift) for index in range(chunk.start, chunk.end))
        tokens += walker.out[chunk.start : chunk.end]
    numbers = {node: moved.get(index, -1) for node, index in walker.numbers.items()}
    kept = {id(chunk) for chunk in chunks}
    return Normal(tokens, numbers, undefined, tuple(c.node for c in walker.chunks if id(c) not in kept))


class _Plain(ast.NodeTransformer):
    """Writes into the tree what `Walker` leaves out of the tokens: empty statements, signs, types of locals."""

    def __init__(self) -> None:
        self.in_function = False

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list):
                plain = [s for s in block if not is_empty(s)]
                setattr(node, field, plain or ([ast.Pass()] if field == "body" and block else []))
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._scope(node, True)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._scope(node, True)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self._scope(node, False)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        self.generic_visit(node)
        if self.in_function and node.simple and node.value is not None:
            return ast.Assign(targets=[node.target], value=node.value)
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        value = signed_number(node)
        if value is None:
            return self.generic_visit(node)
        positive = ast.Constant(value=abs(value))
        return ast.UnaryOp(op=ast.USub(), operand=positive) if repr(value)[0] == "-" else positive

    def _scope(self, node: ast.AST, in_function: bool) -> ast.AST:
        outer, self.in_function = self.in_function, in_function
        result = self.generic_visit(node)
        self.in_function = outer
        return result
