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
}
