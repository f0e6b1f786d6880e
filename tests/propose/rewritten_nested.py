"""The fourth part of `slow_programs`, to the letter."""

NESTED: dict[str, str] = {
    "hits": """
def hits(titles, queries):
    result = {}
    titles_parts = [title.lower().split() for title in titles]
    for query in queries:
        result[query] = 0
        for title, parts in zip(titles, titles_parts):
            if query in parts:
                result[query] += 1
    return result
""",
    "twins": """
def twins(names):
    found = []
    values_sorted_names = [sorted(names[j]) for j in range(len(names))]
    for i in range(len(names)):
        for j in range(i + 1, len(names)):
            if values_sorted_names[j] == sorted(names[i]):
                found.append((i, j))
    return found
""",
    "close": """
def close(values, distance):
    pairs = 0
    n = len(values)
    for i in range(n):
        for j in range(i + 1, n):
            if values[i] - distance <= values[j] <= values[i] + distance:
                pairs += 1
    return pairs
""",
    "highest": """
def highest(values, width):
    found = []
    for start in range(len(values) - width + 1):
        most = values[start]
        for value in values[start:start + width]:
            if value > most:
                most = value
        found.append(most)
    return found
""",
    "holders": """
def holders(orders, goods):
    found = {}
    orders_by_value = {}
    for number, lines in orders:
        for one_2 in dict.fromkeys(lines):
            orders_by_value.setdefault(one_2, []).append((number, lines))
    for one in goods:
        found[one] = [number for number, lines in orders_by_value.get(one, ()) if one in lines]
    return found
""",
    "unpaid": """
def unpaid(orders, payments):
    found = []
    payments_by_value = {}
    for paid, amount in payments:
        payments_by_value.setdefault(paid, []).append((paid, amount))
    for order in orders:
        if not any(paid == order and amount > 3 for paid, amount in payments_by_value.get(order, ())):
            found.append(order)
    return found
""",
    "newest": """
def newest(rows):
    found = {}
    kept = set()
    for key, value in rows:
        found[key] = value
        kept = kept | {value}
    return found, sorted(kept)
""",
    "stock": """
def stock(changes):
    there = {}
    for key, amount in changes:
        there[key] = there.get(key, 0) + amount
    return there
""",
    "covered": """
def covered(needs, skills):
    found = []
    for need in needs:
        for skill in skills:
            if set(need) <= set(skill):
                found.append(need)
    return found
""",
    "other_shared": """
def other_shared(people):
    found = []
    for i in range(len(people)):
        name, mine = people[i]
        for other, theirs in people[i + 1:len(people)]:
            found.append((name, other, [one for one in mine if one in theirs]))
    return found
""",
    "spelled": """
def spelled(texts, wanted):
    found = []
    texts_strip_values = [text.strip("a") for text in texts]
    for one in wanted:
        found.append(sum(1 for text, strip_values_of_it in zip(texts, texts_strip_values) if strip_values_of_it == one))
    return found
""",
}
