"""Calls that the examples of a module's own docstrings make of a function, where the function is at home.

    python -m shoal.behaviour._documented MODULE FUNCTION     (in the project's copy, whose function is `recorded`)

What the examples should print is not compared: a call that is written in a docstring shows what the function is meant
for, whatever became of its result.
"""

from __future__ import annotations

import doctest
import importlib
import sys
from collections.abc import Iterator
from types import ModuleType

__all__ = ["try_examples"]


def try_examples(module: ModuleType, name: str) -> int:
    """Run the examples in the docstrings of the function, of the module and of what else it defines; how many.

    A docstring has names of its own to work with, those of the module to begin with.
    """
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.REPORT_ONLY_FIRST_FAILURE)
    return sum(runner.run(one, out=_unsaid).attempted for one in _docstrings(module, name))


def _docstrings(module: ModuleType, name: str) -> Iterator[doctest.DocTest]:
    finder = doctest.DocTestFinder(exclude_empty=True)
    function = getattr(module, name)
    yield from finder.find(function, name, module=False, globs=vars(module), extraglobs={"__name__": module.__name__})
    yield from finder.find(module)


def _unsaid(text: str) -> None:
    """What an example should have printed and did not is nobody's business here."""


def main() -> None:
    """Run the examples about the function that the command line names; its wrapper writes the record."""
    module, name = sys.argv[1:]
    try_examples(importlib.import_module(module), name)


if __name__ == "__main__":
    main()
