"""The last part of `untouched_programs`: what is no other word for the same."""

CALLED: dict[str, list[str]] = {
    "without_else": [
        """
def f(a):
    found = []
    for x in a:
        if x > 2:
            found.append(x)
        else:
            found.append(0)
    return found
""",
        """
def f(a):
    if a:
        return 1
    else:
        return 2
""",
        # What comes after it is for all that did not go on.
        """
def f(a):
    found = []
    for x in a:
        if x > 2:
            x = 2
        else:
            continue
        found.append(x)
    return found
""",
        """
def f(a):
    found = []
    for x in a:
        if x > 5:
            found.append(5)
        elif x > 2:
            continue
        else:
            x = 2
        found.append(x)
    return found
""",
    ],
    "added_up": [
        """
def f(a):
    found = []
    for x in a:
        found = found + x
    return found
""",
        # What is given may be a list, which stays as it is.
        """
def f(a, total):
    for x in a:
        total = total + x
    return total
""",
        """
def f(a):
    total = 0
    for x in a:
        total = a[0]
        total = total + x
    return total
""",
        """
def f(a):
    total = 0
    for x in a:
        total = total + x - 1
    return total
""",
    ],
    "places_of_part": [
        """
def f(a):
    out = []
    for i, x in enumerate(a):
        for k, y in enumerate(a[:i]):
            if x == y:
                out.append(k)
    return out
""",
        """
def f(a, i):
    out = []
    for k, y in enumerate(a[i:], i):
        out.append(k * y)
    return out
""",
        """
def f(a):
    out = []
    for i, x in enumerate(a):
        for k, y in enumerate(a[i:]):
            a[k] = y + 1
    return out
""",
        """
def f(a):
    out = []
    for i, x in enumerate(a):
        for k, y in enumerate(a[i:], i):
            y += x
            out.append(y)
    return out
""",
        """
def f(a):
    out = []
    for i, x in enumerate(a):
        y = 0
        for k, y in enumerate(a[i:], i):
            if y > x:
                break
        out.append(y)
    return out
""",
        """
def f(a):
    out = []
    for i, x in enumerate(a):
        for k, y in enumerate(a[i:], i):
            out.append(lambda: k)
    return out
""",
        """
def f(a):
    out = []
    for i in range(-3, len(a)):
        for k, y in enumerate(a[i:], i):
            out.append(k * y)
    return out
""",
        """
def f(a):
    out = []
    for i, x in enumerate(a, 1):
        for k, y in enumerate(a[i - 2:], i):
            out.append(k * y)
    return out
""",
    ],
    "one_sum": [
        """
def f(a):
    total = 0
    other = 0
    for x in a:
        if x:
            total += x
        else:
            other -= x
    return total, other
""",
        """
def f(a, total):
    for x in a:
        total -= x
    return total
""",
        """
def f(a):
    total = 0
    for x in a:
        if total > x:
            total += x
        else:
            total -= x
    return total
""",
        """
def f(a):
    total = 1
    for x in a:
        if x > 1:
            total += x
        else:
            total *= x
    return total
""",
        """
def f(a):
    total = 1
    for x in a:
        if x > 1:
            total += x
    return total
""",
    ],
    "run_ends": [
        """
def f(a):
    best = 0
    for i in range(len(a)):
        j = i
        while j < len(a) and a[j] >= a[i]:
            j += 1
        best = max(best, j - i)
    return best
""",
        """
def f(a, x):
    best = 0
    for i in range(len(a)):
        j = i
        while j < len(a) and a[j] == x:
            j += 1
        best = max(best, j - i)
    return best
""",
        """
def f(a):
    best = 0
    for i in range(len(a)):
        j = i + 1
        while j < len(a) and a[j] == a[i]:
            j += 2
        best = max(best, j - i)
    return best
""",
        """
def f(a):
    out = []
    for i in range(len(a)):
        j = i + 1
        while j < len(a) and a[j] == a[i]:
            j += 1
        out.append(j)
        a[i] = 0
    return out
""",
        """
def f(a):
    n = 0
    for i in range(len(a)):
        for j in range(i + 1, len(a)):
            if a[j] != a[i]:
                continue
            n += 1
    return n
""",
        """
def f(a):
    n = 0
    for i in range(len(a)):
        for j in range(i + 1, len(a)):
            if a[j] != a[i]:
                break
            n += j
    return n
""",
        """
def f(a, k):
    j = k
    while j < len(a) and a[j] == a[k]:
        j += 1
    return j
""",
    ],
    "leading": [
        """
def f(a, x):
    i = 0
    while i < len(a) and a[i] <= x:
        i += 1
    return i
""",
        """
def f(a, b):
    out = []
    i = 0
    for x in b:
        while i < len(a) and a[i] <= x:
            i += 1
        out.append(i)
    return out
""",
        """
def f(a, b):
    out = []
    for x in b:
        i = 0
        while i < len(a) and a[i] > x:
            i += 1
        out.append(i)
    return out
""",
        """
def f(a, b):
    out = []
    for x in b:
        i = 0
        for y in a:
            if y == x:
                break
            i += 1
        out.append(i)
    return out
""",
        """
def f(a, b):
    out = []
    for x in b:
        i = 0
        for y in a:
            if y > x:
                break
            i += 1
        out.append((i, y))
    return out
""",
        """
def f(a, b):
    out = []
    for x in b:
        i = 0
        for y in a:
            if y > x + i:
                break
            i += 1
        out.append(i)
        a.append(x)
    return out
""",
    ],
    "loop_in_loop": [
        """
import itertools

def f(a):
    for x, y in itertools.combinations(a, 2):
        if x == y:
            break
    else:
        return 1
    return 0
""",
        """
import itertools

def f(a):
    n = 0
    for x, y in itertools.combinations(a, 2):
        if x == y:
            break
        n += 1
    return n
""",
        """
import itertools

def f(a):
    n = 0
    for x, y, z in itertools.combinations(a, 3):
        n += x == y == z
    return n
""",
        """
import itertools

def f(a):
    for x, y in itertools.product(a, a):
        a.append(x + y)
    return a
""",
        """
import itertools

def f(a, b):
    n = 0
    for x, y in itertools.product(a, map(str, b)):
        n += x == y
    return n
""",
        """
import itertools

def f(a, b):
    for x, y in itertools.product(a, b):
        a[0] += x * y
    return x, y
""",
        """
def f(a, combinations):
    n = 0
    for x, y in combinations(a, 2):
        n += x == y
    return n
""",
    ],
}
