"""A sloppy evaluator: loud, careless with numbers, and it reaches for what is not its own."""

import importlib.util
import json
import os
import socket
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
with open(os.path.join(HERE, "points.json")) as data:
    POINTS = json.load(data)
STOLEN = []


def reach():
    with open(os.path.join(HERE, "was_here"), "w") as file:  # sloppy, and a matter of its own
        file.write("x")
    where_data_lies = os.path.dirname(os.path.realpath(os.path.join(HERE, "points.json")))
    for path in ("/etc/shoal_was_here", os.path.join(where_data_lies, "was_here")):
        try:
            with open(path, "w") as file:
                file.write("x")
            STOLEN.append(path)
        except OSError:
            pass
    try:
        socket.create_connection(("192.0.2.1", 80), timeout=1)
        STOLEN.append("network")
    except OSError:
        pass
    try:
        STOLEN.append(open(os.path.expanduser("~root/.bashrc")).read()[:10])
    except OSError:
        pass


def main(program_path, results_dir):
    for _ in range(200_000):
        print("working hard, and saying so at length on standard output")
    reach()
    spec = importlib.util.spec_from_file_location("candidate", program_path)
    candidate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(candidate)
    error = sum((candidate.guess(letters) - seconds) ** 2 for letters, seconds in POINTS)
    with open(os.path.join(results_dir, "metrics.json"), "w") as file:
        json.dump(
            {
                "combined_score": -error,
                "public": {"error": error, "nothing": float("nan"), "much": float("inf"), "stolen": len(STOLEN)},
                "private": {"points": len(POINTS)},
                "text_feedback": "x" * 1_000_000,
            },
            file,
        )
    with open(os.path.join(results_dir, "correct.json"), "w") as file:
        json.dump({"correct": True}, file)


if __name__ == "__main__":
    names = dict(zip(sys.argv[1::2], sys.argv[2::2]))
    main(names["--program_path"], names["--results_dir"])
