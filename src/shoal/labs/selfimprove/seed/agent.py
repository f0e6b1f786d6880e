"""A coding agent, small enough to read itself whole. The host calls `work`; all else is free to change.

A task is a dictionary: "goal" ("repair" or "optimise"), "statement", "files" (name -> text); for a repair "visible",
its tests, else "instances", how many a score is made of. The host describes the tools where it makes them.
"""

import random
import re
from collections import Counter

from decisions import PROGRESS, QUICK, STEP, accept, at_once, choose_operator, go_back, select_parent, suspicion, worth
from fixes import fixes_of
from thinking import think


def work(task, tools):
    """The files as the agent leaves them."""
    if tools.left("ask") > 0:
        files, done = think(task, tools)
        if done or task["goal"] == "optimise":
            return files
        task = {**task, "files": files}
    return repair(task, tools) if task["goal"] == "repair" else optimise(task, tools)


class Base:
    """Files to go on from, how many tests they pass, and the fixes worth trying on them, best first."""

    def __init__(self, files, report):
        self.files, self.tried = files, 0
        self.passed = sum(one["passed"] for one in report)
        fixes, found = fixes_of(files), []
        alike = Counter(fix[:3] for fix in fixes)
        doubts = {place: suspicion(report, *place) for place in {fix[:2] for fix in fixes}}
        for name, line, kind, text in fixes:
            likely = worth(kind, doubts[name, line], alike[name, line, kind])
            found.append((likely, random.random(), name, text))
        self.fixes = sorted(found)


def repair(task, tools):
    """Try small fixes of suspicious lines, some at a time, until all visible tests pass."""
    bases = [Base(task["files"], tools.run_tests([task["files"]])[0])]
    seen = {frozenset(task["files"].items())}
    while tools.left("run_tests") > 0 and (bases := [base for base in bases if base.fixes]):
        base = bases[select_parent([one.passed for one in bases], [one.tried for one in bases])]
        versions = []
        while base.fixes and len(versions) < min(at_once(base.tried), tools.left("run_tests")):
            *_, name, text = base.fixes.pop()
            files, base.tried = {**base.files, name: text}, base.tried + 1
            if frozenset(files.items()) not in seen:
                versions.append(files)
            seen.add(frozenset(files.items()))
        for files, report in zip(versions, tools.run_tests(versions) if versions else (), strict=True):
            passed = sum(one["passed"] for one in report)
            if passed == len(report):
                return files
            if accept(passed, base.passed + PROGRESS):
                bases.append(Base(files, report))
    return task["files"]


def optimise(task, tools):
    """Change one place of one file at a time; keep what scores no worse, looked at on a few instances first."""
    files, count = task["files"], task["instances"]
    few, now = min(max(QUICK, count // QUICK), count), tools.score(files, 0, count)
    names = sorted(name for name in files if name.endswith(".py"))
    gains, costs, top, best, stale = {}, {}, files, sum(now), 0
    while tools.left("score") >= count:
        operator = choose_operator(gains, costs, random)
        name = random.choices(names, [1 + len(re.findall(r"\d\.\d", files[one])) for one in names])[0]
        if (text := tools.edit(files[name], operator, task.get("entry", {}).get(name, ()), STEP)) is None:
            continue
        changed = {**files, name: text}
        scores = tools.score(changed, 0, few)
        if sum(scores) > sum(now[:few]):
            scores += tools.score(changed, few, count)
        costs[operator] = costs.get(operator, 0.0) + len(scores)
        gains[operator] = gains.get(operator, 0.0) + max(sum(scores) - sum(now[: len(scores)]), 0.0)
        if len(scores) == count and sum(scores) >= sum(now) - 1e-9:
            files, now = changed, scores
        stale = 0 if sum(now) > best else stale + 1
        if sum(now) >= best:
            top, best = files, sum(now)
        if go_back(stale):
            files, now, stale = top, tools.score(top, 0, count) if tools.left("score") >= count else now, 0
    return top
