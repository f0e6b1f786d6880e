"""No combined score: two numbers, whose mean is the score."""

import importlib.util


def height(x, y):
    return (x - 1.0) ** 2 + (y + 0.5) ** 2


def evaluate(program_path):
    spec = importlib.util.spec_from_file_location("program", program_path)
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    found = height(*program.run(height))
    return {"value": 1.0 / (1.0 + found), "close": float(found < 0.1)}
