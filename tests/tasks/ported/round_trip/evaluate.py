"""Scores a round trip by how short it is."""

import argparse

from plane import length
from shinka.core import run_shinka_eval

PLACES = [(0, 0), (5, 1), (1, 4), (6, 6), (2, 2), (7, 3), (3, 6), (4, 3), (1, 1), (6, 0)]


def valid(order):
    return sorted(order) == list(range(len(PLACES))), "each place once"


def score(results):
    return {"combined_score": 100.0 / length(PLACES, results[0]), "public": {"first": results[0][1]}}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--program_path")
    parser.add_argument("--results_dir")
    given = parser.parse_args()
    run_shinka_eval(
        program_path=given.program_path,
        results_dir=given.results_dir,
        experiment_fn_name="trip",
        num_runs=1,
        get_experiment_kwargs=lambda number: {"places": PLACES},
        validate_fn=valid,
        aggregate_metrics_fn=score,
    )
