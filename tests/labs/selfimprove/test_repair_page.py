"""The page of the benchmark says what the code does."""

import re
from pathlib import Path

from shoal.core.values import Split
from shoal.labs.selfimprove import _folders
from shoal.labs.selfimprove._bench import MIXES
from shoal.labs.selfimprove._format import MOST_TESTS, Settings, TestList
from shoal.labs.selfimprove._tasks import KINDS, Limits, split_of

PAGE = (Path(__file__).parents[3] / "docs" / "repair.md").read_text(encoding="utf-8")


def rows(head: str) -> list[list[str]]:
    """The rows of the table whose first head is this."""
    blocks = re.findall(r"(?:^\|.*\|$\n)+", PAGE, re.MULTILINE)
    (found,) = [block for block in blocks if block.startswith(f"| {head} |")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in found.splitlines()[2:]]


def named(head: str) -> list[str]:
    return [row[0].strip("`") for row in rows(head)]


def test_it_names_every_kind() -> None:
    assert named("kind") == list(KINDS)


def test_it_names_every_key_with_its_default() -> None:
    limits = Limits()
    fields = [name for name in Settings.model_fields if name != "limits"]
    assert named("key of `task.toml`") == [*fields, *(f"limits.{name}" for name in Limits.__slots__)]
    defaults = {row[0].strip("`"): row[1].strip("`") for row in rows("key of `task.toml`")}
    for name in Limits.__slots__:
        assert defaults[f"limits.{name}"] == str(getattr(limits, name))
    test = TestList.model_fields["root"].annotation.__args__[0]  # type: ignore[union-attr]
    assert named("key of a test") == list(test.model_fields)


def test_it_tells_the_streams() -> None:
    told = {row[0].strip("`"): [int(number) for number in re.findall(r"\d+", row[1])] for row in rows("stream")}
    assert told == {split.value: [mix.total, mix.written] for split, mix in MIXES.items()}
    assert "four are for\nsearch, two for validation, four are sealed" in PAGE
    assert "SHA-256 of `repair: NAME`" in PAGE and split_of("lru_cache") == Split.VALIDATION


def test_it_tells_the_limits() -> None:
    assert f"{_folders.LONGEST_TEXT // 1024} KB" in PAGE
    assert f"up to {_folders.MOST_FILES} texts" in PAGE
    assert f"1 to {MOST_TESTS}" in PAGE
