"""From flags to the overrides of a configuration, and the budget nobody gave."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from shoal.core.errors import UserError

__all__ = ["DEFAULT_SECONDS", "UNITS", "listed", "parse_settings", "with_default_budget"]

UNITS = ("evaluations", "proposals", "instance_runs", "seconds", "cpu_seconds", "tokens", "usd")
DEFAULT_SECONDS = 60.0


def parse_settings(pairs: Iterable[str]) -> dict[str, Any]:
    """Read ``KEY=VALUE`` pairs; a value is TOML (3, 0.5, true, "text", [1, 2]), else plain text.

    Raises `UserError` for a pair without a key or a value.
    """
    return dict(_pair(pair) for pair in pairs)


def _pair(pair: str) -> tuple[str, Any]:
    key, equals, text = (part.strip() for part in pair.partition("="))
    parts = key.split(".")
    if not equals or not text or not all(part.isidentifier() for part in parts):
        raise UserError(f"{pair[:80]!r} sets nothing: write KEY=VALUE, for instance search.islands=4")
    try:
        value = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return key, text
    return key, value["value"] if set(value) == {"value"} else text


def listed(text: str | None) -> list[str] | None:
    """The words of a text with commas between them; None for none given."""
    return None if text is None else [word for word in (part.strip() for part in text.split(",")) if word]


def with_default_budget(overrides: Mapping[str, Any], *, configured: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """Add the default budget where none is given; return the overrides and what to say about it ("" for nothing)."""
    if any(source.get(unit) is not None for source in (overrides, configured) for unit in UNITS):
        return dict(overrides), ""
    said = f"no budget given: {DEFAULT_SECONDS:g} s (change it with --seconds, --evaluations or --cpu-seconds)"
    return {**overrides, "seconds": DEFAULT_SECONDS}, said
