"""What a body of statements owns: the names it binds, and what they are other names for."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

__all__ = ["Comprehension", "Owned", "Scope"]

Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Scope:
    """One scope of names.

    Attributes:
        kind: "module", "class", "function" or "comprehension".
        aliases: name -> names of what it may stand for.
        names: its own, as far as they hide those of the module; none for the module itself.
        imports: those of them that are imports.
        module_names: names declared global in it.
        name: of a class.
    """

    kind: str
    aliases: Mapping[str, frozenset[str]]
    names: frozenset[str] = _NOTHING
    imports: frozenset[str] = _NOTHING
    module_names: frozenset[str] = _NOTHING
    name: str = ""


class Owned:
    """Names that a body binds for itself, without those of scopes inside it, and what they may stand for."""

    def __init__(self, body: Iterable[ast.AST]) -> None:
        self.names: set[str] = set()
        self.imports: set[str] = set()
        self.module_names: set[str] = set()
        self.aliases: dict[str, frozenset[str]] = {}
        for node in body:
            self._look(node)

    def scope(self, kind: str) -> Scope:
        """As a scope of this kind."""
        names = frozenset(self.names - self.module_names)
        return Scope(kind, self.aliases, names, frozenset(self.imports), frozenset(self.module_names))

    def _look(self, node: ast.AST) -> None:
        kind = type(node)
        if kind in _PLAIN:
            return
        if kind in _NAMING:
            self._name(node)
        if kind in _INNER:
            return
        if kind in _COMPREHENSIONS:
            self._walruses(node)
            return
        if kind in _GIVING:
            self._alias(node)
        for field in node._fields:  # as `ast.iter_child_nodes`, in half the time
            value = getattr(node, field, None)
            if isinstance(value, list):
                for item in value:
                    if isinstance(item, ast.AST):
                        self._look(item)
            elif isinstance(value, ast.AST):
                self._look(value)

    def _walruses(self, comprehension: ast.AST) -> None:
        """A walrus in a comprehension binds in the scope around it."""
        for one in ast.walk(comprehension):
            if isinstance(one, ast.NamedExpr):
                self.names.add(one.target.id)
                self.stands_for(one.target, one.value)

    def _name(self, node: ast.AST) -> None:
        match node:
            case ast.Name(id=name):
                if not isinstance(node.ctx, ast.Load):
                    self.names.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                self.names.add(name)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                self.names.add(name)
            case ast.MatchMapping(rest=str(name)):
                self.names.add(name)
            case ast.Global(names=names):
                self.module_names.update(names)
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                bound = {alias.asname or alias.name.partition(".")[0] for alias in aliases}
                self.names |= bound
                self.imports |= bound

    # -- other names for things --------------------------------------------------------------------------------

    def _alias(self, node: ast.AST) -> None:
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self.stands_for(target, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
                self.stands_for(target, value)
            case ast.For(target=target, iter=items) | ast.AsyncFor(target=target, iter=items):
                self.stands_for_items(target, items)
            case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
                self.stands_for(target, value)

    def stands_for(self, target: ast.expr, value: ast.expr) -> None:
        """Note that a target may be another name for what an expression names."""
        together = ast.Tuple | ast.List
        if isinstance(target, together) and isinstance(value, together) and len(target.elts) == len(value.elts):
            for one, other in zip(target.elts, value.elts, strict=True):
                self.stands_for(one, other)
        elif meant := frozenset(_referred(value)):
            for leaf in _leaves(target):
                self.aliases[leaf] = self.aliases.get(leaf, _NOTHING) | meant

    def stands_for_items(self, target: ast.expr, items: ast.expr) -> None:
        """The same for the target of a loop and what it goes over."""
        if isinstance(items, ast.Tuple | ast.List | ast.Set):
            for item in items.elts:
                self.stands_for(target, item)
        elif isinstance(items, ast.Call):  # of `enumerate(x)` and `x.values()`, things of x
            for one in (*items.args, getattr(items.func, "value", None)):
                if one is not None:
                    self.stands_for_items(target, one)
        else:
            self.stands_for(target, items)

    def parameters(self, arguments: ast.arguments) -> None:
        """Parameters, which are names too, and may stand for what their defaults name."""
        plain = [*arguments.posonlyargs, *arguments.args]
        more = [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
        self.names |= {one.arg for one in (*plain, *arguments.kwonlyargs, *more)}
        defaults = [*zip(reversed(plain), reversed(arguments.defaults), strict=False)]
        for parameter, default in (*defaults, *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)):
            if default is not None:
                self.stands_for(ast.Name(parameter.arg), default)


# what a node of each kind may do, so that most of a tree is passed over quickly
_INNER = frozenset((ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda))
_COMPREHENSIONS = frozenset((ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp))
_PATTERNS = frozenset((ast.MatchAs, ast.MatchStar, ast.MatchMapping))
_NAMING = _INNER | _PATTERNS | {ast.Name, ast.ExceptHandler, ast.Global, ast.Import, ast.ImportFrom}
_GIVING = frozenset((ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.For, ast.AsyncFor, ast.withitem))
_PLAIN = frozenset((ast.Constant, ast.Load, ast.Store, ast.Del))


def _referred(value: ast.expr) -> Iterator[str]:
    """Names of the things that an expression is, or is a part of, where it makes no new one."""
    match value:
        case ast.Name(id=name):
            yield name
        case ast.Attribute(value=inner) | ast.Subscript(value=inner) | ast.Starred(value=inner):
            yield from _referred(inner)
        case ast.NamedExpr(value=inner) | ast.Await(value=inner):
            yield from _referred(inner)
        case ast.IfExp(body=one, orelse=other):
            yield from _referred(one)
            yield from _referred(other)
        case ast.BoolOp(values=values):
            for one in values:
                yield from _referred(one)


def _leaves(target: ast.expr) -> Iterator[str]:
    match target:
        case ast.Name(id=name):
            yield name
        case ast.Starred(value=inner):
            yield from _leaves(inner)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                yield from _leaves(part)
