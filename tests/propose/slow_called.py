"""The last part of `slow_programs`: helpers that return early, and what is changed in parts of things alone."""

from .slow_inputs import Slow, numbers, word

CALLED: dict[str, Slow] = {
    "second_letters": Slow(
        """
def second_letter(text):
    letters = sorted(text)
    if not letters:
        return ""
    elif len(letters) == 1:
        return letters[0]
    return letters[1]


def second_letters(names):
    found = []
    for name in names:
        if second_letter(name) != "a":
            found.append(name)
    return found
""",
        lambda rng: ([word(rng, most=3) for _ in range(rng.randrange(9))],),
        ("helper_in_place",),
        ("second_letter",),
    ),
    "at_rates": Slow(
        """
def rate_of(rates, day, other):
    for rate in rates:
        if rate["day"] == day:
            return rate["rate"]
    return other


def at_rates(rates, payments):
    total = 0
    for day, amount in payments:
        total += amount * rate_of(rates, day, 1)
    return total
""",
        lambda rng: (
            [{"day": rng.randrange(9), "rate": rng.randrange(5)} for _ in range(rng.randrange(9))],
            [(rng.randrange(9), rng.randrange(9)) for _ in range(rng.randrange(9))],
        ),
        ("helper_in_place", "index_pairs"),
        ("rate_of",),
    ),
    "put_through": Slow(
        """
def put_through(accounts, moves):
    for who, amount in moves:
        for i in range(len(accounts)):
            if accounts[i]["id"] == who:
                accounts[i]["sum"] += amount
                break
    return accounts
""",
        lambda rng: (
            [{"id": rng.randrange(9), "sum": rng.randrange(5)} for _ in range(rng.randrange(9))],
            [(rng.randrange(9), rng.randrange(9)) for _ in range(rng.randrange(9))],
        ),
        ("index_pairs",),
    ),
    "tied_ropes": Slow(
        """
def tied_ropes(ropes):
    ropes = list(ropes)
    cost = 0
    while len(ropes) > 1:
        first = min(ropes)
        ropes.remove(first)
        second = min(ropes)
        ropes.remove(second)
        cost += first + second
        ropes.append(first + second)
    return cost
""",
        lambda rng: (numbers(rng),),
        ("heap",),
    ),
    "bosses": Slow(
        """
def bosses(people, teams):
    found = []
    for name, team in people:
        boss = None
        for other, lead in teams:
            if other != team:
                continue
            else:
                boss = lead
                break
        found.append((name, boss))
    return found
""",
        lambda rng: (
            [(word(rng), rng.randrange(9)) for _ in range(rng.randrange(9))],
            [(rng.randrange(9), word(rng)) for _ in range(rng.randrange(9))],
        ),
        ("without_else", "index_pairs"),
    ),
}
