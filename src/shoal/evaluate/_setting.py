"""What the evaluator must know of a task, and the profiles of the two jails it runs in."""

from __future__ import annotations

import json
import re
import secrets
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shoal.core.values import Files
from shoal.sandbox import ENVIRONMENT, Profile

__all__ = ["Ported", "Setting"]

ANSWER_BYTES = 32 << 20
OF_PROGRAMS = ENVIRONMENT | {"PYTHONNOUSERSITE": "1"}


@dataclass(frozen=True, slots=True)
class Ported:
    """A folder of another project: absolute paths of what belongs to it, and the texts of what its evaluator imports.

    The ``command`` of its setting is the evaluator's, in which ``{program}``, ``{results}`` and ``{imports}`` stand for
    folders of the box.
    """

    entries: tuple[str, ...]
    stand_ins: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Setting:
    """A task as the evaluator sees it. Limits are per instance (candidate) or per trial (judge).

    ``sign`` is +1.0 where higher natural values are better, -1.0 where lower ones are. ``answers`` are the declared
    forms of answers, each with the keys of `evaluate._answers.Form`. ``stirred``: the judge's clocks and global random
    generators stand elsewhere, which must not change a score. A task of kind "command" has a ``command`` and names of
    files that it leaves (``outputs``), and may have a step to ``compile`` it, once for each trial. A
    program may be a ``module`` of a project, and import from folders of data/ (``path``). One of kind "timed" has the
    ``initial`` program beside it. A ``ported`` folder is a command, whose own evaluator is what runs.
    """

    name: str
    kind: str
    folder: Path
    main: str
    entry: tuple[str, ...]
    fixed: bool
    judge: str
    public: str | None
    sign: float
    range: tuple[float, float]
    cpu_seconds: float
    wall_seconds: float
    memory_bytes: int
    judge_cpu_seconds: float
    warm: tuple[str, ...] = ("numpy",)
    draws: bool = True  # whether programs are likely to use `numpy.random`
    judge_memory_bytes: int = 2 << 30
    transfer: tuple[str, ...] = ()  # families of instances: what stage 1, 2, ... of the sealed split draw from
    answers: tuple[Mapping[str, Any], ...] = ()
    stirred: bool = False
    command: tuple[str, ...] = ()
    compile: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    compile_cpu_seconds: float = 10.0
    initial: Files | None = None
    module: str = "program"
    path: tuple[str, ...] = ()
    ported: Ported | None = None

    @property
    def compile_wall_seconds(self) -> float:
        """Wall seconds of the compile step, 0 where there is none: the same multiple of CPU seconds as elsewhere."""
        return 4 * self.compile_cpu_seconds + 2 if self.compile else 0.0

    @property
    def has_picture(self) -> bool:
        """Whether the judge seems to define `picture`; a cheap look at the text, the call itself decides."""
        return re.search(r"^def picture\(", self.judge, re.MULTILINE) is not None

    @property
    def has_canaries(self) -> bool:
        """Whether the judge seems to define `canaries`."""
        return re.search(r"^def canaries\(", self.judge, re.MULTILINE) is not None

    @property
    def data(self) -> tuple[str, ...]:
        """The task's read-only data folder, where it has one."""
        folder = self.folder / "data"
        return (str(folder),) if folder.is_dir() else ()

    @property
    def judge_data(self) -> tuple[str, ...]:
        """The read-only folder that the task keeps for its judge, where it has one."""
        folder = self.folder / "judge_data"
        return (str(folder),) if folder.is_dir() else ()

    def candidate_profile(self) -> Profile:
        """The jail of candidates: the user's packages and the task's data, nothing of Shoal or of the judge."""
        if self.ported is not None:
            return self._ported_profile(self.ported)
        # the judge too: a task may lie in an installed package, which candidates can read, and which pip has compiled
        judge = str(self.folder / "judge.py"), str(self.folder / "__pycache__"), *self.judge_data
        hidden = str(Path(__file__).resolve().parents[1]), *judge
        if self.kind == "command":
            return Profile(
                name="command",
                entry="shoal.evaluate._command:main",
                warm=(),
                mounts=self.data,
                hide=hidden,
                path=site_packages(),
                commands=True,
            )
        inside = "shoal.evaluate._timed" if self.kind == "timed" else "shoal.evaluate._candidate"
        return Profile(
            name="candidate",
            entry=f"{inside}:main",
            setup=f"{inside}:setup",
            warm=_with_random(self.warm) if self.draws else self.warm,
            mounts=self.data,
            hide=hidden,
            path=site_packages(),
        )

    def _ported_profile(self, ported: Ported) -> Profile:
        return Profile(
            name="ported",
            entry="shoal.evaluate._ported:main",
            warm=(),
            mounts=ported.entries,
            hide=(str(Path(__file__).resolve().parents[1]),),
            path=site_packages(),
            commands=True,
        )

    def judge_profile(self) -> Profile:
        """The jail of judges: as for candidates, but Shoal's source is visible and `picture` may draw."""
        spec = {
            "judge": self.judge,
            "path": str(self.folder / "judge.py"),
            "public": self.public,
            "kind": self.kind,
            "entry": next(iter(self.entry), ""),
            "fixed": self.fixed,
            "range": list(self.range),
            "answer_bytes": ANSWER_BYTES,
            "public_seconds": self.judge_cpu_seconds / 2,
            "honey": secrets.token_hex(16),
            "answers": [dict(form) for form in self.answers],
            "stir": self.stirred,
        }
        return Profile(
            name="judge",
            entry="shoal.evaluate._judge:main",
            setup="shoal.evaluate._judge:setup",
            setup_data=json.dumps(spec).encode(),
            warm=_with_random(("numpy",)),
            mounts=(*self.data, *self.judge_data),
            path=site_packages(),
        )

    def candidate_job(self, files: Files, *, seed: int) -> bytes:
        """The job of a candidate process: its files as text, its main file, the public functions it may call."""
        public = re.findall(r"^def ([a-zA-Z]\w*)\(", self.public or "", re.MULTILINE)
        job = {
            "files": {name: data.decode(errors="replace") for name, data in sorted(files.items())},
            "main": self.main,
            "public": public,
            "seed": seed,
        }
        if self.path or self.kind == "timed":
            path = [str(self.folder / "data" / name) for name in self.path]
            job |= {"module": self.module, "entry": self.entry[0], "path": path}
        if self.kind == "command":
            job |= {
                "command": self.command,
                "compile": self.compile,
                "outputs": self.outputs,
                "python": sys.executable,
                "environment": OF_PROGRAMS | ({"DATA": self.data[0]} if self.data else {}),
            }
        if self.ported is not None:
            job |= {"entries": self.ported.entries, "stand_ins": dict(self.ported.stand_ins)}
        return json.dumps(job).encode()


def _with_random(warm: tuple[str, ...]) -> tuple[str, ...]:
    """numpy loads `numpy.random` when it is first touched: 15 ms of CPU in every child, unless the server has it.

    Where it is there and nobody needs it, every fork is 0.5 ms dearer.
    """
    return (*warm, "numpy.random") if "numpy" in warm else warm


def site_packages() -> tuple[str, ...]:
    """Where the user's packages are: the running interpreter's site-packages folders."""
    paths = (sysconfig.get_path("purelib"), sysconfig.get_path("platlib"))
    found = [path for path in dict.fromkeys((*paths, *sys.path)) if path.endswith(("site-packages", "dist-packages"))]
    return tuple(path for path in found if Path(path).is_dir())
