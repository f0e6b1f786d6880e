"""The fourth part of `untouched_programs`."""

GROWN: dict[str, list[str]] = {
    "index_growing": [
        """
def f(a):
    groups = []
    for x in a:
        for group in groups:
            if len(group) == x:
                group.append(x)
                break
        else:
            groups.append([x])
    return groups
""",
        """
def f(a):
    rows = []
    for x in a:
        for row in rows:
            if row[0] == x[0]:
                row[0] += 1
        rows.append(list(x))
    return rows
""",
        """
def f(a):
    rows = []
    for x in a:
        for row in rows:
            if row == x:
                rows.append(row)
        rows.append(x)
    return rows
""",
        """
def f(a, k):
    rows = []
    for x in a:
        for row in rows:
            if row[k] == x:
                return row
        k = k + 1
        rows.append(x)
    return rows
""",
        """
def f(a):
    groups = []
    for x in a:
        for j in range(len(groups)):
            if groups[j - 1][0] == x:
                groups[j].append(x)
                break
        else:
            groups.append([x])
    return groups
""",
        """
def f(a):
    rows = []
    for x in a:
        for row in rows:
            if x in row.numbers:
                row.numbers.append(x + 1)
                break
        else:
            rows.append(g(x))
    return rows
""",
    ],
    "position_growing": [
        """
def f(a):
    names = []
    for x in a:
        if x in names:
            names.remove(x)
        names.append(x)
    return names.index(3)
""",
        """
def f(a):
    names = [1]
    for x in a:
        names.append(names.index(x))
    return names
""",
    ],
    "sum_scan": [
        """
def f(a, b):
    x = 0
    for y in b:
        x += sum(x for x in a if x == y)
    return x + sum(x for x in a if x == 3)
""",
        """
def f(a, b):
    return [sum(x[1] for x in a if x[0] == y and x[1] > y) for y in b]
""",
        """
def f(a, b):
    for y in b:
        a.append(sum(x[1] for x in a if x[0] == y))
    return a
""",
    ],
    "sort_by_selection": [
        """
def f(a):
    b = list(a)
    while b:
        x = min(b)
        b.remove(x)
        b.append(x - 1)
    return b
""",
        """
def f(a, d):
    b = list(a)
    while b:
        x = min(b, key=lambda k: d[k])
        b.remove(x)
        d[x + 1] = 0
    return d
""",
        """
def f(a):
    b = list(a)
    out = []
    while b:
        x = min(b)
        if x > 3:
            break
        b.remove(x)
        out.append(x)
    return out, b
""",
        """
def f(a):
    out = []
    while a:
        x = max(a)
        out.append(len(a))
        a.remove(x)
    return out
""",
        """
def f(a):
    b = list(a)
    out = []
    while b:
        x = b[0]
        for y in b:
            if y >= x:
                x = y
        b.remove(x)
        out.append(x)
    return out
""",
    ],
    "sorted_so_far": [
        """
def f(a):
    out = []
    for i in range(len(a)):
        out.append(sorted(a[:i + 1]))
    return out
""",
        """
def f(a):
    out = []
    for i in range(len(a)):
        part = sorted(a[:i + 1])
        part.pop()
        out.append(part[0])
    return out
""",
        """
def f(a):
    out = []
    for i in range(len(a)):
        if a[i] < 0:
            continue
        out.append(sorted(a[:i + 1])[0])
    return out
""",
        """
def f(a, b):
    out = []
    for i in range(len(b)):
        out.append(sorted(a[:i + 1])[0])
    return out
""",
    ],
}
