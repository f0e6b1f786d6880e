"""Attendance and work of the staff."""


def longest_streak(days):
    """Length of the longest run of consecutive day numbers, in any order."""
    present = set(days)
    best = 0
    for day in present:
        length = 1
        while day + length in present:
            length += 1
        if length > best:
            best = length
    return best


def arrange_tasks(tasks: list[dict], steps: list[str]) -> list[dict]:
    """Tasks in the order of the work plan; those with an unknown step go last."""

    def place(task):
        try:
            return steps.index(task["step"])
        except ValueError:
            return len(steps)

    return sorted(tasks, key=place)
