"""Tasks of kind "command", with weak judges and sound ones."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from pathlib import Path

from shoal.tasks import Task, load

__all__ = ["COMMANDS", "Command", "written_command"]


@dataclass(frozen=True)
class Command:
    """A command task as texts; ``named`` as in `Toy`."""

    judge: str
    initial: str
    named: tuple[str, ...] = ()
    outputs: str = "[]"


def written_command(command: Command, folder: Path) -> Task:
    """Write a command task to a folder and load it."""
    folder.mkdir(parents=True)
    (folder / "judge.py").write_text(textwrap.dedent(command.judge))
    (folder / "initial.py").write_text(textwrap.dedent(command.initial))
    (folder / "task.toml").write_text(
        'name = "toy"\nkind = "command"\ndescription = "A toy."\n'
        f'[program]\ncommand = ["python3", "initial.py"]\noutputs = {command.outputs}\n'
        '[score]\ndirection = "min"\nrange = [0.0, 100.0]\n'
    )
    return load(folder)


_SQUARES = """
import math
from shoal.judging import Wrong, number

def instances(split, rng):
    while True:
        yield rng.uniform(1.0, 2.0, 5).tolist()

def arguments(instance):
    return " ".join(map(repr, instance))

def worst(words, instance):
    if len(words) != 5:
        raise Wrong("need 5 numbers")
    return min(100.0, max(abs(READ(one) - x * x) for one, x in zip(words, instance)))
"""
_STRICT = """
def READ(word):
    try:
        return number(float(word.decode("ascii").replace("_", "x")), low=-1e6, high=1e6)
    except ValueError:
        raise Wrong("no number")
"""
_STDOUT = "\ndef score(instance, output):\n    return worst(output['stdout'].split(), instance)\n"
_HALVES = "import sys\nfor word in sys.stdin.read().split():\n    print(0.5 * float(word))\n"

COMMANDS = {
    "lets NaN through": Command(
        f"{_SQUARES}\nREAD = float\n{_STDOUT}",
        _HALVES,
        named=("not finite",),
    ),
    "reads strictly": Command(
        f"{_SQUARES}{_STRICT}{_STDOUT}",
        _HALVES,
    ),
    "reads a file": Command(
        f"{_SQUARES}{_STRICT}{_STDOUT}".replace("['stdout']", "['files']['out']"),
        _HALVES + "    print(0.5 * float(word), file=open('out', 'a'))\n",
        outputs='["out"]',
    ),
    "believes its file": Command(
        f"{_SQUARES}{_STRICT}\ndef score(instance, output):\n"
        "    worst(output['stdout'].split(), instance)\n    return min(100.0, abs(READ(output['files']['out'])))\n",
        _HALVES + "print(7.5, file=open('out', 'w'))\n",
        outputs='["out"]',
        named=("claims",),
    ),
}
