"""The log on disk: appended to by one writer, checked on the way out, in any folder."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from shoal.core.canonical import sha256
from shoal.core.errors import StoreError
from shoal.core.events import GENESIS, Event, broken_link, chain
from shoal.store import LogEnd, SqlStore


def log_of(length: int, *, text: str = "hello", after: Event | None = None) -> list[Event]:
    events = [after] if after is not None else []
    for _ in range(length):
        head, seq = (events[-1].head, events[-1].seq + 1) if events else (GENESIS, 0)
        events.append(chain(head, seq, "note", {"text": text}, at=1.0))
    return events[after is not None :]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = SqlStore(tmp_path / "run.db")
    yield store
    store.close()


def test_what_was_appended_is_read_in_order(store: SqlStore) -> None:
    log = log_of(5)
    assert store.append("a", log[:3], expect=0) == 3
    assert store.append("a", log[3:], expect=3) == 5
    assert list(store.read("a")) == log
    assert list(store.read("a", after=2, limit=2)) == log[2:4]
    assert list(store.read("a", after=5)) == []
    assert broken_link(store.read("a")) is None


def test_the_last_event_is_found(store: SqlStore) -> None:
    assert store.last("a") is None
    log = log_of(4)
    store.append("a", log, expect=0)
    assert store.last("a") == log[-1]


def test_runs_in_one_file_do_not_mix(store: SqlStore) -> None:
    one, other = log_of(2, text="one"), log_of(3, text="other")
    store.append("one", one, expect=0)
    store.append("other", other, expect=0)
    assert list(store.read("one")) == one
    assert list(store.read("other")) == other


@pytest.mark.parametrize("expect", [0, 1, 3])
def test_an_append_elsewhere_than_at_the_end_is_refused_whole(store: SqlStore, expect: int) -> None:
    log = log_of(2)
    store.append("a", log, expect=0)
    more = [Event(expect + i, event.body, event.head) for i, event in enumerate(log_of(2, after=log[-1]))]
    with pytest.raises(StoreError, match=f"ends at 2, not at {expect}: another process wrote"):
        store.append("a", more, expect=expect)
    assert list(store.read("a")) == log


def test_events_with_other_numbers_are_refused(store: SqlStore) -> None:
    with pytest.raises(StoreError, match="event 1 handed in where 0 is expected"):
        store.append("a", log_of(2)[1:], expect=0)


def test_of_two_writers_the_second_is_refused(store: SqlStore, tmp_path: Path) -> None:
    other = SqlStore(tmp_path / "run.db")
    mine, theirs = log_of(3, text="mine"), log_of(2, text="theirs")
    store.append("a", mine[:1], expect=0)
    with pytest.raises(StoreError, match="another process wrote"):
        other.append("a", theirs, expect=0)
    store.append("a", mine[1:], expect=1)
    assert list(other.read("a")) == mine
    other.close()


def test_what_one_process_wrote_another_reads_at_once(store: SqlStore, tmp_path: Path) -> None:
    store.append("a", log_of(2), expect=0)
    reader = SqlStore(tmp_path / "run.db", read_only=True)
    assert len(list(reader.read("a"))) == 2
    store.append("a", log_of(4)[2:], expect=2)
    assert len(list(reader.read("a"))) == 4
    reader.close()


@pytest.mark.parametrize("data", [b"", b"print(1)\n", bytes(range(256)) * 100])
def test_a_blob_comes_back_before_and_after_it_is_on_disk(store: SqlStore, tmp_path: Path, data: bytes) -> None:
    digest = store.put(data)
    assert digest == sha256(data)
    assert store.get(digest) == data
    store.append("a", log_of(1), expect=0)
    assert store.get(digest) == data
    reader = SqlStore(tmp_path / "run.db", read_only=True)
    assert reader.get(digest) == data
    reader.close()


def test_a_blob_is_kept_once(store: SqlStore, tmp_path: Path) -> None:
    other = SqlStore(tmp_path / "run.db")
    assert store.put(b"same") == store.put(b"same") == other.put(b"same")
    store.append("a", log_of(1), expect=0)
    other.append("b", log_of(1), expect=0)
    assert other.get(sha256(b"same")) == b"same"
    other.close()


def test_blobs_of_a_refused_append_come_with_the_next(store: SqlStore, tmp_path: Path) -> None:
    digest = store.put(b"not lost")
    with pytest.raises(StoreError):
        store.append("a", log_of(3)[2:], expect=2)
    store.append("a", log_of(1), expect=0)
    reader = SqlStore(tmp_path / "run.db", read_only=True)
    assert reader.get(digest) == b"not lost"
    reader.close()


def test_a_changed_blob_is_found_out(store: SqlStore, tmp_path: Path) -> None:
    digest = store.put(b"def f(): return 1")
    store.append("a", log_of(1), expect=0)
    with sqlite3.connect(tmp_path / "run.db") as raw:
        raw.execute("UPDATE blobs SET data = ?", (b"def f(): return 2",))
    raw.close()
    with pytest.raises(StoreError, match=f"{digest[:12]}.*the file was changed"):
        store.get(digest)


def test_a_changed_event_is_found_out(store: SqlStore, tmp_path: Path) -> None:
    store.append("a", log_of(5), expect=0)
    with sqlite3.connect(tmp_path / "run.db") as raw:
        raw.execute("UPDATE events SET body = CAST(replace(body, 'hello', 'howdy') AS BLOB) WHERE seq = 2")
    raw.close()
    assert broken_link(store.read("a")) == 2


def test_a_blob_nobody_put_is_an_error(store: SqlStore) -> None:
    with pytest.raises(StoreError, match="is not in"):
        store.get("0" * 64)


def test_a_store_opened_to_read_refuses_to_write(store: SqlStore, tmp_path: Path) -> None:
    store.append("a", log_of(1), expect=0)
    reader = SqlStore(tmp_path / "run.db", read_only=True)
    with pytest.raises(StoreError, match="cannot write"):
        reader.append("a", log_of(2)[1:], expect=1)
    reader.close()


def test_reading_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot open the run file"):
        SqlStore(tmp_path / "none.db", read_only=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100])
def test_a_file_that_holds_no_log_is_a_store_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "run.db"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"run\.db"):
        SqlStore(path, read_only=True).last("a")


@pytest.mark.parametrize("name", ["with space", "what?", "a#b", "50%", "%20", "a&mode=ro", "a;b", "é", "a'b\"c"])
def test_a_store_works_in_any_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    store = SqlStore(folder / f"{name}.db")
    store.append("a", log_of(2), expect=0)
    store.close()
    assert (folder / f"{name}.db").is_file()
    reader = SqlStore(folder / f"{name}.db", read_only=True)
    assert list(reader.read("a")) == log_of(2)
    reader.close()


# -- the book of ends -------------------------------------------------------------------------------------------------


def by_hand(path: Path, *statements: str) -> None:
    with sqlite3.connect(path) as raw:
        for statement in statements:
            raw.execute(statement)
    raw.close()


def test_the_book_of_ends_moves_with_the_log(store: SqlStore) -> None:
    assert store.keeps_ends and store.end("a") is None
    log = log_of(5)
    store.append("a", log[:3], expect=0)
    assert store.end("a") == LogEnd(2, log[2].head)
    store.append("a", log[3:], expect=3)
    assert store.end("a") == LogEnd(4, log[4].head) and store.rows("a") == 5


def test_blobs_without_events_leave_the_book_as_it_is(store: SqlStore) -> None:
    store.append("a", log_of(2), expect=0)
    store.put(b"more")
    store.append("a", [], expect=2)
    assert store.end("a") == LogEnd(1, log_of(2)[1].head)


def test_a_refused_append_leaves_the_book_as_it_is(store: SqlStore) -> None:
    store.append("a", log_of(2), expect=0)
    with pytest.raises(StoreError):
        store.append("a", log_of(4)[3:], expect=3)
    assert store.end("a") == LogEnd(1, log_of(2)[1].head)


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM events WHERE seq = 3", "DELETE FROM heads", "UPDATE heads SET seq = 9", "DROP TABLE heads"],
)
def test_a_log_that_was_cut_or_whose_book_was_touched_is_not_gone_on_with(
    store: SqlStore, tmp_path: Path, statement: str
) -> None:
    store.append("a", log_of(4), expect=0)
    store.close()
    by_hand(tmp_path / "run.db", statement)
    again = SqlStore(tmp_path / "run.db")
    last = again.last("a")
    assert last is not None
    with pytest.raises(StoreError, match=r"it was changed|no such table"):
        again.append("a", [chain(last.head, last.seq + 1, "note", {}, at=1.0)], expect=last.seq + 1)
    assert again.rows("a") == last.seq + 1
    again.close()


def test_a_file_from_before_there_was_a_book_goes_on_without_one(store: SqlStore, tmp_path: Path) -> None:
    store.append("a", log_of(2), expect=0)
    store.close()
    by_hand(tmp_path / "run.db", "DROP TABLE heads", "PRAGMA user_version = 0")
    old = SqlStore(tmp_path / "run.db")
    assert not old.keeps_ends
    assert old.append("a", log_of(3)[2:], expect=2) == 3
    old.close()


def test_a_row_without_a_number_is_no_event_and_is_counted(store: SqlStore, tmp_path: Path) -> None:
    store.append("a", log_of(3), expect=0)
    by_hand(tmp_path / "run.db", "INSERT INTO events VALUES ('a', 'x', x'00', '0'), ('a', 1.5, x'00', '0')")
    assert list(store.read("a")) == log_of(3) and store.rows("a") == 5
