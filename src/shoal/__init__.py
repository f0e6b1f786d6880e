"""Shoal: programs, agents and training recipes that improve under evaluation, on a laptop.

Importing it costs next to nothing: a name is loaded from its room when it is first asked for.
"""

from importlib import import_module

from shoal.core.arithmetic import hold_here

__version__ = "0.1.0"

# public name -> the module that has it
_EXPORTS: dict[str, str] = {
    "Budget": "shoal.core.budget",
    "Evolved": "shoal.labs.evolve",
    "RunConfig": "shoal.labs.evolve",
    "ShoalError": "shoal.core.errors",
    "UserError": "shoal.core.errors",
    "Wrong": "shoal.judging",
    "evolve": "shoal.labs.evolve",
}

__all__ = ["Budget", "Evolved", "RunConfig", "ShoalError", "UserError", "Wrong", "__version__", "evolve"]


def __getattr__(name: str) -> object:
    """Load a public name; raises AttributeError for any other."""
    if name not in _EXPORTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_EXPORTS[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_EXPORTS})


hold_here()
