"""Fixed seed, embedded proposer, asserted digest: any change of behaviour shows up here, and is a line to review.

The digests hold for one Python minor version, one lock, and processors with AVX2. After a wanted change, put the new
ones in.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from .sittings import run, sound, write_task

GOLDEN = {
    ("circle_packing_26", "embedded"): "a2e465378b5648cf",
    ("circle_packing_26", "random"): "262d2921a5aa41a0",
    ("circle_packing_26", "independent"): "0f1b613710640431",
    ("circle_packing_26", "sequential"): "49a4614501c2d6e8",
    ("circle_packing_26", "multistart"): "8354eb3b4e915909",
    ("circle_packing_26", "genetic"): "43c51b10f1d7cb55",
    ("autocorrelation_c1", "embedded"): "d76e56927bd4ab89",
    ("bin_packing_weibull", "embedded"): "d23346d8ffc296c4",
    ("tsp_constructive", "embedded"): "9db241f92355af56",
    ("cap_set_8", "embedded"): "d77c25003a99940c",
    ("job_shop_rule", "embedded"): "0070e03bf4b6090a",
}
LONG = ("bin_packing_weibull", "tsp_constructive", "cap_set_8", "job_shop_rule")  # much work an evaluation
SLOW = {task: [pytest.mark.slow] for task in LONG}
HELD_OUT = ("bin_packing_weibull", "tsp_constructive", "job_shop_rule")  # instances that the run never saw
EVALUATIONS, SEED = 40, 7
LATE = 160  # of genetic programming: its first fifty are drawn as independent ones are


@pytest.mark.timeout(300)
@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="another Python minor version may give other digests")
@pytest.mark.parametrize(
    ("task", "proposer"), [pytest.param(*key, marks=SLOW.get(key[0], []), id="-".join(key)) for key in GOLDEN]
)
def test_golden_run(task: str, proposer: str, tmp_path: Path) -> None:
    count = EVALUATIONS if proposer != "genetic" else LATE
    done = run(task, tmp_path, evaluations=count, seed=SEED, proposer=proposer)
    assert (done.status, done.reason, done.evaluations) == ("done", f"budget: evaluations {count}", count)
    assert sound(done)
    assert (done.hack_gap is None) is (done.sealed_score is None) is (task not in HELD_OUT)
    assert done.digest[:16] == GOLDEN[task, proposer], f"{task} {proposer}: {done.digest[:16]}"


@contextmanager
def busy_neighbours(count: int) -> Iterator[None]:
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for one in loops:
            one.kill()
            one.wait()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("evaluations", [60, pytest.param(400, marks=pytest.mark.slow)])
def test_neither_workers_nor_load_change_a_run(evaluations: int, tmp_path: Path) -> None:
    settings: dict[str, Any] = {"evaluations": evaluations, "seed": 11}
    first = run("circle_packing_26", tmp_path / "one", workers=1, **settings)
    with busy_neighbours(2):
        second = run("circle_packing_26", tmp_path / "busy", workers=2, **settings)
    assert first.digest == second.digest
    assert first.evaluations == evaluations and first.best_score == second.best_score


def test_another_seed_is_another_run(tmp_path: Path) -> None:
    task = write_task(tmp_path / "slopes")
    one, other = (run(task, tmp_path, evaluations=12, seed=seed) for seed in (1, 2))
    assert one.digest != other.digest
