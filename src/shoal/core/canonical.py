"""Canonical JSON: one value, one text. What is hashed, logged and compared is always this text."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from shoal.core.values import Digest, Json

__all__ = ["canonical", "plain", "sha256"]

_fields: dict[type, tuple[str, ...]] = {}
_ATOMS = frozenset({str, int, float, bool, type(None)})  # looked at before each call: most values are one of these


def plain(value: Any) -> Json:
    """Turn dataclasses, mappings and sequences into JSON values; other types are refused with TypeError."""
    kind = type(value)
    if kind in _ATOMS:
        return value
    if kind is tuple or kind is list:
        return [item if type(item) in _ATOMS else plain(item) for item in value]
    if kind is dict:
        return {_key(key): item if type(item) in _ATOMS else plain(item) for key, item in value.items()}
    names = _fields.get(kind)
    if names is None and dataclasses.is_dataclass(value):
        names = _fields[kind] = tuple(field.name for field in dataclasses.fields(value))
    if names is not None:
        return {name: item if type(item := getattr(value, name)) in _ATOMS else plain(item) for name in names}
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return {_key(key): plain(item) for key, item in value.items()}
    raise TypeError(f"{kind.__name__} is not plain data")


def _key(key: object) -> str:
    """JSON would turn other keys into strings, and the log would give back another value than was written."""
    if not isinstance(key, str):
        raise TypeError(f"a key of type {type(key).__name__} is not plain data: keys are strings")
    return str(key)


def canonical(value: Any) -> bytes:
    """Encode as UTF-8 JSON with sorted keys, no spaces, no NaN. Raises ValueError or TypeError for anything else."""
    return _encode(plain(value)).encode()


_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=True).encode


def sha256(data: bytes) -> Digest:
    """The digest of ``data`` as lower-case hex."""
    return hashlib.sha256(data).hexdigest()
