"""The eighth part of `untouched_programs`."""

PARTS: dict[str, list[str]] = {
    "by_beginning": [
        """
def f(a, b):
    out = []
    for x in a:
        for y in b:
            if y > x:
                break
            if y.startswith(x):
                out.append(y)
    return out
""",
        """
def f(a, b):
    out = []
    for x in a:
        for y in b:
            if len(out) > 3:
                break
            if y.startswith(x):
                out.append(y)
        else:
            out.append(x)
    return out
""",
        """
def f(names, typed):
    found = []
    for text in typed:
        for name in names:
            if name.startswith(text) or name.endswith(text):
                found.append(name)
    return found
""",
        """
def f(names, typed):
    for text in typed:
        for name in names:
            if name.startswith(text):
                names.append(text)
                break
    return names
""",
        """
def f(names, text):
    return [name for name in names if name.startswith(text)]
""",
        """
def f(names, typed):
    return [name for text in typed for name in names if name.startswith(text, 1)]
""",
        """
def f(names, typed):
    found = []
    for text in typed:
        for name in names:
            if name.startswith(text):
                found.append(name)
            else:
                found.append(text)
    return found
""",
    ],
    "of_beginnings": [
        """
def f(hosts, ends):
    return [host for host in hosts for end in ends if not host.endswith(end)]
""",
        """
def f(hosts, ends):
    for host in hosts:
        for end in ends:
            if host.endswith(end):
                ends.remove(end)
                break
    return ends
""",
    ],
    "count_in_part": [
        """
def f(values, k):
    out = []
    for i, value in enumerate(values):
        if value in out[i - k :]:
            continue
        out.append(value)
    return out
""",
        """
def f(values, k):
    return [value for i, value in enumerate(values) if value in values[i - k : i : 2]]
""",
        """
def f(text):
    return [i for i in range(len(text)) if text[i:].count("ab") > 1]
""",
    ],
    "moved_to_end": [
        """
def f(a):
    out = []
    for x in a:
        if x in out:
            out.remove(x)
        out.append(x + 1)
    return out
""",
        """
def f(a):
    out = []
    for x in a:
        if x in out:
            out.remove(x)
        out.append(x)
        print(out[0])
    return out
""",
        """
def f(a):
    out = []
    for x in a:
        if x in out:
            out.remove(x)
        out.append(x)
        out.append(0)
    return out
""",
        """
def f(a):
    out = []
    out.append(3)
    for x in a:
        if x in out:
            out.remove(x)
        out.append(x)
    return out
""",
        """
def f(a):
    out = []
    for x in a:
        if x in out:
            out.remove(x)
        else:
            x = 0
        out.insert(0, x)
    return out
""",
        """
def f(a):
    out = []
    for x in a:
        if x in out:
            out.remove(x)
        out.append(x)
        if x > 3:
            return out
    return None
""",
        """
def f(a, out):
    for x in a:
        if x in out:
            out.remove(x)
        out.append(x)
    return out
""",
    ],
    "gap_in_list": [
        """
def f(a):
    i = 0
    while i < len(a):
        if a[i] < 0:
            del a[i]
        else:
            i += 1
    return a
""",
        """
def f(a):
    a = list(a)
    i = 0
    while i < len(a):
        if a[i] < 0:
            del a[i]
        i += 1
    return a
""",
        """
def f(a):
    a = list(a)
    i = 0
    while i < len(a):
        if a[i] < 0:
            del a[i]
        else:
            i += 1
    return a, i
""",
        """
def f(a):
    a = list(a)
    b = a
    i = 0
    while i < len(a):
        if len(b) > 3:
            del a[i]
        else:
            i += 1
    return b
""",
        """
def f(a):
    a = list(a)
    i = 0
    while i < len(a):
        if a[i - 1] < 0:
            del a[i]
        else:
            i += 1
    return a
""",
        """
def f(a):
    a = list(a)
    i = 0
    while i < len(a) - 1:
        if a[i] < 0:
            del a[i]
        else:
            i += 1
    return a
""",
        """
def f(a):
    a = list(a)
    i = 0
    while i < len(a):
        if a[i] < 0:
            g(a)
            del a[i]
        else:
            i += 1
    return a
""",
        """
def f(a):
    a = list(a)
    try:
        i = 0
        while i < len(a):
            if 1 / a[i] < 0:
                del a[i]
            else:
                i += 1
    except ZeroDivisionError:
        pass
    return a
""",
    ],
}
