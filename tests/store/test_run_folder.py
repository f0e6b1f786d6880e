"""Runs as folders: found by what a person types, locked while they are written, with a salt nobody else reads."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from shoal.core.errors import StoreError, UserError
from shoal.core.events import GENESIS, Event, chain
from shoal.store import RunFolder, find_run, list_runs, remove_run

SOURCE = Path(__file__).parents[2] / "src"
HOLD = """
import sys
from pathlib import Path
from shoal.store import RunFolder
with RunFolder(Path(sys.argv[1])).lock():
    print("held", flush=True)
    sys.stdin.read()
"""


def folder_of(out: Path, id: str, *, events: int = 1) -> RunFolder:
    """A run with a log."""
    folder = RunFolder(out / id)
    folder.path.mkdir(parents=True)
    store = folder.store()
    log: list[Event] = []
    for seq in range(events):
        log.append(chain(log[-1].head if log else GENESIS, seq, "started", {"run": id, "number": seq}, at=0.0))
    store.append(id, log, expect=0)
    store.close()
    return folder


def age(folder: RunFolder, seconds: int) -> None:
    os.utime(folder.file, (1e9 - seconds, 1e9 - seconds))


@pytest.fixture
def holder(tmp_path: Path) -> "subprocess.Popen[str]":
    folder = folder_of(tmp_path, "held-1")
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, os.fspath(folder.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.fspath(SOURCE)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def end(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.communicate()


def test_a_run_held_by_a_live_process_is_refused(holder: "subprocess.Popen[str]", tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "held-1")
    try:
        assert folder.busy
        with pytest.raises(UserError, match="held-1 is being written by another process"), folder.lock():
            pass
        with pytest.raises(UserError, match="being written"):
            remove_run(folder)
        assert folder.file.is_file()
    finally:
        end(holder)
    assert not folder.busy, "the kernel frees the lock of a process that was killed"
    with folder.lock():
        assert folder.busy
    assert not folder.busy


def test_a_new_run_gets_a_folder_of_its_own(tmp_path: Path) -> None:
    folders = [RunFolder.create(tmp_path / "runs", name="packing") for _ in range(5)]
    assert len({folder.id for folder in folders}) == 5
    assert all(folder.path.is_dir() and folder.id.startswith("packing-") for folder in folders)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UserError, match=r"cannot write runs to .*--out"):
        RunFolder.create(tmp_path / "file", name="packing")


def test_a_run_is_found_by_id_by_prefix_by_folder_and_as_the_last(tmp_path: Path) -> None:
    old, new = folder_of(tmp_path, "packing-0101-aa"), folder_of(tmp_path, "sorting-0102-bb")
    age(old, 100)
    age(new, 50)
    assert find_run("packing-0101-aa", out=tmp_path) == old
    assert find_run("sort", out=tmp_path) == new
    assert find_run("last", out=tmp_path) == new
    assert find_run(os.fspath(old.path), out=tmp_path / "elsewhere") == RunFolder(old.path.resolve())


def test_a_prefix_that_fits_two_runs_is_refused(tmp_path: Path) -> None:
    folder_of(tmp_path, "packing-1")
    folder_of(tmp_path, "packing-12")
    assert find_run("packing-1", out=tmp_path).id == "packing-1"
    with pytest.raises(UserError, match=r"fits 2 runs \(packing-1, packing-12\)"):
        find_run("pack", out=tmp_path)


def test_a_run_that_is_not_there_is_said_with_a_hint(tmp_path: Path) -> None:
    for name in ("last", "packing"):
        with pytest.raises(UserError, match=f"no run '{name}'.*shoal runs"):
            find_run(name, out=tmp_path)
    folder_of(tmp_path, "packing-0101-aa")
    with pytest.raises(UserError, match="did you mean packing-0101-aa"):
        find_run("pakcing-0101-aa", out=tmp_path)


def test_runs_are_listed_oldest_first(tmp_path: Path) -> None:
    for id, seconds, events in (("b", 10, 1), ("a", 5, 3), ("c", 20, 2)):
        age(folder_of(tmp_path, id, events=events), seconds)
    runs = list_runs(tmp_path)
    assert [(run.folder.id, run.events) for run in runs] == [("c", 2), ("b", 1), ("a", 3)]
    assert runs[2].started["number"] == 0
    assert runs[2].last["number"] == 2
    assert list_runs(tmp_path / "none") == []


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100])
def test_a_list_passes_over_what_cannot_be_read(tmp_path: Path, content: bytes) -> None:
    folder_of(tmp_path, "good")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "run.db").write_bytes(content)
    assert [run.folder.id for run in list_runs(tmp_path)] == ["good"]


def test_a_removed_run_is_gone(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "a")
    remove_run(folder)
    assert not folder.path.exists()


def test_the_salt_is_for_one_pair_of_eyes_and_stays(tmp_path: Path) -> None:
    one, other = folder_of(tmp_path, "a"), folder_of(tmp_path, "b")
    old = os.umask(0)
    try:
        salt = one.salt()
    finally:
        os.umask(old)
    file = tmp_path / "sealed.salt"
    assert len(salt) == 32
    assert one.salt() == other.salt() == file.read_bytes() == salt
    assert file.stat().st_mode & 0o777 == 0o600
    assert folder_of(tmp_path / "elsewhere", "a").salt() != salt


def test_a_salt_that_was_changed_is_refused(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "a")
    folder.salt()
    (tmp_path / "sealed.salt").write_bytes(b"short")
    with pytest.raises(StoreError, match="5 bytes instead of 32"):
        folder.salt()


def test_a_run_whose_last_event_cannot_be_read_is_left_out_of_the_list(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path, name="toy")
    store = folder.store()
    store.append(folder.id, [chain(GENESIS, 0, "started", {"about": {}}, at=1.0)], expect=0)
    store.close()
    assert [one.folder for one in list_runs(tmp_path)] == [folder]
    with sqlite3.connect(folder.file) as raw:
        raw.execute("UPDATE events SET body = x'80'")
    raw.close()
    assert list_runs(tmp_path) == []
