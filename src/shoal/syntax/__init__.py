"""Python source text as trees: regions, normal form, numeric literals, scope.

Pure functions on text. They meet hostile text, so they run in the jailed editor process, never in the supervisor.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shoal.syntax._characters import check_characters
    from shoal.syntax._edit_scope import check_scope
    from shoal.syntax._intent import intents
    from shoal.syntax._literals import Slot
    from shoal.syntax._normal import Normal, normal_form, normal_hash
    from shoal.syntax._program import Program, frozen_hash, read, slots, with_values
    from shoal.syntax._region import Region, region
    from shoal.syntax._scope import names_at
    from shoal.syntax._source import MAX_BYTES, SourceError, parse

_HOMES = {
    "MAX_BYTES": "_source",
    "Normal": "_normal",
    "Program": "_program",
    "Region": "_region",
    "Slot": "_literals",
    "SourceError": "_source",
    "check_characters": "_characters",
    "check_scope": "_edit_scope",
    "frozen_hash": "_program",
    "intents": "_intent",
    "names_at": "_scope",
    "normal_form": "_normal",
    "normal_hash": "_normal",
    "parse": "_source",
    "read": "_program",
    "region": "_region",
    "slots": "_program",
    "with_values": "_program",
}

__all__ = [
    "MAX_BYTES",
    "Normal",
    "Program",
    "Region",
    "Slot",
    "SourceError",
    "check_characters",
    "check_scope",
    "frozen_hash",
    "intents",
    "names_at",
    "normal_form",
    "normal_hash",
    "parse",
    "read",
    "region",
    "slots",
    "with_values",
]


def __getattr__(name: str) -> object:
    """Load a public name; raises AttributeError for any other."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return value
