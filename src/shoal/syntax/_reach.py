"""What statements do to the module they stand in: the names they bind in it, and the things of it they change.

Read off the tree, with Python's own rules of scope; a name that was given to a thing by a plain assignment or a loop
stands for it. What cannot be seen there (what a function does to its arguments, names put together from pieces) is not
told; the ways around names that can be seen (`globals`, `__globals__`, `sys.modules` ...) are.
"""

import ast
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from shoal.syntax._owned import Comprehension, Owned, Scope
from shoal.syntax._words import words

__all__ = ["Reach", "reach", "reach_apart"]

AROUND_NAMES = words("globals exec eval compile __import__ __builtins__ __loader__ __spec__")
AROUND_ATTRIBUTES = words(
    "__globals__ __builtins__ __code__ __dict__ __closure__ __defaults__ __kwdefaults__ __subclasses__ __mro__ "
    "__self__ f_globals f_locals f_builtins f_back ag_frame gi_frame cr_frame tb_frame _getframe _current_frames "
    "settrace setprofile"
)
AROUND_MODULES = words(
    "builtins __main__ _ctypes cffi code codeop ctypes gc imp importlib inspect pkgutil pydoc runpy unittest zipimport"
)
_AROUND_TEXTS = words("__builtins__ __import__")
_SETTERS = words("setattr delattr")
_DUNDER_SETTERS = words("__setattr__ __delattr__ __setitem__ __delitem__")
_CHANGING = _DUNDER_SETTERS | words(
    "append clear update pop popitem insert extend remove discard setdefault sort reverse add appendleft fill put "
    "itemset resize setflags partition byteswap setfield intersection_update difference_update "
    "symmetric_difference_update appendleft extendleft popleft rotate move_to_end "
    "__iadd__ __isub__ __imul__ __ior__ __iand__ __ixor__"
)
_FIRST_CHANGED = words(
    "setitem delitem iadd ior iconcat shuffle copyto put place putmask fill_diagonal put_along_axis at heappush "
    "heappop heapify heapreplace heappushpop insort insort_left insort_right"
)
"""Functions of Python and numpy that change their first argument."""
_TEXT_PARTS = re.compile(r"\w+")
_LONGEST_PATH = 120  # characters of a text that may be a path of attributes
_CONTAINERS = words("list dict set bytearray deque object type")
_ENDS = words("exit quit _exit abort")
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(slots=True)
class Reach:
    """What some top-level statements do, each with the first line it is done on.

    Attributes:
        bound: names of the module that they bind or delete, at any depth; apart from others, of classes as well, in
            the form "Class.name".
        changed: (name, how) of things of the module, or imported, that they change: an attribute, an item, a call.
        around: ways to reach names without naming them.
        ends: ways to end before the module does, at its level.
        imported: those of the bound names that are imports.
        origins: what a bound name is an import of; "" for what is bound in another way, or in several.
        used: names that they read and do not bind themselves in a function.
        homes: apart from others, each name in order of the text, with its line and how many scopes around it are
            outside of the one it belongs to, 0 for the module.
    """

    bound: dict[str, int] = field(default_factory=dict)
    changed: dict[tuple[str, str], int] = field(default_factory=dict)
    around: dict[str, int] = field(default_factory=dict)
    ends: dict[str, int] = field(default_factory=dict)
    imported: set[str] = field(default_factory=set)
    origins: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    homes: list[tuple[str, int, int]] = field(default_factory=list)


def reach(statements: Iterable[ast.stmt]) -> Reach:
    """See `Reach`."""
    body = list(statements)
    walker = _Walker(Owned(body).aliases)
    for statement in body:
        walker.visit(statement)
    return walker.finished()


def reach_apart(statements: Iterable[ast.stmt], parts: Collection[ast.stmt]) -> tuple[Reach, Reach]:
    """What some of the statements do, at any depth, in the scopes that they stand in; and what the rest does."""
    body = list(statements)
    walker = _Walker(Owned(body).aliases, parts)
    for statement in body:
        walker.visit(statement)
    rest = walker.finished()
    return walker.other, rest


class _Walker:
    def __init__(self, aliases: Mapping[str, frozenset[str]], parts: Collection[ast.stmt] = ()) -> None:
        self.found, self.other = Reach(), Reach()
        self._parts = {id(statement) for statement in parts}
        self._apart = bool(parts)
        self._scopes = [Scope("module", aliases=aliases)]
        self._sys = {"sys"}  # names of that module
        self._modules: list[tuple[ast.Attribute, Reach]] = []  # each `name.modules`

    def finished(self) -> Reach:
        """What was found, once all was visited."""
        for node, found in self._modules:
            if getattr(node.value, "id", "") in self._sys:
                found.around.setdefault(node.attr, node.lineno)
        return self.found

    def visit(self, node: ast.AST) -> None:
        if id(node) in self._parts:
            self._parts.discard(id(node))
            self.found, self.other = self.other, self.found
            self.visit(node)
            self.found, self.other = self.other, self.found
            return
        method = _METHODS.get(type(node))
        if method is not None:
            method(self, node)
        else:
            self._children(node)

    def _children(self, node: ast.AST) -> None:
        for name in node._fields:  # as `ast.iter_child_nodes`, in half the time
            value = getattr(node, name, None)
            if isinstance(value, list):
                for item in value:
                    if isinstance(item, ast.AST):
                        self.visit(item)
            elif isinstance(value, ast.AST):
                self.visit(value)

    def _all(self, nodes: Iterable[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    def _within(self, scope: Scope, nodes: Iterable[ast.AST]) -> None:
        self._scopes.append(scope)
        self._all(nodes)
        self._scopes.pop()

    # -- names ---------------------------------------------------------------------------------------------------

    def _binds(self, name: str, node: ast.AST, *, origin: str = "") -> None:
        scope = self._scopes[-1]
        if self._apart and scope.kind == "class" and name not in scope.module_names:
            self.found.bound.setdefault(f"{scope.name}.{name}", _line(node))
            self.found.origins.setdefault(f"{scope.name}.{name}", "")
        if scope.kind == "module" or name in scope.module_names:
            self.found.bound.setdefault(name, _line(node))
            if self.found.origins.setdefault(name, origin) != origin:
                self.found.origins[name] = ""
            if origin:
                self.found.imported.add(name)

    def _home(self, name: str, depth: int) -> int:
        """Which of the outermost ``depth`` scopes a name belongs to; 0 is the module."""
        for level in range(depth - 1, 0, -1):
            scope = self._scopes[level]
            if scope.kind == "class" and level < len(self._scopes) - 1:
                continue  # what a class body binds is not seen from its functions
            if name in scope.module_names:
                return 0
            if name in scope.names:
                return level
        return 0

    def _hidden(self, name: str) -> bool:
        """Whether a name means something of a function here; an imported module counts as the module's."""
        level = self._home(name, len(self._scopes))
        return level > 0 and name not in self._scopes[level].imports

    def _meant(self, name: str, depth: int, seen: set[tuple[int, str]]) -> Iterator[str]:
        """Names of the module, or of imports, whose things a name stands for within the outermost scopes."""
        level = self._home(name, depth)
        if (level, name) in seen:
            return
        seen.add((level, name))
        scope = self._scopes[level]
        if not level or name in scope.imports:
            yield name
        for other in scope.aliases.get(name, ()):
            outside = level > 0 and other == name  # as in `def f(m=m)`
            yield from self._meant(other, level if outside else level + 1, seen)

    def _name(self, node: ast.Name) -> None:
        if self._apart:
            self.found.homes.append((node.id, node.lineno, self._home(node.id, len(self._scopes))))
        if isinstance(node.ctx, ast.Load):
            if not self._hidden(node.id):
                self.found.used.add(node.id)
            if node.id in AROUND_NAMES or node.id in _SETTERS:
                self.found.around.setdefault(node.id, node.lineno)
        else:
            self._binds(node.id, node)

    def _walrus(self, node: ast.NamedExpr) -> None:
        inner = []
        while self._scopes[-1].kind == "comprehension":  # it binds in the scope around them
            inner.append(self._scopes.pop())
        self._binds(node.target.id, node)
        self._scopes.extend(reversed(inner))
        self.visit(node.value)

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._module(alias.name, node)
            if alias.name == "sys":
                self._sys.add(alias.asname or "sys")
            first = alias.name.partition(".")[0]
            self._binds(alias.asname or first, node, origin=alias.name if alias.asname else first)

    def _import_from(self, node: ast.ImportFrom) -> None:
        self._module(node.module or "", node)
        for alias in node.names:
            if node.module == "__future__" or alias.name == "*":
                self.found.around.setdefault(f"from {node.module} import {alias.name}", node.lineno)
            elif alias.name in AROUND_ATTRIBUTES or (node.module, alias.name) == ("sys", "modules"):
                self.found.around.setdefault(alias.name, node.lineno)
            self._binds(alias.asname or alias.name, node, origin=f"{'.' * node.level}{node.module}:{alias.name}")

    def _module(self, name: str, node: ast.AST) -> None:
        if name.partition(".")[0] in AROUND_MODULES:
            self.found.around.setdefault(f"import {name}", _line(node))

    def _except(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self._binds(node.name, node)
        self._children(node)

    def _pattern(self, node: ast.MatchAs | ast.MatchStar | ast.MatchMapping) -> None:
        name = node.rest if isinstance(node, ast.MatchMapping) else node.name
        if name:
            self._binds(name, node)
        self._children(node)

    # -- scopes --------------------------------------------------------------------------------------------------

    def _function(self, node: Function) -> None:
        arguments = node.args
        parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        parameters += [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
        self._all([*arguments.defaults, *arguments.kw_defaults, *(one.annotation for one in parameters)])
        if not isinstance(node, ast.Lambda):
            self._all([*node.decorator_list, node.returns])
            self._binds(node.name, node)
        body: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else [*node.body]
        own = Owned(body)
        own.parameters(arguments)
        self._within(own.scope("function"), body)

    def _class(self, node: ast.ClassDef) -> None:
        self._all([*node.decorator_list, *node.bases, *node.keywords])
        self._binds(node.name, node)
        self._within(replace(Owned(node.body).scope("class"), name=node.name), node.body)

    def _comprehension(self, node: Comprehension) -> None:
        self.visit(node.generators[0].iter)
        own = Owned(generator.target for generator in node.generators)
        for generator in node.generators:
            own.stands_for_items(generator.target, generator.iter)
        rest: list[ast.AST] = []
        for number, generator in enumerate(node.generators):
            rest += [generator.target, *generator.ifs, *([generator.iter] if number else [])]
        rest += [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        own.module_names |= self._scopes[-1].module_names - own.names
        self._within(own.scope("comprehension"), rest)

    # -- changes -------------------------------------------------------------------------------------------------

    def _changes(self, base: ast.AST, how: str) -> None:
        for root in _roots(base):
            for name in self._meant(root.id, len(self._scopes), set()):
                self.found.changed.setdefault((name, how), root.lineno)

    def _attribute(self, node: ast.Attribute) -> None:
        if node.attr in AROUND_ATTRIBUTES:
            self.found.around.setdefault(node.attr, node.lineno)
        if node.attr == "modules":
            self._modules.append((node, self.found))
        if not isinstance(node.ctx, ast.Load):
            self._changes(node.value, f".{node.attr}")
        elif node.attr in _CHANGING:  # called here, or handed on to be called
            self._changes(node.value, f".{node.attr}(...)")
        self.visit(node.value)

    def _subscript(self, node: ast.Subscript) -> None:
        if not isinstance(node.ctx, ast.Load):
            self._changes(node.value, "[...]")
        self._children(node)

    def _call(self, node: ast.Call) -> None:
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        of_type = isinstance(function, ast.Attribute) and getattr(function.value, "id", "") in _CONTAINERS
        if node.args and (name in _SETTERS | _DUNDER_SETTERS | _FIRST_CHANGED or (of_type and name in _CHANGING)):
            self._changes(node.args[0], f"{name}(...)")
        for keyword in node.keywords:
            if keyword.arg == "out":
                self._changes(keyword.value, "out=")
        if name in ("vars", "locals") and not node.args and self._at_top():
            self.found.around.setdefault(name, node.lineno)
        if name == "vars" and node.args:
            self._changes(node.args[0], "vars(...)")
        if name in _ENDS and self._at_top():
            self.found.ends.setdefault(f"{name}()", node.lineno)
        if not (isinstance(function, ast.Name) and name in _SETTERS and node.args):  # judged by what it sets
            self.visit(function)
        self._all([*node.args, *node.keywords])

    def _raise(self, node: ast.Raise) -> None:
        if self._at_top():
            self.found.ends.setdefault("raise", node.lineno)
        self._children(node)

    def _at_top(self) -> bool:
        return all(scope.kind != "function" for scope in self._scopes)

    def _constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and len(node.value) <= _LONGEST_PATH and " " not in node.value:
            for part in _TEXT_PARTS.findall(node.value):
                if part in AROUND_ATTRIBUTES or part in _AROUND_TEXTS:
                    self.found.around.setdefault(part, node.lineno)


def _roots(node: ast.AST) -> Iterator[ast.Name]:
    """Names that an expression may hand out a thing of: of `a.b[c].d`, only a; of a call, its arguments."""
    match node:
        case ast.Name():
            yield node
        case ast.Attribute(value=value) | ast.Subscript(value=value) | ast.Starred(value=value):
            yield from _roots(value)
        case ast.Call(func=function, args=arguments):
            yield from (name for one in arguments for name in _roots(one))
            if not isinstance(function, ast.Name | ast.Attribute):
                yield from _roots(function)
        case ast.Constant() | ast.Lambda():
            return
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _roots(child)


def _line(node: ast.AST) -> int:
    return getattr(node, "lineno", 0)


_METHODS: dict[type[ast.AST], Callable[[_Walker, Any], None]] = {
    ast.AsyncFunctionDef: _Walker._function,
    ast.Attribute: _Walker._attribute,
    ast.Call: _Walker._call,
    ast.ClassDef: _Walker._class,
    ast.Constant: _Walker._constant,
    ast.DictComp: _Walker._comprehension,
    ast.ExceptHandler: _Walker._except,
    ast.FunctionDef: _Walker._function,
    ast.GeneratorExp: _Walker._comprehension,
    ast.Import: _Walker._import,
    ast.ImportFrom: _Walker._import_from,
    ast.Lambda: _Walker._function,
    ast.ListComp: _Walker._comprehension,
    ast.MatchAs: _Walker._pattern,
    ast.MatchMapping: _Walker._pattern,
    ast.MatchStar: _Walker._pattern,
    ast.Name: _Walker._name,
    ast.NamedExpr: _Walker._walrus,
    ast.Raise: _Walker._raise,
    ast.SetComp: _Walker._comprehension,
    ast.Subscript: _Walker._subscript,
}
