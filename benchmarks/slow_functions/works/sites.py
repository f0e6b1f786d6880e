"""The network of the sites."""

from collections import deque


def reachable_hosts(links: list[tuple[str, str]], start: str) -> list[str]:
    """Names of all hosts that can be reached from start, in order of the name."""
    seen = {start}
    waiting = deque([start])
    while waiting:
        host = waiting.popleft()
        for left, right in links:
            if left == host:
                other = right
            elif right == host:
                other = left
            else:
                continue
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    seen.discard(start)
    return sorted(seen)
