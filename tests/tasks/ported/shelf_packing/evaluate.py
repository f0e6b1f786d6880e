"""Scores a packing by how full its shelves are; the helper of the project calls the program."""

import argparse
from pathlib import Path

from shinka.core import run_shinka_eval

ROOM = 10.0


def arguments(number):
    lines = (Path(__file__).parent / "widths.txt").read_text().splitlines()
    return {"widths": [float(word) for word in lines[number].split()], "room": ROOM}


def valid(places):
    if not isinstance(places, tuple) or not all(isinstance(place, int) for place in places):
        return False, f"a tuple of shelves is needed, not {places!r}"
    return True, None


def overfull(number, places):
    """How far the shelves of one packing hang over."""
    widths, loads = arguments(number)["widths"], {}
    for width, place in zip(widths, places):
        loads[place] = loads.get(place, 0.0) + width
    return sum(max(0.0, load - ROOM) for load in loads.values())


def together(results):
    used = [len(set(places)) + overfull(number, places) for number, places in enumerate(results)]
    return {
        "combined_score": sum(len(places) / count for places, count in zip(results, used)),
        "public": {"shelves": sum(len(set(places)) for places in results), "words": "fewer shelves are better"},
        "private": {"largest": max(used)},
        "text_feedback": f"{sum(used):g} shelves in all",
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--program_path", default="initial.py")
    parser.add_argument("--results_dir", default="results")
    given = parser.parse_args()
    run_shinka_eval(
        program_path=given.program_path,
        results_dir=given.results_dir,
        experiment_fn_name="pack",
        num_runs=2,
        get_experiment_kwargs=arguments,
        validate_fn=valid,
        aggregate_metrics_fn=together,
        verbose=True,
    )
