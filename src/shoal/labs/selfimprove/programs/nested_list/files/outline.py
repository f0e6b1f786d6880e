"""Lists of a text as trees of items."""

import re
from typing import Any

ITEM = re.compile(r"( *)([-*]|[0-9]+\.) (.*)")
MARKS = {"bullet": "- ", "open": "- [ ] ", "done": "- [x] "}


def read_item(mark: str, text: str) -> dict[str, Any]:
    """One item, without what is below it."""
    kind = "number" if mark.endswith(".") else "bullet"
    if kind == "bullet":
        for box, name in (("[ ] ", "open"), ("[x] ", "done")):
            if text.startswith(box):
                kind, text = name, text[len(box) :]
    text = text.strip()
    if not text:
        raise ValueError("an item without a text")
    return {"text": text, "kind": kind, "items": []}


def parse(text: str) -> list[dict[str, Any]]:
    """The items of a text."""
    top: list[dict[str, Any]] = []
    open_items: list[tuple[int, dict[str, Any]]] = []  # with their indents, from the outermost
    indents: dict[int, int] = {}  # of the lists, by the identity of what holds them
    for line in text.split("\n"):
        if not line.strip():
            continue
        match = ITEM.fullmatch(line)
        if not match:
            if not open_items:
                raise ValueError(f"{line!r} before the first item")
            open_items[-1][1]["text"] += " " + line.strip()
            continue
        indent, item = len(match[1]), read_item(match[2], match[3])
        while open_items and open_items[-1][0] >= indent:
            open_items.pop()
        siblings = open_items[-1][1]["items"] if open_items else top
        expected = indents.setdefault(id(siblings), indent if open_items else 0)
        if indent != expected:
            raise ValueError(f"an indent of {indent} where {expected} is expected")
        siblings.append(item)
        open_items.append((indent, item))
    return top


def render(items: list[dict[str, Any]], width: int = 2) -> str:
    """The text of items."""

    def lines(items: list[dict[str, Any]], depth: int) -> list[str]:
        result = []
        number = 0
        for item in items:
            number = number + 1 if item["kind"] == "number" else 0
            mark = f"{number}. " if number else MARKS.get(item["kind"])
            if mark is None:
                raise ValueError(f"kind {item['kind']} is not known")
            result.append(" " * (width * depth) + mark + item["text"])
            result += lines(item["items"], depth + 1)
        return result

    return "\n".join(lines(items, 0))


def progress(text: str) -> list[int]:
    """How many boxes are ticked, and how many there are."""

    def count(item: dict[str, Any]) -> tuple[int, int]:
        below = [count(one) for one in item["items"]]
        done, boxes = sum(one for one, _ in below), sum(one for _, one in below)
        if boxes == 0 and item["kind"] in ("open", "done"):
            return int(item["kind"] == "done"), 1
        return done, boxes

    counts = [count(item) for item in parse(text)]
    return [sum(done for done, _ in counts), sum(boxes for _, boxes in counts)]
