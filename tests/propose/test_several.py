"""Programs of several files: one is edited at a time, numbers count through all, replies say which file they change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.propose._edit import edit

MAIN = """from shapes import area


def solve(n):
    total = 0.5
    for i in range(n):
        total += area(i)
    return total
"""
SHAPES = "FACTOR = 2.5\n\n\ndef area(i):\n    return FACTOR * i + 0.25\n"
HEADER = "const double width = 1.5;\nconst int rows = 7;\n"
FILES = {"initial.py": MAIN, "shapes.py": SHAPES, "sizes.h": HEADER}


def asked(operator: str, files: Mapping[str, str] = FILES, *, seed: int = 0, **more: Any) -> dict[str, Any]:
    request = {"operator": operator, "files": dict(files), "entry": ["solve"], **more}
    return edit(request, np.random.default_rng(seed))


def reply(text: str, files: Mapping[str, str] = FILES, *, form: str = "diff", **more: Any) -> dict[str, Any]:
    return asked("reply", files, payload={"text": text, "form": form}, **more)


def block(search: str, replace: str) -> str:
    return f"<<<<<<< SEARCH\n{search}\n=======\n{replace}\n>>>>>>> REPLACE\n"


def test_numbers_are_counted_through_all_files() -> None:
    told = asked("inspect")["details"]
    assert told["values"] == [0.5, 2.5, 0.25, 1.5, 7]
    assert told["kinds"] == ["float", "float", "float", "float", "int"]
    made = asked("values", payload={"values": [0.75, 1.75, 9], "sites": [0, 3, 4]})
    assert made["files"]["initial.py"] == MAIN.replace("0.5", "0.75")
    assert made["files"]["shapes.py"] == SHAPES
    assert made["files"]["sizes.h"] == HEADER.replace("7", "9").replace("1.5", "1.75")
    assert made["details"]["sites"] == [0, 3, 4] and made["details"]["delta"] == [0.25, 0.25, 2.0]
    again = asked("again", made["files"], payload={"sites": [3], "delta": [0.25]})
    assert again["files"]["sizes.h"].startswith("const double width = 2.0;")


def test_the_same_program_has_the_same_hash_whichever_file_came_last() -> None:
    one = asked(
        "values",
        asked("values", payload={"values": [1.0], "sites": [0]})["files"],
        payload={"values": [3.0], "sites": [1]},
    )
    other = asked("values", payload={"values": [1.0, 3.0], "sites": [0, 1]})
    assert one["files"] == other["files"] and one["normal"] == other["normal"]
    as_it_is = asked("describe", one["files"])
    assert as_it_is["normal"] == one["normal"] != asked("describe")["normal"]
    layout = {**one["files"], "shapes.py": one["files"]["shapes.py"] + "# says nothing\n"}
    assert asked("describe", layout)["normal"] == one["normal"]


def test_what_stands_in_which_file_matters() -> None:
    swapped = {"initial.py": MAIN, "shapes.py": SHAPES, "other.py": SHAPES.replace("2.5", "3.5")}
    other = {"initial.py": MAIN, "shapes.py": swapped["other.py"], "other.py": SHAPES}
    assert asked("describe", swapped)["normal"] != asked("describe", other)["normal"]


@given(st.integers(0, 400), st.sampled_from(["any", "independent", "jitter", "operator_swap", "replace"]))
def test_an_edit_changes_one_file_and_names_it(seed: int, operator: str) -> None:
    made = asked(operator, seed=seed)
    if "failed" in made:
        return
    changed = [name for name, text in FILES.items() if made["files"][name] != text]
    assert len(changed) == 1 and made["note"].startswith(f"{changed[0]}: ")
    assert made == asked(operator, seed=seed)
    assert asked("describe", made["files"])["normal"] == made["normal"]
    if operator == "jitter":
        values = asked("inspect", made["files"])["details"]["values"]
        before = asked("inspect")["details"]["values"]
        assert [k for k, (a, b) in enumerate(zip(before, values, strict=True)) if a != b] == made["details"]["sites"]


def test_all_files_are_edited_some_time() -> None:
    notes = [asked("jitter", seed=seed)["note"] for seed in range(60)]
    assert {note.partition(":")[0] for note in notes} == set(FILES)


def test_what_is_traced_is_the_main_file() -> None:
    made = asked("trace_points")
    assert made["function"] and made["files"]["initial.py"] != MAIN and made["files"]["shapes.py"] == SHAPES


def test_the_frozen_part_of_every_file_is_kept() -> None:
    marked = {
        "initial.py": f"# shoal: begin\n{MAIN}# shoal: end\n",
        "shapes.py": f"LIMIT = 3\n# shoal: begin\n{SHAPES}# shoal: end\n",
    }
    frozen = asked("describe", marked, select="marked")["details"]["frozen"]
    changed = {**marked, "shapes.py": marked["shapes.py"].replace("LIMIT = 3", "LIMIT = 4")}
    assert asked("describe", changed, select="marked")["details"]["frozen"] != frozen
    refused = asked("check", changed, select="marked", payload={"against": marked})
    assert refused["failed"].startswith("shapes.py: the frozen part was changed")
    said = reply("FILE shapes.py\n" + block("LIMIT = 3", "LIMIT = 4"), marked, select="marked")
    assert said["failed"].startswith("shapes.py: the frozen part was changed")
    for seed in range(20):
        made = asked("any", marked, seed=seed, select="marked")
        assert made["details"]["frozen"] == frozen


def test_a_reply_says_which_files_it_changes() -> None:
    said = (
        "Both.\n\n**FILE `shapes.py`**\n"
        + block("FACTOR = 2.5", "FACTOR = 3.0")
        + "FILE initial.py\n"
        + block("    total = 0.5", "    total = 0.0")
    )
    made = reply(said)
    assert made["files"] == {
        **FILES,
        "shapes.py": SHAPES.replace("2.5", "3.0"),
        "initial.py": MAIN.replace("0.5", "0.0"),
    }
    fenced = reply(f"```\n{said}```\n")
    assert fenced["files"] == made["files"] and fenced["normal"] == made["normal"]


def test_whole_files_are_taken_by_name_and_the_others_stay() -> None:
    new = SHAPES.replace("FACTOR * i", "FACTOR * i * i")
    made = reply(f"FILE shapes.py\n```python\n{new}```\n", form="full")
    assert made["files"] == {**FILES, "shapes.py": new}


def test_a_file_line_within_a_program_begins_no_part() -> None:
    new = SHAPES + "# FILE initial.py\n"
    made = reply(f"FILE shapes.py\n```python\n{new.replace('2.5', '4.5')}```\n", form="full")
    assert made["files"]["shapes.py"].endswith("# FILE initial.py\n") and made["files"]["initial.py"] == MAIN


def test_a_reply_that_names_no_file_is_about_the_one_that_it_fits() -> None:
    assert reply(block("FACTOR = 2.5", "FACTOR = 3.0"))["files"]["shapes.py"] == SHAPES.replace("2.5", "3.0")
    whole = reply(f"```python\n{SHAPES.replace('2.5', '3.0')}```", form="full")
    assert whole["files"] == {**FILES, "shapes.py": SHAPES.replace("2.5", "3.0")}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("FILE shapes.py\n" + block("FACTOR = 9", "FACTOR = 3"), "the SEARCH text of block 1 is not in the program"),
        ("FILE shapes.py\n" + block("FACTOR = 2.5", "FACTOR = 2.5"), "the program would stay the same"),
        ("FILE initial.py\n" + block("def solve(n):", "def solved(n):"), "the program does not define solve"),
        ("FILE shapes.py\n" + block("    return FACTOR * i + 0.25", "    return ("), "shapes.py: "),
        ("nothing to say", "there is no SEARCH/REPLACE block in the reply"),
    ],
)
def test_what_cannot_be_used_says_where(text: str, told: str) -> None:
    assert told in reply(text)["failed"]


def test_vectors_of_all_files_make_one_of_length_one() -> None:
    told = asked("embed")["details"]
    vector = np.frombuffer(told["vector"], "<f4")
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5)
    changed = {**FILES, "shapes.py": SHAPES.replace("FACTOR * i", "i if i > 3 else FACTOR - i")}
    other = np.frombuffer(asked("embed", changed)["details"]["vector"], "<f4")
    assert vector @ other < 0.999


@pytest.mark.parametrize("files", [{}, {"initial.py": 3}, [], {f"f{k}.py": "" for k in range(33)}])
def test_what_is_no_table_of_texts_is_refused(files: Any) -> None:
    assert "files must be a table" in edit({"operator": "any", "files": files}, np.random.default_rng(0))["failed"]
