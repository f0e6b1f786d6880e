"""The report of a self-improvement: all of it as data, a page that nothing can act on, pictures that hold any tree."""

import json
import struct
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoal.core.errors import UserError
from shoal.labs.selfimprove._improvement import Node, SelfImprovement
from shoal.labs.selfimprove._report import write_improvement
from shoal.labs.selfimprove._tree_chart import draw_tree, rows_of
from shoal.labs.selfimprove._verdict import Finding

from .stories import DIFF, story


class Page(HTMLParser):
    """Which elements and addresses a page has, and what it reads as."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loads: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loads += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)


def written(folder: Path, told: SelfImprovement) -> tuple[Page, dict[str, Any]]:
    target = write_improvement(folder / "report", told)
    report = json.loads((target / "report.json").read_text())
    return Page((target / "index.html").read_text(encoding="utf-8")), report


def test_the_folder_holds_page_data_and_pictures(tmp_path: Path) -> None:
    written(tmp_path, story(30))
    assert {one.name for one in tmp_path.rglob("*")} == {"report", "index.html", "report.json", "tree.png", "curve.png"}
    for name in ("tree.png", "curve.png"):
        png = (tmp_path / "report" / name).read_bytes()
        assert png.startswith(b"\x89PNG")
        width, height = struct.unpack(">II", png[16:24])
        assert 800 < width < 2_200 and 400 < height < 2_000


def test_the_page_says_what_was_found_and_how(tmp_path: Path) -> None:
    told = story(30, seed=30)
    page, _ = written(tmp_path, told)
    assert told.verdict.finding is Finding.SHOWN
    assert page.text.count(told.verdict.sentence[1:]) == 1
    assert f"imp@8{100 * (told.curve[-1].rate - told.curve[0].rate):+.1f} points" in page.text
    assert told.fit.sentence in page.text
    for arm, test in zip(told.arms, told.verdict.arms, strict=True):
        assert f"{arm.name}{arm.lacks}" in page.text and f"{test.p:.2g}yes" in page.text
    for node in told.lineage[1:]:
        assert f"{node.note}\n" in page.text
    assert page.text.count(DIFF) == len(told.lineage) - 1
    assert "repair20030.0 %50.0 %+20.0circles1225.0 %50.0 %+25.0" in "".join(page.text.split("\n"))
    assert "evaluations4,000" in page.text and "this is everything the run used" in page.text
    assert "360 pairs of champion and seed agent" in page.text


def test_the_page_stands_alone(tmp_path: Path) -> None:
    page, _ = written(tmp_path, story(12))
    assert page.loads and all(one.startswith("data:image/png;base64,") for one in page.loads)
    assert "script" not in page.tags and "link" not in page.tags


def test_text_of_agents_cannot_act_on_the_page(tmp_path: Path) -> None:
    evil = '</pre><script>alert(1)</script><img src=x onerror="alert(1)"> \x1b[31m\u202e\x07 & " $x$'
    told = story(12)
    nodes = tuple(replace(node, note=evil, diff=evil) for node in told.nodes)
    clean, _ = written(tmp_path, told)
    page, report = written(tmp_path, replace(told, nodes=nodes, run=evil, bench=evil))
    assert page.tags == clean.tags
    assert not set("\x1b\u202e\x07") & set(page.text)
    assert report["nodes"][3]["note"] == evil


def test_names_that_look_like_formulas_are_drawn_as_they_are() -> None:
    told = story(4)
    ids = {node.id: f"$\\frac{node.id}" for node in told.nodes}
    nodes = tuple(replace(node, id=ids[node.id], parent=node.parent and ids[node.parent]) for node in told.nodes)
    assert draw_tree(replace(told, nodes=nodes, champion=ids[told.champion])).startswith(b"\x89PNG")


def test_the_data_hold_the_whole_story(tmp_path: Path) -> None:
    told = story(30, seed=30)
    _, report = written(tmp_path, told)
    assert report["verdict"]["sentence"] == told.verdict.sentence
    assert report["verdict"]["finding"] == "self-improvement shown"
    assert [one["against"] for one in report["verdict"]["arms"]] == [arm.name for arm in told.arms]
    assert all(one["low"] < one["mean"] < one["high"] and one["shown"] for one in report["verdict"]["arms"])
    assert report["imp_at_k"] == {"k": 8, "gain": told.curve[-1].rate - told.curve[0].rate}
    assert report["fit"]["shape"] == told.fit.shape and set(report["fit"]["aicc"]) == set(told.fit.aicc)
    assert report["lineage"][0] == "a0" and report["lineage"][-1] == report["champion"] == told.champion
    first = report["nodes"][0]
    assert first["clade"] == {
        "solved": sum(node.solved for node in told.nodes),
        "tried": sum(node.tried for node in told.nodes),
        "nodes": 30,
    }
    assert report["kinds"][1] == {"name": "circles", "tasks": 12, "seed_rate": 0.25, "champion_rate": 0.5}
    assert report["cost"]["evaluations"] == 4_000


def test_a_clade_is_an_agent_with_all_its_descendants() -> None:
    nodes = (
        Node("a", None, 0, 1, 2),
        Node("b", "a", 1, 2, 4),
        Node("c", "a", 1, 0, 0),
        Node("d", "b", 2, 4, 4),
    )
    told = replace(story(3), nodes=nodes, champion="d")
    assert {id: (one.solved, one.tried, one.nodes) for id, one in told.clades.items()} == {
        "a": (7, 10, 4),
        "b": (6, 8, 2),
        "c": (0, 0, 1),
        "d": (4, 4, 1),
    }
    assert told.clades["b"].credit == 0.75 and told.clades["c"].credit is None
    assert [node.id for node in told.lineage] == ["a", "b", "d"]


def test_a_self_scored_bench_earns_no_verdict(tmp_path: Path) -> None:
    page, report = written(tmp_path, story(12, self_scored=True))
    assert "No verdict: self-scored: program and judge share a process; nothing is proved." in page.text
    assert report["verdict"]["gain"] is None and "pairs of champion" not in page.text


def test_the_isolation_level_is_told_and_one_without_walls_earns_no_verdict(tmp_path: Path) -> None:
    page, report = written(tmp_path, story(12))
    assert report["isolation"] == 3 and "Isolation level 3: each candidate ran without a network" in page.text
    page, report = written(tmp_path, story(12, level=1))
    assert report["isolation"] == 1 and "Isolation level 1: each candidate ran in a process of its own" in page.text
    assert report["verdict"]["finding"] == "no walls, no verdict" and report["verdict"]["gain"] is None
    assert "could have read the hidden tests and written their own scores" in page.text


def test_a_seed_that_nothing_beat_is_told_so(tmp_path: Path) -> None:
    told = story(3, seed=3)
    alone = replace(told, nodes=told.nodes[:1], champion="a0", curve=(), arms=())
    page, report = written(tmp_path, alone)
    assert "Nothing: the champion is the seed agent." in page.text and "No control arm was run." in page.text
    assert report["imp_at_k"] is None and report["fit"]["shape"] is None
    assert not (tmp_path / "report" / "curve.png").exists()


def test_many_agents_are_listed_as_far_as_a_page_goes(tmp_path: Path) -> None:
    told = story(260)
    page, report = written(tmp_path, told)
    assert len(report["nodes"]) == 260 and "60 more are in report.json" in page.text
    assert all(f"{node.id}{node.parent or ''}{node.generation}" in page.text for node in told.lineage)


@given(st.lists(st.integers(0, 10**6), max_size=150))
@settings(max_examples=60)
def test_no_two_agents_share_a_place(choices: list[int]) -> None:
    nodes = [Node("0", None, 0, 0, 0)]
    for k, choice in enumerate(choices, start=1):
        parent = nodes[choice % k]
        nodes.append(Node(str(k), parent.id, parent.generation + 1 + choice % 2, 0, 0))
    rows = rows_of(nodes)
    assert min(rows.values()) == 0.0
    by: dict[int, list[float]] = {}
    for node in nodes:
        by.setdefault(node.generation, []).append(rows[node.id])
    for column in by.values():
        column.sort()
        assert all(high - low >= 1.0 - 1e-9 for low, high in pairwise(column))


@pytest.mark.parametrize("shape", ["chain", "star", "untried"])
def test_odd_trees_are_drawn(shape: str) -> None:
    nodes = {
        "chain": [Node(f"a{k}", f"a{k - 1}" if k else None, k, k, 60) for k in range(60)],
        "star": [Node("a0", None, 0, 1, 60), *(Node(f"a{k}", "a0", 1, k, 60) for k in range(1, 60))],
        "untried": [Node("a0", None, 0, 0, 0)],
    }[shape]
    png = draw_tree(replace(story(3), nodes=tuple(nodes), champion=nodes[-1].id))
    width, height = struct.unpack(">II", png[16:24])
    assert 700 < width <= 2_100 and 400 < height <= 2_000


@pytest.mark.parametrize(
    ("nodes", "complaint"),
    [
        ((Node("a", None, 0, 0, 0), Node("a", None, 0, 0, 0)), "'a' is in the tree twice"),
        ((Node("a", "b", 0, 0, 0), Node("b", None, 0, 0, 0)), "'a' comes before its parent 'b'"),
        ((Node("b", None, 0, 0, 0),), "the champion 'a' is not in the tree"),
    ],
)
def test_what_is_no_tree_is_refused(nodes: tuple[Node, ...], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        replace(story(3), nodes=nodes, champion="a")


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match=r"cannot write the report to .*; free some space"):
        write_improvement(tmp_path / "file" / "report", story(3))
