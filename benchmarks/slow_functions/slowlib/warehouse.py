"""Packing, queues at the gate, and lot numbers."""


def serve_in_turns(jobs: list[tuple[str, int]], turn: int) -> list[tuple[str, int]]:
    """Loading dock with one gate: each lorry gets ``turn`` minutes, then queues again until it is done.

    Returns (name, minute at which it left), in the order of leaving.
    """
    if turn <= 0:
        raise ValueError("a turn must last a minute at least")
    queue = []
    for name, minutes in jobs:
        queue.append((name, minutes))
    clock = 0
    left = []
    while len(queue) > 0:
        name, minutes = queue.pop(0)
        if minutes <= turn:
            clock += max(minutes, 0)
            left.append((name, clock))
        else:
            clock += turn
            queue.append((name, minutes - turn))
    return left


def joining_cost(lengths: list[int]) -> int:
    """Total cost of welding rods into one, always the two shortest first; a weld costs the sum of both."""
    rods = list(lengths)
    for rod in rods:
        if rod <= 0:
            raise ValueError(f"no rod has length {rod}")
    cost = 0
    while len(rods) > 1:
        rods.sort()
        shortest = rods.pop(0)
        second = rods.pop(0)
        joined = shortest + second
        cost += joined
        rods.append(joined)
    return cost


def _is_prime(number):
    if number < 2:
        return False
    for divisor in range(2, number):
        if number % divisor == 0:
            return False
    return True


def prime_lots(last: int, digit=None):
    """Lot numbers up to ``last`` that we give to sealed goods: the primes, perhaps only those with a last digit."""
    lots = []
    for number in range(2, last + 1):
        if digit is not None and number % 10 != digit:
            continue
        if _is_prime(number):
            lots.append(number)
    return lots


def _cheapest_from(day, fares, pass_price, pass_days):
    """What the trips from ``day`` on cost at best."""
    if day >= len(fares):
        return 0
    single = fares[day] + _cheapest_from(day + 1, fares, pass_price, pass_days)
    if fares[day] == 0:  # nobody travels on that day
        return single
    with_pass = pass_price + _cheapest_from(day + pass_days, fares, pass_price, pass_days)
    return min(single, with_pass)


def cheapest_tickets(fares: list[int], pass_price: int, pass_days: int = 3) -> int:
    """The least that a driver's trips cost, by single tickets or passes for some days."""
    if pass_days < 1:
        raise ValueError("a pass is valid for a day at least")
    return _cheapest_from(0, fares, pass_price, pass_days)
