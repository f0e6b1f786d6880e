"""The digests of a task's files, as an event has room for them, and what became of the files since."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping

from shoal.core.values import Digest

__all__ = ["MOST_NAMED", "changed_files", "folded"]

MOST_NAMED = 300  # files of a task that event 0 names one by one: a name and a digest take a hundred bytes


def changed_files(recorded: Mapping[str, Digest], now: Mapping[str, Digest]) -> dict[str, str]:
    """What became of a task's files since: "changed", "added" or "removed" by name, in order of names.

    Files that are as they were are not in it. Both arguments are digests by name; a recorded name that ends with a
    slash stands for all files of a folder, see `folded`.
    """
    for folder in (name for name in recorded if name.endswith("/")):
        now = _with_folder(now, folder)
    became = {}
    for name in sorted({*recorded, *now}):
        if recorded.get(name) != now.get(name):
            became[name] = "added" if name not in recorded else "removed" if name not in now else "changed"
    return became


def folded(manifest: Mapping[str, Digest]) -> dict[str, Digest]:
    """The digests of a task's files by name, so few that an event has room for them.

    Where there are more than `MOST_NAMED`, those of one folder after the other, the fullest first, give way to one
    digest of them all, under its name with a slash.
    """
    found = dict(manifest)
    while len(found) > MOST_NAMED:
        full = Counter(name.partition("/")[0] for name in found if "/" in name[:-1])
        if not full:
            break
        found = _with_folder(found, f"{full.most_common(1)[0][0]}/")
    return found


def _with_folder(manifest: Mapping[str, Digest], folder: str) -> dict[str, Digest]:
    inside = {name: digest for name, digest in sorted(manifest.items()) if name.startswith(folder)}
    told = hashlib.sha256(json.dumps(inside).encode()).hexdigest()
    others = {name: digest for name, digest in manifest.items() if name not in inside}
    return others | ({folder: told} if inside else {})
