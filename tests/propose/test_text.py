"""Edits of programs that are not Python."""

from typing import Any

import numpy as np
import pytest

from shoal.propose._edit import edit
from shoal.propose._text import TEXT_OPERATORS
from shoal.syntax._text import TextProgram

SOURCE = "int n = 4;  // four\ndouble a = 0.5, b = 2.0;\n"


def ask(operator: str, source: str = SOURCE, *, seed: int = 0, **more: Any) -> dict[str, Any]:
    rng = np.random.Generator(np.random.Philox(seed))
    return edit({"operator": operator, "source": source, "language": "text", **more}, rng)


@pytest.mark.parametrize("operator", ["jitter", "swap_numbers", "reset_number"])
def test_an_edit_changes_numbers_and_nothing_else(operator: str) -> None:
    before = TextProgram(SOURCE)
    for seed in range(20):
        reply = ask(operator, seed=seed)
        after = TextProgram(reply["source"])
        assert after.shape == before.shape and "// four" in reply["source"]
        assert reply["normal"] == after.normal_hash != before.normal_hash
        assert isinstance(after.literals.slots[0].value, int)
        assert reply == ask(operator, seed=seed)


def test_values_and_steps_are_set_by_their_place() -> None:
    assert "a = 0.25, b = 3.5" in ask("values", payload={"sites": [1, 2], "values": [0.25, 3.5]})["source"]
    assert "b = 2.75" in ask("again", payload={"sites": [2], "delta": [0.75]})["source"]


def test_describe_and_inspect_tell_what_the_search_keeps() -> None:
    described, inspected = ask("describe"), ask("inspect")
    assert described["source"] == SOURCE and described["details"]["literals"] == 3
    assert inspected["details"]["values"] == [4, 0.5, 2.0]
    assert inspected["details"]["kinds"] == ["int", "float", "float"]
    assert described["normal"] == inspected["normal"]


@pytest.mark.parametrize(
    ("operator", "source", "told"),
    [
        ("insert", SOURCE, "insert edits Python"),
        ("jitter", "int main() {}", "no number"),
        ("swap_numbers", "x = 1;", "fewer than two numbers"),
        ("values", SOURCE, "values must be a list"),
        ("describe", "x" * 200_000, "bytes of source"),
    ],
)
def test_what_cannot_be_done_is_told(operator: str, source: str, told: str) -> None:
    assert told in ask(operator, source)["failed"]


def test_every_operator_named_for_texts_exists() -> None:
    assert set(TEXT_OPERATORS) == {"jitter", "values", "again", "swap_numbers", "reset_number"}
