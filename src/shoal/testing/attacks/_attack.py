"""What an attack is: a hostile program, what it may get at most, which walls stop it, and from which level on."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["BREACH", "GROUPS", "HOME", "MARK", "PREFIX", "WALLS", "Attack", "group_of"]

GROUPS = {  # letter -> what it tries, and its numbers
    "A": ("forging the result", range(1, 13)),
    "B": ("subverting the evaluator", range(13, 24)),
    "C": ("overfitting", range(24, 32)),
    "D": ("abusing resources", range(32, 43)),
    "E": ("escape and persistence", range(43, 57)),
    "F": ("attacking the search", range(57, 69)),
}
WALLS = {  # properties of the sandbox, and what is no property of it
    "files": "an own file system",
    "processes": "own processes, which end with it",
    "network": "an empty network",
    "ipc": "own message queues and shared memory",
    "landlock": "only what is listed can be opened",
    "seccomp": "forbidden system calls",
    "limits": "limits of time, memory and files",
    "identity": "a user without rights",
    "threads": "threads counted apart",
    "border": "strict frames, checked before they are believed",
    "judge": "the judge is another process, and computes the score itself",
    "fresh": "a fresh process for each instance",
    "seeds": "instances drawn from seeds that nobody inside knows",
    "search": "a rule of the search or of its watch",
}
MARK = "BREACH"  # what a program says when it got what it must not have
PREFIX = "shoal-attack-"  # of every file, queue and socket name that an attack tries to leave behind
HOME = f"/tmp/{PREFIX}home"  # where attacks look for a judge, keys and a run's record
BREACH = f"""
def breach(what):
    raise RuntimeError("{MARK} " + str(what)[:200])
"""


@dataclass(frozen=True, slots=True)
class Attack:
    """One hostile program.

    Args:
        number: its place in the catalogue, 1 to 68.
        name: what it does, one line; unique within its profile.
        profile: "call", "session" or "command": the kind of task it attacks; "search": no program of a candidate's can
            try it, and a test of the search shows what holds.
        program: its text; the function `breach` is there for it. Empty for "search".
        walls: what stops it, keys of `WALLS`.
        held_from: the lowest isolation level that promises to hold it.
        expect: how it must end at level 3; any status of a bad or a good candidate where empty.
        honest: it gives the honest answer as well, so it may get the honest score, never more.
        bomb: it uses up what it can get; run at level 2 and above only.
        harmful: where it is not held it does harm; run only at levels that promise to hold it.
        slow: it takes seconds.
        shown_by: of "search": the test that shows it, as pytest names it.
        told: of "search": one line about what holds, or why there is nothing to try.
    """

    number: int
    name: str
    profile: str
    program: str = ""
    walls: tuple[str, ...] = ("border",)
    held_from: int = 1
    expect: tuple[str, ...] = ()
    honest: bool = False
    bomb: bool = False
    harmful: bool = False
    slow: bool = False
    shown_by: str = ""
    told: str = ""

    @property
    def group(self) -> str:
        """The letter of its group."""
        return group_of(self.number)

    def runs_at(self, level: int) -> bool:
        """Whether trying it there is safe for the machine."""
        return level >= max(self.held_from if self.harmful else 1, 2 if self.bomb else 1)


def group_of(number: int) -> str:
    """The letter of the group that a number of the catalogue is in."""
    return next(letter for letter, (_, numbers) in GROUPS.items() if number in numbers)
