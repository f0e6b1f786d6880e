"""Programs given as texts, imported as plain modules."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Mapping
from types import CodeType, ModuleType

__all__ = ["Texts"]


class Texts(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the modules whose files it was given: "stock.py" is `stock`. The file name stands in tracebacks.

    Each is compiled once, when it is first imported; a text that does not compile raises SyntaxError there.
    """

    def __init__(self, files: Mapping[str, str]) -> None:
        self.texts = {name.removesuffix(".py"): text for name, text in files.items() if name.endswith(".py")}
        self.codes: dict[str, CodeType] = {}
        sys.meta_path.insert(0, self)

    def forget(self) -> None:
        """The next import runs every module anew."""
        for name in self.texts:
            sys.modules.pop(name, None)

    def leave(self) -> None:
        """Nothing of these files can be imported any more."""
        self.forget()
        sys.meta_path.remove(self)

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        """See `importlib.abc.MetaPathFinder`."""
        return importlib.util.spec_from_loader(fullname, self) if fullname in self.texts else None

    def create_module(self, spec: object) -> None:
        """See `importlib.abc.Loader`."""

    def exec_module(self, module: ModuleType) -> None:
        """See `importlib.abc.Loader`."""
        name = module.__name__
        if name not in self.codes:
            self.codes[name] = compile(self.texts[name], f"{name}.py", "exec", dont_inherit=True)
        module.__file__ = f"{name}.py"
        exec(self.codes[name], module.__dict__)
