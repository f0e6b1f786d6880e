"""The reader of prompts: which program, which form."""

from __future__ import annotations

import pytest

from shoal.core.values import Candidate, Source
from shoal.propose import Assignment, prompt
from shoal.serve._prompt import Wanted, read_prompt
from tests.serve.prompts import CIRCLES, DONOR, MARKED, Messages, earlier, plain, tagged, with_history, with_nonce


def wanted(messages: Messages) -> Wanted:
    found = read_prompt([(message["role"], message["content"]) for message in messages])
    assert found is not None
    return found


def user(text: str) -> Messages:
    return [{"role": "user", "content": text}]


def test_a_plain_prompt_wants_the_whole_program():
    found = wanted(plain(CIRCLES))
    assert found == Wanted(CIRCLES, entry=("pack",))


def test_text_between_nonces_is_a_program_like_any_other():
    found = wanted(with_nonce(CIRCLES, DONOR))
    assert (found.program, found.donors, found.diff, found.language) == (CIRCLES, (DONOR.rstrip("\n"),), True, "python")


@pytest.mark.parametrize("form", ["DIFF", "CODE"])
def test_tags_are_found_with_the_form(form: str):
    found = wanted(tagged(MARKED, form=form, history=earlier(DONOR)))
    assert found.program == MARKED.rstrip("\n")
    assert found.donors == (DONOR.rstrip("\n"),)
    assert (found.marked, found.diff) == (True, form == "DIFF")
    assert found.tags == {"NAME", "DESCRIPTION", form}


@pytest.mark.parametrize("diff", [True, False])
def test_the_current_program_is_found_among_many(diff: bool):
    found = wanted(with_history(CIRCLES + "\n", best=MARKED, inspiration=DONOR, diff=diff))
    assert found.program == CIRCLES
    assert found.donors == (DONOR.rstrip("\n"), MARKED.rstrip("\n"))  # the nearest first; outputs are none
    assert (found.diff, found.tags) == (diff, frozenset())


@pytest.mark.parametrize(
    "label",
    [
        "The parent program:",
        "Here is the current best solution:",
        "## Parent",
        "# CURRENT PROGRAM",
        "**Code to optimize**",
        "The current program, taken from the archive:",
    ],
)
def test_a_label_wins_over_the_order(label: str):
    text = f"{label}\n\n```python\n{CIRCLES}\n```\n\n## Notes\n\n```python\n{MARKED}```\n"
    assert wanted(user(text)).program == CIRCLES


@pytest.mark.parametrize(
    "label",
    [
        "## Inspiration 2",
        "An inspiration for the current program:",
        "Previous attempt:",
        "From the archive",
        "### Program 3",
        "Example of the format:",
    ],
)
def test_other_programs_are_not_taken_for_the_current_one(label: str):
    text = f"Improve this.\n\n```python\n{CIRCLES}\n```\n\n{label}\n\n```python\n{MARKED}```\n"
    assert wanted(user(text)).program == CIRCLES


def test_the_last_message_with_a_program_counts():
    first, second = plain(CIRCLES), plain(MARKED.rstrip("\n"))
    answer = {"role": "assistant", "content": f"```python\n{DONOR}```"}
    complaint = {"role": "user", "content": "That did not apply: the search text was not found. Try again."}
    assert wanted([*first, answer, *second[1:], answer, complaint]).program == MARKED.rstrip("\n")


def test_a_program_may_stand_in_the_systems_message():
    messages = [{"role": "system", "content": f"Current code:\n```\n{CIRCLES}\n```"}, *user("Go on.")]
    assert wanted(messages).program == CIRCLES


def test_other_languages_are_text():
    code = "int main() {\n  double step = 0.25;\n  int n = 3;\n  return n;\n}"
    found = wanted(user(f"Current program:\n```cpp\n{code}\n```"))
    assert (found.program, found.language, found.info, found.entry) == (code, "text", "cpp", ())


def test_a_longer_fence_may_hold_fences():
    program = 'def f():\n    """\n```\nx\n```\n    """\n    return 1'
    assert wanted(user(f"Current program:\n````python\n{program}\n````\n")).program == program


def test_names_that_the_prompt_speaks_of_stay():
    program = "def f(x):\n    return g(x) + 1\n\n\ndef g(x):\n    return f(x - 1) if x else 2"
    text = f"Current program, of which f(x) is called:\n```python\n{program}\n```"
    assert wanted(user(text)).entry == ("f",)
    assert wanted(user(f"Current program:\n```python\n{program}\n```")).entry == ("f", "g")


@pytest.mark.parametrize(
    "text",
    [
        "Hello, who are you?",
        "Write a program:\n```python\n# Your program here\n```",
        "```json\n{\n1:\n2\n3}\n```",
        "The form:\n```\n<<<<<<< SEARCH\na\nb\n=======\nc\n>>>>>>> REPLACE\n```",
        "",
    ],
)
def test_where_there_is_no_program_there_is_none(text: str):
    assert read_prompt([("user", text)]) is None


@pytest.mark.parametrize("task", ["diff", "full", "cross", "repair"])
@pytest.mark.parametrize("others", [0, 2])
def test_our_own_prompts_are_understood(task: str, others: int):
    told = Assignment("Pack circles.", "sum of radii", 1.0, "initial.py", "all of initial.py", entry=("pack",))

    def source(text: str, score: float) -> Source:
        return Source(Candidate("c1", (), {}, "", ""), {"initial.py": text.encode()}, score, {}, "1 contact")

    more = [source(DONOR, 0.5)] * others
    asked = prompt(told, source(CIRCLES, 0.9), more, task=task, nonce="ab12", most=60_000, feedback="it failed")
    wanted = read_prompt([(one["role"], one["content"]) for one in asked])
    assert wanted is not None
    assert wanted.program.strip() == CIRCLES.strip()
    assert wanted.diff is (task in ("diff", "repair"))
