"""Prompts that want no program: a verdict on two programs, a summary, advice, marks as JSON, a better system prompt.

Frameworks ask these of the model that edits their programs, too. Nothing here judges: what is said is counted from the
prompt, so that such calls have their form and mislead nobody.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from shoal.serve._blocks import Block, Label, blocks, prose
from shoal.serve._prompt import SHORTEST, asks_for_code

__all__ = ["in_words"]

ADVICE = (
    "Move one number of the best program by a small step, and keep the rest.",
    "Give two numbers that stand together steps in opposite directions.",
    "Take one function of the best program over into another program.",
    "Put the result of one expression between bounds.",
    "Leave out one statement whose effect nobody sees.",
)
MARK = 0.5
"""What each quality gets that is to be marked from 0 to 1: nothing is known of it."""

_VERDICT = re.compile(
    r"\b(?:answer|respond|reply|different|verdict|decision)\b[^.\n]{0,60}?"
    r"\b(?P<yes>\w+)\W{1,5}or\W{1,5}(?P<no>not?[_ -]?(?P=yes)\b|no\b)",
    re.IGNORECASE,
)
_JSON = re.compile(r"\bJSON object\b", re.IGNORECASE)
_KEY = re.compile(r'^[ \t]*"(?P<key>\w+)"[ \t]*:[ \t]*(?P<value>.*?)[ \t]*,?[ \t]*$', re.MULTILINE)
_PROMPT = re.compile(r"<PROMPT>.*?</PROMPT>", re.DOTALL)
_TEXT = re.compile(
    r"\b(?:create|write|give|provide|generate|extract|update)\b[^.\n]{0,80}?"
    r"\b(?:summar(?:y|ies)|insights?|recommendations?|review|analysis)\b",
    re.IGNORECASE,
)
_LIST = re.compile(r"\bnumbered list\b", re.IGNORECASE)
_FUNCTION = re.compile(r"^[ \t]*(?:async[ \t]+)?def[ \t]+(\w+)", re.MULTILINE)
_SCORE = re.compile(r"\bscore\b[^\n:]{0,30}:[ \t]*(-?\d[\d.e+-]*)", re.IGNORECASE)


def in_words(messages: Sequence[tuple[str, str]]) -> str | None:
    """The answer to a prompt that wants no program; None to all others.

    Args:
        messages: (role, text) of each.
    """
    texts = [text for role, text in messages if role != "assistant"]
    found = [blocks(text) for text in texts]
    said = "\n".join(prose(text, of) for text, of in zip(texts, found, strict=True))
    if _PROMPT.search("\n".join(texts)):
        return _better_prompt([one for of in found for one in of])
    programs = [one for of in found for one in of if one.statements >= SHORTEST]
    verdict = _VERDICT.search(said)
    if verdict and len(programs) == 2 and all(one.label is not Label.CURRENT for one in programs):
        word = verdict["yes"] if _differ(*programs) else verdict["no"]
        return f"{word}\n\nOnly comments and layout were left out of account."
    if asks_for_code("\n".join(texts)):
        return None
    if _JSON.search(said) and _KEY.search(said):
        return json.dumps(dict(_marks(said)))
    return _text(said, programs) if _TEXT.search(said) else None


def _better_prompt(found: Sequence[Block]) -> str:
    """The first text that is shown, with one more sentence; the next time another one."""
    text = found[0].text if found else ""
    advice = next((one for one in ADVICE if one not in text), "")
    parts = {
        "NAME": "one_more_sentence",
        "DESCRIPTION": "One sentence was added.",
        "PROMPT": f"{text} {advice}".strip(),
    }
    return "\n\n".join(f"<{tag}>\n{inner}\n</{tag}>" for tag, inner in parts.items())


def _marks(said: str) -> Iterator[tuple[str, float | str]]:
    for match in _KEY.finditer(said):
        yield match["key"], "nothing was judged" if match["value"].startswith('"') else MARK


def _differ(one: Block, other: Block) -> bool:
    return _bare(one.text) != _bare(other.text)


def _bare(program: str) -> list[str]:
    lines = (line for line in program.splitlines() if not line.lstrip().startswith(("#", "//")))
    return " ".join(lines).split()


def _text(said: str, programs: Sequence[Block]) -> str:
    if _LIST.search(said):
        return "\n".join(f"{number}. {advice}" for number, advice in enumerate(ADVICE, 1))
    counted = [f"- {_counted(one)}" for one in programs] or ["- no program was shown"]
    scores = list(dict.fromkeys(_SCORE.findall(said)))
    return "\n".join(["**What can be counted**", *counted, f"- scores named: {', '.join(scores) or 'none'}"])


def _counted(program: Block) -> str:
    names = list(dict.fromkeys(_FUNCTION.findall(program.text)))
    return f"a program of {program.statements} lines; functions: {', '.join(names) or 'none'}"
