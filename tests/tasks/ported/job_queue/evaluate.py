"""Runs the program as a process of its own and adds up how late each job is; writes its files by itself."""

import argparse
import json
import os
import subprocess
import sys

JOBS = [[3, 9], [1, 2], [4, 20], [2, 5], [6, 30], [1, 8], [5, 14]]


def lateness(order):
    now = late = 0
    for job in order:
        length, due = JOBS[job]
        now += length
        late += max(0, now - due)
    return late


def main(program_path, results_dir):
    done = subprocess.run(
        [sys.executable, program_path], input=json.dumps(JOBS), capture_output=True, text=True, timeout=20
    )
    correct, error, metrics = True, None, {}
    if done.returncode:
        correct, error = False, done.stderr.strip().splitlines()[-1]
    else:
        order = json.loads(done.stdout)
        if sorted(order) != list(range(len(JOBS))):
            correct, error = False, "that is no order of the jobs"
        else:
            metrics = {"combined_score": -float(lateness(order)), "public": {"first": order[0]}, "private": {}}
    os.makedirs(results_dir, exist_ok=True)
    with open(os.path.join(results_dir, "metrics.json"), "w") as file:
        json.dump(metrics, file)
    with open(os.path.join(results_dir, "correct.json"), "w") as file:
        json.dump({"correct": correct, "error": error}, file)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--program_path", required=True)
    parser.add_argument("--results_dir", required=True)
    main(**vars(parser.parse_args()))
