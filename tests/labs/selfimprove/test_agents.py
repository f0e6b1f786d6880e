"""Agents at work in their jail: the seed agent repairs, the host counts, and a self-modification is metered."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from shoal.core.values import Brief, Candidate, Counted, Files, Proposal, Source, Split, Status, Trial
from shoal.labs.selfimprove._modify import ContractGuard, RandomEdit, SelfModification
from shoal.labs.selfimprove._tasks import Limits, RepairTask, Test

from .jails import BUGGY, LEARNER, SEED, Jails, agent, changed

EASY = RepairTask(
    name="double",
    program="double",
    statement="Doubles a number.",
    files={"double.py": BUGGY},
    visible=(Test("double:double", (1,), 2),),
    hidden=(Test("double:double", (7,), 14), Test("double:double", (0,), 0)),
)
DOES_NOTHING = agent("def work(task, tools):\n    return task['files']\n")


@pytest.fixture(scope="module")
def jails() -> Iterator[Jails]:
    with Jails() as jails:
        yield jails


def task(source: str, visible: list[Test], hidden: list[Test], **more: Any) -> RepairTask:
    return RepairTask("t", "t", "What the functions do.", {"m.py": source}, tuple(visible), tuple(hidden), **more)


def attempt(jails: Jails, who: Files, what: RepairTask, *, seed: int = 1) -> Any:
    return jails.run(jails.evaluator([what]).attempt(who, what, index=0, seed=seed))


# -- the seed agent -----------------------------------------------------------------------------------------------

BUGS = {
    "boundary": (
        "def count(xs, limit):\n    n = 0\n    for x in xs:\n        if x < limit:\n            n += 1\n    return n\n",
        [Test("m:count", ([1, 2, 3], 2), 2), Test("m:count", ([5], 2), 0)],
        [Test("m:count", ([4, 4], 4), 2)],
    ),
    "operator": (
        "def total(a, b):\n    return a - b\n",
        [Test("m:total", (2, 0), 2), Test("m:total", (3, 5), 8)],
        [Test("m:total", (7, 6), 13)],
    ),
    "missed case": (
        "def total(xs):\n    s = 0\n    for x in xs:\n        s += x\n    return s\n",
        [Test("m:total", ([1, 2],), 3), Test("m:total", ([1, None],), 1)],
        [Test("m:total", ([None, 4],), 4)],
    ),
    "wrong variable": (
        "def span(low, high):\n    width = high - low\n    return high\n",
        [Test("m:span", (0, 4), 4), Test("m:span", (2, 5), 3)],
        [Test("m:span", (1, 9), 8)],
    ),
    "state leak": (
        "def push(x, kept=[]):\n    kept.append(x)\n    return kept\n",
        [Test("m:push", (1,), [1]), Test("m:push", (1,), [1], before=(("m:push", (2,)),))],
        [Test("m:push", (4,), [4], before=(("m:push", (2,)), ("m:push", (3,))))],
    ),
    "bad default": (
        "def price(x, tax=1):\n    return x + tax\n",
        [Test("m:price", (5,), 5), Test("m:price", (5, 2), 7)],
        [Test("m:price", (9,), 9)],
    ),
    "off by one": (
        "def last(xs):\n    return xs[len(xs) - 2]\n",
        [Test("m:last", ([1, 2],), 2), Test("m:last", ([1, 2, 3],), 3)],
        [Test("m:last", ([4, 5, 6, 7],), 7)],
    ),
    "swapped arguments": (
        "def minus(a, b):\n    return a - b\n\n\ndef gap(old, new):\n    return minus(old, new)\n",
        [Test("m:gap", (3, 3), 0), Test("m:gap", (1, 4), 3)],
        [Test("m:gap", (2, 9), 7)],
    ),
}


@pytest.mark.parametrize("kind", BUGS)
def test_the_seed_agent_repairs_small_bugs(jails: Jails, kind: str) -> None:
    source, visible, hidden = BUGS[kind]
    # A missing guard is beyond it: that is what its children may learn.
    found = attempt(jails, SEED, task(source, visible, hidden, limits=Limits(runs=200)))
    assert found.solved is (kind != "missed case")
    assert 1 < found.worked.used("run_tests") <= 200


def test_what_is_not_repaired_is_handed_in_as_it_was(jails: Jails) -> None:
    source, visible, hidden = BUGS["boundary"]
    found = attempt(jails, SEED, task(source, visible, hidden, limits=Limits(runs=1)))
    assert not found.solved and found.worked.files == {"m.py": source} and found.worked.used("run_tests") == 1


def test_the_same_seed_repairs_in_the_same_way(jails: Jails) -> None:
    first, again, other = (attempt(jails, SEED, EASY, seed=seed) for seed in (1, 1, 2))
    assert first.worked.calls == again.worked.calls and first.worked.files == again.worked.files
    assert other.worked.calls != first.worked.calls


# -- what the host counts ------------------------------------------------------------------------------------------


def measured(jails: Jails, who: Files, *tasks: RepairTask, split: Split = Split.SEARCH, further: int = 1) -> Any:
    trial = Trial(split, tuple(range(len(tasks))))
    return jails.run(jails.evaluator(tasks, split=split, further=further).evaluate(trial, who, seed=3))


def test_one_agent_at_one_task_is_one_evaluation(jails: Jails) -> None:
    source, visible, hidden = BUGS["missed case"]
    tasks = EASY, task(source, visible, hidden, limits=Limits(runs=5)), EASY
    outcome = measured(jails, SEED, *tasks, split=Split.SEALED)
    assert outcome.counted == Counted(evaluations=3, instance_runs=3)
    assert [one.value for one in outcome.per_instance] == [1.0, 0.0, 1.0]
    assert outcome.score == pytest.approx(2 / 3)
    assert outcome.metrics == {"solved": 2, "tried": 3}
    assert outcome.feedback == "task 1: not solved with 5 test runs"


def trying(*versions: str) -> Files:
    """An agent that tries versions of double.py in one call each, and hands in what passes, and what it may use."""
    return agent(
        f"def work(task, tools):\n    note = f'# {{tools.left(\"run_tests\")}}'\n    for text in {versions!r}:\n"
        "        files = {'double.py': text + note}\n        (report,) = tools.run_tests([files])\n"
        "        if report[0]['passed']:\n            return files\n    return task['files']\n"
    )


RIGHT, WRONG = "def double(x):\n    return 2 * x\n", "def double(x):\n    return 9 * x\n"


def test_in_search_a_solved_repair_is_worth_more_the_sooner_it_was_found(jails: Jails) -> None:
    few = replace(EASY, limits=Limits(runs=4))
    for late in range(4):
        (one,) = measured(jails, trying(*[WRONG] * late, RIGHT), few).per_instance
        assert one.value == pytest.approx(4 / (5 + late))
    together = agent(
        "def work(task, tools):\n    right = {'double.py': 'def double(x):\\n    return 2 * x\\n'}\n"
        "    tools.run_tests([right, task['files'], task['files']])\n    return right\n"
    )
    assert measured(jails, together, few).score == pytest.approx(4 / 5)  # what was run after it costs nothing


def test_what_is_found_too_late_is_worth_something_in_search_alone(jails: Jails) -> None:
    few, late = replace(EASY, limits=Limits(runs=4)), trying(*[WRONG] * 6, RIGHT)
    searched = measured(jails, late, few, further=3)
    assert searched.per_instance[0].value == pytest.approx(4 / 11) and searched.metrics["solved"] == 0.0
    assert searched.feedback == "task 0: not solved with 7 test runs"
    for split in (Split.VALIDATION, Split.SEALED):
        judged = measured(jails, late, few, split=split, further=3)
        assert judged.status is Status.OK and judged.score == 0.0
        assert judged.feedback == "task 0: not solved with 4 test runs"


def test_no_agent_is_told_where_it_is(jails: Jails) -> None:
    few = replace(EASY, limits=Limits(runs=4))
    told = [
        jails.run(jails.evaluator([few], further=3).attempt(trying(RIGHT), few, index=0, seed=1, ends=ends))
        for ends in (False, True)
    ]
    assert told[0].worked.files == told[1].worked.files and told[0].worked.files["double.py"].endswith("# 12")
    assert told[0].worked.calls == told[1].worked.calls


def test_hidden_tests_decide_and_are_never_shown(jails: Jails) -> None:
    cheat = agent(
        "def work(task, tools):\n    assert set(task) == {'goal', 'statement', 'files', 'visible'}, sorted(task)\n"
        "    return {'double.py': 'def double(x):\\n    return 2\\n'}\n"
    )
    outcome = measured(jails, cheat, EASY)
    assert outcome.score == 0.0 and outcome.status is Status.OK


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def work(task, tools):\n    raise ValueError('lost')\n", "ValueError: lost (agent.py:2"),
        ("def work(task, tools):\n    return {}\n", "the agent handed in other files than it was given"),
        ("def work(task, tools):\n    return {**task['files'], 'more.py': ''}\n", "other files than it was given"),
        ("def work(task, tools):\n    return 3\n", "AttributeError"),
        ("def work(task, tools)\n    return 3\n", "SyntaxError"),
        ("import os\n\n\ndef work(task, tools):\n    os._exit(0)\n", "ended without handing in anything (exit)"),
        ("def work(task, tools):\n    return {'double.py': '\\ud800'}\n", "ended without handing in anything"),
        (
            "def work(task, tools):\n    tools.score(task['files'], 0, 1)\n",
            "NoMoreError: 1 calls of score, and 0 are left",
        ),
        (
            "def work(task, tools):\n    while True:\n        try:\n            tools.ask('x')\n"
            "        except Exception:\n            pass\n",
            "went on calling ask without a budget",
        ),
        (
            "def work(task, tools):\n    tools._stream.send({'tool': ['run_tests'], 'given': 4})\n    tools.ask('')\n",
            "is none",
        ),
    ],
)
def test_an_agent_that_hands_in_nothing_has_crashed_in_one_line(jails: Jails, text: str, said: str) -> None:
    outcome = measured(jails, agent(text), EASY)
    assert outcome.status is Status.CRASH and outcome.score is None
    assert said in outcome.feedback and "\n" not in outcome.feedback
    assert outcome.counted.evaluations == 1


def test_an_agent_cannot_count_for_itself(jails: Jails) -> None:
    liar = agent(
        "def work(task, tools):\n    tools._left = {'run_tests': 10**6}\n    ran = 0\n    try:\n        while True:\n"
        "            tools.run_tests([task['files']] * 4)\n            ran += 4\n"
        "    except Exception:\n        return {'double.py': f'RAN = {ran}'}\n"
    )
    found = attempt(jails, liar, task(BUGGY, [Test("m:double", (1,), 2)], [], limits=Limits(runs=10)))
    assert found.worked.used("run_tests") == 8 and found.worked.files is None  # the file has another name
    (call, _) = found.worked.calls
    assert (call.tool, call.count, len(call.asked), len(call.answered)) == ("run_tests", 4, 64, 64)


def test_agents_find_no_task_on_the_machine(jails: Jails) -> None:
    spy = agent(
        "from shoal.labs.selfimprove._folders import load_programs\n\n\n"
        "def work(task, tools):\n    return {'double.py': str(len(load_programs()))}\n"
    )
    found = attempt(jails, spy, EASY).worked
    assert found.files is None and "ModuleNotFoundError" in found.why


def test_a_self_scored_task_is_scored_by_its_command(jails: Jails) -> None:
    check = "import double\n\nassert double.double(7) == 14\n"
    scored = RepairTask(
        "own", "own", "Doubles.", {"double.py": BUGGY, "check.py": check}, (), (), command=("python3", "check.py")
    )
    learnt = changed(agent(LEARNER), "agent.py", "SKILL = 0.0\n", "SKILL = 1.0\n")
    assert measured(jails, agent(LEARNER), scored).score == 0.0
    assert measured(jails, learnt, scored, split=Split.SEALED).score == 1.0
    found = attempt(jails, SEED, scored)
    assert found.worked.used("run_tests") > 1


def briefed(parent: Files | None = None, payload: Any = None) -> Brief:
    known = Candidate(id="c0", parents=(), files={}, normal="", origin="initial")
    parents = () if parent is None else (Source(known, parent, feedback="task 1: not solved"),)
    return Brief(k=1, parents=parents, inspirations=(), payload=payload or {})


# -- self-modification --------------------------------------------------------------------------------------------


def proposed(jails: Jails, parent: Files, fixed: Files | None = None, *, steps: int = 4) -> Proposal:
    evaluator = jails.evaluator([EASY, EASY, EASY])
    maker = SelfModification(evaluator, jails.agents, jails.editor, improver=fixed or parent, run_seed=5)
    who = "parent" if fixed is None else "fixed"
    brief = briefed(parent, {"tasks": [0, 2], "steps": steps, "improver": who})
    return jails.run(maker.propose(brief, np.random.default_rng(1)))


def test_an_agent_rewrites_itself_and_pays_for_what_it_measures(jails: Jails) -> None:
    made = proposed(jails, agent(LEARNER))
    assert made.files is not None and b"SKILL = 1.0" in made.files["agent.py"] and made.normal
    # Four score calls, of two different versions: each version is measured once, on two tasks.
    assert made.counted == Counted(evaluations=4, instance_runs=4)
    assert made.note == "2 versions measured: 0.000 to 0.976 on 2 tasks"


def test_an_agent_that_finds_nothing_is_no_child(jails: Jails) -> None:
    lazy = agent(
        "def work(task, tools):\n    tools.score(task['files'], 0, task['instances'])\n    return task['files']\n"
    )
    made = proposed(jails, lazy)
    assert made.files is None and made.note == "1 versions were measured, none better"
    assert made.counted.evaluations == 2


def test_a_child_that_can_no_longer_work_is_refused(jails: Jails) -> None:
    breaks = LEARNER.replace('"SKILL = 1.0"', '"SKILL = 1.0 / 0"')
    made = proposed(jails, agent(breaks))
    assert made.files is None and made.note == "the child can no longer work on files: refused"
    assert made.counted.evaluations == 4  # what it measured is paid for


def test_being_an_improver_cannot_be_feigned(jails: Jails) -> None:
    """What a child is tried by is its parent's job to the letter; only who works, and on what, is the child."""
    feigns = LEARNER.replace(
        '    tools.score(task["files"], 0, task["instances"])\n    changed',
        '    if task["files"].keys() != {"agent.py"} or task["instances"] != 2 or tools.left("score") < 8:\n'
        '        return [tools.score(task["files"], 0, 1) for _ in range(3)] and task["files"]\n'
        '    if SKILL > 0.5:\n        raise ValueError("gave up its craft")\n    changed',
    )
    assert feigns != LEARNER
    made = proposed(jails, agent(feigns))
    assert made.files is None and made.note == "the child can no longer work on files: refused"


def test_a_child_that_measures_nothing_is_refused(jails: Jails) -> None:
    bold = agent(
        "N = 1\n\n\ndef work(task, tools):\n"
        "    return {name: text.replace('N = 1', 'N = 2') for name, text in task['files'].items()}\n"
    )
    made = proposed(jails, bold)
    assert made.files is None and made.note == "the child can no longer work on files: refused"
    assert made.counted == Counted()


def test_an_improver_that_ends_early_is_one(jails: Jails) -> None:
    early = LEARNER.replace('while tools.left("score") > 0', 'while tools.left("score") > 2')
    assert early != LEARNER
    made = proposed(jails, agent(early))
    assert made.files is not None and made.counted.evaluations == 4


def test_in_the_arm_fixed_improver_the_seed_agent_does_the_work(jails: Jails) -> None:
    idle = agent("SKILL = 0.0\n" + DOES_NOTHING["agent.py"].decode())
    assert proposed(jails, idle).files is None
    made = proposed(jails, idle, agent(LEARNER), steps=3)
    assert made.files is None and "refused" in made.note  # it learnt, but can improve nobody
    assert made.counted.evaluations == 4


def test_the_seed_agent_edits_itself_within_its_budget(jails: Jails) -> None:
    made = proposed(jails, SEED, steps=3)
    assert made.counted.evaluations <= 6
    assert made.files is None or (made.files.keys() == SEED.keys() and made.files != SEED)


def test_a_random_edit_changes_one_file_and_measures_nothing(jails: Jails) -> None:
    brief = briefed(SEED)
    made = jails.run(RandomEdit(jails.editor).propose(brief, np.random.default_rng(0)))
    assert made.counted == Counted()
    assert made.files is not None and sum(made.files[name] != SEED[name] for name in SEED) == 1


def test_an_agent_keeps_its_files_by_name_and_may_not_swell() -> None:
    guard = ContractGuard(("agent.py", "fixes.py"))
    brief = briefed()
    files = {"agent.py": b"x = 1\n", "fixes.py": b""}
    assert guard.before(brief, Proposal(files)).ok
    assert "made of agent.py, fixes.py" in guard.before(brief, Proposal({**files, "x.py": b""})).reason
    assert "100,006 bytes" in guard.before(brief, Proposal({**files, "fixes.py": b"#" * 100_000})).reason


def test_the_seed_agent_may_be_read_whole() -> None:
    assert sum(data.count(b"\n") for data in SEED.values()) <= 400
