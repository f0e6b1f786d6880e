"""Serving over HTTP: the embedded proposer as a model that other programs can ask."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shoal.serve._model_server import EmbeddedModelServer

__all__ = ["EmbeddedModelServer"]

_HOME = {"EmbeddedModelServer": "_model_server"}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
