"""What the agent prefers: where to look, which files to go on from, which fix or edit next, what to accept."""

import math

WEIGHTS = {"boundary": 1.0, "operator": 1.0, "condition": 1.0, "off by one": 1.0, "constant": 1.0, "variable": 1.0}
WEIGHTS |= {"swapped": 1.0, "call": 1.0, "copy": 1.0, "statement": 1.0, "guard": 1.0, "state": 1.0, "whole": 1.0}
WEIGHTS |= {"best": 1.0, "missing": 1.0}
SHARPNESS = 1.0
SHARING = 0.5
OPERATORS = {"jitter": 6.0, "reset_number": 1.0, "operator_swap": 1.0, "replace": 1.0, "any": 1.0}
STEP = 1.0
PROGRESS = 0.5
QUICK = 4
PATIENCE = 20
FLOOR = 0.05


def suspicion(report, name, line):
    """0 to 1 for a line of a file: Ochiai's coefficient of failing and running, over the tests of a report."""
    failed = sum(not one["passed"] for one in report)
    ran = [one for one in report if line in one["lines"].get(name, ())]
    bad = sum(not one["passed"] for one in ran)
    return bad / math.sqrt(failed * len(ran)) if bad else 0.0


def worth(kind, suspicion, alike):
    """How soon a fix is tried: higher is sooner. ``alike`` fixes of its kind are possible on the line."""
    return WEIGHTS[kind] * suspicion**SHARPNESS / alike**SHARING


def select_parent(passed, tried):
    """Which files the next fix is made on, given how many tests each pass and how often each was tried."""
    return max(range(len(passed)), key=lambda i: (passed[i], -tried[i]))


def choose_operator(gains, costs, rng):
    """Which kind of edit comes next, by gain per cost so far."""
    rates = {one: w * (FLOOR + gains.get(one, 0.0)) / (1.0 + costs.get(one, 0.0)) for one, w in OPERATORS.items()}
    return rng.choices(list(rates), list(rates.values()))[0]


def at_once(tried):
    """How many fixes are tested together, after so many on the same files."""
    return 10


def accept(now, before):
    """Whether to go on from files that are worth ``now``."""
    return now > before


def go_back(stale):
    """Whether to return to the best files, after so many edits without a new best."""
    return stale >= PATIENCE
