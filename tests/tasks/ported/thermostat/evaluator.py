"""How near a room stays to what is wanted, through a cold night."""

import importlib.util


def evaluate(program_path):
    spec = importlib.util.spec_from_file_location("program", program_path)
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    rule, warmth, off = program.make(20.0), 14.0, 0.0
    for hour in range(48):
        outside = 2.0 + 6.0 * (hour % 24) / 24
        warmth += 0.2 * (outside - warmth) + 6.0 * rule.ask(warmth)
        off += abs(warmth - 20.0)
    return {"combined_score": 48.0 / (48.0 + off), "warmth": warmth}
