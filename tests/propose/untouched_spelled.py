"""The last part of `untouched_programs`: sorts and stretches that are written out, and what is said in other words."""

SPELLED: dict[str, list[str]] = {
    "marked_ends": [
        """
def f(a, spans):
    for i, j in spans:
        for k in range(i, j):
            a[k] += a[i]
    return a
""",
        """
def f(a, spans):
    peaks = []
    for i, j in spans:
        for k in range(i, j):
            a[k] += 1
        peaks.append(max(a))
    return peaks
""",
        """
def f(a, i, j):
    for k in range(i, j):
        a[k] += 1
    return a
""",
        """
def f(a, spans):
    for i, j in spans:
        for k in range(i, j):
            a[2 * k] += 1
    return a
""",
        """
def f(a, spans):
    for i, j in spans:
        for k in range(i, j):
            a[k] *= 2
    return a
""",
    ],
    "remember_helper": [
        """
def g(n):
    return 0 if n < 1 else 1 + g(n - 1)

def f(n):
    return g(n)
""",
        """
def g(a, n):
    return 0 if n < 1 else a[n] + g(a, n - 1)

def f(a, b):
    return [g(b, n) for n in a]
""",
        """
def g(a, n):
    a.append(n)
    return 0 if n < 1 else 1 + g(a, n - 1)

def f(a, b):
    return [g(a, n) for n in b]
""",
    ],
    "without_part": [
        """
def f(text, wanted):
    return text[::2].startswith(wanted) or text[1:].find(wanted) > 0
""",
    ],
    "spelled_out": [
        """
def f(a):
    return len([print(x) for x in a for y in x])
""",
        """
def f(a):
    return [x * 2 for x in a]
""",
        """
def f(a, x):
    return [sum(y for y in a[x:]) for x in a]
""",
        """
def f(a):
    return {sum(y for y in a[x:]) for x in a}
""",
    ],
    "next_beside": [
        """
def f(a, days):
    found = []
    for day in days:
        best = None
        for one in a:
            if one <= day and (best is None or one < best):
                best = one
        found.append(best)
    return found
""",
        """
def f(a, days):
    return [min((x for x in a if x <= day), default=0) for day in days]
""",
        """
def f(a, day):
    return max((x for x in a if x <= day), default=0)
""",
    ],
    "least_loaded": [
        """
def f(loads, jobs):
    for job in jobs:
        k = loads.index(min(loads))
        loads[k] += job
        loads.append(job)
    return loads
""",
        """
def f(loads, jobs):
    found = []
    for job in jobs:
        k = loads.index(min(loads))
        found.append(k + job)
    return found
""",
        """
def f(loads, job):
    k = loads.index(min(loads))
    loads[k] += job
    return loads
""",
    ],
    "pattern_apart": [
        """
import re

def f(a):
    return [re.match(x, 'b') for x in a]
""",
        """
import re

def f(a, b):
    found = []
    for x in a:
        for y in b:
            found.append(re.match("a", y))
    return found
""",
    ],
    "shallower": [
        """
import copy

def f(a):
    return copy.copy(a)
""",
        """
def f(a, copy):
    return copy.deepcopy(a)
""",
        # What is handed on may change later, and must not change what it was copied from.
        """
import copy

def f(a):
    made = copy.deepcopy(a)
    made["new"] = 1
    return made
""",
        """
import copy

def f(a, found):
    made = copy.deepcopy(a)
    made[0] = 1
    found.append(made)
""",
        """
import copy

def f(a):
    made = copy.deepcopy(a)
    made["new"] = 1
    return list(made.values())
""",
        """
import copy

def f(a):
    made = copy.deepcopy(a)
    made[0] = 1
    first = made[1]
    return first
""",
    ],
}
