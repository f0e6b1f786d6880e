"""Rooms, jobs and tasks."""


def overlaps(a, b):
    return a[0] < b[1] and b[0] < a[1]


def has_conflict(bookings: list[tuple[int, int]]) -> bool:
    """True if two bookings (start, end) overlap; empty bookings do not count."""
    real = [b for b in bookings if b[0] < b[1]]
    conflict = False
    for i in range(len(real)):
        for j in range(i + 1, len(real)):
            if overlaps(real[i], real[j]):
                conflict = True
                break
        if conflict:
            break
    return conflict


def finish_order(jobs, slot):
    """Names in the order the jobs finish when each gets slot minutes in turn."""
    if slot <= 0:
        raise ValueError("slot must be positive")
    waiting = list(jobs)
    finished = []
    while waiting:
        name, left = waiting[0]
        waiting = waiting[1:]
        if left > slot:
            waiting.append((name, left - slot))
        else:
            finished.append(name)
    return finished


def urgency(task):
    return (task["priority"], task["name"])


def run_order(tasks: list[dict]) -> list[str]:
    """Names in the order of work: always the lowest priority number, then name.

    A task can bring follow-up tasks under "then", open once it is done.
    """
    todo = list(tasks)
    done = []
    while todo:
        todo.sort(key=urgency, reverse=True)
        task = todo.pop()
        done.append(task["name"])
        for follower in task.get("then", []):
            todo.append(follower)
    return done
