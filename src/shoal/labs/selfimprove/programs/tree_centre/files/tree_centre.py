"""Middle points of trees."""

Roads = list[list[int]]
Near = list[list[tuple[int, int]]]


def read(n: int, roads: Roads) -> Near:
    """Neighbours and lengths for each place of a tree."""
    if n < 1 or len(roads) != n - 1:
        raise ValueError("a tree has one road less than places")
    near: Near = [[] for _ in range(n)]
    for a, b, length in roads:
        if not (0 <= a < n and 0 <= b < n) or length < 1:
            raise ValueError(f"road {a} to {b} of length {length} is not possible")
        near[a].append((b, length))
        near[b].append((a, length))
    if -1 in distances(near, 0):
        raise ValueError("not all places are connected")
    return near


def distances(near: Near, start: int) -> list[int]:
    """How far all places are from one; -1 where no way leads."""
    far = [-1] * len(near)
    far[start] = 0
    waiting = [start]
    while waiting:
        place = waiting.pop()
        for other, length in near[place]:
            if far[other] < 0:
                far[other] = far[place] + length
                waiting.append(other)
    return far


def diameter(n: int, roads: Roads) -> list[int]:
    """The longest way and its ends."""
    near = read(n, roads)
    from_first = distances(near, 0)
    one_end = from_first.index(max(from_first))
    other_end = distances(near, one_end)
    longest = max(other_end)
    opposite = distances(near, other_end.index(longest))
    # An end of a longest way is as far as that from one of the two ends that were found.
    first = min(place for place in range(n) if longest in (other_end[place], opposite[place]))
    return [longest, first, distances(near, first).index(longest)]


def centres(n: int, roads: Roads) -> list[int]:
    """Places from which nothing is far."""
    near = read(n, roads)
    furthest = [max(distances(near, place)) for place in range(n)]
    return [place for place in range(n) if furthest[place] == min(furthest)]


def sizes(near: Near, weights: list[int]) -> tuple[list[int], list[int], list[int]]:
    """From place 0 on: an order that begins with it, parents, and the weight of what is below each place."""
    order, parents = [0], [-1] * len(near)
    for place in order:
        for other, _ in near[place]:
            if other != parents[place]:
                parents[other] = place
                order.append(other)
    below = list(weights)
    for place in reversed(order[1:]):
        below[parents[place]] += below[place]
    return order, parents, below


def centroids(n: int, roads: Roads) -> list[int]:
    """Places that leave no large part."""
    near = read(n, roads)
    _, parents, below = sizes(near, [1] * n)
    worst = []
    for place in range(n):
        parts = [below[other] for other, _ in near[place] if other != parents[place]]
        worst.append(max([*parts, n - below[place]]))
    return [place for place in range(n) if worst[place] == min(worst)]


def meeting_place(n: int, roads: Roads, people: list[int]) -> list[int]:
    """Where people meet with the shortest ways in all."""
    near = read(n, roads)
    if not people or not all(0 <= person < n for person in people):
        raise ValueError("nobody is there, or somebody is nowhere")
    order, parents, below = sizes(near, [people.count(place) for place in range(n)])
    sums = [0] * n
    sums[0] = sum(distances(near, 0)[person] for person in people)
    for place in order[1:]:
        length = next(length for other, length in near[place] if other == parents[place])
        sums[place] = sums[parents[place]] + length * (len(people) - 2 * below[place])
    return [sums.index(min(sums)), min(sums)]
