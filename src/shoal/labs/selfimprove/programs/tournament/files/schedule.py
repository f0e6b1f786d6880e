"""Pairings of a league, by the circle method."""

Pairing = list[str | None]


def one_round(seats: list[str | None], number: int) -> list[Pairing]:
    """Pairings of one round, numbered from 0."""
    pairings = []
    for place in range(len(seats) // 2):
        pair = [seats[place], seats[-1 - place]]
        if place == 0 and number % 2:
            pair.reverse()
        if None not in pair:
            pairings.append(pair)
    return pairings


def rounds(teams: list[str], double: bool = False) -> list[list[Pairing]]:
    """All rounds of the league."""
    if len(set(teams)) < len(teams):
        raise ValueError("a team is listed twice")
    if len(teams) < 2:
        return []
    seats: list[str | None] = [*teams] if len(teams) % 2 == 0 else [*teams, None]
    schedule = []
    for number in range(len(seats) - 1):
        schedule.append(one_round(seats, number))
        seats[1:] = [seats[-1], *seats[1:-1]]
    if double:
        schedule += [[[away, home] for home, away in pairings] for pairings in schedule]
    return schedule
