"""What looks like what a rewrite mends and is left alone: the pattern is not there, or it would be wrong."""

from .slow_inputs import merged
from .untouched_called import CALLED
from .untouched_carried import CARRIED
from .untouched_copies import COPIES
from .untouched_grown import GROWN
from .untouched_kept import KEPT
from .untouched_known import KNOWN
from .untouched_more import MORE
from .untouched_onward import ONWARD
from .untouched_parts import PARTS
from .untouched_ranked import RANKED
from .untouched_scans import SCANS
from .untouched_spelled import SPELLED
from .untouched_tried import TRIED
from .untouched_walks import WALKS

_HERE: dict[str, list[str]] = {
    "set_membership": [
        """
def f(a, b):
    for x in a:
        if x in b:
            b.append(x)
    return b
""",
        """
def f(a, b):
    for x in a:
        b = g(b)
        if x in b:
            return x
""",
        """
def f(a, b):
    return a in b
""",
        """
def f(a):
    return [x for x in a if x in 'aeiou']
""",
        """
def f(a, b: dict):
    return [x for x in a if x in b]
""",
        """
def f(a, b):
    return [b.get(x) for x in a if x in b]
""",
        """
def f(rows):
    return [x for row in rows for x in row if x in row]
""",
    ],
    "seen_set": [
        """
def f(a, b):
    for x in b:
        if x not in a:
            a.append(x)
        a = a[1:]
    return a
""",
        """
def f(a, b):
    for x in b:
        if x not in a:
            a.append(x)
        else:
            a.remove(x)
    return a
""",
        """
def f(a):
    seen = []
    for x in a:
        if x not in seen:
            seen.append(x)
        else:
            seen.remove(x)
    return seen
""",
        """
def f(a):
    seen = []
    for x in a:
        if x not in seen:
            seen.append(x)
        seen[0] = x
    return seen
""",
        """
def f(a):
    seen = []
    other = seen
    for x in a:
        if x not in seen:
            seen.append(x)
    return other
""",
        """
def f(a):
    seen = []
    for x in a:
        seen.append(x)
    return seen
""",
    ],
    "count_once": [
        """
def f(a):
    return a.count(1)
""",
        """
def f(a, b):
    for x in a:
        b.append(b.count(x))
    return b
""",
        """
def f(a, b):
    return [b.count('ab') for x in a]
""",
    ],
    "count_scan": [
        """
def f(a, b):
    return [sum(1 for y in b if y > x) for x in a]
""",
    ],
    "rank_scan": [
        """
def f(a, b):
    return [sum(1 for y in b if y == x) for x in a]
""",
        """
def f(a, b):
    for x in a:
        b.append(sum(1 for y in b if y > x))
    return b
""",
        """
def f(a, b):
    return [sum(y for y in b if y > x) for x in a]
""",
    ],
    "position_once": [
        """
def f(a, b):
    return [y.index(b) for y in a]
""",
    ],
    "index_pairs": [
        """
def f(a, b):
    for x in b:
        for i in range(len(a)):
            if a[i]["id"] == x:
                a[i]["id"] += 1
    return a
""",
        """
def f(a, b, field):
    for x in b:
        for i in range(len(a)):
            if a[i]["id"] == x:
                a[i][field] += 1
    return a
""",
        """
def f(a, b):
    for x in b:
        for i in range(len(a)):
            if a[i].name == x:
                a[i]["name"] += 1
    return a
""",
        """
def f(a, b):
    for x in b:
        for i in range(len(a)):
            if a[i]["id"] == x:
                a[i] = {"id": x, "sum": 0}
    return a
""",
        """
def f(a, b):
    for x in b:
        for y in sorted(a, key=lambda y: y["sum"]):
            if y["id"] == x:
                a[x]["sum"] += 1
                break
    return a
""",
        """
def f(values, k):
    found = []
    for i in range(len(values)):
        for j in range(i - k, i):
            if values[i] == values[j]:
                found.append(j)
    return found
""",
        """
def f(values, k):
    found = []
    for i in range(len(values)):
        for j in range(i):
            if values[i] == values[j]:
                found.append(j)
                break
        else:
            found.append(-1)
    return found
""",
        """
def f(values):
    for i in range(len(values)):
        for j in range(i):
            if values[i] == values[j]:
                values[i] = -j
    return values
""",
        """
def f(a, b):
    for x in a:
        for y in b:
            if x == y:
                b.remove(y)
""",
        """
def f(a, b):
    for x in a:
        for y in b:
            if x < y:
                return x
""",
        """
def f(a, b):
    for x in a:
        for y in x:
            if y == b:
                return x
""",
        """
def f(a, b):
    for y in b:
        if y == a:
            return y
""",
        """
def f(a, b):
    n = 0
    for x in a:
        for y in b:
            if x == y:
                n += 1
            else:
                n -= 1
    return n
""",
    ],
    "hoist_invariant": [
        """
from datetime import datetime

def f(a, b):
    return [x for x in a if datetime.now(b) > x]
""",
        """
import json

def f(a, b):
    out = []
    for x in a:
        row = json.loads(b)
        row["x"] = x
        out.append(row)
    return out
""",
        """
import json

def f(a, text):
    out = []
    for x in a:
        for row in json.loads(text):
            row["x"] = x
            out.append(row)
    return out
""",
        """
import json

def f(a, b):
    return [json.loads(b) for x in a]
""",
        """
import decimal
from decimal import Decimal

def f(a, b):
    out = []
    for x in a:
        decimal.getcontext().prec = x
        out.append(int(Decimal(b)))
    return out
""",
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
import json

def f(a, text):
    out = []
    for x in a:
        made = json.loads(text)
        made["x"] = x
        out.append(made)
    return out
""",
        """
import datetime

def f(a):
    return [(datetime.datetime.now(), x) for x in a]
""",
        """
import json

def f(a, file):
    out = []
    for x in a:
        out.append(json.load(file) + x)
    return out
""",
        """
def f(a, b):
    for x in a:
        b.append(len(b))
    return b
""",
        """
def f(a, b):
    out = []
    for x in a:
        out.append(sorted(b))
    return out
""",
        """
def f(a, b):
    for x in a:
        row = list(b)
        row.append(x)
        print(row)
""",
        """
def f(a, b):
    for x in a:
        if x in zip(b, b):
            return sum(b)
""",
        """
def f(a):
    len = max
    return [len(a) for x in a]
""",
        """
import random

def f(a):
    return [random.random() for x in a]
""",
    ],
    "sort_once": [
        """
def f(a, b):
    for x in a:
        b.append(x)
        b.sort()
    return b
""",
        """
def f(a, b):
    b.sort()
    return b
""",
    ],
    "compile_pattern": [
        """
import re

def f(a):
    return [re.match(x, 'b') for x in a]
""",
    ],
    "comprehension": [
        """
def f(a):
    out = []
    for x in a:
        out.append(len(out))
    return out
""",
        """
def f(a):
    out = []
    for x in a:
        out.append(x)
    return out, x
""",
        """
def f(a):
    out = []
    last = 0
    for x in a:
        out.append(x - last)
        last = x
    return out
""",
        """
def f(a):
    out = []
    for x in a:
        if x < 0:
            break
        out.append(x)
    return out
""",
        """
def f(a):
    out = []
    for x in a:
        out.append(x)
    else:
        out.append(1)
    return out
""",
    ],
    "reduction": [
        """
def f(a):
    total = 0
    for x in a:
        total += x * total
    return total
""",
        """
def f(a):
    text = ''
    for x in a:
        text += x
    return text
""",
        """
def f(a):
    total = 0
    for x in a:
        total += x
        print(total)
    return total
""",
    ],
    "any_all": [
        """
def f(a, b):
    n = 0
    for y in b:
        for x in a:
            if x > y:
                n += x
                break
    return n
""",
        """
def f(a, b):
    n = 0
    for y in b:
        for x in a:
            if x > y:
                n += 1
    return n
""",
        """
def f(a):
    for x in a:
        if x:
            return x
    return False
""",
        """
def f(a):
    for x in a:
        if print(x):
            return True
    return False
""",
    ],
    "early_exit": [
        """
def f(a):
    found = False
    for x in a:
        if print(x):
            found = True
    return found
""",
        """
def f(a):
    last = None
    for x in a:
        if x > 1:
            last = x
    return last
""",
        """
def f(a):
    found = False
    for x in a:
        if x > 1:
            found = True
    return found, x
""",
    ],
    "join": [
        """
def f(a):
    text = ''
    for x in a:
        text += x
        print(text)
    return text
""",
        """
def f(a):
    total = 0
    for x in a:
        total += x
    return total
""",
        """
def f(a):
    text = ''
    for x in a:
        text = x + text + x
    return text
""",
    ],
}

UNTOUCHED = merged(
    _HERE, MORE, SCANS, WALKS, CARRIED, KEPT, PARTS, KNOWN, GROWN, COPIES, SPELLED, ONWARD, RANKED, TRIED, CALLED
)
