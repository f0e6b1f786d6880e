"""The last part of `untouched_programs`."""

TRIED: dict[str, list[str]] = {
    "tried_in_place": [
        """
def f(a):
    state = set()
    out = []
    for x in a:
        new = set(state)
        new.add(x)
        if len(new) > 3:
            continue
        state = new
        out.append(list(state))
    return out
""",
        """
def f(a, state):
    for k, v in a:
        new = state.copy()
        new[k] = v
        if new[k] > 3:
            continue
        state = new
    return list(state.items()) if isinstance(state, dict) else state
""",
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
    "count_letter": [
        """
def f(text):
    return [text[:i].count("ab") for i in range(len(text))]
""",
        """
def f(text, letter):
    return [text[:i].count(letter) for i in range(len(text))]
""",
        """
def f(text, at):
    return text[:at].count("a")
""",
        """
def f(text, at):
    return [text[:at].count("a") + x for x in range(9)]
""",
        """
def f(text):
    counts = []
    for i in range(9):
        counts.append(text[:i].count("a"))
        text += "a"
    return counts
""",
        """
def f(text):
    return [text[:i:2].count("a") for i in range(9)]
""",
        """
def f(text):
    counts = []
    for i in range(9):
        before = text[:i]
        i += 1
        before += "a"
        counts.append(before.count("a"))
    return counts
""",
        """
def f(texts):
    return [text[:i].count("a") for i, text in enumerate(texts)]
""",
        """
def f(rows, at):
    return [rows[:k].count(None) for k in at]
""",
    ],
    "copied_first": [
        """
def f(a):
    out = []
    for x in a:
        new = out + [x]
        print(new)
    return out
""",
        """
def f(a):
    out = []
    for x in a:
        new = out + [out.pop()]
        out = new
    return out
""",
        """
def f(a, out):
    for x in a:
        new = {**out, x: 1, x + 1: len(out)}
        out = new
    return out
""",
        """
def f(a, out):
    new = out + [a]
    out = new
    return out
""",
    ],
    "known_after": [
        """
def f(text, ends):
    out = []
    for end in ends:
        n = 0
        for c in text[:end]:
            if c == "a":
                break
            n += 1
        out.append(n)
    return out
""",
        """
def f(text, ends):
    out = []
    n = 0
    for end in ends:
        for c in text[:end]:
            n += 1
        out.append(n)
    return out
""",
        """
def f(text, ends):
    out = []
    for end in ends:
        n = 0
        for c in text[:end]:
            n += int(c)
        out.append(n)
    return out
""",
        """
def f(text, ends):
    out = []
    for end in ends:
        n = 0
        for c in text[:end]:
            n += 1
        out.append((n, c))
    return out
""",
        """
def f(text, ends):
    out = []
    for end, wanted in ends:
        n = 0
        for c in text[:end]:
            if c == wanted:
                n += 1
        out.append(n)
    return out
""",
        """
def f(text, ends):
    out = []
    for end in ends:
        n = 0
        for c in text[:end]:
            n += 1
        text += "a"
        out.append(n)
    return out
""",
        """
def f(text, ends):
    out = []
    n = 0
    for end in ends:
        out.append(n)
        n = 0
        for c in text[:end]:
            n += 1
    return out
""",
        """
def f(text, ends):
    out = []
    for end in ends:
        n = ""
        for c in text[:end]:
            n += c
        out.append(n)
    return out
""",
        """
def f(text, ends):
    out = []
    for end in ends:
        n = 0
        for k in range(end):
            if n < 3 and text[k] == "a":
                n += 1
        out.append(n)
    return out
""",
    ],
    "kept_entry": [
        """
def f(a, state):
    for k, v in a:
        backup = dict(state)
        state[k] = v
        if sum(state.values()) > 20:
            state = backup
    return state
""",
        """
def f(a):
    state = {}
    log = []
    for k, v in a:
        backup = dict(state)
        state[k] = v
        log.append(backup)
        if sum(state.values()) > 20:
            state = backup
    return state, log
""",
        """
def f(a):
    state = {}
    log = []
    for k, v in a:
        backup = dict(state)
        state[k] = v
        log.append(state)
        if sum(state.values()) > 20:
            state = backup
    return state, log
""",
        """
def f(a):
    state = []
    for k, v in a:
        backup = list(state)
        state.append(v)
        state.sort()
        if sum(state) > 20:
            state = backup
    return state
""",
        """
def f(a):
    state = []
    for k, v in a:
        backup = list(state)
        state.append(v)
        if sum(state) > 20:
            state = backup
        if sum(state) > 10:
            state = backup
    return state
""",
        """
def f(a):
    state = {}
    for k, v in a:
        backup = dict(state)
        try:
            state[k] = v
            state[v] = 1 / k
        except ZeroDivisionError:
            state = backup
    return state
""",
        """
def f(a):
    state = [[], []]
    for k, v in a:
        backup = list(state)
        state[0] = [k]
        for one in state:
            one.append(v)
        if state[0] > state[1]:
            state = backup
    return state
""",
        """
def f(a):
    state = [0]
    for v in a:
        backup = list(state)
        state[0] = v
        state = backup
    return state
""",
    ],
}
