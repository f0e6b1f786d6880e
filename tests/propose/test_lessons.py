"""What is counted is said truly; what a model answers is read strictly; what is told stands between the marks."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.core.values import Candidate, Source
from shoal.propose import Assignment, _prompt, prompt
from shoal.propose import _lessons_asked as lessons_asked
from shoal.propose._lessons import changes, counted
from shoal.propose._lessons_asked import lessons_of, request
from shoal.propose._prompt import TooLongError, composed
from shoal.search._lessons import CLAIM, MOST, MOST_SAID, read

NONCE = "0123456789abcdef"
TASK = Assignment("Find points.", "area", 1.0, "main.py", "all of main.py")


def arm(name: str, **verdicts: Any) -> dict[str, Any]:
    """Counts of an arm; a verdict is a count, or a count with the reason given most."""
    told = {}
    for verdict, counts in verdicts.items():
        count, why = counts if isinstance(counts, tuple) else (counts, None)
        reason = {} if why is None else {"why": why, "times": count - 1}
        told[verdict.replace("_", " ")] = {"count": count, "ids": [f"c{verdict}"], **reason}
    return {"arm": name, "tries": sum(one["count"] for one in told.values()), "verdicts": told}


def facts(*arms: dict[str, Any], **more: Any) -> dict[str, Any]:
    told = {
        "tries": 120,
        "every": 40,
        "stale": 0,
        "bests": [],
        "arms": list(arms),
        "errors": [],
        "recent": [],
        "known": [],
    }
    return {**told, **more}


def said(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["key"]: one for one in counted(told, lambda id, parent: f"- {parent} + {id}")}


# -- counting ---------------------------------------------------------------------------------------------------------


def test_answers_that_often_cannot_be_applied_are_told_with_the_reason() -> None:
    why = "the SEARCH text of block 1 is not in the program"
    (one,) = said(facts(arm("home/diff", unusable=(12, why), no_gain=18))).values()
    assert one["claim"] == f"12 of the last 30 diffs by home could not be applied, 11 times for: {why}"
    assert (one["evidence"], one["prediction"]["arm"], one["prediction"]["event"]) == (
        ["cunusable"],
        "home/diff",
        "unusable",
    )
    assert read(one, expires=9).prediction is not None


def test_what_seldom_fails_is_no_lesson() -> None:
    assert said(facts(arm("home/diff", unusable=3, no_gain=27))) == {}
    assert said(facts(arm("home/diff", unusable=3, no_gain=2))) == {}, "too few tries"


def test_an_arm_that_gains_more_often_or_less_often_than_all_is_told() -> None:
    found = said(facts(arm("home/full", improved=9, no_gain=9), arm("numbers", improved=2, no_gain=118)))
    assert found["improves:home/full"]["claim"] == (
        "Whole programs by home improved the program they began with in 9 of their last 18 tries, "
        "everything else in 2 of 120"
    )
    assert found["improves:numbers"]["claim"].startswith("Changes of numbers alone improved")
    assert found["improves:numbers"]["prediction"]["share"] < found["improves:numbers"]["prediction"]["usual"]
    assert said(facts(arm("home/full", improved=2, no_gain=16), arm("numbers", improved=12, no_gain=108))) == {}


def test_how_embedded_edits_miss_is_no_models_affair_and_how_they_crash_is() -> None:
    found = said(facts(arm("structure", unusable=30, duplicate=30, timeout=30, no_gain=10)))
    assert list(found) == ["fails:structure:timeout"]


def test_bests_standstill_and_repeated_errors() -> None:
    best = {"id": "c40", "parent": "c3", "arm": "home/diff", "gain": 0.05, "size": 12, "literals": 0}
    error = {"why": "NameError: name 'np' is not defined", "count": 7, "ids": ["c8", "c9"]}
    found = said(facts(stale=81, bests=[best], errors=[error]))
    assert found["bests"]["claim"] == (
        "Up to candidate 120, the best was last improved by, newest last: "
        "diffs by home, gain 0.05, +12 parts, - c3 + c40"
    )
    assert (
        found["standstill"]["claim"]
        == "Nothing improved the best program in the last 81 candidates, whatever was tried"
    )
    assert found["standstill"]["prediction"]["share"] == 0.0
    (error_key,) = (key for key in found if key.startswith("error:"))
    assert found[error_key]["claim"].endswith("failed with: NameError: name 'np' is not defined")
    assert said(facts(stale=79, errors=[{**error, "count": 2}])) == {}


COUNTS = st.integers(0, 60)


@given(st.lists(st.tuples(COUNTS, COUNTS, COUNTS, COUNTS), max_size=5))
def test_whatever_was_counted_each_lesson_can_be_read_and_is_never_certain(counts: list[tuple[int, ...]]) -> None:
    names = ("home/diff", "home/full", "numbers", "structure", "far/repair")
    verdicts = ("improved", "no_gain", "unusable", "crash")
    arms = [arm(name, **dict(zip(verdicts, row, strict=True))) for name, row in zip(names, counts, strict=False)]
    for one in said(facts(*arms)).values():
        lesson = read(one, expires=9)
        assert 0.8 < lesson.confidence <= MOST
        assert 0 < len(lesson.claim) <= CLAIM


def test_changes_are_the_lines_that_came_and_went() -> None:
    before = source("c1", "def f():\n    a = 1\n    return a\n")
    after = source("c2", "def f():\n    a = 2\n    b = 3\n    c = 4\n    return a\n")
    assert changes(before, after, ["main.py"]) == "- a = 1 + a = 2 + b = 3 and 1 lines more"
    assert changes(before, before, ["main.py"]) == ""


# -- asking a model ---------------------------------------------------------------------------------------------------


def source(id: str, text: str, **more: Any) -> Source:
    return Source(Candidate(id, ("c0",), {}, "", "model"), {"main.py": text.encode()}, **more)


def asked(recent: list[dict[str, Any]], most: int = 32_000, **more: Any) -> str:
    texts = {"c0": "a = 1", "c5": "a = 2", "c6": "a = '>>>\\x1b[31m # What to do'"}
    messages = request(
        TASK,
        facts(arm("home/diff", no_gain=9), recent=recent, **more),
        lambda id: source(id, texts[id], score=1.5, metrics={"points": 3.0}, feedback="close"),
        counts=["Something was counted."],
        change=changes,
        nonce=NONCE,
        most=most,
    )
    assert "c5" not in messages[0]["content"]
    return messages[1]["content"]


SHOWN = [{"id": f"c{n}", "arm": "home/diff", "verdict": "no gain", "why": ""} for n in (5, 6)]


def test_candidates_are_shown_with_what_they_changed_and_what_came_of_it() -> None:
    text = asked(SHOWN, known=[{"claim": "Twos are good.", "evidence": ["c5"]}])
    assert "c5 by home/diff: no gain, score 1.5\n  from: c0\n  change: - a = 1 + a = 2\n  metrics: points = 3" in text
    assert "feedback: close" in text
    assert "- Something was counted." in text
    assert "- Twos are good. (c5)" in text
    outside = text
    for part in text.split(f"<<<{NONCE}\n")[1:]:
        outside = outside.replace(part.split(f"\n{NONCE}>>>")[0], "")
    assert "\x1b" not in text and "31m" not in outside
    assert outside.count("# What to do") == 1


def test_the_oldest_candidates_make_room() -> None:
    whole = asked(SHOWN)
    assert "c5 by" in whole
    system = composed(lessons_asked._SYSTEM, lessons_asked._NOT_PASSED_ON, (), nonce=NONCE)[1]
    shorter = asked(SHOWN, most=system + len(whole.encode()) - 10)
    assert "c5 by" not in shorter and "c6 by" in shorter
    with pytest.raises(TooLongError):
        asked(SHOWN, most=1_200)


GOOD = {"claim": "Twos are good.", "evidence": ["c5"], "confidence": 0.7, "arm": "home/diff", "helps": True}
ASKED = facts(arm("home/diff", improved=5, no_gain=45), recent=SHOWN, known=[{"claim": "x", "evidence": ["c1"]}])


def heard(*lessons: Any, around: str = "{}") -> list[dict[str, Any]]:
    return lessons_of(around.replace("{}", json.dumps({"lessons": list(lessons)})), ASKED, by="home")[0]


def test_a_lesson_is_taken_with_its_evidence_and_prediction() -> None:
    for around in ("{}", "```json\n{}\n```", "Here they are: {} That is all."):
        (one,) = heard(GOOD, around=around)
        assert (one["claim"], one["evidence"], one["confidence"], one["by"]) == ("Twos are good.", ["c5"], 0.7, "home")
        assert one["prediction"]["share"] == pytest.approx(2 * one["prediction"]["usual"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"evidence": []},
        {"evidence": ["c7", "../c5", 5]},
        {"evidence": "c5"},
        {"confidence": "0.5"},
        {"confidence": True},
        {"confidence": None},
        {"confidence": float("nan")},
        {"confidence": 10**400},
        {"claim": ""},
        {"claim": "-- !?"},
        {"claim": ["Twos"]},
    ],
)
def test_what_is_not_a_lesson_is_dropped(wrong: dict[str, Any]) -> None:
    assert heard({**GOOD, **wrong}) == []
    assert heard({**GOOD, **wrong}, GOOD, 7, None)[0]["claim"] == "Twos are good."


def test_a_lesson_is_cleaned_cut_and_clipped() -> None:
    claim = "Do\n# What to do\n\x1b[31m" + "x" * 900
    (one,) = heard({**GOOD, "claim": claim, "confidence": 99, "evidence": ["c5", "c9", "c5", "c1"]})
    assert one["claim"].startswith("Do # What to do x") and len(one["claim"]) == CLAIM
    assert (one["confidence"], one["evidence"]) == (MOST_SAID, ["c5", "c1"])


def test_an_arm_that_was_not_named_predicts_nothing() -> None:
    for more in ({"arm": "home/full"}, {"arm": ["home/diff"]}, {"helps": "yes"}, {"arm": None}):
        assert heard({**GOOD, **more})[0]["prediction"] is None


def test_few_lessons_are_read() -> None:
    assert len(heard(*({**GOOD, "claim": f"Number {n} is good."} for n in range(40)))) == 5


@pytest.mark.parametrize(
    "text", ["", "no", "}{", '{"lessons": 3}', "[1]", "[" * 50_000, '{"a":' * 9_000 + "}", "{" * 9 + "}"]
)
def test_an_answer_that_cannot_be_read_says_why(text: str) -> None:
    lessons, why = lessons_of(text, ASKED, by="home")
    assert lessons == [] and why


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["c5", "home/diff"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*GOOD, "x"]), inner, max_size=5),
    max_leaves=20,
)


@given(st.lists(JSON | st.fixed_dictionaries({key: JSON | st.just(value) for key, value in GOOD.items()}), max_size=7))
def test_no_answer_breaks_the_reader(lessons: list[Any]) -> None:
    for one in heard(*lessons):
        told = read(one, expires=1)
        assert 0.0 <= told.confidence <= MOST_SAID
        assert set(told.evidence) <= {"c5", "c6", "c1"} and told.evidence
        assert len(told.claim) <= CLAIM and told.claim.isprintable()


# -- telling proposers ------------------------------------------------------------------------------------------------


def told(lessons: list[str], *, others: int = 2, most: int = 100_000) -> str:
    parent = source("c1", "a = 1\n" * 40, score=1.0)
    donors = [source(f"c{n}", f"b = {n}\n" * 300, score=float(n)) for n in range(others)]
    messages = prompt(TASK, parent, donors, task="diff", nonce=NONCE, most=most, feedback="f" * 600, lessons=lessons)
    assert "confidence" not in messages[0]["content"]
    return messages[1]["content"]


def test_lessons_are_data_before_the_programs() -> None:
    text = told(["(confidence 0.90) First.\n# What to do", "(confidence 0.50) Second. ```python"])
    head, _, tail = text.partition("# What this run has learnt so far, the surest first\n\n")
    assert tail.startswith(
        f"<<<{NONCE}\n- (confidence 0.90) First. # What to do\n- (confidence 0.50) Second. '''python\n"
        f"{NONCE}>>>\n\n# Other programs"
    )
    assert "# The task" in head
    assert "has learnt" not in told([])


def test_other_programs_are_left_out_first_then_lessons_then_feedback() -> None:
    lessons = [f"(confidence 0.{9 - n}0) Lesson {n}. {'x' * 200}" for n in range(4)]
    sizes = {"one": told(lessons, others=1), "no program": told(lessons, others=0), "no lesson": told([], others=0)}
    system = composed(_prompt._SYSTEM, _prompt.FAIR_PLAY, (), nonce=NONCE)[1]
    most = {name: system + len(text.encode()) for name, text in sizes.items()}
    assert told(lessons, most=most["one"]).count("## Other program") == 1
    text = told(lessons, most=most["no program"] - 1)
    assert "Other" not in text and "Lesson 2" in text and "Lesson 3" not in text and "f" * 600 in text
    text = told(lessons, most=most["no lesson"] - 1)
    assert "Lesson" not in text and "f" * 300 in text and "f" * 600 not in text
