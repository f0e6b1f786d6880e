"""Every way of touching a record is noticed, and said where."""

import contextlib
import json
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from shoal.core.canonical import canonical
from shoal.core.events import link
from shoal.report import Audit, RunView, audit, changed_files, folded, write_report

from .conftest import ABOUT, ToyRun, go


def wrong(found: Audit) -> dict[str, str]:
    return {one.check: one.detail for one in found.findings if one.ok is False}


def audited(run: ToyRun) -> Audit:
    store = run.folder.store(read_only=True)
    try:
        return audit(store, run.id, manifest=ABOUT["manifest"], kernel=ABOUT["kernel"], report=run.folder.report)
    finally:
        store.close()


def change(run: ToyRun, seq: int, edit: Callable[[dict], None], *, relink: bool) -> None:
    """Edit event ``seq`` in the file; with ``relink`` make chain and book fit again, as a careful forger would."""
    run.store.close()
    with contextlib.closing(run.folder.store(read_only=True)) as store:
        events = list(store.read(run.id, limit=100_000))
    head = events[seq - 1].head if seq else "0" * 64
    with sqlite3.connect(run.folder.file) as file:
        for event in events[seq : None if relink else seq + 1]:
            data = json.loads(event.body)
            if event.seq == seq:
                edit(data)
            body = canonical(data)
            head = link(head, body) if relink else event.head
            file.execute("UPDATE events SET body = ?, head = ? WHERE seq = ?", (body, head, event.seq))
        if relink:
            file.execute("UPDATE heads SET head = ?", (head,))
    file.close()


def seq_of(run: ToyRun, kind: str, *, number: int = 0) -> int:
    return [event.seq for event in run.store.read(run.id, limit=100_000) if event.data["type"] == kind][number]


def test_an_untouched_run_passes(toy) -> None:
    found = audited(toy())
    assert found.ok and not wrong(found)
    checks = "chain end order digest totals seal closing held report files task kernel"
    assert " ".join(one.check for one in found.findings) == checks
    assert {one.check for one in found.findings if one.ok is None} == {"closing", "report"}


def test_a_run_without_an_end_has_no_digest_and_nothing_wrong(toy) -> None:
    found = audited(toy(stop_after=10))
    assert found.ok and next(one.ok for one in found.findings if one.check == "digest") is None


def test_an_edited_event_breaks_the_chain_there(toy) -> None:
    run = toy()
    seq = seq_of(run, "result", number=5)
    change(run, seq, lambda data: data.update(at=99.0), relink=False)
    assert wrong(audited(run)) == {"chain": f"event {seq} was changed, or the one before it was removed or moved"}


def test_a_forged_score_with_a_mended_chain_changes_the_digest(toy) -> None:
    run = toy()
    seq = seq_of(run, "result", number=1)

    def forge(data: dict) -> None:
        data["result"]["outcome"]["score"] = -0.001

    change(run, seq, forge, relink=True)
    assert set(wrong(audited(run))) == {"digest"}


def test_a_forged_cost_is_found_in_the_totals(toy) -> None:
    run = toy()

    def forge(data: dict) -> None:
        data["spent"]["counted"]["evaluations"] = 3

    change(run, seq_of(run, "finished"), forge, relink=True)
    assert "claims 3 evaluations, the log adds up to 60" in wrong(audited(run))["totals"]


def test_a_budget_overrun_is_found(toy) -> None:
    run = toy()

    def forge(data: dict) -> None:
        data["budget"]["evaluations"] = 20

    change(run, 0, forge, relink=True)
    assert wrong(audited(run))["totals"].startswith("over the budget of evaluations 20 at item ")


def test_a_removed_result_is_found(toy) -> None:
    run = toy()
    seq = seq_of(run, "result", number=3)
    change(run, seq, lambda data: data.update(type="nothing"), relink=True)
    assert "without a result" in wrong(audited(run))["order"]


def test_an_unreadable_event_is_named(toy) -> None:
    run = toy()
    seq = seq_of(run, "result", number=3)
    change(run, seq, lambda data: data.pop("result"), relink=True)
    assert f"event {seq} " in wrong(audited(run))["order"]


@pytest.mark.parametrize(("statement", "said"), [("DELETE FROM", "is not in"), ("UPDATE", "does not match its digest")])
def test_a_touched_program_is_found(toy, statement: str, said: str) -> None:
    run = toy()
    run.store.close()
    with sqlite3.connect(run.folder.file) as file:
        digest = file.execute("SELECT digest FROM blobs LIMIT 1").fetchone()[0]
        change = " SET data = x'00'" if statement == "UPDATE" else ""
        file.execute(f"{statement} blobs{change} WHERE digest = ?", (digest,))
    file.close()
    detail = wrong(audited(run))["files"]
    assert digest[:12] in detail and said in detail and "named in event" in detail


def test_a_changed_task_is_found(toy) -> None:
    run = toy()
    found = audit(run.store, run.id, manifest={"task.toml": "2" * 64, "judge.py": "3" * 64})
    assert wrong(found) == {"task": "changed since the run: judge.py (added), task.toml (changed)"}
    assert audit(run.store, run.id, manifest=None).ok


def test_a_task_of_many_files_is_told_by_folders(toy) -> None:
    few = {"task.toml": "1" * 64, "judge.py": "2" * 64, "data/table.csv": "3" * 64}
    many = few | {f"project/{k % 9}/part{k}.py": f"{k:064}" for k in range(2_000)}
    assert folded(few) == few and set(folded(many)) == {*few, "project/"}
    assert not changed_files(folded(many), many)
    other = many | {"project/3/part3.py": "0" * 64, "judge.py": "4" * 64}
    assert changed_files(folded(many), other) == {"judge.py": "changed", "project/": "changed"}
    assert changed_files(folded(many), few) == {"project/": "removed"}


# -- events and the end of the log ------------------------------------------------------------------------------------


def statements(run: ToyRun, *lines: str) -> None:
    """What somebody does to the file by hand."""
    run.store.close()
    with sqlite3.connect(run.folder.file) as file:
        for line in lines:
            file.execute(line)
    file.close()


def reopened(run: ToyRun) -> ToyRun:
    run.store = run.folder.store()
    return run


def last_of(run: ToyRun) -> int:
    last = run.store.last(run.id)
    assert last is not None
    return last.seq


def test_a_removed_event_is_called_removed(toy) -> None:
    run = toy()
    statements(run, "DELETE FROM events WHERE seq = 9")
    assert wrong(audited(run))["chain"] == "event 9 is missing: removed"
    statements(run, "DELETE FROM events WHERE seq IN (10, 11)")
    assert wrong(audited(run))["chain"] == "events 9 to 11 are missing: removed"


def test_a_removed_event_whose_followers_were_renumbered_is_found_twice(toy) -> None:
    run = toy()
    end = last_of(run)
    moves = (f"UPDATE events SET seq = {seq - 1} WHERE seq = {seq}" for seq in range(10, end + 1))
    statements(run, "DELETE FROM events WHERE seq = 9", *moves)
    found = wrong(audited(run))
    assert found["chain"].startswith("event 9 was changed, or the one before it was removed")
    assert found["end"] == f"the log ends at event {end - 1}, the file's book says {end}: 1 event cut off or taken out"


@pytest.mark.parametrize("cut", [1, 3, 40])
def test_a_cut_tail_is_found(toy, cut: int) -> None:
    run = toy()
    end = last_of(run)
    statements(run, f"DELETE FROM events WHERE seq > {end - cut}")
    found = wrong(audited(run))
    assert f"the file's book says {end}: {cut} event" in found["end"] and "chain" not in found


def test_events_after_the_end_are_found(toy) -> None:
    run = toy()
    end = last_of(run)
    statements(run, f"INSERT INTO events SELECT run, {end + 1}, body, head FROM events WHERE seq = {end}")
    assert "events were added" in wrong(audited(run))["end"]


@pytest.mark.parametrize("statement", ["DROP TABLE heads", "DELETE FROM heads", "UPDATE heads SET seq = 'x'"])
def test_a_touched_book_of_ends_is_found(toy, statement: str) -> None:
    run = toy()
    statements(run, statement)
    assert set(wrong(audited(run))) == {"end"}


def test_another_head_in_the_book_is_found(toy) -> None:
    run = toy()
    statements(run, "UPDATE heads SET head = '" + "0" * 64 + "'")
    assert "has another head for event" in wrong(audited(run))["end"]


def test_a_file_from_before_there_was_a_book_is_not_checked_for_it(toy) -> None:
    run = toy()
    statements(run, "DROP TABLE heads", "PRAGMA user_version = 0")
    found = audited(run)
    assert found.ok and "not checked" in next(one.detail for one in found.findings if one.check == "end")


def test_a_book_that_event_0_promises_and_the_file_denies_is_found(toy) -> None:
    run = toy(about={"store": 1})
    statements(run, "DROP TABLE heads", "PRAGMA user_version = 0")
    assert "it was taken out" in wrong(audited(run))["end"]


@pytest.mark.parametrize("about", ["text", None, [1], {"manifest": "text", "kernel": 7}])
def test_whatever_event_0_says_it_is_looked_at(toy, about: object) -> None:
    run = toy()
    change(run, 0, lambda data: data.update(about=about), relink=True)
    assert isinstance(audited(run).findings, tuple)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET body = replace(body, 'ok', 'OK') WHERE seq = 7",
        "UPDATE events SET body = 'text' WHERE seq = 7",
        "UPDATE events SET body = x'80' WHERE seq = 7",
        "UPDATE events SET head = 7 WHERE seq = 7",
        "UPDATE events SET head = x'00' WHERE seq = 7",
        "UPDATE events SET seq = 'seven' WHERE seq = 7",
        "UPDATE events SET seq = -7 WHERE seq = 7",
        "UPDATE events SET run = 'other' WHERE seq = 7",
    ],
)
def test_whatever_is_written_over_an_event_the_event_is_named(toy, statement: str) -> None:
    run = toy()
    statements(run, statement)
    assert "event 7 " in wrong(audited(run))["chain"]


# -- budgets ----------------------------------------------------------------------------------------------------------


def test_a_clock_that_runs_backwards_is_found(toy) -> None:
    run = toy()
    change(run, seq_of(run, "result", number=9), lambda data: data.update(cpu_seconds=-3.0), relink=True)
    assert "-3 cpu_seconds after" in wrong(audited(run))["totals"]


def test_work_issued_after_the_clock_ran_out_is_found(toy) -> None:
    run = toy()
    # The clock is read four times a second, and a toy run may be over before it is read again.
    result = seq_of(run, "result", number=3)
    change(run, result, lambda data: data.update(seconds=0.5), relink=True)
    assert "was issued" not in wrong(audited(run))["totals"]
    change(run, 0, lambda data: data["budget"].update(seconds=0.4), relink=True)
    assert "was issued when seconds 0.4 had run out" in wrong(audited(run))["totals"]


def test_more_seconds_than_the_budget_has_are_found(toy) -> None:
    run = toy()
    end = seq_of(run, "finished")
    change(run, 0, lambda data: data["budget"].update(seconds=60.0), relink=True)
    change(reopened(run), end, lambda data: data["spent"].update(seconds=300.0), relink=True)
    assert "300 seconds, over the budget of seconds 60" in wrong(audited(run))["totals"]


@pytest.mark.parametrize(
    ("counted", "said"),
    [
        ({"evaluations": -5}, "counts evaluations -5"),
        ({"instance_runs": 0}, "claims 1 evaluations and 0 instance runs for 1 instances"),
        ({"evaluations": 0}, "claims 0 evaluations and 1 instance runs"),
    ],
)
def test_an_outcome_that_cost_too_little_is_found(toy, counted: dict, said: str) -> None:
    run = toy()

    def forge(data: dict) -> None:
        data["result"]["outcome"]["counted"].update(counted)

    change(run, seq_of(run, "result"), forge, relink=True)
    assert said in wrong(audited(run))["totals"]


def test_more_in_flight_than_the_window_is_found(toy) -> None:
    run = toy(ordered=False)
    assert audited(run).ok
    change(run, 0, lambda data: data.update(window=2), relink=True)
    assert "items in flight, the window is 2" in wrong(audited(run))["totals"]


def test_an_overrun_before_an_extension_is_found(toy, tmp_path) -> None:
    run = toy(evaluations=30)
    go(run.folder, run.store, evaluations=60)
    assert audited(run).ok
    change(run, 0, lambda data: data["budget"].update(evaluations=20), relink=True)
    assert "over the budget of evaluations 20" in wrong(audited(run))["totals"]


def test_a_lowered_budget_may_be_passed_by_what_was_in_flight(toy) -> None:
    run = toy(ordered=False, stop_after=30)
    go(run.folder, run.store, ordered=False, evaluations=31)
    assert audited(run).ok


# -- the seal, the closing event, the report --------------------------------------------------------------------------


def look(run: ToyRun, **more: Any) -> None:
    champion = last_champion(run)
    run.add("look", **{"checkpoint": "champion", "candidate": champion, "split": "sealed", "outcome": OUTCOME, **more})


def last_champion(run: ToyRun) -> str:
    notes = [event.data for event in run.store.read(run.id, limit=100_000) if event.data["type"] == "note"]
    return str([note["data"]["candidate"] for note in notes if note["kind"] == "champion"][-1])


OUTCOME = {"score": -0.5, "per_instance": []}


def test_looks_are_counted_and_named(toy) -> None:
    run = toy()
    look(run)
    look(run, checkpoint="initial", candidate="c0")
    found = audited(run)
    seal = next(one for one in found.findings if one.check == "seal")
    assert (
        seal.ok and f"2 looks behind the seal, after the end: champion {last_champion(run)} (sealed); " in seal.detail
    )


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"checkpoint": "favourite"}, "neither the initial program nor a champion"),
        ({"candidate": "c1"}, "but the champion was"),
        ({"checkpoint": "initial"}, "but the initial program is c0"),
        ({"split": "elsewhere"}, "which is no split"),
        ({"checkpoint": "once champion, c999", "candidate": "c999"}, "which was never champion"),
        ({"checkpoint": "once champion, c0", "candidate": "c0", "split": "sealed"}, "or on other than fresh instances"),
        ({"checkpoint": "once champion, c0", "candidate": "c1"}, "neither the initial program nor a champion"),
    ],
)
def test_a_look_that_nobody_may_take_is_found(toy, more: dict, said: str) -> None:
    run = toy()
    look(run, **more)
    assert said in wrong(audited(run))["seal"]


def test_former_champions_may_be_looked_at_on_fresh_instances(toy) -> None:
    run = toy()
    look(run, checkpoint="once champion, c0", candidate="c0", split="validation")
    seal = next(one for one in audited(run).findings if one.check == "seal")
    assert seal.ok and "once champion, c0 (validation)" in seal.detail


def test_a_second_look_and_one_before_the_end_are_found(toy) -> None:
    run = toy()
    look(run)
    look(run)
    assert "a second look" in wrong(audited(run))["seal"]
    early = toy(stop_after=20)
    look(early)
    assert "while the run was not finished" in wrong(audited(early))["seal"]


def test_a_sealed_measurement_during_the_run_is_found(toy) -> None:
    run = toy(validation=True)
    measured = [
        one.seq for one in run.store.read(run.id, limit=100_000) if one.data.get("work", {}).get("do") == "measure"
    ]

    def forge(data: dict) -> None:
        data["work"]["trial"]["split"] = "sealed"

    change(run, measured[0], forge, relink=True)
    assert f"event {measured[0]}: item" in wrong(audited(run))["seal"]


def closed(run: ToyRun, **more: Any) -> None:
    last = run.store.last(run.id)
    assert last is not None
    spent = run.report.spent
    facts: dict[str, Any] = {"run": run.id, "status": "done", "reason": run.report.reason, "digest": run.report.digest}
    facts |= {"champion": last_champion(run), "evaluations": 60, "looks": 0, "seconds": spent.seconds}
    run.add("closed", summary={**facts, "chain_head": last.head, **more})


def test_a_true_closing_event_passes(toy) -> None:
    run = toy()
    closed(run)
    assert next(one.ok for one in audited(run).findings if one.check == "closing")


@pytest.mark.parametrize(
    "more",
    [
        *({"champion": "c1"}, {"looks": 5}, {"evaluations": 7}, {"seconds": 0.0}, {"digest": "0"}, {"chain_head": "0"}),
        *({"verdict": "improvement shown"}, {"best_score": 0.0}, {"sealed_gain_low": 0.5}, {"held": 1}),
    ],
)
def test_a_closing_event_that_says_otherwise_is_found(toy, more: dict) -> None:
    run = toy()
    closed(run, **more)
    assert set(wrong(audited(run))) == {"closing"}


def test_a_naive_forger_who_mends_the_chain_is_betrayed_by_the_closing_event(toy) -> None:
    run = toy()
    closed(run)
    change(run, seq_of(run, "note"), lambda data: data.update(text="nothing to see"), relink=True)
    assert "says that the chain's head was" in wrong(audited(run))["closing"]


def test_another_program_in_the_report_is_found(toy) -> None:
    run = toy()
    closed(run)
    write_report(run.folder, RunView.read(run.store, run.id), store=run.store, picture=None)
    assert next(one.ok for one in audited(run).findings if one.check == "report")
    (run.folder.report / "best.py").write_text("x = 3.0\n")
    assert "is not the champion's: initial.py" in wrong(audited(run))["report"]


def test_other_code_is_told_and_not_wrong(toy) -> None:
    run = toy()
    found = audit(run.store, run.id, kernel="5" * 64)
    told = next(one for one in found.findings if one.check == "kernel")
    assert found.ok and told.ok is None and "normal after an update" in told.detail


def test_what_is_held_is_told(toy) -> None:
    run = toy()
    run.add("note", kind="held", text="c3 is held", data={"candidate": "c3"})
    assert next(one.detail for one in audited(run).findings if one.check == "held").startswith("1 candidates held back")
