"""Does the agent improve itself, and would we know? Four parts, each resumable: the same command goes on.

    python benchmarks/selfimprove_proof.py main      [--seeds 5] [--evaluations 4000] [--out proof]
    python benchmarks/selfimprove_proof.py planted [--crippled misled]   a seed agent crippled in one decision
    python benchmarks/selfimprove_proof.py null      20 runs of an agent whose children differ in luck: no evidence
    python benchmarks/selfimprove_proof.py recursion --champion FOLDER [--crippled misled]   who improves it faster?

"main" runs the full lab and every control arm at equal evaluations and prints the verdict. In "planted" an agent is
crippled so that much is to be gained, and the verdict ought to say so. "recursion" lets the champion in FOLDER (the
report/champion of a study), and the seed agent, each make all children of the seed agent, and prints how many
evaluations either needs to the sealed rates of both, on the same sealed tasks; with --crippled the seed agent is the
crippled one. "same_agents" says whether both came to the same agent along the same curve: then nothing in which the two
improvers differ was asked for while they worked. Numbers go to OUT/PART.json.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
from pathlib import Path
from typing import Any, get_args

from shoal.core.loop import Stop
from shoal.labs import selfimprove as lab
from shoal.labs.selfimprove._lab import SEED_AGENT

CRIPPLED = {  # in one decision: the first two in where to look, the last as an optimiser, so as an improver
    "misled": ("suspicion**SHARPNESS", "(1.0 - suspicion) ** SHARPNESS"),  # looks first where failing tests were not
    "blind": ("SHARPNESS = 1.0", "SHARPNESS = 0.0"),  # looks anywhere
    "timid": ("\nSTEP = 1.0", "\nSTEP = 0.02"),  # changes numbers by a fiftieth of what is usual
}
IDLE = '''def optimise(task, tools):
    """Change a number that decides nothing but which of equally likely fixes comes first, three times."""
    files = dict(task["files"])
    for _ in range(min(3, tools.left("score") // task["instances"])):
        if "decisions.py" in files:
            files["decisions.py"] = re.sub(r"LUCK = \\d+", f"LUCK = {random.randrange(10**9)}", files["decisions.py"])
        tools.score(files, 0, task["instances"])
    return files
'''
LUCKY = ("def repair(task, tools):\n", "def repair(task, tools):\n    random.seed(random.random() + LUCK)\n")
LUCK = ("from decisions import PROGRESS, ", "from decisions import LUCK, PROGRESS, ")
FLOOR = ("FLOOR = 0.05\n", "FLOOR = 0.05\nLUCK = 0\n")


class Quiet:
    """A `StudyWatch` that prints a line for each run."""

    def run_begins(self, number: int, of: int, arm: str, seed: int) -> None:
        print(f"run {number} of {of}: {arm}, seed {seed}", flush=True)

    def admitted(self, course: Any, step: Any) -> None:
        return

    def looking(self, number: int, of: int) -> None:
        print(f"sealed tasks: run {number} of {of}", flush=True)


def study(folder: Path, *, seal: Path | None = None, **settings: Any) -> lab.SelfImprovement:
    """Run a study in a folder below ``folder``, or go on with the one that is there.

    ``seal`` has a study whose sealed tasks are this one's, too: only then can rates of both be compared.
    """
    begun = sorted(folder.glob("*/study.json"))
    place = begun[0].parent if begun else lab.new_folder(folder, lab.StudyConfig(**settings))
    if seal is not None and not begun:
        (salt,) = seal.glob("*/sealed.salt")
        shutil.copy2(salt, place)
    told = asyncio.run(lab.go_on(place, stop=Stop(), watch=Quiet()))
    assert told is not None
    return told


def settings_of(given: argparse.Namespace) -> dict[str, Any]:
    """What all parts are given alike."""
    return {
        "evaluations": given.evaluations,
        "sealed": given.sealed,
        "programs": given.programs,
        "rule": given.rule,
        "optimise": given.optimise,
    }


def said(told: lab.SelfImprovement) -> dict[str, Any]:
    """The numbers of a study."""
    gain = told.verdict.gain
    return {
        "sentence": told.verdict.sentence,
        "finding": told.verdict.finding,
        "seed_rate": told.curve[0].rate,
        "champion_rate": told.curve[-1].rate,
        "gain": [gain.gain.mean, gain.gain.low, gain.gain.high] if gain else None,
        "p": gain.p if gain else None,
        "arms": {one.against: [one.gain.mean, one.gain.low, one.gain.high, one.p] for one in told.verdict.arms},
        "arm_rates": {arm.name: arm.curve[-1].rate for arm in told.arms},
        "kinds": {one.name: [one.tasks, one.seed_rate, one.champion_rate] for one in told.kinds},
        "evaluations": told.cost.evaluations,
        "cpu_seconds": round(told.cost.cpu_seconds),
        "shape": told.fit.sentence,
    }


def main_part(given: argparse.Namespace) -> dict[str, Any]:
    """All arms, all seeds."""
    seeds = tuple(range(given.seeds))
    told = study(given.out / "main", arms=tuple(lab.ARMS), seeds=seeds, **settings_of(given))
    return said(told)


def changed_agent(folder: Path, *changes: tuple[str, tuple[str, str]]) -> Path:
    """A copy of the seed agent with changes: in which file, what, and by what it is replaced."""
    if not folder.exists():
        shutil.copytree(SEED_AGENT, folder, ignore=shutil.ignore_patterns("__pycache__"))
        for file, (before, after) in changes:
            text = (folder / file).read_text()
            assert text.count(before) == 1, before
            (folder / file).write_text(text.replace(before, after))
    return folder


def crippled(given: argparse.Namespace, how: str) -> Path:
    """The folder of a seed agent that is crippled in one decision."""
    return changed_agent(given.out / how, ("decisions.py", CRIPPLED[how]))


def planted(given: argparse.Namespace) -> dict[str, Any]:
    """A crippled seed agent: is it found better, and how surely?"""
    how, seeds = given.crippled or "misled", tuple(range(given.seeds))
    agent = crippled(given, how)
    return said(study(given.out / f"planted-{how}", agent=agent, seeds=seeds, **settings_of(given)))


def idle_agent(folder: Path) -> Path:
    """A copy of the seed agent whose children are luckier or unluckier, and no better."""
    source = (SEED_AGENT / "agent.py").read_text()
    optimise = source[source.index("def optimise(") :]
    changes = [("agent.py", (optimise, IDLE)), ("agent.py", LUCKY), ("agent.py", LUCK), ("decisions.py", FLOOR)]
    return changed_agent(folder, *changes)


def null(given: argparse.Namespace) -> dict[str, Any]:
    """Runs of one seed each, of an agent that has nothing to gain."""
    agent = idle_agent(given.out / "idle")
    found = []
    for seed in range(given.runs):
        told = study(given.out / f"null-{seed}", agent=agent, seeds=(seed,), **settings_of(given))
        found.append(str(told.verdict.finding))
        print(f"seed {seed}: {told.verdict.sentence}", flush=True)
    return {"runs": len(found), "no_evidence": sum("no evidence" in one for one in found)}


def recursion(given: argparse.Namespace) -> dict[str, Any]:
    """The champion and the seed agent as improvers of the seed agent, at equal evaluations."""
    seeds = tuple(range(given.seeds))
    agent = None if given.crippled is None else crippled(given, given.crippled)
    curves: dict[str, list[tuple[int, float]]] = {}
    told: dict[str, Any] = {}
    champions, first = [], None
    for name, improver in (("champion", given.champion), ("seed agent", None)):
        settings = {"arms": ("fixed-improver",), "seeds": seeds, "agent": agent, **settings_of(given)}
        folder = given.out / f"recursion-{name.split()[0]}"
        one = study(folder, seal=first, improver=improver, **settings)
        first = first or folder
        curves[name] = [(point.evaluations, point.rate) for point in one.curve]
        told[name] = {"curve": curves[name], **said(one)}
        champions.append(champion_of(folder))
    same = curves["champion"] == curves["seed agent"] and champions[0] == champions[1]
    return told | {"evaluations_to": reached(curves), "same_agents": same}


def champion_of(folder: Path) -> dict[str, str]:
    """The files of the champion of the study in a folder below ``folder``."""
    (place,) = folder.glob("*/report/champion")
    return {str(file.relative_to(place)): file.read_text() for file in sorted(place.rglob("*.py"))}


def reached(curves: dict[str, list[tuple[int, float]]]) -> dict[str, dict[str, int | None]]:
    """For the best rate of each improver's curve, the evaluations at which either came there; None for never."""
    tops = {f"{100 * max(rate for _, rate in curve):.1f} % ({name})": curve for name, curve in curves.items()}
    return {
        top: {
            name: next((spent for spent, rate in curve if rate >= max(one for _, one in target)), None)
            for name, curve in curves.items()
        }
        for top, target in tops.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=["main", "planted", "null", "recursion"])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--evaluations", type=int, default=4_000)
    parser.add_argument("--sealed", type=int, default=lab.StudyConfig().sealed)
    parser.add_argument("--programs", type=int, help="of each stream at most")
    parser.add_argument("--rule", choices=get_args(lab.StudyConfig.model_fields["rule"].annotation), default="greedy")
    parser.add_argument("--optimise", type=int, default=lab.StudyConfig().optimise, help="tasks of each family")
    parser.add_argument("--crippled", choices=list(CRIPPLED), help="of planted (misled unless set) and recursion")
    parser.add_argument("--champion", type=Path)
    parser.add_argument("--out", type=Path, default=Path("proof"))
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    given.out = given.out.resolve()
    part = {"main": main_part, "planted": planted, "null": null, "recursion": recursion}[given.part]
    told = part(given)
    (given.out / f"{given.part}.json").write_text(json.dumps(told, indent=1) + "\n")
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
