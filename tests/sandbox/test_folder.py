"""Folders as hostile programs leave them: deep, closed, full of links, and moved about while one looks."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shoal.sandbox._folder import FolderError, _walk, files_in, removed, size_of

MOST = 1 << 20


def deep(root: Path, depth: int, *, name: str = "d") -> None:
    """Folders one in another, and a file of 64 KiB in the last."""
    at = os.open(root, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir(name, dir_fd=at)
        inner = os.open(name, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = inner
    with os.fdopen(os.open("bottom", os.O_CREAT | os.O_WRONLY, dir_fd=at), "wb") as file:
        file.write(os.urandom(1 << 16))
    os.close(at)


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd" if os.path.exists("/proc/self/fd") else "/dev/fd"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("depth", [3, 50, 3000])
def test_what_lies_deep_is_counted_and_removed_with_few_descriptors(root: Path, depth: int) -> None:
    deep(root, depth)
    before, most = descriptors(), 0
    for count, _ in enumerate(_walk(str(root), most_files=MOST, without=""), 1):
        if count % 100 == 0:
            most = max(most, descriptors() - before)
    assert count == depth + 1 and most <= 3
    assert size_of(str(root), most_files=MOST) >= 1 << 16
    assert size_of(str(root), most_files=depth + 1) >= 1 << 16
    assert size_of(str(root), most_files=depth) == 1 << 62
    removed(str(root))
    assert not root.exists() and descriptors() == before


def test_a_tree_is_walked_once_and_whole(root: Path) -> None:
    for place in ("a/b/c", "a/d", "e/f", "g"):
        (root / place).mkdir(parents=True)
        (root / place / "file").write_bytes(b"x")
    assert files_in(str(root), most_files=11, without="") == ["a/b/c/file", "a/d/file", "e/f/file", "g/file"]
    assert files_in(str(root), most_files=11, without="g") == ["a/b/c/file", "a/d/file", "e/f/file"]
    with pytest.raises(FolderError, match="more than 10 files and folders"):
        files_in(str(root), most_files=10, without="")
    removed(str(root))


def test_paths_that_nothing_can_be_opened_by_are_no_files(root: Path) -> None:
    deep(root, 40, name="d" * 100)
    assert len(files_in(str(root), most_files=MOST, without="")) == 1
    deep(root, 41, name="e" * 100)
    (found,) = files_in(str(root), most_files=MOST, without="")
    assert found.startswith("d")
    removed(str(root))


def test_links_are_neither_followed_nor_spared(root: Path, tmp_path: Path) -> None:
    (outside := tmp_path / "outside").mkdir()
    (outside / "large").write_bytes(bytes(1 << 20))
    (root / "folder").symlink_to(outside)
    (root / "file").symlink_to(outside / "large")
    assert size_of(str(root), most_files=MOST) < 1 << 16
    assert files_in(str(root), most_files=MOST, without="") == []
    removed(str(root))
    assert (outside / "large").stat().st_size == 1 << 20


@pytest.mark.parametrize("mode", [0o000, 0o100, 0o300, 0o400, 0o500])
def test_closed_folders_are_counted_and_removed(root: Path, mode: int) -> None:
    deep(root, 2)
    for folder in (root / "d", root):
        folder.chmod(mode)
    assert size_of(str(root), most_files=MOST) >= 1 << 16
    removed(str(root))
    assert not root.exists()


def test_a_folder_that_moves_away_is_left_and_the_others_are_seen(root: Path) -> None:
    for number in range(4):
        (root / "moving" / "inner" / str(number)).mkdir(parents=True)
        (root / f"staying{number}").mkdir()
        (root / f"staying{number}" / "file").write_bytes(b"x")
    seen = []
    for folders, name, about in _walk(str(root), most_files=MOST, without=""):
        assert about is not None
        seen.append("/".join((*folders, name)))
        if seen[-1] == "moving/inner/1":
            os.rename(root / "moving" / "inner", root / "elsewhere")
    assert {f"staying{number}/file" for number in range(4)} <= set(seen)
    assert len(seen) == len(set(seen)) == 4 + 4 + 1 + 1 + 4


def test_who_moves_folders_away_all_the_time_has_too_many(root: Path) -> None:
    for number in range(40):
        (root / "in" / str(number)).mkdir(parents=True)
    (root / "out").mkdir()
    for number in range(40):
        (root / "in" / str(number) / "file").write_bytes(b"x")
    ended = None
    for folders, name, about in _walk(str(root), most_files=MOST, without=""):
        ended = about
        if name == "file":
            os.rename(root / "/".join(folders), root / "out" / folders[-1])
    assert ended is None


def test_a_folder_that_is_gone_is_empty(root: Path) -> None:
    root.rmdir()
    assert size_of(str(root), most_files=MOST) == 0
    assert files_in(str(root), most_files=MOST, without="") == []
