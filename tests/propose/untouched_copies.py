"""The last part of `untouched_programs`."""

COPIES: dict[str, list[str]] = {
    "hoist_names": [
        """
import json

def f(a, text):
    out = []
    for x in a:
        rows = json.loads(text)
        for row in rows:
            row["x"] = x
            out.append(row)
    return out
""",
        """
def f(rows):
    out = []
    for row in rows:
        first = rows[0]
        rows = rows[1:]
        out.append(first)
    return out
""",
        """
def f(rows, last):
    for row in rows:
        kept = last
        last = row
        print(kept)
    return last
""",
        """
def f(rows, n):
    best = 0
    for row in rows:
        best = n
        best += row
    return best
""",
        """
def f(rows, n):
    first = None
    for row in rows:
        first = n * 2
        row.append(first)
    return first
""",
    ],
    "without_copy": [
        """
def f(a):
    state = {}
    kept = []
    for k, v in a:
        new = dict(state)
        new[k] = v
        kept.append(new)
        state = new
    return kept
""",
        """
def f(a, state):
    for k, v in a:
        new = dict(state)
        new[k] = v
        if v > 3:
            continue
        state = new
    return state
""",
        """
def f(a, state):
    for k, v in a:
        new = dict(state)
        new[k] = v
        state = new
        state = {"seen": state}
    return state
""",
        """
def f(a):
    state = [0]
    sizes = []
    for x in a:
        new = state[:]
        new.append(x)
        sizes.append(len(new) - len(state))
        state = new
    return sizes
""",
        """
def f(a, b):
    for x in a:
        rest = list(b)
        while rest:
            rest.pop()
    return b
""",
        """
def f(a, b):
    for x in a:
        state = list(b)
        yield state
""",
        """
def f(a, state):
    for k, v in a:
        new = [row[:] for row in state]
        row = new[k]
        row.append(v)
        if len(row) > 3:
            continue
        state = new
    return state
""",
        """
def f(a, state):
    for k, v in a:
        new = dict(state)
        if k in new:
            state.pop(k)
            continue
        new[k] = v
        state = new
    return state
""",
        """
def f(a, state):
    new = None
    for k, v in a:
        new = dict(state)
        if k in new:
            break
        new[k] = v
        state = new
    return state, new
""",
        """
def f(a, state):
    for k, v in a:
        try:
            new = dict(state)
            new[k] = v
            new[v] = 1 / k
            state = new
        except ZeroDivisionError:
            continue
    return state
""",
        """
def f(a, state):
    for k in state:
        new = dict(state)
        new[k + 1] = k
        state = new
    return state
""",
    ],
    "turned_around": [
        """
def f(a):
    out = []
    for x in a:
        out.insert(0, x)
        if len(out) > 3:
            break
    return out
""",
        """
def f(a, out):
    for x in a:
        out.insert(0, x)
    return out
""",
        """
def f(a):
    out = []
    for x in a:
        out.insert(1, x)
    return out
""",
        """
def f(a):
    out = []
    for x in a:
        out = [x] + out + [x]
    return out
""",
    ],
    "walk_known": [
        """
def f(a, up):
    out = []
    for x in a:
        n = 0
        while x in up and n < 3:
            x = up[x]
            n += 1
        out.append(n)
    return out
""",
        """
def f(a, up):
    for x in a:
        while x in up:
            y = up[x]
            up[x] = 0
            x = y
    return up
""",
        """
def f(a, up):
    out = []
    for x in a:
        way = []
        while x in up:
            way.append(x)
            x = up[x]
        out.append(way)
    return out
""",
        """
def f(x, up):
    n = 0
    while x in up:
        x = up[x]
        n += 1
    return n
""",
        """
def f(a, up):
    out = []
    for x in a:
        while x in up:
            x = up[x]
            if x == 3:
                break
        out.append(x)
    return out
""",
    ],
    "first_only": [
        """
def f(a, b):
    found = [x for x in a if x > b]
    if not found:
        return None
    return found[0], len(found)
""",
        """
def f(a, b):
    found = [x for x in a if x > b]
    return found[-1] if found else None
""",
        """
def f(a, b):
    found = [x for x in a if x > b]
    found.append(b)
    return found[0]
""",
        """
def f(a):
    found = [a.pop() for x in a]
    return found[0]
""",
    ],
    "seen_tables": [
        """
def f(a):
    kept = [{}]
    for x in a:
        if x not in kept:
            kept.append(x)
    return kept
""",
        """
def f(a):
    kept = []
    for x in a:
        kept.append(x)
    return kept
""",
        """
def f(a):
    kept = []
    for x in a:
        if x not in kept:
            kept.append(a.pop())
    return kept
""",
    ],
    "last_few": [
        """
def f(a, k):
    kept = []
    for x in a:
        if x not in kept[:k]:
            kept.append(x)
    return kept
""",
        """
def f(a, k):
    kept = []
    for x in a:
        if x not in kept[-k:]:
            kept.append(x)
        else:
            kept.pop()
    return kept
""",
        """
def f(a, k):
    kept = [0]
    for x in a:
        if x not in kept[-k:]:
            kept.append(x)
    return kept
""",
    ],
    "counted_part": [
        """
def f(a, k):
    return [set(a[i : i + k]) for i in range(len(a))]
""",
        """
def f(a, k):
    return [len(set(a[i : i + k : 2])) for i in range(len(a))]
""",
        """
def f(a, k):
    out = []
    for i in range(len(a)):
        out.append(len(set(a[i : i + k])))
        a[i] = 0
    return out
""",
        """
def f(a, k):
    out = []
    for i in range(len(a)):
        part = set(a[i : i + k])
        out.append(part)
    return out
""",
        """
def f(a, k):
    return len(set(a[k : k + 3]))
""",
    ],
    "closest_pair": [
        """
def f(a):
    best, where = 99, None
    for i in range(len(a)):
        for j in range(i + 1, len(a)):
            if abs(a[i] - a[j]) < best:
                best = abs(a[i] - a[j])
                where = i, j
    return best, where
""",
        """
def f(a):
    best = 99
    for i in range(len(a)):
        for j in range(len(a)):
            if abs(a[i] - a[j]) < best:
                best = abs(a[i] - a[j])
    return best
""",
        """
def f(a, b):
    best = 99
    for i in range(len(a)):
        for j in range(i + 1, len(a)):
            if abs(a[i] - b[j]) < best:
                best = abs(a[i] - b[j])
    return best
""",
        """
def f(a):
    best = 0
    for i in range(len(a)):
        for j in range(i + 1, len(a)):
            if abs(a[i] - a[j]) > best:
                best = abs(a[i] - a[j])
    return best
""",
        """
def f(a):
    best = 99
    for i in range(len(a)):
        for j in range(i + 2, len(a)):
            best = min(best, abs(a[i] - a[j]))
    return best
""",
    ],
    "sum_kept": [
        """
def f(prices, changes):
    out = []
    for name in changes:
        prices.update(name)
        out.append(sum(prices.values()))
    return out
""",
        """
def f(prices, changes):
    out = []
    for name in changes:
        prices = {name: 1}
        prices[name] = 2
        out.append(sum(prices.values()))
    return out
""",
        """
def f(prices, changes):
    out = []
    for name, rate in changes:
        prices[name] = 2
        out.append(sum(price * rate for price in prices.values()))
    return out
""",
        """
def f(prices, changes):
    for name in changes:
        prices[name] = sum(prices.values())
    return prices
""",
        """
def f(prices, changes):
    out = []
    for name in changes:
        try:
            prices[name] += 1
        except KeyError:
            continue
        out.append(sum(prices.values()))
    return out
""",
        """
def f(xs, moves):
    out = []
    for k in moves:
        xs[xs[k] % len(xs)] = 1
        out.append(sum(xs))
    return out
""",
        """
def f(xs, moves):
    out = []
    for k in moves:
        xs.pop(k % len(xs))
        out.append(sum(k * x for k, x in enumerate(xs)))
    return out
""",
        """
def f(xs, rows):
    out = []
    for k in range(len(xs)):
        xs[k] = 1
        out.append(sum(xs[a] * xs[b] for a, b in rows))
    return out
""",
        """
def f(xs, ys):
    return [sum(xs) for y in ys]
""",
    ],
    "looked_first": [
        """
import re


def f(lines, names):
    return [re.sub(re.escape(n) + "?", "", line) for line in lines for n in names]
""",
        """
import re


def f(lines, names):
    return [re.sub("x|" + re.escape(n), "", line) for line in lines for n in names]
""",
        """
import re


def f(lines, names):
    return [re.findall(re.escape(n), line, re.IGNORECASE) for line in lines for n in names]
""",
        """
import re


def f(lines, names):
    return [re.findall(n, line) for line in lines for n in names]
""",
        """
import re


def f(lines, names):
    return re.sub(re.escape(names), "", lines)
""",
        """
import re


def f(lines, names):
    return [re.search(re.escape(n), line) if n in line else 0 for line in lines for n in names]
""",
    ],
}
