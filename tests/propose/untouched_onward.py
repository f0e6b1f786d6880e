"""The last part of `untouched_programs`: rounds that need all that came before, and searches that need all others."""

ONWARD: dict[str, list[str]] = {
    "gone_on": [
        """
def f(a):
    sums = []
    for i in range(len(a)):
        total = 0
        for j in range(i + 1):
            total += a[j] * i
        sums.append(total)
    return sums
""",
        """
def f(a):
    parts = []
    for i in range(len(a)):
        part = []
        for j in range(i + 1):
            part.append(a[j])
        parts.append(part)
    return parts
""",
        """
def f(a):
    sums = []
    for i in range(len(a)):
        total = 0
        for j in range(i + 1):
            total += a[j]
        total *= 2
        sums.append(total)
    return sums
""",
        """
def f(a):
    for i in range(len(a)):
        total = 0
        for j in range(i + 1):
            total += a[j]
        a[i] = total
    return a
""",
        """
def f(a):
    found = []
    for i in range(len(a)):
        total = 0
        for x in a[: i - 1]:
            total += x
        found.append(total)
    return found
""",
        """
def f(a, most):
    found = []
    for i in range(len(a)):
        total = 0
        for x in a[:i]:
            total += x
            if total > most:
                break
        found.append(total)
    return found
""",
    ],
    "factorial": [
        """
def f(n):
    product = 2
    for i in range(1, n + 1):
        product *= i
    return product
""",
        """
def f(n):
    product = 1
    for i in range(3, n + 1):
        product *= i
    return product
""",
        """
def f(n):
    if n <= 1:
        return 2
    return n * f(n - 1)
""",
    ],
    "chosen_by_heap": [
        """
def f(times, rows):
    while rows:
        best = None
        for row in rows:
            if best is None or times[row] < times[best]:
                best = row
        rows.remove(best)
        times = {row: times[row] + 1 for row in times}
    return times
""",
        """
def f(far, left):
    order = []
    while left:
        place = min(left, key=lambda place: far[place])
        left.remove(place)
        order.append(place)
        far[place] = 0
    return order
""",
        """
def f(far, n):
    seen = []
    for _ in range(n):
        best = None
        for k in range(n):
            if best is None or far[k] <= far[best]:
                best = k
        far[best] += 1
        seen.append(best)
    return seen
""",
        """
def f(far, n):
    for step in range(n):
        best = None
        for k in range(n):
            if best is None or far[k] * step < far[best] * step:
                best = k
        far[best] += 1
    return far
""",
    ],
    "overlapping_two": [
        """
def f(a, b):
    for i in range(len(a)):
        for j in range(i + 1, len(a)):
            if not b:
                continue
            if not (a[i][0] < a[j][1] < b):
                return True
    return False
""",
        """
def f(a, b):
    for i in range(len(a)):
        for j in range(i + 1, len(a)):
            if not a[i] in b:
                return True
    return False
""",
        """
def f(spans):
    for i in range(len(spans)):
        for j in range(i + 1, len(spans)):
            if spans[i][0] < spans[j][1] and spans[j][0] < spans[i][1]:
                return spans[i]
    return None
""",
        """
def f(spans):
    for i in range(len(spans)):
        for j in range(i + 1, len(spans)):
            if spans[i][0] < spans[j][1] and spans[j][0] < spans[i][0]:
                return True
    return False
""",
        """
def f(spans):
    for i in range(len(spans)):
        for j in range(len(spans)):
            if spans[i][0] < spans[j][1] and spans[j][0] < spans[i][1] + j:
                return True
    return False
""",
        """
def f(spans, others):
    return any(a[0] < b[1] and b[0] < a[1] for i, a in enumerate(spans) for b in others[i + 1 :])
""",
    ],
    "moved_to_front": [
        """
def f(a, b):
    for x in b:
        if x in a:
            a.remove(x)
            a.insert(0, x)
    return a
""",
        """
def f(a, b):
    rest = list(a)
    places = []
    for x in b:
        if x in rest:
            places.append(rest.index(x))
            rest.remove(x)
            rest.insert(0, x)
    return places
""",
        """
def f(a, b):
    rest = list(a)
    for x in b:
        if x in rest:
            rest.remove(x)
            rest.append(x)
    return rest
""",
    ],
    "gathered": [
        """
def f(a):
    i = 0
    while i < len(a):
        if a[i] in a[i + 1 :]:
            del a[i]
        else:
            i += 1
    return a
""",
        """
def f(a):
    i = 0
    while i < len(a):
        if a[i] == a[i - 1]:
            del a[i]
        else:
            i += 1
    return i, a
""",
        """
def f(a):
    i = 0
    while i < len(a):
        if a[i] > 3:
            del a[i]
        i += 1
    return a
""",
        """
def f(a):
    for i in range(len(a) - 1, -1, -1):
        if a.count(a[i]) > 1:
            del a[i]
    return a
""",
    ],
    "longer_only": [
        """
def f(a, b):
    best = 0
    for i in range(len(a)):
        for j in range(len(b)):
            k = 1
            while i + k < len(a) and j + k < len(b) and a[i + k] == b[j + k]:
                k += 1
            if k > best:
                best = k
    return best
""",
        """
def f(a, b):
    best = 0
    for i in range(len(a)):
        for j in range(len(b)):
            k = 0
            while i + k < len(a) and j + k < len(b) and a[i + k] == b[j + k]:
                k += 1
            if k >= best:
                best = k
    return best
""",
        """
def f(a, b):
    best = ""
    for i in range(len(a)):
        for j in range(i + 1, len(a) + 1):
            if a[i:j] in b and len(a[i:j]) > 2:
                best = a[i:j]
    return best
""",
    ],
    "least_and_most": [
        """
def f(texts, ends):
    return [end for end in ends if all(text.endswith(end) for text in texts)]
""",
        """
def f(texts, starts):
    return [start for start in starts if any(text.startswith(start) for text in texts)]
""",
        """
def f(texts, start):
    return all(text.startswith(start) for text in texts)
""",
    ],
    "once_for_place": [
        """
def f(a):
    for r in range(len(a)):
        for c in range(len(a[r])):
            a[r][c] = sum(row[c] for row in a)
    return a
""",
        """
def f(a):
    found = []
    for r in range(len(a)):
        for c in range(len(a[r])):
            found.append(sum(x for x in a[r] if x > c))
    return found
""",
        """
def f(a, n):
    found = []
    for c in range(n):
        found.append(sum(row[c] for row in a))
    return found
""",
        """
def f(a, n, m):
    found = []
    for r in range(n):
        for c in range(m):
            found.append(r > 3 and sum(row[c] for row in a))
    return found
""",
    ],
    "more_only": [
        """
def f(a):
    best = 0
    for i in range(len(a)):
        for j in range(i - 1, len(a)):
            if a[j] - a[i] > best:
                best = a[j] - a[i]
    return best
""",
        """
def f(a):
    best = 0
    for i in range(len(a)):
        for j in range(i, len(a)):
            if a[j] * a[i] > best:
                best = a[j] * a[i]
    return best
""",
        """
def f(a):
    best = 0
    for i in range(len(a)):
        for j in range(i, len(a)):
            if a[j] - a[i] > best:
                best = a[j] - a[i]
                a[j] = best
    return best
""",
        """
def f(a):
    best = 0
    for i in range(len(a)):
        for j in range(i, len(a)):
            if a[j] - j > best:
                best = a[j] - j
    return best
""",
    ],
    "sorted_at_once": [
        """
def f(a):
    b = a
    b.sort()
    return b
""",
        """
def f(a):
    b = a[:]
    a.sort()
    return a, b
""",
        """
def f(a):
    b = a[1:]
    b.sort(key=b.index)
    return b
""",
    ],
}
