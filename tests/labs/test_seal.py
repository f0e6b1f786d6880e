"""What is held out stays held out until the run is over, and every look is counted."""

import os
import stat
from pathlib import Path

import numpy as np
import pytest

from shoal.core import seeds
from shoal.core.errors import UserError

from .sittings import JUDGE, Watcher, events, go_on, run, write_task


def looks(folder) -> list[tuple[str, str]]:
    return [(one["checkpoint"], one["split"]) for one in events(folder, "look")]


@pytest.mark.parametrize(("evaluations", "checkpoints"), [(12, ["initial"]), (400, ["initial", "champion"])])
def test_looks_come_after_the_end_and_each_once(evaluations: int, checkpoints: list[str], tmp_path: Path) -> None:
    left = run(write_task(tmp_path / "slopes"), tmp_path, evaluations=evaluations, seed=5, watch=Watcher(after=6))
    assert looks(left.folder) == [] and left.sealed_score is None and left.hack_gap is None
    done = go_on(left.folder)
    assert (done.champion == "c0") is (len(checkpoints) == 1)
    splits = ("sealed", "validation", "search")
    named = [look for look in looks(done.folder) if not look[0].startswith("once champion")]
    assert named == [(who, split) for who in checkpoints for split in splits]
    others = [look for look in looks(done.folder) if look not in named]
    assert all(split == "validation" for _, split in others) and len(others) == len(set(others))
    store = done.folder.store(read_only=True)
    order = [one.data["type"] for one in store.read(done.run, limit=1_000_000)]
    store.close()
    assert order.index("look") > order.index("finished")
    assert None not in (done.sealed_score, done.sealed_initial, done.hack_gap)
    again = go_on(done.folder)
    assert len(looks(done.folder)) == done.looks == 3 * len(checkpoints) + len(others)
    assert again.sealed_score == done.sealed_score
    counts = {one["split"]: len(one["outcome"]["per_instance"]) for one in events(done.folder, "look")}
    assert counts == {"sealed": 4, "validation": 3, "search": 2}


def test_the_salt_is_the_owners_alone_and_in_nobodys_sight(tmp_path: Path) -> None:
    out = tmp_path / "runs"
    salt, seen = out / "sealed.salt", "import os\n\n"
    look = f"float(any(os.path.exists(p) for p in ({str(salt)!r}, {str(out)!r}, {str(tmp_path / 'slopes')!r})))"
    program = f"{seen}def slope(points):\n    return {look}\n"
    judge = f"{seen}{JUDGE}".replace("return {", f'return {{"metrics": {{"seen": {look}, "told": output}}, ')
    out.mkdir()
    salt.write_bytes(b"s" * 32)
    salt.chmod(0o600)
    done = run(write_task(tmp_path / "slopes", program=program, judge=judge), out, evaluations=1)
    if done.isolation_level == 3:
        for one in [events(done.folder, "result")[0]["result"], *events(done.folder, "look")]:
            assert one["outcome"]["metrics"] == {"seen": 0.0, "told": 0.0}
    salt.unlink()
    go_on(done.folder)
    fresh = run(tmp_path / "slopes", out, evaluations=1)
    assert stat.S_IMODE(os.stat(salt).st_mode) == 0o600 and len(salt.read_bytes()) == 32
    held = b"".join(path.read_bytes() for path in fresh.folder.path.rglob("*") if path.is_file())
    assert salt.read_bytes() not in held and salt.read_bytes().hex().encode() not in held


@pytest.mark.parametrize("direction", ["max", "min"])
def test_a_program_that_knows_the_search_instances_has_a_gap_above_zero(direction: str, tmp_path: Path) -> None:
    """The judge is public and the run's seed is small: an answer table can be made. Fresh instances tell."""
    seed = seeds.number(0, "search", 0)
    space: dict = {}
    exec(JUDGE.replace("SIGN", "1"), space)
    drawn = space["instances"]("search", np.random.Generator(np.random.Philox(np.random.SeedSequence(seed))))
    table = {points[0]: slope for slope, points in (next(drawn) for _ in range(2))}
    program = f"TABLE = {table!r}\n\n\ndef slope(points):\n    return TABLE.get(points[0], 8.0)\n"
    task = write_task(tmp_path / "slopes", direction=direction, program=program)
    done = run(task, tmp_path, evaluations=2, seed=0)
    assert done.search_score == pytest.approx(0.0, abs=1e-9)
    assert done.hack_gap is not None and done.hack_gap > 5.0


FAMILIES = """

def transfer(family, rng):
    scale = {"steep": 10.0, "flat": 0.01}[family]
    for slope, points in instances("sealed", rng):
        yield scale * slope, [scale * point for point in points]
"""


def test_other_families_are_tried_after_the_end_where_a_task_names_them(tmp_path: Path) -> None:
    task = write_task(tmp_path / "slopes", judge=JUDGE + FAMILIES)
    text = (task / "task.toml").read_text()
    (task / "task.toml").write_text(text.replace("sealed = 4", 'sealed = 4\ntransfer = ["steep", "flat"]'))
    done = run(task, tmp_path, evaluations=400, seed=5)
    seen = [(one["checkpoint"], one["split"]) for one in events(done.folder, "look")]
    assert [pair for pair in seen if pair[1].startswith("transfer")] == [
        (who, f"transfer {family}") for who in ("initial", "champion") for family in ("steep", "flat")
    ]
    page = (done.folder.report / "report.md").read_text()
    assert "Gain on another family, steep: " in page and "95 % interval" in page
    (task / "judge.py").write_text(JUDGE.replace("SIGN", "1"))
    with pytest.raises(UserError, match=r"no function transfer\(family, rng\)"):
        run(task, tmp_path, evaluations=1)
