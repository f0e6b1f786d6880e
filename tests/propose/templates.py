"""Running programs that call the task's public function, as edits by templates make them."""

import ast
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from shoal.propose._edit import edit


class Bench:
    """One program under edit, with a public function `score` that counts its calls."""

    def __init__(
        self,
        source: str,
        entry: str,
        score: Callable[..., float],
        *,
        sign: float = 1.0,
        select: Any = "all",
        takes: int | None = None,
    ) -> None:
        self.source, self.entry, self.sign, self.select = source, entry, sign, select
        self.score = score
        self.takes = score.__code__.co_argcount if takes is None else takes
        self.calls = 0

    def ask(self, operator: str, seed: int = 1, *, source: str | None = None, **payload: Any) -> dict[str, Any]:
        """The editor's reply."""
        request = {
            "operator": operator,
            "source": self.source if source is None else source,
            "entry": [self.entry],
            "select": self.select,
            "payload": payload,
            "public": {"score": self.takes},
            "public_sign": self.sign,
        }
        return edit(request, np.random.Generator(np.random.Philox(seed)))

    def made(self, operator: str, seed: int = 1, *, source: str | None = None, **payload: Any) -> str:
        """The edited program; its entry has the parameters it had."""
        reply = self.ask(operator, seed, source=source, **payload)
        text: str = reply["source"]
        compile(text, "child", "exec", dont_inherit=True)
        assert parameters(text, self.entry) == parameters(self.source, self.entry)
        return text

    def run(self, source: str, *arguments: Any, ask: str = "") -> Any:
        """What the entry returns, or what the function `ask` returns after it."""
        with self._public():
            names: dict[str, Any] = {"__name__": "candidate"}
            exec(compile(source, "candidate", "exec"), names)
            answer = names[self.entry](*arguments)
            return names[ask]() if ask else answer

    def worth(self, source: str, *arguments: Any) -> float:
        """Its public score, higher is better."""
        answer = self.run(source, *arguments)
        parts = (answer,) if self.takes == 1 else answer if not arguments else (*arguments, answer)
        return self.sign * self.score(*parts)

    def settled(self, source: str, name: str, *arguments: Any) -> str:
        """The program with what a variable holds put into its text, by a trace."""
        traced = self.ask("trace_points", source=source)
        found = self.run(traced["source"], *arguments, ask=traced["function"])
        return self.made("materialise", source=source, **next(one for one in found if one["name"] == name))

    @contextmanager
    def _public(self) -> Iterator[None]:
        module = types.ModuleType("public")
        setattr(module, "score", self._counted)  # noqa: B010
        sys.modules["public"] = module
        try:
            yield
        finally:
            del sys.modules["public"]

    def _counted(self, *arguments: Any) -> float:
        self.calls += 1
        return self.score(*arguments)


def parameters(source: str, name: str) -> str:
    """The parameters of a top-level function."""
    tree = ast.parse(source)
    return next(ast.dump(s.args) for s in tree.body if isinstance(s, ast.FunctionDef) and s.name == name)
