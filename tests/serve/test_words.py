"""Prompts that want no program: which these are, and that each gets an answer in its form."""

from __future__ import annotations

import json
import re

import pytest

from shoal.core.values import Candidate, Source
from shoal.propose._prompt import Assignment, comparison, prompt
from shoal.serve._words import in_words
from tests.serve.prompts import CIRCLES, DONOR, MARKED, Messages, plain, tagged, with_history, with_nonce

FENCED = "```python\n{}\n```"


def said(*texts: str) -> str | None:
    return in_words([(role, text) for role, text in zip(("system", "user"), texts, strict=False)])


def pairs(messages: Messages) -> list[tuple[str, str]]:
    return [(one["role"], one["content"]) for one in messages]


def compared(one: str, other: str) -> str:
    return (
        f"Look at two programs.\n\n**OLD CODE:**\n{FENCED.format(one)}\n\n**NEW CODE:**\n{FENCED.format(other)}\n\n"
        "Do they differ in what they do? Answer with NOVEL or NOT_NOVEL, then why."
    )


@pytest.mark.parametrize(
    "other, word",
    [(CIRCLES.replace("0.3 *", "0.31 *"), "NOVEL"), ("# a remark\n" + CIRCLES.replace("\n\n\n", "\n\n"), "NOT_NOVEL")],
)
def test_two_programs_are_told_apart_by_more_than_comments_and_layout(other: str, word: str) -> None:
    assert other != CIRCLES
    answer = said("You review code.", compared(CIRCLES, other))
    assert answer is not None and answer.split()[0] == word


def test_our_own_judge_of_novelty_gets_a_yes_or_a_no() -> None:
    told = Assignment("Pack circles.", "sum of radii", 1.0, "initial.py", "all of initial.py", entry=("pack",))

    def source(text: str) -> Source:
        return Source(Candidate("c1", (), {}, "", ""), {"initial.py": text.encode()}, 1.0, {}, "")

    for new, word in ((DONOR, "yes"), (CIRCLES, "no")):
        answer = in_words(pairs(comparison(told, source(new), source(CIRCLES), nonce="ab12", most=60_000)))
        assert answer is not None and answer.split()[0] == word


def test_a_summary_counts_what_is_there_and_holds_no_program() -> None:
    shown = f"# Program to look at\n\n{FENCED.format(CIRCLES)}"
    user = f"{shown}\n\nCombined score: 0.36\n\n# What to do\n\nWrite a short summary."
    answer = said("You describe programs.", user)
    assert answer is not None
    assert "pack, layout, radii" in answer and "0.36" in answer and "```" not in answer


def test_advice_comes_as_a_numbered_list() -> None:
    shown = f"# Insights\n\nNone yet.\n\n# Best program\n\n{FENCED.format(CIRCLES)}"
    user = f"{shown}\n\nGive 3 recommendations as a numbered list."
    answer = said("You advise.", user)
    assert answer is not None
    assert re.findall(r"^\d\.", answer, re.MULTILINE) == ["1.", "2.", "3.", "4.", "5."]


def test_marks_come_as_json_with_the_keys_that_were_shown() -> None:
    user = (
        f"Mark this code from 0.0 to 1.0:\n\n{FENCED.format(CIRCLES)}\n\nReturn a JSON object like this:\n"
        '{\n    "clarity": [score],\n    "speed": [score],\n    "reasons": "[a sentence]"\n}'
    )
    assert json.loads(said("You review code.", user) or "") == {
        "clarity": 0.5,
        "speed": 0.5,
        "reasons": "nothing was judged",
    }


def test_a_system_prompt_grows_by_one_sentence_each_time() -> None:
    form = (
        "Answer so:\n\n<NAME>\na_name\n</NAME>\n\n<DESCRIPTION>\nwhy\n</DESCRIPTION>\n\n<PROMPT>\nthe text\n</PROMPT>"
    )
    text, seen = "Pack circles well.", []
    for _ in range(3):
        answer = said(form, f"# Current system prompt\n```\n{text}\n```\n\n# Top programs\n{FENCED.format(CIRCLES)}")
        (better,) = re.findall(r"<PROMPT>\n(.*)\n</PROMPT>", answer or "", re.DOTALL)
        assert better.startswith(text) and len(better) > len(text)
        text = better
        seen.append(better)
    assert len(set(seen)) == 3


@pytest.mark.parametrize("task", ["diff", "full", "cross", "repair"])
def test_our_own_requests_for_programs_are_no_questions(task: str) -> None:
    told = Assignment(
        "Answer yes or no. Write a summary.", "score", 1.0, "initial.py", "all of initial.py", entry=("pack",)
    )
    source = Source(Candidate("c1", (), {}, "", ""), {"initial.py": CIRCLES.encode()}, 1.0, {}, "")
    assert in_words(pairs(prompt(told, source, [source], task=task, nonce="ab12", most=60_000, feedback=""))) is None


@pytest.mark.parametrize(
    "messages",
    [
        plain(CIRCLES),
        with_nonce(CIRCLES, MARKED),
        tagged(MARKED, form="DIFF"),
        tagged(MARKED, form="CODE"),
        with_history(CIRCLES, best=MARKED, inspiration=DONOR, diff=True),
        with_history(CIRCLES, best=MARKED, inspiration=DONOR, diff=False),
        [{"role": "user", "content": "Hello!"}],
    ],
)
def test_requests_for_programs_are_no_questions(messages: Messages) -> None:
    assert in_words(pairs(messages)) is None
