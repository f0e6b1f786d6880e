"""Every way of touching a record is noticed, and said where."""

import sqlite3
from collections.abc import Callable

import pytest

from shoal.core.canonical import canonical
from shoal.core.events import link
from shoal.report import Audit, audit

from .conftest import ABOUT, ToyRun


def wrong(found: Audit) -> dict[str, str]:
    return {one.check: one.detail for one in found.findings if one.ok is False}


def audited(run: ToyRun) -> Audit:
    store = run.folder.store(read_only=True)
    try:
        return audit(store, run.id, manifest=ABOUT["manifest"])
    finally:
        store.close()


def change(run: ToyRun, seq: int, edit: Callable[[dict], None], *, relink: bool) -> None:
    """Edit event ``seq`` in the file; with ``relink`` make the chain fit again, as a careful forger would."""
    import json

    events = list(run.store.read(run.id, limit=100_000))
    run.store.close()
    head = events[seq - 1].head if seq else "0" * 64
    with sqlite3.connect(run.folder.file) as file:
        for event in events[seq : None if relink else seq + 1]:
            data = json.loads(event.body)
            if event.seq == seq:
                edit(data)
            body = canonical(data)
            head = link(head, body) if relink else event.head
            file.execute("UPDATE events SET body = ?, head = ? WHERE seq = ?", (body, head, event.seq))
    file.close()


def seq_of(run: ToyRun, kind: str, *, number: int = 0) -> int:
    return [event.seq for event in run.store.read(run.id, limit=100_000) if event.data["type"] == kind][number]


def test_an_untouched_run_passes(toy) -> None:
    found = audited(toy())
    assert found.ok and not wrong(found)
    assert [one.check for one in found.findings] == ["chain", "order", "digest", "totals", "files", "task"]
    assert all(one.ok for one in found.findings)


def test_a_run_without_an_end_has_no_digest_and_nothing_wrong(toy) -> None:
    found = audited(toy(stop_after=10))
    assert found.ok and next(one.ok for one in found.findings if one.check == "digest") is None


def test_an_edited_event_breaks_the_chain_there(toy) -> None:
    run = toy()
    seq = seq_of(run, "result", number=5)
    change(run, seq, lambda data: data.update(seconds=99.0), relink=False)
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
    assert wrong(audited(run))["totals"] == "over the budget of evaluations 20"


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
    assert wrong(found) == {"task": "changed since the run: judge.py, task.toml"}
    assert audit(run.store, run.id, manifest=None).ok
