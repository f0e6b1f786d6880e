"""Programs that come in from outside, through the jailed editor: what is let in, what is refused, what breaks it."""

import asyncio
from collections.abc import Iterator

import numpy as np
import pytest

from shoal.core.errors import UserError
from shoal.core.values import Brief, Proposal
from shoal.propose import Editor, InitialProposer, Mutable, frozen_hash, intents_of

TASK = "import math\nLIMIT = 2\n# shoal: begin\ndef f(x):\n    return 0.5 * x\n# shoal: end\n"
MARKED = Mutable(main="initial.py", select="marked", entry=("f",))
TEXT = Mutable(main="initial.c", select="marked", entry=())
C = "int limit = 2;\n// shoal: begin\nint size = 3;\n// shoal: end\n"


class Door:
    """One editor for all tests of this file, and its event loop."""

    def __init__(self) -> None:
        self.runner = asyncio.Runner()
        self.editor = self.runner.run(Editor().__aenter__())

    def proposed(self, program: bytes, *, task: str = TASK, mutable: Mutable = MARKED) -> Proposal:
        first = ({mutable.main: program},)
        proposer = InitialProposer(first, self.editor, mutable, against={mutable.main: task.encode()})
        brief = Brief(k=0, parents=(), inspirations=(), payload={"index": 0})
        return self.runner.run(proposer.propose(brief, np.random.default_rng(1)))

    def asked(self, operator: str, source: str) -> dict[str, object]:
        request = {"operator": operator, "source": source, "entry": ["f"]}
        return self.runner.run(self.editor.ask(request))


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    door = Door()
    yield door
    door.runner.run(door.editor.__aexit__())
    door.runner.close()


@pytest.mark.parametrize("change", [lambda t: t, lambda t: t.replace("\n", "\r\n"), lambda t: t.replace("0.5", "0.7")])
def test_what_keeps_the_frozen_part_is_let_in_byte_by_byte(door: Door, change) -> None:
    program = change(TASK).encode()
    proposal = door.proposed(program)
    assert proposal.files == {"initial.py": program}
    own = door.runner.run(frozen_hash(door.editor, MARKED, {"initial.py": TASK.encode()}))
    assert proposal.details["frozen"] == own


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        (TASK.replace("LIMIT = 2", "LIMIT = 3"), "the frozen part was changed: the statement in line 2"),
        (TASK.replace("def f(x)", "def f(x, y)"), "f must keep its parameters"),
        (TASK.replace("def f(x)", "LIMIT = 3\ndef f(x)"), "the region binds LIMIT"),
        (TASK.replace("def f(x)", "def other(x)"), "does not define f"),
        (TASK + "\x0c# shoal: begin\n# shoal: end\n", "U+000C FORM FEED"),
        (TASK + "# shoal: begin\n# shoal: end\n", "2 marked regions and must have 1"),
        (TASK.replace("# shoal: end", "# sh\u043eal: end"), "looks like the mark of a region"),
        (TASK.replace("0.5", "\u0445"), "CYRILLIC SMALL LETTER HA and would pass for x"),
        (TASK.replace("LIMIT", "L\u200bIMIT"), "ZERO WIDTH SPACE"),
        (TASK.replace("\n", "\r"), "CARRIAGE RETURN"),
        ("# coding: utf-7\n" + TASK, "declares the encoding utf-7"),
        (TASK + "def (\n", "invalid syntax"),
        (TASK.replace("# shoal: end", "return 1\n# shoal: end"), "outside function"),
    ],
)
def test_what_does_not_is_refused_with_one_line(door: Door, program: str, reason: str) -> None:
    proposal = door.proposed(program.encode())
    assert proposal.files is None
    assert reason in proposal.note and "\n" not in proposal.note


def test_bytes_that_are_no_utf8_are_refused_as_such(door: Door) -> None:
    proposal = door.proposed(TASK.encode() + b"# caf\xe9\n")
    assert proposal.files is None and "not UTF-8: byte 0xe9 at" in proposal.note
    with pytest.raises(UserError, match=r"initial\.py: not UTF-8"):
        door.runner.run(frozen_hash(door.editor, MARKED, {"initial.py": b"\xff"}))


def test_other_languages_are_looked_at_in_the_same_places(door: Door) -> None:
    assert door.proposed(C.replace("3", "4").encode(), task=C, mutable=TEXT).files is not None
    changed = door.proposed(C.replace("2", "4").encode(), task=C, mutable=TEXT)
    assert changed.files is None and "frozen" in changed.note
    hidden = door.proposed(C.replace("// shoal: end", "/* \u202e */ // shoal: end").encode(), task=C, mutable=TEXT)
    assert hidden.files is None and "RIGHT-TO-LEFT OVERRIDE" in hidden.note
    assert door.runner.run(intents_of(door.editor, TEXT, {"initial.c": C.encode()})) == []


def test_intents_come_from_the_editor(door: Door) -> None:
    program = TASK.replace("return 0.5 * x", "return open('/proc/self/environ')")
    found = door.runner.run(intents_of(door.editor, MARKED, {"initial.py": program.encode()}))
    assert {one["kind"] for one in found} == {"files", "path"}
    assert door.runner.run(intents_of(door.editor, MARKED, {"initial.py": b"def ("})) == []


BOMBS = {
    "a list of 4 MB": "x = [" + "1," * 2_000_000 + "]\n",
    "a chain of comparisons": "x = " + "1<" * 200_000 + "1\n",
    "a chain that is small enough to be read": "x = " + "1<" * 60_000 + "1\n",
    "brackets in brackets": "x = " + "(" * 5_000 + ")" * 5_000 + "\n",
    "lists in lists": "x = " + "[" * 190 + "]" * 190 + "\n",
    "signs before a number": "x = " + "-" * 100_000 + "1\n",
    "attributes of attributes": "x = a" + ".b" * 60_000 + "\n",
    "a large power": "x = 10 ** 10 ** 10\n",
    "a long text, repeated": "x = 'a' * 10 ** 9 * 10 ** 9\n",
    "blocks in blocks": "".join(f"{' ' * k}if 1:\n" for k in range(300)) + " " * 300 + "pass\n",
    "a number of many digits": "x = " + "9" * 100_000 + "\n",
}


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.parametrize("operator", ["describe", "any", "intents"])
def test_a_bomb_harms_the_editor_at_most(door: Door, bomb: str, operator: str) -> None:
    honest = "def f(x):\n    return 0.5 * x\n"

    async def both() -> list[dict[str, object]]:
        asked = [{"operator": operator, "source": BOMBS[bomb] + honest, "entry": ["f"]}]
        asked.append({"operator": "describe", "source": honest, "entry": ["f"]})
        return await asyncio.gather(*map(door.editor.ask, asked))

    bombed, served = door.runner.run(both())
    assert ("failed" in bombed) != ("source" in bombed)
    assert "failed" not in served
