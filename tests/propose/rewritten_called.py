"""The last part of `slow_programs`, to the letter."""

CALLED: dict[str, str] = {
    "second_letters": """
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
        letters = sorted(name)
        if not letters:
            second_letter_result = ''
        elif len(letters) == 1:
            second_letter_result = letters[0]
        else:
            second_letter_result = letters[1]
        if second_letter_result != "a":
            found.append(name)
    return found
""",
    "at_rates": """
def rate_of(rates, day, other):
    for rate in rates:
        if rate["day"] == day:
            return rate["rate"]
    return other


def at_rates(rates, payments):
    total = 0
    for day, amount in payments:
        other = 1
        rate_of_result = other
        for rate in rates:
            if rate['day'] == day:
                rate_of_result = rate['rate']
                break
        total += amount * rate_of_result
    return total
""",
    "put_through": """
def put_through(accounts, moves):
    accounts_by_id = {}
    for i in range(len(accounts)):
        accounts_by_id.setdefault(accounts[i]["id"], []).append(i)
    for who, amount in moves:
        for i in accounts_by_id.get(who, ()):
            if accounts[i]["id"] == who:
                accounts[i]["sum"] += amount
                break
    return accounts
""",
    "tied_ropes": """
def tied_ropes(ropes):
    import heapq

    ropes = list(ropes)
    cost = 0
    heapq.heapify(ropes)
    while len(ropes) > 1:
        first = heapq.heappop(ropes)
        second = heapq.heappop(ropes)
        cost += first + second
        heapq.heappush(ropes, first + second)
    return cost
""",
    "bosses": """
def bosses(people, teams):
    found = []
    for name, team in people:
        boss = None
        for other, lead in teams:
            if other != team:
                continue
            boss = lead
            break
        found.append((name, boss))
    return found
""",
}
