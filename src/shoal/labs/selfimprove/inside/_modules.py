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
    """Finds the modules whose files it was given: "stock.py" is `stock`, "shop/stock.py" is `shop.stock`.

    Each is compiled once, when it is first imported; a text that does not compile raises SyntaxError there. The file
    name stands in tracebacks. A folder without `__init__.py` is an empty package.
    """

    def __init__(self, files: Mapping[str, str]) -> None:
        self.texts = dict(files)
        self.names: dict[str, str | None] = {}  # of modules: their files, None for folders
        for name in sorted(files):
            if name.endswith(".py"):
                *folders, last = name.removesuffix(".py").split("/")
                for depth in range(1, len(folders) + 1):
                    self.names.setdefault(".".join(folders[:depth]), None)
                self.names[".".join(folders if last == "__init__" else (*folders, last))] = name
        self.codes: dict[str, CodeType] = {}
        sys.meta_path.insert(0, self)

    def forget(self) -> None:
        """The next import runs every module anew."""
        for module in self.names:
            sys.modules.pop(module, None)

    def leave(self) -> None:
        """Nothing of these files can be imported any more."""
        self.forget()
        sys.meta_path.remove(self)

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        """See `importlib.abc.MetaPathFinder`."""
        if fullname not in self.names:
            return None
        file = self.names[fullname]
        package = file is None or file.endswith("/__init__.py")
        return importlib.util.spec_from_loader(fullname, self, is_package=package)

    def create_module(self, spec: object) -> None:
        """See `importlib.abc.Loader`."""

    def exec_module(self, module: ModuleType) -> None:
        """See `importlib.abc.Loader`."""
        file = self.names[module.__name__]
        if file is None:
            return
        if file not in self.codes:
            self.codes[file] = compile(self.texts[file], file, "exec", dont_inherit=True)
        module.__file__ = file
        exec(self.codes[file], module.__dict__)
