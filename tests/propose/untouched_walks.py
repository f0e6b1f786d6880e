"""The fifth part of `untouched_programs`."""

WALKS: dict[str, list[str]] = {
    "first_beyond": [
        """
def f(a):
    for j in range(1, len(a)):
        if a[j] > a[0]:
            return j
    return 0
""",
        """
def f(a):
    for i in range(len(a)):
        for j in range(i + 1, len(a)):
            if a[j] > a[i]:
                a[i] = a[j]
                break
    return a
""",
        """
def f(a):
    found = []
    for i in range(len(a)):
        steps = 0
        for j in range(i + 1, len(a)):
            if a[j] > a[i] + steps:
                break
            steps += 1
        found.append(steps)
    return found
""",
        """
def f(a):
    found = []
    for i in range(len(a)):
        for j in range(i + 1, len(a)):
            found.append(j)
            if a[j] > a[i]:
                break
    return found
""",
        """
def f(a):
    found = []
    for i in range(len(a)):
        for j in range(i + 1, len(a)):
            if a[j] > a[i] and j % 2:
                break
        found.append(j)
    return found
""",
        """
def f(a):
    found = []
    for i in range(len(a)):
        j = i + 1
        while j < len(a) and a[j] <= a[i]:
            j += 2
        found.append(j)
    return found
""",
        """
def f(a):
    found = []
    for i in range(len(a)):
        j = i
        while a[j] != 0 and a[j] <= a[i]:
            j += 1
        found.append(j)
    return found
""",
    ],
    "nearest": [
        """
def f(a, x):
    return min(a, key=lambda y: abs(y - x))
""",
        """
def f(a, b):
    found = []
    for x in a:
        best = None
        for y in b:
            if best is None or abs(x - y) > best:
                best = abs(x - y)
        found.append(best)
    return found
""",
        """
def f(a, b):
    found = []
    for x in a:
        best, count = None, 0
        for y in b:
            if best is None or abs(x - y) < best:
                best = abs(x - y)
                count = count + 1
        found.append(count)
    return found
""",
        """
def f(a, b):
    found = []
    for x in a:
        best = 9
        for y in b:
            if y and abs(x - y) < best:
                best = abs(x - y)
        found.append(best)
    return found
""",
        """
def f(a, b):
    return [min(b, key=lambda y: abs(y - x) + y) for x in a]
""",
        """
def f(a, b):
    found = []
    for x in a:
        found.append(min(b, key=lambda y: abs(y - x)))
        b.append(x)
    return found
""",
    ],
    "first_fitting": [
        """
def f(a, x):
    for y in a:
        if y >= x:
            return y
    return None
""",
        """
def f(a, b):
    found = []
    for x in a:
        total = 0
        for y in b:
            if y <= x:
                total = total + y
        found.append(total)
    return found
""",
        """
def f(a, b):
    found = []
    for x in a:
        for y in b:
            if y <= x:
                x = y
        found.append(x)
    return found
""",
        """
def f(a, b):
    found = []
    for x in a:
        for y in b:
            if y > x:
                break
        found.append(y)
    return found
""",
        """
def f(a, b):
    return [next((y for y in b if y >= x and y != 3), None) for x in a]
""",
        """
def f(a, b):
    found = []
    for x in a:
        for y in b:
            if y > 5:
                found.append(x)
                break
    return found
""",
    ],
    "local_helper": [
        """
def g(x, ys):
    return [y for y in ys if y == x]

def f(x, ys):
    return g(x, ys)
""",
        """
def g(x, ys):
    return x + len(ys)

def f(xs, ys):
    return [g(x, ys) for x in xs]
""",
        """
def g(x, ys):
    for y in list(ys):
        ys.append(y)
    return x

def f(xs, ys):
    return [g(x, ys) for x in xs]
""",
        """
def g(x, ys):
    return [y for y in ys if y == x]

def f(xs, ys):
    found = []
    for x in xs:
        found += g(x, ys)
        ys = ys[1:]
    return found
""",
        """
def g(x, ys):
    return [y for y in ys if y == x]

def f(xs, ys):
    return [g(x, ys) + g(0, ys) for x in xs]
""",
        """
def g(x, zs):
    ys = [z for z in zs if z == x]
    return ys

def f(xs, ys):
    return [g(x, ys) for x in xs]
""",
    ],
}
