"""Two stages: a rough look first, all points for who passes it."""

import importlib.util

from openevolve.evaluation_result import EvaluationResult
from points import POINTS


def closeness(program_path, points):
    spec = importlib.util.spec_from_file_location("program", program_path)
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    errors = [abs(program.curve(x) - y) for x, y in points]
    return 1.0 / (1.0 + sum(errors) / len(errors)), max(errors)


def evaluate_stage1(program_path):
    score, worst = closeness(program_path, POINTS[:2])
    return EvaluationResult(
        metrics={"combined_score": 0.1 * score, "rough": score, "worst": worst}, artifacts={"stage": "one only"}
    )


def evaluate_stage2(program_path):
    score, worst = closeness(program_path, POINTS)
    return EvaluationResult(
        metrics={"combined_score": score, "worst": worst},
        artifacts={"stage": "two", "advice": b"look at the largest error"},
    )


def evaluate(program_path):
    return evaluate_stage2(program_path)
