"""Replies of models as programs: blocks that fit, blocks that nearly fit, whole programs, and everything else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.propose._draft import ImpossibleError
from shoal.propose._edit import edit
from shoal.propose._reply import applied

PROGRAM = '''"""Adds."""


def total(values):
    result = 0
    for value in values:
        result += value
    return result


def mean(values):
    if not values:
        return 0
    return total(values) / len(values)
'''


def block(search: str, replace: str) -> str:
    return f"<<<<<<< SEARCH\n{search}\n=======\n{replace}\n>>>>>>> REPLACE\n"


def test_blocks_take_the_place_of_what_they_search() -> None:
    reply = (
        "First this.\n"
        + block("    result = 0", "    result = 0.0")
        + "then\n"
        + block("        return 0", "        return 0.0")
    )
    made = applied(PROGRAM, reply, form="diff")
    assert made == PROGRAM.replace("result = 0\n", "result = 0.0\n").replace("return 0\n", "return 0.0\n")


def test_indentation_that_was_lost_is_found_again() -> None:
    reply = block("for value in values:\n    result += value", "for value in values:\n    result += 2 * value")
    assert applied(PROGRAM, reply, form="diff") == PROGRAM.replace("result += value", "result += 2 * value")


def test_blank_space_at_the_end_of_lines_does_not_matter() -> None:
    assert "result = 1\n" in applied(PROGRAM, block("    result = 0   ", "    result = 1"), form="diff")


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ("I would rather not.", "there is no SEARCH/REPLACE block in the reply"),
        (block("    reslt = 0\n    for value in values:", "    pass"), "Nearest are lines 5 to 6:\n    result = 0"),
        (block("something of another program altogether", "x"), "Nothing in it is much like that text"),
        (block("def", "x"), "not in the program"),
        (block("", "x = 1"), "searches for nothing"),
        ("<<<<<<< SEARCH\n    result = 0\n=======\n    result = 1\n", "block 1 is cut off"),
        ("<<<<<<< SEARCH\na\n>>>>>>> REPLACE\n", "has no ======= line"),
        (block("x", "y") * 41, "more than 40 blocks"),
        ("x" * (1 << 20) + "y", "characters; at most"),
    ],
)
def test_what_cannot_be_used_says_what_to_mend(reply: str, told: str) -> None:
    with pytest.raises(ImpossibleError) as error:
        applied(PROGRAM, reply, form="diff")
    assert told in str(error.value)


def test_lines_that_stand_twice_are_refused_with_their_places() -> None:
    with pytest.raises(ImpossibleError, match=r"stands 2 times in the program \(lines 1, 3\)"):
        applied("x = 1\ny = 2\nx = 1\n", block("x = 1", "x = 2"), form="diff")


@pytest.mark.parametrize(
    "reply",
    [
        "Here it is:\n```python\nx = 1\ny = 2\n```\nas asked",
        "```\nx = 1\ny = 2\n```",
        "~~~py\nx = 1\ny = 2\n~~~",
        "a short one ```x```\n\n```python\nx\n```\n\n```python\nx = 1\ny = 2\n```",
        "```python\nx = 1\ny = 2\n",
        "````python\nx = 1\ny = 2\n````",
    ],
)
def test_a_whole_program_is_the_longest_between_fences(reply: str) -> None:
    assert applied(PROGRAM, reply, form="full") == "x = 1\ny = 2\n"


@given(st.text(max_size=300), st.sampled_from(["diff", "full"]))
def test_any_text_is_a_program_or_a_reason(text: str, form: str) -> None:
    reply = edit(
        {"operator": "reply", "source": PROGRAM, "payload": {"text": text, "form": form}}, np.random.default_rng(0)
    )
    assert ("failed" in reply) != ("source" in reply)


@given(st.lists(st.sampled_from(["x = 1", "y = 2", "", "    z = 3", "=======", "text"]), max_size=12), st.data())
def test_a_block_over_any_lines_puts_its_text_there_or_says_why(lines: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, max(0, len(lines) - 1)))
    end = data.draw(st.integers(start, len(lines)))
    source, search = "\n".join(lines), lines[start:end]
    try:
        made = applied(source, block("\n".join(search), "NEW"), form="diff")
    except ImpossibleError:
        return
    assert made.count("NEW") == 1


def request(reply: str, *, form: str = "full", **more: object) -> dict[str, object]:
    asked = {
        "operator": "reply",
        "source": PROGRAM,
        "entry": ["mean"],
        "payload": {"text": reply, "form": form},
        **more,
    }
    return edit(asked, np.random.default_rng(0))


def test_the_editor_checks_what_a_model_wrote() -> None:
    assert "source" in request(block("    result = 0", "    result = 0.0"), form="diff")
    assert "stay the same" in request(block("    result = 0", "    result = 0"), form="diff")["failed"]  # type: ignore[operator]
    assert "mean" in request("```python\nx = 1\n```")["failed"]  # type: ignore[operator]
    assert "failed" in request("```python\ndef mean(values:\n```")
    hidden = PROGRAM.replace("Adds.", "Adds\u202e.")
    assert "RIGHT-TO-LEFT OVERRIDE" in request(f"```python\n{hidden}```")["failed"]  # type: ignore[operator]


def test_the_frozen_part_stays() -> None:
    source = f"# shoal: begin\nx = 1\n# shoal: end\n\n\n{PROGRAM}"
    changed = source.replace("result = 0", "result = 5")
    asked = {"source": source, "select": "marked"}
    assert "failed" in request(f"```python\n{changed}```", **asked)
    assert "source" in request(f"```python\n{source.replace('x = 1', 'x = 2')}```", **asked)


def test_programs_in_other_languages_are_edited_too() -> None:
    source = "int main() { return 1; }\n"
    asked = {"operator": "reply", "source": source, "language": "text"}
    reply = edit(
        {**asked, "payload": {"text": block(source.strip(), "int main() { return 2; }"), "form": "diff"}},
        np.random.default_rng(0),
    )
    assert reply["source"] == "int main() { return 2; }\n"
