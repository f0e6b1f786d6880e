"""From a function in a user's project to a patch with proof: record, study, search, open the seal, test."""

from __future__ import annotations

import codecs
import hashlib
import shutil
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from shoal.core.budget import Budget
from shoal.core.errors import UserError
from shoal.core.loop import Stop
from shoal.labs.evolve._config import load_config
from shoal.labs.evolve._run import Finished, Watch, start
from shoal.labs.evolve._stopping import unless_stopped
from shoal.labs.evolve.improve import _calls
from shoal.labs.evolve.improve._bench import Bench, Ran
from shoal.labs.evolve.improve._calls import Recorded
from shoal.labs.evolve.improve._chart import draw_sizes
from shoal.labs.evolve.improve._folder import Subject, write_goal, write_task
from shoal.labs.evolve.improve._page import page
from shoal.labs.evolve.improve._place import Place, copy_project, find_place, mentions, python_files
from shoal.labs.evolve.improve._result import Improved, gain_of, memory_of, patch_of, size_points, speedup_of
from shoal.labs.evolve.improve._study import Cases, Pace, study
from shoal.propose import Editor
from shoal.report import RunView, Step

__all__ = ["Pace", "Wishes", "improve"]

PATIENCE = 80  # evaluations without a new champion: what rewrites can do is mostly done in fewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a user asks for. ``tests`` are paths in the project, none: those that mention the function.

    ``goal`` is "speed", or a function of the project, MODULE:FUNCTION, whose number shall grow: it is called with what
    the improved function returned, and then with what that was called with.
    """

    spec: str
    project: Path
    out: Path
    tests: tuple[str, ...] = ()
    examples: Path | None = None
    goal: str = "speed"
    tolerance: float = 0.0
    budget: Budget = Budget(seconds=300.0)
    seed: int | None = None
    workers: int | None = None
    level: int | None = None


async def improve(wishes: Wishes, *, pace: Pace, watch: Watch | None = None, stop: Stop | None = None) -> Improved:
    """Search for a faster version of the function that does exactly the same; ``pace`` is told what is being done.

    The project is only read. Raises `UserError`, one line, for what a user can mend and for functions that cannot be
    improved by comparing calls.
    """
    place = find_place(wishes.spec, project=wishes.project)
    goal = None if wishes.goal == "speed" else find_place(wishes.goal, project=wishes.project)
    folder = _task_folder(place, wishes.out)
    try:
        ready = await unless_stopped(_prepared(place, folder, goal, wishes, pace=pace), stop)
        if ready is None:
            shutil.rmtree(folder, ignore_errors=True)
            return Improved(place.spec, place.file, "interrupted")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    for note in ready.cases.notes:
        pace.say(note)
    pace.close()
    done = await start(_config(folder, wishes), watch=watch, stop=stop, charts=False)
    improved, view = _measured(place, ready, done, goal=goal)
    if improved.verdict == "interrupted":
        return improved
    proven = await unless_stopped(_proven(place, ready, improved, level=wishes.level, pace=pace), stop)
    if proven is None:
        improved.verdict = "interrupted"
        return improved
    _write(done, proven, view)
    return proven


class _Ready(NamedTuple):
    """A task that is written: the project's copy, the function as it is, its calls, and the tests that it passes."""

    copy: Path
    subject: Subject
    cases: Cases
    tests: list[str]
    test_seconds: float

    @property
    def before(self) -> str:
        """The module as it is."""
        return self.subject.source.decode()


async def _prepared(place: Place, folder: Path, goal: Place | None, wishes: Wishes, *, pace: Pace) -> _Ready:
    """Copy the project, note calls, study the function, and write the task."""
    copy = folder / "data" / "project"
    copy_project(place, copy, without=wishes.out)
    subject = await _subject(place, copy, level=wishes.level)
    began = time.monotonic()
    tests, recorded, ran = await _inputs(place, copy, wishes, pace=pace)
    seconds = time.monotonic() - began
    rng = np.random.Generator(np.random.Philox(np.random.SeedSequence(_content_seed(place, subject))))
    if goal is not None:
        cases = Cases()
        calls = [one.call for one in recorded]
        write_goal(folder, place, subject, calls, goal, rng=rng)
    else:
        cases = await _timed(place, folder, subject, recorded, wishes, rng, pace=pace)
    return _Ready(copy, subject, cases, tests if ran is not None else [], seconds)


async def _timed(
    place: Place,
    folder: Path,
    subject: Subject,
    recorded: list[Recorded],
    wishes: Wishes,
    rng: np.random.Generator,
    *,
    pace: Pace,
) -> Cases:
    """Study the function and write the task of making it faster."""
    async with Bench(place, folder=folder, warm=subject.warm, level=wishes.level) as bench:
        cases = await study(bench, subject.source, recorded, name=place.function, rng=rng, pace=pace)
    write_task(folder, place, subject, cases, tolerance=wishes.tolerance)
    return cases


def _task_folder(place: Place, out: Path) -> Path:
    """A new one for each call: runs of the same function, at once or one after the other, keep their own."""
    tasks = (out / "tasks").resolve()
    tasks.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=f"improve-{place.function}-{datetime.now(UTC):%m%d-%H%M%S}-", dir=tasks))


def _content_seed(place: Place, subject: Subject) -> int:
    """The same wherever the project lies, so that a seed gives the same search in every copy of it."""
    return int(hashlib.sha256(place.spec.encode() + subject.source).hexdigest()[:10], 16)


def _config(folder: Path, wishes: Wishes) -> Any:
    given = {key: getattr(wishes.budget, key) for key in Budget.__slots__}
    more = {"seed": wishes.seed, "workers": wishes.workers, "level": wishes.level}
    patience = PATIENCE if wishes.goal == "speed" else None
    told = {"task": str(folder), "out": wishes.out, "search.staged": False, "patience": patience}
    if wishes.goal == "speed":  # cases are few, and each draw has the same ones in another order
        told["search.redraw"] = False
    return load_config(None, {**given, **more, **told})


async def _subject(place: Place, copy: Path, *, level: int | None) -> Subject:
    """What the editor says of the function; `UserError` where it stands in its own way."""
    source = (copy / place.file).read_bytes()
    if source.startswith(codecs.BOM_UTF8):
        raise UserError(f"{place.file} begins with a byte order mark: save it as UTF-8 without one")
    try:
        text = source.decode()
    except UnicodeDecodeError:
        raise UserError(f"{place.file} is not UTF-8 text") from None
    request = {"operator": "subject", "source": text, "payload": {"function": place.function}}
    async with Editor(level=level) as editor:
        reply = await editor.ask(request)
    if "failed" in reply:
        raise UserError(f"{place.file}: {reply['failed']}")
    told = reply["details"]
    if told["refused"]:
        raise UserError(f"{place.spec}: {told['refused']}")
    own = [path for path in python_files(copy) if path != copy / place.file]
    helpers = [name for name in told["helpers"] if not any(mentions(path, (name,)) for path in own)]
    warm = [name for name in told["imports"] if _installed(name) and not _is_own(copy, place, name)]
    return Subject(source, [place.function, *helpers], warm, told["places"])


def _installed(name: str) -> bool:
    import importlib.util

    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def _is_own(copy: Path, place: Place, name: str) -> bool:
    root = copy / place.root
    return (root / name).is_dir() or (root / f"{name}.py").is_file()


async def _inputs(
    place: Place, copy: Path, wishes: Wishes, *, pace: Pace
) -> tuple[list[str], list[Recorded], Ran | None]:
    """Calls to learn from: examples, then what the tests call, then what docstrings show, then declared types."""
    found = _calls.examples(wishes.examples) if wishes.examples is not None else []
    tests = [_test(name, place, copy) for name in wishes.tests] or _calls.test_files(place, copy)
    ran, unflat, untyped = None, "", ""
    if tests:
        pace.say(
            f"running {', '.join(tests[:3])}{' ...' if len(tests) > 3 else ''} behind the walls, and noting the calls"
        )
        noted = await _calls.record(place, copy, tests, level=wishes.level)
        ran, unflat = noted.ran, noted.unflat
        if ran.code != 0:
            last = next((line for line in reversed(ran.said.splitlines()) if line.strip()), "")
            raise UserError(
                f"the tests fail before anything is changed ({ran.failure or last[:200]}): mend them, or name others "
                "with --tests"
            )
        found += noted.calls
    if not found:
        found = (await _calls.from_docstrings(place, copy, level=wishes.level)).calls
        if found:
            pace.say("no test calls it: the calls are those of examples in docstrings")
    if not found:
        typed = await _calls.from_types(place, copy, level=wishes.level)
        found, untyped = typed.calls, typed.unflat
        if found:
            pace.say("no test calls it: inputs are made up from its declared types")
    if not found and unflat:
        raise UserError(
            f"{place.spec}: what the tests call it with cannot be repeated: {unflat}; give calls with plain data, "
            "in tests or with --examples FILE.jsonl"
        )
    if not found:
        raise UserError(
            f"{place.spec}: nothing says what it is called with ({untyped}); give --examples FILE.jsonl (one JSON list "
            "of arguments a line), or tests that call it (--tests PATH), or declare its parameters' types"
        )
    return tests, found, ran


def _test(name: str, place: Place, copy: Path) -> str:
    """A file or folder of tests as its path in the project."""
    path = (place.project / name).resolve()
    if path.is_relative_to(place.project) and (copy / path.relative_to(place.project)).exists():
        return path.relative_to(place.project).as_posix()
    raise UserError(f"--tests {name}: there is no such file or folder in {place.project}")


# -- after the run -----------------------------------------------------------------------------------------------------


def _measured(place: Place, ready: _Ready, done: Finished, *, goal: Place | None) -> tuple[Improved, RunView]:
    """What the run shows of its champion; the verdict is still to come, but for a run that was interrupted."""
    cases = ready.cases
    store = done.folder.store(read_only=True)
    try:
        view = RunView.read(store, done.run)
        champion = view.candidates[view.champion] if view.champion is not None else None
        source = store.get(champion.files["initial.py"]).decode() if champion is not None else ready.before
    finally:
        store.close()
    improved = Improved(place.spec, place.file, "", notes=cases.notes, run=done.run, folder=str(done.folder.path))
    improved.evaluations, improved.cpu_seconds, improved.ended = done.evaluations, done.cpu_seconds, done.reason
    if goal is None:
        improved.speedup, improved.sizes = speedup_of(view, cases.sizes), size_points(view, cases.sizes)
        improved.memory = memory_of(view, improved.sizes, cases.sizes)
    else:
        improved.gain = gain_of(done, name=goal.function)
    improved.steps = [_told(step) for step in view.lineage(view.champion)[1:]]
    if done.status != "done":
        improved.verdict = "interrupted"
    improved.before, improved.source = ready.before, source
    return improved, view


async def _proven(place: Place, ready: _Ready, improved: Improved, *, level: int | None, pace: Pace) -> Improved:
    """With the verdict: whether the gain is shown, the tests pass, and so there is a patch."""
    proof = improved.speedup or improved.gain
    if proof is None or not proof.shown or improved.source == improved.before:
        improved.verdict = "no improvement shown"
    else:
        improved.verdict, improved.tests = await _tested(place, ready, improved.source, level=level, pace=pace)
    if improved.verdict == "improvement shown":
        improved.patch = patch_of(improved.before, improved.source, place.file)
    else:
        improved.before = improved.source = ""
    return improved


def _told(step: Step) -> str:
    """An edit in words; a rewrite's own name stands in its note."""
    name = "" if step.candidate.operator == "any_rewrite" else f"{step.candidate.operator}: "
    return f"{name}{step.candidate.note}"


async def _tested(place: Place, ready: _Ready, source: str, *, level: int | None, pace: Pace) -> tuple[str, str]:
    """The verdict, and what the tests said of the patched project."""
    if not ready.tests:
        return "improvement shown", "no tests"
    pace.say("running the tests on the patched project", seconds=ready.test_seconds)
    ran = await _calls.run_tests(place, ready.copy, ready.tests, files={place.file: source}, level=level)
    last = next((line for line in reversed(ran.said.splitlines()) if line.strip()), "")[:200]
    if ran.code != 0:
        return "the patch fails the project's own tests", ran.failure or last
    return "improvement shown", last


def _write(done: Finished, improved: Improved, view: RunView) -> None:
    report = done.folder.report
    if improved.patch:
        (report / "patch.diff").write_bytes(improved.patch.encode())
    if improved.sizes:
        (report / "sizes.png").write_bytes(draw_sizes(improved.sizes, improved.speedup, title=improved.spec))
    (report / "improve.md").write_text(page(improved, view))
