"""The pool: a file with one table per model.

[[model]]
name = "small"
url = "https://api.example.com/v1"
model = "vendor-small-2"
key = "EXAMPLE_KEY"                     # the environment variable, never the key
price = { in = 0.4, out = 1.6, cached = 0.1 }

[[model]]
name = "home"
url = "http://localhost:11434/v1"
model = "qwen3:8b"
price = "free"
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from shoal.core.errors import UserError
from shoal.models._member import Member

__all__ = ["load_pool", "read_pool"]

MOST_MEMBERS = 40


def load_pool(path: Path) -> tuple[Member, ...]:
    """The models of a TOML file, in order. Raises `UserError` that names file, model, key, value and fix."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"cannot read the models in {path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{path} is not valid TOML: {error}") from None
    unknown = [key for key in data if key != "model"]
    if unknown or not isinstance(data.get("model"), list):
        what = f"{unknown[0]} is not known here" if unknown else "there is no model in it"
        raise UserError(f"{path}: {what}; write one [[model]] table per model")
    return read_pool(data["model"], where=str(path))


def read_pool(tables: Sequence[Any], *, where: str) -> tuple[Member, ...]:
    """Models from their tables; see `load_pool`."""
    if not 0 < len(tables) <= MOST_MEMBERS:
        raise UserError(f"{where}: {len(tables)} models; a pool has 1 to {MOST_MEMBERS}")
    pool = tuple(_member(table, number, where) for number, table in enumerate(tables, start=1))
    names = [member.name for member in pool]
    for name in names:
        if names.count(name) > 1:
            raise UserError(f"{where}: two models are called {name}; give each a name of its own")
    return pool


def _member(table: Any, number: int, where: str) -> Member:
    try:
        return Member.model_validate(table)
    except ValidationError as error:
        named = table.get("name", f"number {number}") if isinstance(table, dict) else f"number {number}"
        raise UserError(f"{where}: model {named}: {_explain(error)}") from None


def _explain(error: ValidationError) -> str:
    """The first problem as one phrase."""
    problem = error.errors()[0]
    key = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        near = get_close_matches(key, [*Member.model_fields], n=1)
        return f"unknown key {key}" + (f"; did you mean {near[0]}?" if near else "")
    if problem["type"] == "missing":
        return f"{key} is missing"
    told = problem["msg"].removeprefix("Value error, ")
    return f"{key} = {problem['input']!r}: {told[:1].lower()}{told[1:]}" if key else told
