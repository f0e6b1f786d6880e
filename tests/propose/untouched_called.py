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
}
