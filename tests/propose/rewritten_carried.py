"""The seventh part of `slow_programs`, to the letter."""

CARRIED: dict[str, str] = {
    "fresh_stretch": """
def fresh_stretch(songs):
    longest = 0
    end = 0
    heard = set()
    length = 0
    for start in range(len(songs)):
        if end <= start:
            end = start
            heard = set()
            length = 0
        for end in range(end, len(songs)):
            song = songs[end]
            if song in heard:
                break
            heard.add(song)
            length += 1
        else:
            end = len(songs)
        longest = max(longest, length)
        if end > start:
            heard.discard(songs[start])
            length -= 1
    return longest
""",
    "days_within": """
def days_within(costs, limit):
    best = 0
    n = len(costs)
    rising = all((2 * costs[j]) >= 0 for j in range(n))
    j = 0
    total = 0
    for i, _ in enumerate(costs):
        if j <= i or not rising:
            j = i
            total = 0
        for j in range(j, n):
            total += 2 * costs[j]
            if total > limit:
                total -= 2 * costs[j]
                break
            if j - i + 1 > best:
                best = j - i + 1
        else:
            j = n
        if j > i:
            total -= 2 * costs[i]
    return best
""",
    "shortest_reaching": """
def shortest_reaching(values, target):
    best = None
    rising = all(values[j] >= 0 for j in range(len(values)))
    j = 0
    total = 0
    for i in range(len(values)):
        if j <= i or not rising:
            j = i
            total = 0
        for j in range(j, len(values)):
            total += values[j]
            if total >= target:
                if best is None or j - i + 1 < best:
                    best = j - i + 1
                total -= values[j]
                break
        else:
            j = len(values)
        if j > i:
            total -= values[i]
    return best
""",
    "few_kinds": """
def few_kinds(letters, most):
    count, best = 0, 0
    j = 0
    kinds = {}
    for i in range(len(letters)):
        if j <= i:
            j = i
            kinds = {}
        count += j - i
        for j in range(j, len(letters)):
            letter = letters[j].lower()
            kinds[letter] = kinds.get(letter, 0) + 1
            if len(kinds) > most:
                kinds[letter] -= 1
                if not kinds[letter]:
                    del kinds[letter]
                break
            count += 1
            best = max(best, len(kinds))
        else:
            j = len(letters)
        if j > i:
            kinds[letters[i].lower()] -= 1
            if not kinds[letters[i].lower()]:
                del kinds[letters[i].lower()]
    return count, best
""",
    "no_more_than_twice": """
def no_more_than_twice(orders):
    longest = 0
    end = 0
    counts = {}
    for start in range(len(orders)):
        if end <= start:
            end = start
            counts = {}
        while end < len(orders) and counts.get(orders[end]["customer"], 0) < 2:
            if orders[end]["customer"] in counts:
                counts[orders[end]["customer"]] += 1
            else:
                counts[orders[end]["customer"]] = 1
            end += 1
        longest = max(longest, end - start)
        if end > start:
            counts[orders[start]["customer"]] -= 1
            if not counts[orders[start]["customer"]]:
                del counts[orders[start]["customer"]]
    return longest
""",
}
