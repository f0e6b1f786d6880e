"""Prompts in the shapes that programs send: our own wording of the forms that frameworks use."""

from __future__ import annotations

import re
from pathlib import Path

import shoal

CIRCLES = (Path(shoal.__file__).parent / "tasks/circle_packing_26/initial.py").read_text().rstrip("\n")

MARKED = """\
import math

# EVOLVE-BLOCK-START
STEP = 0.25


def layout(count):
    points = []
    for k in range(count):
        points.append((0.5 + STEP * math.cos(k), 0.5 + STEP * math.sin(k)))
    return points


# EVOLVE-BLOCK-END


def run():
    return layout(26)
"""

DONOR = """\
import math

# EVOLVE-BLOCK-START
STEP = 0.4


def layout(count):
    return [(0.5 + STEP * math.sin(3 * k), 0.5 + STEP * math.cos(k)) for k in range(count)]


# EVOLVE-BLOCK-END


def run():
    return layout(26)
"""

DIFF_FORM = """\
<<<<<<< SEARCH
# lines of the program, exactly as they are
=======
# what to put there
>>>>>>> REPLACE
"""

Messages = list[dict[str, str]]


def plain(program: str, *, fence: str = "python") -> Messages:
    """A whole program is asked for in one block."""
    return [
        {
            "role": "system",
            "content": "You improve programs. Answer with all of the program in one ```python block.",
        },
        {"role": "user", "content": f"Program to improve:\n\n```{fence}\n{program}\n```\n\nMake the score larger."},
    ]


def with_nonce(program: str, inspiration: str) -> Messages:
    """Untrusted text stands between lines with a nonce; the answer is search and replace."""
    text = (
        "## Parent\n\nIts score is 0.96.\n\n"
        f"<<<PROGRAM k7f3a9\n{program}\n<<<END k7f3a9\n\n"
        f"## Inspiration 1\n\n<<<PROGRAM k7f3a9\n{inspiration}\n<<<END k7f3a9\n\n"
        f"## Answer\n\nGive your change in this form:\n\n{DIFF_FORM}"
    )
    return [{"role": "user", "content": text}]


def tagged(program: str, *, form: str, history: str = "") -> Messages:
    """Name, description, and a diff or the code between tags, explained in the system's message."""
    body = (
        f"<DIFF>\n{DIFF_FORM}</DIFF>" if form == "DIFF" else "<CODE>\n```python\n# The new program here.\n```\n</CODE>"
    )
    system = (
        "You are a careful programmer.\nAnswer in this structure:\n\n"
        "<NAME>\na_short_name\n</NAME>\n\n<DESCRIPTION>\nwhat you did and why\n</DESCRIPTION>\n\n"
        f'{body}\n\nOnly text between "EVOLVE-BLOCK-START" and "EVOLVE-BLOCK-END" may change.'
    )
    user = (
        f"{history}# Current program\n\nThe program that we want to make better:\n\n```python\n{program}```\n\n"
        "It did this well:\n\nCombined score: 0.96\n\n# Task\n\nFind something better."
    )
    return [{"role": "system", "content": system}, {"role": "user", "content": user}]


def earlier(*programs: str) -> str:
    """What came before, put in front of the current program."""
    parts = [f"```python\n{one}```\n\nPerformance: {k / 10}\n\n" for k, one in enumerate(programs)]
    return "# Prior programs\n\nPrograms that were tried earlier, with their scores:\n\n" + "".join(parts)


def with_history(program: str, *, best: str, inspiration: str, diff: bool) -> Messages:
    """Metrics, outputs, top programs and inspirations first, the current program next, the task last."""
    task = (
        f"Use exactly this form for your changes:\n\n{DIFF_FORM}\nFor example:\n{DIFF_FORM}"
        if diff
        else "Write the whole program anew.\n\n```python\n# Your program here\n```"
    )
    user = (
        "# Current Program Information\n- Fitness: 0.96\n\n"
        "## Last Execution Output\n\n### stderr\n```\nfoo(1)\nbar(2)\nbaz(3)\n```\n\n"
        "# Program Evolution History\n## Previous Attempts\n\n### Attempt 1\n- Changes: unknown\n\n"
        f"## Top Performing Programs\n\n### Program 1 (Score: 1.9)\n```python\n{best}```\nKey features: fast\n\n"
        f"## Inspiration Programs\n\n### Inspiration 1 (Score: 1.1)\n```python\n{inspiration}```\n\n"
        f"# Current Program\n```python\n{program}```\n\n# Task\nRaise the fitness.\n\n{task}\n"
    )
    system = "You are an expert who improves a codebase step by step."
    return [{"role": "system", "content": system}, {"role": "user", "content": user}]


def applied(program: str, text: str) -> str:
    """What a strict reader makes of an answer: each block must fit exactly once."""
    blocks = re.findall(r"<{7} SEARCH\n(.*?)\n={7}\n(.*?)\n>{7} REPLACE", text, re.DOTALL)
    assert blocks
    for search, replace in blocks:
        assert program.count(search) == 1
        program = program.replace(search, replace)
    return program
