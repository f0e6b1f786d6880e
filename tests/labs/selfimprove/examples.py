"""A small correct program, and a folder of a user's own task."""

import json
from pathlib import Path
from typing import Any

from shoal.labs.selfimprove._tasks import Bug, Program, Test

SHELF = '''"""A shelf of parcels."""

from limits import HEAVY


class Shelf:
    """Parcels by name."""

    def __init__(self, room: int = 10) -> None:
        self.room = room
        self.parcels: dict[str, int] = {}  # weights
        self.refused: list[str] = []

    def put(self, name: str, weight: int) -> bool:
        # Too heavy, or too much.
        if weight > HEAVY or weight + self.weight() > self.room:
            self.refused.append(name)
            return False
        self.parcels[name] = weight
        return True

    def weight(self) -> int:
        return sum(self.parcels.values())


def fill(parcels: list[list], room: int = 10) -> dict:
    """Put parcels on a shelf, one by one."""
    shelf = Shelf(room)
    count = 0
    for name, weight in parcels:
        if weight <= 0:
            continue
        if shelf.put(name, weight):
            count += 1
    return {"count": count, "refused": list(shelf.refused), "names": sorted(shelf.parcels)}


def rows(words: list[str], width: int) -> list[list[str]]:
    """Split words into rows of at most so many letters."""
    found = []
    row: list[str] = []
    for index, word in enumerate(words):
        if row and len("".join(row)) + len(word) > width:
            found.append(row)
            row = []
        row.append(word.strip())
        if index == len(words) - 1:
            found.append(row[:])
    return found
'''
LIMITS = '"""How much a shelf takes."""\n\nHEAVY = 7\n'
FILES = {"shelf.py": SHELF, "limits.py": LIMITS}


def filled(*parcels: tuple[str, int], room: int = 10, **expected: Any) -> Test:
    return Test("shelf:fill", ([list(one) for one in parcels], room), expected)


def in_rows(words: str, width: int, *expected: str) -> Test:
    return Test("shelf:rows", (words.split(), width), [row.split() for row in expected])


VISIBLE = (
    filled(("a", 3), ("b", 7), count=2, refused=[], names=["a", "b"]),
    filled(("a", 8), ("b", 0), count=0, refused=["a"], names=[]),
    in_rows("a bc d", 3, "a bc", "d"),
    in_rows("", 3),
    Test("shelf:rows", (["a"], "wide"), [["a"]]),
)
HIDDEN = (
    filled(("b", 5), ("a", 5), ("c", 1), count=2, refused=["c"], names=["a", "b"]),
    filled(("a", 7), ("a", 2), room=9, count=2, refused=[], names=["a"]),
    filled(("d", 2), ("c", 1), room=2, count=1, refused=["c"], names=["d"]),
    in_rows("ab cd ef", 4, "ab cd", "ef"),
    in_rows("abcde a b c", 2, "abcde", "a b", "c"),
    Test("shelf:rows", (["a", "bb"], "wide"), raises="TypeError"),
    Test(
        "shelf:fill",
        ([["x", 1]],),
        {"count": 1, "refused": [], "names": ["x"]},
        before=(("shelf:fill", ([["y", 9]],)),),
    ),
)
BUGS = (
    Bug("refuses-the-heaviest", "boundary", "shelf.py", "weight > HEAVY", "weight >= HEAVY"),
    Bug("one-too-light", "bad default", "limits.py", "HEAVY = 7", "HEAVY = 6"),
)


def program(name: str) -> Program:
    return Program(name, "What a shelf does.", FILES, VISIBLE, HIDDEN, BUGS)


def write_task(folder: Path, **texts: str | None) -> Path:
    """A task of a user; texts replace its files, None drops one. `__` stands for `/`, the last `_` for a dot."""
    files: dict[str, str | None] = {
        "statement.md": "Doubles a number.\n",
        "files/double.py": "def double(x):\n    return x + x + 1\n",
        "visible.json": json.dumps([{"call": "double:double", "arguments": [1], "expected": 2}]),
        "hidden.json": json.dumps([{"call": "double:double", "arguments": [7], "expected": 14}]),
    }
    for name, text in texts.items():
        *words, ending = name.replace("__", "/").split("_")
        files["_".join(words) + "." + ending] = text
    for file, text in files.items():
        if text is not None:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(text)
    return folder
