"""A processor that gives its time in slices."""

from collections import defaultdict, deque
from typing import Any

from processes import Process, read


class Ready:
    """Processes that could run, and those that will be able to."""

    def __init__(self, processes: list[Process]) -> None:
        self.coming = [(process.arrives, place, process) for place, process in enumerate(processes)]
        self.places = {process.name: place for place, process in enumerate(processes)}
        self.queues: dict[int, deque[Process]] = defaultdict(deque)

    def wake(self, now: int) -> None:
        """Move what is ready by now into its queue."""
        due = sorted(entry for entry in self.coming if entry[0] <= now)
        for entry in due:
            self.coming.remove(entry)
            self.queues[entry[2].level].append(entry[2])

    def later(self, time: int, process: Process) -> None:
        self.coming.append((time, self.places[process.name], process))

    def next(self) -> Process | None:
        """The process that runs next."""
        levels = [level for level, queue in self.queues.items() if queue]
        return self.queues[min(levels)].popleft() if levels else None


def run(processes: list[dict[str, Any]], slice: int, switch: int = 0) -> dict[str, Any]:
    """What runs when, and when it is done."""
    if slice < 1 or switch < 0:
        raise ValueError("a slice is at least 1, a switch takes no negative time")
    ready = Ready(read(processes))
    log: list[list[Any]] = []
    done: dict[str, list[int]] = {}
    now = idle = 0
    last: str | None = None
    while True:
        ready.wake(now)
        process = ready.next()
        if process is None:
            if not ready.coming:
                return {"log": log, "done": done, "idle": idle}
            wakes = min(time for time, _, _ in ready.coming)
            idle += wakes - now
            now = wakes
            continue
        if last not in (None, process.name):
            now += switch
        last = process.name
        span = min(slice, process.until_stop())
        if log and log[-1][0] == process.name and log[-1][2] == now:
            log[-1][2] += span
        else:
            log.append([process.name, now, now + span])
        now += span
        process.worked += span
        ready.wake(now)
        if process.worked == process.work:
            done[process.name] = [now, now - process.arrives - process.work - process.paused]
        elif process.worked == process.pause_after:
            process.paused = process.pause_length
            ready.later(now + process.pause_length, process)
        else:
            ready.queues[process.level].append(process)
