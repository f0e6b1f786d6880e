"""The last part of `untouched_programs`."""

TRIED: dict[str, list[str]] = {
    "tried_in_place": [
        """
def f(a, state):
    log = []
    for k, v in a:
        new = dict(state)
        new[k] = v
        if new[k] > 3:
            log.append(new)
            continue
        state = new
    return state, log
""",
        """
def f(a, state):
    for k, v in a:
        new = dict(state)
        new[k] = v
        if sum(new.values()) < sum(state.values()):
            continue
        state = new
    return state
""",
        """
def f(a, state):
    for k, v in a:
        try:
            new = dict(state)
            new[k] = v
            if int(new[k]) < 2:
                continue
            state = new
        except ValueError:
            pass
    return state
""",
        """
def f(a, state):
    for k, v in a:
        new = dict(state)
        new[k] = v
        k = k + 1
        if new[k] < 2:
            continue
        state = new
    return state
""",
        """
def f(a, state):
    for k, v in a:
        new = list(state)
        new[k] = v
        new.sort()
        if new[0] < 2:
            continue
        state = new
    return state
""",
        """
def f(a, state):
    for k, v in a:
        new = state[:]
        row = new[k]
        row.append(v)
        new[k] = [v]
        if len(row) > 2:
            continue
        state = new
    return state
""",
        """
def f(a, state):
    for k, v in a:
        new = list(state)
        new[k][0] = v
        if sum(new[k]) > 2:
            continue
        state = new
    return state
""",
        """
from collections import defaultdict


def f(a):
    state = defaultdict(int)
    for k, v in a:
        new = state.copy()
        new[k] = new[k] + v
        if new[k] > new[0]:
            continue
        state = new
    return state.get(3), state
""",
        """
def f(a, state):
    for k, v in state.items():
        new = dict(state)
        new[k] = v
        if new[k] > 2:
            continue
        state = new
    return state
""",
        """
def f(a, state):
    for k, v in a:
        new = dict(state)
        new[k] = v
        if new[k] > 2:
            return new
        if new[k] < 1:
            return state
        if new[k] == 2:
            continue
        state = new
    return state
""",
        """
def f(a, state):
    new = {}
    for k, v in a:
        new = dict(state)
        new[k] = v
        if new[k] > 2:
            continue
        state = new
    return new
""",
        """
def f(a, state):
    for k, v in a:
        new = dict(state)
        new[k] += [v]
        if len(new[k]) > 2:
            continue
        state = new
    return state
""",
    ],
}
