"""What numpy and its BLAS may choose is held to what all processors with AVX2 can do."""

import json
import os
import subprocess
import sys

import pytest

from shoal.core import arithmetic

SAID = "import {first}, os, json, sys; print(json.dumps([dict(os.environ), sys.argv[1:]]))"


def environment(first: str, **given: str) -> dict[str, str]:
    """What a fresh process has in its environment after an import."""
    own = {name: value for name, value in os.environ.items() if name not in arithmetic.held()}
    done = subprocess.run(
        [sys.executable, "-P", "-c", SAID.format(first=first)], env=own | given, capture_output=True, check=True
    )
    found: dict[str, str] = json.loads(done.stdout)[0]
    return found


def test_a_process_is_held_before_it_loads_numpy() -> None:
    assert environment("shoal").items() >= arithmetic.held().items()


def test_what_a_user_has_set_stands() -> None:
    assert environment("shoal", OPENBLAS_CORETYPE="Zen")["OPENBLAS_CORETYPE"] == "Zen"


def test_a_process_that_has_numpy_already_is_left_alone() -> None:
    assert not environment("numpy, shoal").keys() & arithmetic.held().keys()


@pytest.mark.parametrize("flags", ["fpu sse2 avx", "avx2", ""])
def test_older_processors_are_left_alone(flags: str) -> None:
    assert arithmetic.held(set(flags.split())) == {}


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="another family of processors")
def test_wider_processors_are_held_as_narrower_ones_are() -> None:
    assert arithmetic.held({"avx2", "fma", "avx512f"}) == arithmetic.held({"avx2", "fma"}) != {}


def test_numpy_takes_what_is_held_without_a_word() -> None:
    own = os.environ | arithmetic.held()
    command = [sys.executable, "-W", "error", "-c", "import numpy"]
    assert subprocess.run(command, env=own, capture_output=True, check=True).stderr == b""
