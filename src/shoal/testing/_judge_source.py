"""What the text of a judge shows: clocks, chance, tolerances, code that runs what it is sent. Evidence, not proof."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Source"]

_CLOCKS = {
    "time": {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time"}
    | {"process_time_ns", "thread_time", "localtime", "gmtime", "ctime"},
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
}
_CHANCE = {
    "random": {"random", "randint", "choice", "choices", "sample", "shuffle", "uniform", "gauss", "seed", "randrange"},
    "uuid": {"uuid1", "uuid4"},
    "os": {"urandom"},
    "secrets": {"token_bytes", "token_hex", "randbelow", "choice", "randbits"},
}
_PLACES = {
    "os": {"environ", "getenv", "getpid", "uname", "cpu_count"},
    "platform": {"node", "machine", "processor", "platform"},
    "socket": {"gethostname"},
}
_RUNS = {"eval", "exec", "compile", "__import__", "execfile"}
_RUNS_OF = {
    "pickle": {"loads", "load"},
    "marshal": {"loads"},
    "os": {"system", "popen"},
    "subprocess": {"run", "Popen", "call", "check_output", "check_call"},
    "importlib": {"import_module"},
    "dill": {"loads"},
    "yaml": {"load", "unsafe_load"},
}
_CLOSE = {"isclose", "allclose", "assert_allclose", "assert_almost_equal", "approx"}
_SLACK = ("tol", "eps", "slack", "atol", "rtol", "margin")
_ENTRY = {"instances", "arguments", "score", "play", "aggregate", "canaries"}
_SEEDED = {"default_rng", "Generator", "Philox", "PCG64", "SeedSequence", "RandomState", "SFC64", "MT19937"}


@dataclass(frozen=True, slots=True)
class Source:
    """The part of a judge that scores: what `picture` alone needs is left out. Each property lists "name, line n"."""

    tree: ast.Module

    @classmethod
    def of(cls, judge: bytes) -> Source:
        """Read the source of a judge that has been loaded already, so it parses."""
        return cls(ast.parse(judge.decode()))

    @property
    def clocks(self) -> tuple[str, ...]:
        """Calls that read a clock."""
        return self._calls(_CLOCKS)

    @property
    def chance(self) -> tuple[str, ...]:
        """Calls of generators that `rng` has no power over."""
        found = [*self._calls(_CHANCE)]
        for node in self._nodes():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner, name = ast.unparse(node.func.value), node.func.attr
                if owner in ("np.random", "numpy.random") and (name not in _SEEDED or not node.args):
                    found.append(_at(f"{owner}.{name}", node))
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "default_rng" and not node.args:
                found.append(_at("default_rng", node))
        return tuple(dict.fromkeys(found))

    @property
    def places(self) -> tuple[str, ...]:
        """What depends on the machine or the process."""
        found = [
            _at(ast.unparse(node), node)
            for node in self._nodes()
            if isinstance(node, ast.Attribute) and node.attr in _PLACES.get(_owner(node), ())
        ]
        found += [_at("id", node) for node, _ in self._named_calls() if ast.unparse(node.func) == "id"]
        return tuple(dict.fromkeys(found))

    @property
    def runs(self) -> tuple[str, ...]:
        """Calls that may run what a program sent."""
        found = [_at(name, node) for node, name in self._named_calls() if name in _RUNS]
        loose = [
            _at("allow_pickle=True", node)
            for node in self._nodes()
            if isinstance(node, ast.keyword) and node.arg == "allow_pickle" and ast.unparse(node.value) == "True"
        ]
        return (*found, *self._calls(_RUNS_OF), *loose)

    @property
    def tolerances(self) -> tuple[str, ...]:
        """Comparisons that forgive a little."""
        names = self._small_constants()
        found = [_at(name, node) for node, name in self._named_calls() if name in _CLOSE]
        for node in self._nodes():
            if isinstance(node, ast.Compare):
                inner = [
                    one for one in ast.walk(node) if _is_small(one) or (isinstance(one, ast.Name) and one.id in names)
                ]
                found += [_at(ast.unparse(one), node) for one in inner]
        return tuple(dict.fromkeys(found))

    @property
    def swallowed(self) -> tuple[str, ...]:
        """Handlers of every exception that go on instead of raising."""
        wide = ("", "Exception", "BaseException")
        return tuple(
            _at("except", node)
            for node in self._nodes()
            if isinstance(node, ast.ExceptHandler)
            and (ast.unparse(node.type) if node.type else "") in wide
            and not any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
        )

    # -- inside -------------------------------------------------------------------------------------------------------

    def _nodes(self) -> Iterator[ast.AST]:
        functions = {node.name: node for node in self.tree.body if isinstance(node, ast.FunctionDef)}
        wanted, waiting = set[str](), [name for name in functions if name in _ENTRY]
        while waiting:
            name = waiting.pop()
            if name in wanted:
                continue
            wanted.add(name)
            used = {node.id for node in ast.walk(functions[name]) if isinstance(node, ast.Name)}
            waiting += [one for one in used if one in functions]
        for node in self.tree.body:
            if not isinstance(node, ast.FunctionDef) or node.name in wanted:
                yield from ast.walk(node)

    def _imported(self) -> dict[str, tuple[str, str]]:
        """Names that `from module import name` binds, with their modules and what they are called there."""
        return {
            alias.asname or alias.name: (node.module.rpartition(".")[2], alias.name)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
        }

    def _calls(self, table: dict[str, set[str]]) -> tuple[str, ...]:
        imported = self._imported()
        found = []
        for node in self._nodes():
            if not isinstance(node, ast.Call):
                continue
            if isinstance(node.func, ast.Attribute) and node.func.attr in table.get(_owner(node.func), ()):
                found.append(_at(ast.unparse(node.func), node))
                continue
            module, name = imported.get(node.func.id, ("", "")) if isinstance(node.func, ast.Name) else ("", "")
            if name in table.get(module, ()):
                found.append(_at(ast.unparse(node.func), node))
        return tuple(dict.fromkeys(found))

    def _named_calls(self) -> Iterator[tuple[ast.Call, str]]:
        for node in self._nodes():
            if isinstance(node, ast.Call):
                yield node, node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)

    def _small_constants(self) -> set[str]:
        """Module constants that are named like a tolerance and are small."""
        return {
            target.id
            for node in self.tree.body
            if isinstance(node, ast.Assign) and _is_small(node.value)
            for target in node.targets
            if isinstance(target, ast.Name) and any(word in target.id.lower() for word in _SLACK)
        }


def _owner(node: ast.Attribute) -> str:
    """The last name before the dot: datetime of `datetime.datetime.now`."""
    return ast.unparse(node.value).rpartition(".")[2]


def _at(name: str, node: ast.AST) -> str:
    line = getattr(node, "lineno", None)
    return f"{name}, line {line}" if line else name


def _is_small(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, float) and 0 < abs(node.value) < 1e-2
