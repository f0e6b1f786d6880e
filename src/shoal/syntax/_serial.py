"""Writes a tree as a flat list of tokens in one pass, noting what binds and what uses each name.

Prefix code: every node writes its tag and then a fixed number of parts; lists stand between "[" and "]". Names are
written as "$name"; those of function scopes are listed in `Walker.resolved`, so that they can be renamed afterwards.
"""

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

Number = int | float

_SKIPPED = frozenset(("ctx", "type_comment", "kind", "type_ignores", "type_params"))
_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {}
_SIGNS = (ast.USub, ast.UAdd)


def is_empty(statement: ast.stmt) -> bool:
    """Whether a statement does nothing at all: `pass`, a docstring, any constant standing alone."""
    kind = type(statement)
    return kind is ast.Pass or (kind is ast.Expr and type(statement.value) is ast.Constant)  # type: ignore[attr-defined]


def signed_number(node: ast.AST) -> Number | None:
    """The number that a literal with or without signs stands for; None for every other node."""
    sign = 1
    while type(node) is ast.UnaryOp and type(node.op) in _SIGNS:
        if type(node.op) is ast.USub:
            sign = -sign
        node = node.operand
    if type(node) is ast.Constant and type(node.value) in (int, float):
        value: Number = node.value  # type: ignore[assignment]
        return value if sign > 0 else -value
    return None


def number_token(value: Number) -> str:
    """How a number stands in the canonical form; an int and a float never look the same."""
    if type(value) is float:
        return f"f{value!r}"
    # A hexadecimal literal may have more digits than Python agrees to print.
    return f"i{value}" if value.bit_length() < 4096 else f"x{value:x}"  # type: ignore[union-attr]


class Scope:
    """Names bound in one function, lambda, comprehension, class or the module."""

    __slots__ = ("bound", "kind", "outer", "parameters", "refs")

    def __init__(self, kind: str, outer: "Scope | None") -> None:
        self.kind = kind
        self.outer = outer
        # name -> whether it may be renamed
        self.bound: dict[str, bool] = {}
        self.parameters: set[str] | None = None
        self.refs: list[tuple[int, str, ast.AST]] = []

    def bind(self, name: str, renamable: bool = True) -> None:
        self.bound[name] = renamable and self.bound.get(name, True)


@dataclass(slots=True)
class Chunk:
    """One top-level statement, or one name of a top-level import.

    Attributes:
        start, end: its tokens.
        node: the statement.
        names: what it binds, where it might be dropped.
        kept: it can never be dropped.
        used: global names it mentions.
    """

    start: int
    end: int
    node: ast.stmt
    names: frozenset[str]
    kept: bool
    used: set[str] = field(default_factory=set)


class Walker:
    """One pass over a module.

    Attributes:
        out: the tokens.
        numbers: `id` of a number's node -> index in `out`.
        chunks: the top-level pieces in order.
        resolved: index, name, scope and node of each use of a local name that may be renamed.
        protected: names under `global` or `nonlocal` anywhere.
        mentioned: names that are looked up in the module or in builtins.
    """

    def __init__(self, *, droppable_code: bool, pure_modules: frozenset[str]) -> None:
        self.out: list[str] = []
        self.numbers: dict[int, int] = {}
        self.chunks: list[Chunk] = []
        self.resolved: list[tuple[int, str, Scope, ast.AST]] = []
        self.protected: set[str] = set()
        self.mentioned: set[str] = set()
        self.global_names: set[str] = set()
        self.star = False
        self.module = self.scope = Scope("module", None)
        self._keywords: set[str] = set()
        self._any_keyword = False
        self._droppable_code = droppable_code
        self._pure_modules = pure_modules

    def by_keyword(self, name: str) -> bool:
        """Whether some call might pass this name by keyword."""
        return self._any_keyword or name in self._keywords

    def module_body(self, statements: Iterable[ast.stmt]) -> None:
        for statement in statements:
            if type(statement) in (ast.Import, ast.ImportFrom):
                for part in _split_import(statement):
                    self._chunk(part, *self._import_names(part))
            elif not is_empty(statement):
                self._chunk(statement, *self._removable(statement))

    def visit(self, node: ast.AST) -> None:
        _HANDLERS[type(node)](self, node)

    def visit_all(self, nodes: Iterable[Any]) -> None:
        out = self.out
        out.append("[")
        for node in nodes:
            if node is None:
                out.append("~")
            else:
                _HANDLERS[type(node)](self, node)
        out.append("]")

    def body(self, statements: list[ast.stmt]) -> None:
        out = self.out
        out.append("[")
        for node in statements:
            if not is_empty(node):
                _HANDLERS[type(node)](self, node)
        out.append("]")

    def use(self, name: str, node: ast.AST) -> None:
        out = self.out
        self.scope.refs.append((len(out), name, node))
        out.append("$" + name)

    def enter(self, kind: str) -> Scope:
        self.scope = Scope(kind, self.scope)
        return self.scope

    def leave(self) -> None:
        """Settle the uses of names that this scope binds, and hand the others on outwards."""
        scope = self.scope
        assert scope.outer is not None
        self.scope = target = scope.outer
        # What a class body binds is not seen by the functions inside it.
        while target.kind == "class":
            assert target.outer is not None
            target = target.outer
        bound, outer_refs, resolved = scope.bound, target.refs, self.resolved
        for ref in scope.refs:
            renamable = bound.get(ref[1])
            if renamable is None:
                outer_refs.append(ref)
            elif scope.kind == "class":
                self.mentioned.add(ref[1])
                self.global_names.add(ref[1])
            elif renamable:
                resolved.append((ref[0], ref[1], scope, ref[2]))

    def fields(self, node: ast.AST) -> None:
        """Tag and parts of a node without a rule of its own."""
        kind = type(node)
        names = _FIELDS.get(kind)
        if names is None:
            names = _FIELDS[kind] = tuple(f for f in node._fields if f not in _SKIPPED)
        out = self.out
        out.append(kind.__name__)
        for name in names:
            self._part(getattr(node, name, None))
        self.type_parameters(node)

    def type_parameters(self, node: ast.AST) -> None:
        """Written only where there are some: older Pythons have none."""
        parameters = _type_parameters(node)
        if parameters:
            self.visit_all(parameters)

    def _part(self, value: object) -> None:
        if isinstance(value, ast.AST):
            _HANDLERS[type(value)](self, value)
        elif isinstance(value, list):
            self.out.append("[")
            for item in value:
                self._part(item)
            self.out.append("]")
        else:
            self.out.append("~" if value is None else repr(value))

    def _chunk(self, statement: ast.stmt, names: frozenset[str], kept: bool) -> None:
        start = len(self.out)
        refs = self.module.refs = []
        _HANDLERS[type(statement)](self, statement)
        used = {ref[1] for ref in refs}
        self.mentioned |= used
        self.chunks.append(Chunk(start, len(self.out), statement, names, kept, used if kept else used - names))

    def _import_names(self, node: ast.Import | ast.ImportFrom) -> tuple[frozenset[str], bool]:
        alias = node.names[0]
        module = alias.name if isinstance(node, ast.Import) else node.module or ""
        pure = module.split(".")[0] in self._pure_modules and alias.name != "*"
        return frozenset(((alias.asname or alias.name).split(".")[0],)), not pure

    def _removable(self, node: ast.stmt) -> tuple[frozenset[str], bool]:
        names: frozenset[str] = frozenset()
        if not self._droppable_code:
            return names, True
        match node:
            case ast.FunctionDef(name=name, decorator_list=[], args=arguments):
                defaults = [*arguments.defaults, *(d for d in arguments.kw_defaults if d)]
                plain = all(_constant(d) for d in defaults) and not _annotated(node) and not _type_parameters(node)
                return frozenset((name,)), not plain
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if _constant(value):
                return frozenset((name,)), False
        return names, True


def _type_parameters(node: ast.AST) -> list[ast.AST]:
    return getattr(node, "type_params", [])


def _constant(node: ast.expr) -> bool:
    kind = type(node)
    if kind is ast.Constant:
        return True
    if kind is ast.UnaryOp:
        return isinstance(node.op, _SIGNS) and _constant(node.operand)  # type: ignore[attr-defined]
    return kind in (ast.Tuple, ast.List) and all(map(_constant, node.elts))  # type: ignore[attr-defined]


def _annotated(node: ast.FunctionDef) -> bool:
    a = node.args
    every = [*a.posonlyargs, *a.args, *a.kwonlyargs, *(x for x in (a.vararg, a.kwarg) if x)]
    return node.returns is not None or any(x.annotation is not None for x in every)


def _split_import(node: ast.stmt) -> list[ast.Import | ast.ImportFrom]:
    assert isinstance(node, ast.Import | ast.ImportFrom)
    if isinstance(node, ast.Import):
        return [ast.Import(names=[alias]) for alias in node.names]
    return [ast.ImportFrom(module=node.module, names=[alias], level=node.level) for alias in node.names]


# One function per kind of node that binds a name, opens a scope, or is so common that it is worth the lines.


def _name(w: Walker, node: ast.Name) -> None:
    scope, name, out = w.scope, node.id, w.out
    if type(node.ctx) is not ast.Load:
        scope.bound[name] = scope.bound.get(name, True)
    scope.refs.append((len(out), name, node))
    out.append("$" + name)


def _constant_token(w: Walker, node: ast.Constant) -> None:
    value = node.value
    kind = type(value)
    out = w.out
    if kind is float or kind is int:
        w.numbers[id(node)] = len(out)
        out.append(number_token(value))  # type: ignore[arg-type]
    else:
        out.append("c" + repr(value))


def _unary(w: Walker, node: ast.UnaryOp) -> None:
    value = signed_number(node)
    if value is None:
        w.out.append(type(node.op).__name__)
        w.visit(node.operand)
    else:
        w.numbers[id(node)] = len(w.out)
        w.out.append(number_token(value))


def _binary(w: Walker, node: ast.BinOp) -> None:
    w.out.append(type(node.op).__name__)
    left, right = node.left, node.right
    _HANDLERS[type(left)](w, left)
    _HANDLERS[type(right)](w, right)


def _compare(w: Walker, node: ast.Compare) -> None:
    w.out.append("?" + ",".join(type(op).__name__ for op in node.ops))
    w.visit(node.left)
    w.visit_all(node.comparators)


def _attribute(w: Walker, node: ast.Attribute) -> None:
    w.out.append("." + node.attr)
    value = node.value
    _HANDLERS[type(value)](w, value)


def _call(w: Walker, node: ast.Call) -> None:
    w.out.append("()")
    func = node.func
    _HANDLERS[type(func)](w, func)
    w.visit_all(node.args)
    if node.keywords:
        w.visit_all(node.keywords)
    else:
        w.out.append("0")


def _keyword(w: Walker, node: ast.keyword) -> None:
    if node.arg is None:
        w._any_keyword = True
        w.out.append("**")
    else:
        w._keywords.add(node.arg)
        w.out.append("=" + node.arg)
    w.visit(node.value)


def _subscript(w: Walker, node: ast.Subscript) -> None:
    w.out.append("[]")
    w.visit(node.value)
    w.visit(node.slice)


def _sequence(w: Walker, node: ast.Tuple | ast.List) -> None:
    w.out.append(type(node).__name__)
    w.visit_all(node.elts)


def _assign(w: Walker, node: ast.Assign) -> None:
    w.out.append("Assign")
    w.visit_all(node.targets)
    w.visit(node.value)


def _annotated_assign(w: Walker, node: ast.AnnAssign) -> None:
    if node.simple and node.value is not None and w.scope.kind == "function":
        # The annotation of a local variable is never evaluated.
        w.out.append("Assign")
        w.visit_all([node.target])
        w.visit(node.value)
    else:
        w.fields(node)


def _loop(w: Walker, node: ast.For) -> None:
    w.out.append(type(node).__name__)
    w.visit(node.target)
    w.visit(node.iter)
    w.body(node.body)
    w.body(node.orelse)


def _branch(w: Walker, node: ast.If | ast.While) -> None:
    w.out.append(type(node).__name__)
    w.visit(node.test)
    w.body(node.body)
    w.body(node.orelse)


def _with(w: Walker, node: ast.With) -> None:
    w.out.append(type(node).__name__)
    w.visit_all(node.items)
    w.body(node.body)


def _try(w: Walker, node: ast.Try) -> None:
    w.out.append(type(node).__name__)
    w.body(node.body)
    w.visit_all(node.handlers)
    w.body(node.orelse)
    w.body(node.finalbody)


def _handler(w: Walker, node: ast.ExceptHandler) -> None:
    w.out.append("ExceptHandler")
    w._part(node.type)
    if node.name is None:
        w.out.append("~")
    else:
        w.scope.bind(node.name)
        w.use(node.name, node)
    w.body(node.body)


def _function(w: Walker, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    w.scope.bind(node.name, False)
    w.out.append(type(node).__name__)
    w.out.append("$" + node.name)
    w.visit_all(node.decorator_list)
    w.type_parameters(node)
    _outer_parts(w, node.args)
    w._part(node.returns)
    scope = w.enter("function")
    for name, argument in _parameters(w, node.args):
        scope.bind(name, False)
        w.use(argument.arg, argument)
    w.body(node.body)
    w.leave()


def _lambda(w: Walker, node: ast.Lambda) -> None:
    w.out.append("Lambda")
    _outer_parts(w, node.args)
    scope = w.enter("function")
    scope.parameters = set()
    for name, argument in _parameters(w, node.args):
        scope.parameters.add(name)
        scope.bind(name)
        w.use(name, argument)
    w.visit(node.body)
    w.leave()


def _outer_parts(w: Walker, node: ast.arguments) -> None:
    """What the enclosing scope evaluates when it defines a function: defaults and annotations."""
    w.visit_all(node.defaults)
    w.visit_all(node.kw_defaults)
    every = [*node.posonlyargs, *node.args, *node.kwonlyargs, *(x for x in (node.vararg, node.kwarg) if x)]
    w.visit_all([x.annotation for x in every])


def _parameters(w: Walker, node: ast.arguments) -> Iterable[tuple[str, ast.arg]]:
    groups = (
        ("/", node.posonlyargs),
        (",", node.args),
        ("*", [node.vararg] if node.vararg else []),
        ("*,", node.kwonlyargs),
        ("**", [node.kwarg] if node.kwarg else []),
    )
    for tag, group in groups:
        w.out.append(tag)
        for argument in group:
            yield argument.arg, argument


def _class(w: Walker, node: ast.ClassDef) -> None:
    w.scope.bind(node.name, False)
    w.out.append("ClassDef")
    w.out.append("$" + node.name)
    w.visit_all(node.decorator_list)
    w.visit_all(node.bases)
    w.visit_all(node.keywords)
    w.type_parameters(node)
    w.enter("class")
    w.body(node.body)
    w.leave()


def _comprehension(w: Walker, node: Any) -> None:
    w.out.append(type(node).__name__)
    first, *others = node.generators
    w.visit(first.iter)
    w.enter("comprehension")
    w.visit(first.target)
    w.visit_all(first.ifs)
    for generator in others:
        w.out.append("async" if generator.is_async else "for")
        w.visit(generator.target)
        w.visit(generator.iter)
        w.visit_all(generator.ifs)
    w.out.append("async" if first.is_async else ":")
    for part in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
        w.visit(part)
    w.leave()


def _walrus(w: Walker, node: ast.NamedExpr) -> None:
    scope = w.scope
    while scope.kind == "comprehension":
        assert scope.outer is not None
        scope = scope.outer
    scope.bind(node.target.id)
    w.out.append(":=")
    w.use(node.target.id, node.target)
    w.visit(node.value)


def _import(w: Walker, node: ast.Import | ast.ImportFrom) -> None:
    w.out.append("Import" if isinstance(node, ast.Import) else f"From{'.' * node.level}{node.module or ''}")
    for alias in node.names:
        w.star = w.star or alias.name == "*"
        bound = alias.asname or (alias.name.split(".")[0] if isinstance(node, ast.Import) else alias.name)
        w.scope.bind(bound, False)
        w.out.append(f"{alias.name}>{alias.asname or ''}")
    w.out.append(";")


def _declaration(w: Walker, node: ast.Global | ast.Nonlocal) -> None:
    w.protected.update(node.names)
    if isinstance(node, ast.Global):
        w.mentioned.update(node.names)
        w.global_names.update(node.names)
        for name in node.names:
            w.module.bind(name)
    w.fields(node)


def _pattern(w: Walker, node: Any) -> None:
    name = node.rest if isinstance(node, ast.MatchMapping) else node.name
    if name is not None:
        w.scope.bind(name, False)
    w.fields(node)


def _case(w: Walker, node: ast.match_case) -> None:
    w.out.append("case")
    w.visit(node.pattern)
    w._part(node.guard)
    w.body(node.body)


def _subclasses(kind: type[ast.AST]) -> Iterable[type[ast.AST]]:
    for sub in kind.__subclasses__():
        yield sub
        yield from _subclasses(sub)


_HANDLERS: dict[type[ast.AST], Callable[[Walker, Any], None]] = {
    **dict.fromkeys(_subclasses(ast.AST), Walker.fields),
    **dict.fromkeys((ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp), _comprehension),
    **dict.fromkeys((ast.Tuple, ast.List), _sequence),
    **dict.fromkeys((ast.For, ast.AsyncFor), _loop),
    **dict.fromkeys((ast.If, ast.While), _branch),
    **dict.fromkeys((ast.With, ast.AsyncWith), _with),
    **dict.fromkeys((ast.Try, ast.TryStar), _try),
    **dict.fromkeys((ast.FunctionDef, ast.AsyncFunctionDef), _function),
    **dict.fromkeys((ast.Import, ast.ImportFrom), _import),
    **dict.fromkeys((ast.Global, ast.Nonlocal), _declaration),
    **dict.fromkeys((ast.MatchAs, ast.MatchStar, ast.MatchMapping), _pattern),
    ast.AnnAssign: _annotated_assign,
    ast.Assign: _assign,
    ast.Attribute: _attribute,
    ast.BinOp: _binary,
    ast.Call: _call,
    ast.ClassDef: _class,
    ast.Compare: _compare,
    ast.Constant: _constant_token,
    ast.ExceptHandler: _handler,
    ast.Lambda: _lambda,
    ast.Name: _name,
    ast.NamedExpr: _walrus,
    ast.Subscript: _subscript,
    ast.UnaryOp: _unary,
    ast.keyword: _keyword,
    ast.match_case: _case,
}
