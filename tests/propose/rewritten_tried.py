"""The last part of `rewritten_programs`."""

TRIED: dict[str, str] = {
    "moved_pieces": """
import copy


def moved_pieces(board, moves):
    state = copy.deepcopy(board)
    for (r1, c1), (r2, c2) in moves:
        inside = all(0 <= r < len(state) and 0 <= c < len(state[r]) for r, c in ((r1, c1), (r2, c2)))
        if not inside or state[r1][c1] == "":
            continue
        piece = state[r1][c1]
        state[r1][c1] = ""
        state[r2][c2] = piece
    return state
""",
    "last_states": """
def last_states(start, events):
    current = start
    current = list(current)
    for name, value in events:
        # as it was
        if value in current or len(current) > 6 + len(current) - len(current):
            break
        current.append(value)
        if len(current) > 8:
            return None
    return current
""",
    "stock_after": """
def stock_after(opening, movements):
    levels = dict(opening)
    rejected = []
    for index, (sku, change) in enumerate(movements):
        value = levels.get(sku, 0) + change
        if value < 0:
            rejected.append((index, value))
            continue
        levels[sku] = value
    return levels, rejected
""",
    "accepted": """
def accepted(levels, movements):
    rejected = []
    taken = 0
    levels = levels.copy()
    for name, change in movements:
        value = levels.get(name, 0) + change
        if value > levels.get(name, 0) and value < 9:
            levels[name] = value
            taken += levels[name]
        else:
            rejected.append(name)
    return levels, rejected, taken
""",
    "at_least_none": """
def at_least_none(counts, changes):
    counts = list(counts)
    for place, change in changes:
        value = counts[place] + (change - 1)
        if value >= 0:
            counts[place] = value
    return counts
""",
    "capped": """
def capped(values, changes, cap):
    refused = 0
    values = list(values)
    for place, value in changes:
        old = values[place]
        values[place] = value
        if values[place] > cap:
            refused += 1
            values[place] = old
            continue
    return values, refused
""",
    "transfers": """
def transfers(accounts, moves, limit):
    balances = dict(accounts)
    failed = []
    missing = object()
    for source, target, amount in moves:
        old = balances[source]
        balances[source] -= amount
        if balances[source] < limit:
            failed.append(source)
            balances[source] = old
            continue
        old_2 = balances.get(target, missing)
        balances[target] = amount + (balances[target] if target in balances else 0)
        if max(balances.values()) > 20:  # too much for one
            failed.append(target)
            if old_2 is missing:
                del balances[target]
            else:
                balances[target] = old_2
            balances[source] = old
            continue
    return balances, failed
""",
    "kept_within": """
def kept_within(items, cap):
    kept = []
    for item in items:
        kept.append(item)
        if not (sum(kept) <= cap):
            kept.pop()
    return kept
""",
    "no_threat": """
def no_threat(start, tries):
    board = [row[:] for row in start]
    placed = 0
    for r, c in tries:
        old = board[r][c]
        board[r][c] = 1
        if sum(board[r]) > 1:
            board[r][c] = old
            continue
        if sum(row[c] for row in board) == 1:
            placed += 1
        elif r == c:
            placed += 100
            board[r][c] = old
        else:
            board[r][c] = old
    return board, placed
""",
    "fewer_steps": """
def fewer_steps(start, swaps):
    order = list(start)
    least = 99
    for i, j in swaps:
        old = order[i]
        old_2 = order[j]
        order[i], order[j] = order[j], order[i]
        cost = sum(abs(place - value) for place, value in enumerate(order))
        if cost < least:
            least = cost
        else:
            order[j] = old_2
            order[i] = old
    return order, least
""",
    "line_numbers": """
def line_numbers(text, word):
    import bisect

    found = []
    at = text.find(word)
    places = [k for k, one in enumerate(text) if one == "a"]
    while at != -1:
        line = bisect.bisect_left(places, at) + 1
        found.append(line)
        at = text.find(word, at + 1)
    return found
""",
    "marks_of": """
import re


def marks_of(text):
    import bisect

    told = []
    places = [k for k, one in enumerate(text) if one == "c"]
    for found in re.finditer("b+", text):
        told.append((bisect.bisect_left(places, found.start()), text.count("a", found.end())))
    return told
""",
    "how_deep": """
def how_deep(text):
    import bisect

    places = [k_2 for k_2, one in enumerate(text) if one == "("]
    return [bisect.bisect_left(places, k) - text[:k].count(")") for k, c in enumerate(text) if c == "a"]
""",
    "none_before": """
def none_before(values, places):
    import bisect

    shares = []
    places_2 = [k_2 for k_2, one in enumerate(values) if one == 0]
    for k in places:
        at = k + 1
        if bisect.bisect_left(places_2, slice(at).indices(len(values))[1]) > 1:
            shares.append(len(places_2) - bisect.bisect_left(places_2, slice(k, None).indices(len(values))[0]))
    return shares
""",
    "letters_between": """
def letters_between(texts, width):
    import bisect

    rows = []
    for text in texts:
        places = [k_2 for k_2, one in enumerate(text) if one == "a"]
        for k in range(len(text) - 1, -1, -1):
            rows.append(max(0, bisect.bisect_left(places, k) - bisect.bisect_left(places, max(0, k - width))))
    return rows
""",
    "where_it_is": """
def where_it_is(text, word):
    found = []
    at = 0
    while True:
        at = text.find(word, at)
        if at < 0:
            break
        before = text[:at]
        found.append((before.count('a') + 1, at - before.rfind("a")))
        at += len(word)
    return found
""",
    "columns_of": """
def columns_of(text, places):
    columns = []
    for place in places:
        columns.append(place - text[:place].rfind("a") + text[:place].find("b"))
    return columns
""",
    "line_and_column": """
def line_and_column(text, offsets):
    result = []
    line = 1
    column = 1
    known = [(line, column)]
    for letter in text:
        if letter == "a":  # ends a line
            line += 1
            column = 1
        elif letter.isalpha():
            column += 1
        known.append((line, column))
    for offset in offsets:
        # from one on
        line, column = known[slice(offset).indices(len(text))[1]]
        result.append((offset, line, column))
    return result
""",
    "open_at": """
def open_at(rows, wanted):
    found = {}
    for row in rows:
        depth = 0
        known = [depth]
        for k in range(len(row)):
            if row[k] == "(":
                depth += 1
            elif row[k] == ")" and depth > 0:
                depth -= 1
            known.append(depth)
        for at in range(len(row)):
            if row[at] == wanted:
                depth = known[at]
                found.setdefault(row, []).append((at, depth))
    return found
""",
    "most_so_far": """
def most_so_far(values, wanted):
    told = []
    last = -1
    known = [last]
    for k, value in enumerate(values):
        if value > last and k < 12:
            last = value
        known.append(last)
    while wanted:
        end = wanted.pop()
        last = known[min(max(0, end), len(values))]
        told.append((end, last))
    return told
""",
    "all_within": """
def all_within(items, cap):
    kept = []
    left = 0
    for item in items:
        trial = list(kept)
        trial.append(item)
        if sum(trial) > cap:
            left += 1
            continue
        kept = trial
    return kept, left
""",
    "no_clash": """
def no_clash(items, clash):
    chosen = set()
    for item in items:
        trial = set(chosen)
        trial.add(item)
        if any(a + b == clash for a in trial for b in trial):
            continue
        chosen = trial
    return sorted(chosen)
""",
    "few_kinds_only": """
def few_kinds_only(items, most):
    kinds = set()
    refused = []
    for item in items:
        is_new = item not in kinds
        kinds.add(item)
        if len(kinds) > most:
            refused.append(item)
            if is_new:
                kinds.remove(item)
    return sorted(kinds), refused
""",
    "changed_levels": """
def changed_levels(levels, moves):
    for name, by in moves:
        new = dict(levels)
        new[name] = levels.get(name, 0) + by
        if new[name] >= 0:
            levels = new
    return levels
""",
    "seats": """
def seats(wishes, limit):
    plan = {}
    refused = []
    missing = object()
    for who, table, count in wishes:
        old = plan.get(table, missing)
        plan[table] = plan.get(table, 0) + count
        if plan[table] > limit:
            # as if nothing had been
            if old is missing:
                del plan[table]
            else:
                plan[table] = old
            refused.append(who)
            continue
        elif sum(plan.values()) > 2 * limit:
            if old is missing:
                del plan[table]
            else:
                plan[table] = old
            continue
        refused.append(len(plan))
    return plan, refused
""",
    "in_better_order": """
def in_better_order(values, swaps):
    for i, j in swaps:
        old = values[i]
        old_2 = values[j]
        values[i], values[j] = values[j], values[i]
        if sum(k * value for k, value in enumerate(values)) < 30:
            values[j] = old_2
            values[i] = old
    return values
""",
    "only_few": """
def only_few(items, most):
    seen = set()
    log = []
    for item in items:
        is_new = item not in seen
        seen.add(item)
        log.append(len(seen))
        if len(seen) > most:
            log.append(item)
            if is_new:
                seen.remove(item)
    return log, sorted(seen)
""",
    "best_cut": """
def best_cut(text):
    import bisect

    best = 0
    places = [k_2 for k_2, one in enumerate(text) if one == "a"]
    for k in range(len(text) + 1):
        score = bisect.bisect_left(places, k) - (len(places) - bisect.bisect_left(places, k)) - text.rfind("b", 0, k)
        best = max(best, score)
    return best
""",
    "told_where": """
def where(text, at):
    line = text.count("a", 0, at) + 1
    return line, at - text.rfind("a", 0, at)


def told_where(text, places):
    found = []
    def where_here(at):
        line = text.count('a', 0, at) + 1
        return (line, at - text.rfind('a', 0, at))

    for place in places:
        line, column = where_here(place)
        found.append((line, column))
    return found
""",
}
