"""The last part of `slow_programs`: copies that are tried and dropped again, and what is counted from a start on."""

from .slow_inputs import Slow, numbers, word


def _changes(rng, names="abc", most=9):
    return [(rng.choice(names), rng.randint(-4, 6)) for _ in range(rng.randrange(most))]


TRIED: dict[str, Slow] = {
    "moved_pieces": Slow(
        """
import copy


def moved_pieces(board, moves):
    state = copy.deepcopy(board)
    for (r1, c1), (r2, c2) in moves:
        after = copy.deepcopy(state)
        inside = all(0 <= r < len(after) and 0 <= c < len(after[r]) for r, c in ((r1, c1), (r2, c2)))
        if not inside or after[r1][c1] == "":
            continue
        piece = after[r1][c1]
        after[r1][c1] = ""
        after[r2][c2] = piece
        state = after
    return state
""",
        lambda rng: (
            [["a", "", "b"], ["", "c", ""]],
            [((rng.randrange(3), rng.randrange(3)), (rng.randrange(3), rng.randrange(3))) for _ in range(9)],
        ),
        ("without_copy",),
    ),
    "last_states": Slow(
        """
def last_states(start, events):
    current = start
    for name, value in events:
        following = list(current)
        # as it was
        if value in following or len(following) > 6 + len(current) - len(following):
            break
        following.append(value)
        if len(following) > 8:
            return None
        current = following
    return current
""",
        lambda rng: (numbers(rng, most=4), _changes(rng)),
        ("without_copy",),
    ),
    "stock_after": Slow(
        """
def stock_after(opening, movements):
    levels = dict(opening)
    rejected = []
    for index, (sku, change) in enumerate(movements):
        candidate = dict(levels)
        candidate[sku] = candidate.get(sku, 0) + change
        if candidate[sku] < 0:
            rejected.append((index, candidate[sku]))
            continue
        levels = candidate
    return levels, rejected
""",
        lambda rng: ({"a": 3, "b": 0}, _changes(rng)),
        ("tried_in_place",),
    ),
    "accepted": Slow(
        """
def accepted(levels, movements):
    rejected = []
    taken = 0
    for name, change in movements:
        candidate = levels.copy()
        candidate[name] = candidate.get(name, 0) + change
        if candidate[name] > levels.get(name, 0) and candidate[name] < 9:
            levels = candidate
            taken += levels[name]
        else:
            rejected.append(name)
    return levels, rejected, taken
""",
        lambda rng: ({"a": 3, "b": 0}, _changes(rng)),
        ("tried_in_place",),
    ),
    "at_least_none": Slow(
        """
def at_least_none(counts, changes):
    for place, change in changes:
        new = list(counts)
        new[place] += change - 1
        if new[place] >= 0:
            counts = new
    return counts
""",
        lambda rng: ([2, 0, 5], [(rng.randrange(-3, 3), rng.randint(-4, 6)) for _ in range(9)]),
        ("tried_in_place",),
    ),
    "capped": Slow(
        """
def capped(values, changes, cap):
    refused = 0
    for place, value in changes:
        new = values[:]
        new[place] = value
        if new[place] > cap:
            refused += 1
            continue
        values = new
    return values, refused
""",
        lambda rng: ([2, 0, 5], [(rng.randrange(-3, 3), rng.randint(-4, 6)) for _ in range(9)], rng.randrange(5)),
        ("tried_in_place",),
    ),
    "transfers": Slow(
        """
def transfers(accounts, moves, limit):
    balances = dict(accounts)
    failed = []
    for source, target, amount in moves:
        trial = dict(balances)
        trial[source] -= amount
        if trial[source] < limit:
            failed.append(source)
            continue
        trial[target] = amount + (trial[target] if target in trial else 0)
        if max(trial.values()) > 20:  # too much for one
            failed.append(target)
            continue
        balances = trial
    return balances, failed
""",
        lambda rng: (
            {"a": 9, "b": 9},
            [(rng.choice("ab"), rng.choice("abcd"), rng.randrange(9)) for _ in range(rng.randrange(12))],
            rng.randrange(3),
        ),
        ("tried_in_place",),
    ),
    "kept_within": Slow(
        """
def kept_within(items, cap):
    kept = []
    for item in items:
        new = kept[:]
        new.append(item)
        if sum(new) <= cap:
            kept = new
    return kept
""",
        lambda rng: (numbers(rng), rng.randrange(40)),
        ("tried_in_place",),
    ),
    "no_threat": Slow(
        """
def no_threat(start, tries):
    board = [row[:] for row in start]
    placed = 0
    for r, c in tries:
        new = [row[:] for row in board]
        new[r][c] = 1
        if sum(new[r]) > 1:
            continue
        if sum(row[c] for row in new) == 1:
            board = new
            placed += 1
        elif r == c:
            placed += 100
    return board, placed
""",
        lambda rng: ([[0] * 4 for _ in range(4)], [(rng.randrange(4), rng.randrange(4)) for _ in range(9)]),
        ("tried_in_place",),
    ),
    "fewer_steps": Slow(
        """
def fewer_steps(start, swaps):
    order = list(start)
    least = 99
    for i, j in swaps:
        new = order[:]
        new[i], new[j] = new[j], new[i]
        cost = sum(abs(place - value) for place, value in enumerate(new))
        if cost < least:
            order = new
            least = cost
    return order, least
""",
        lambda rng: (numbers(rng, least=4), [(rng.randrange(4), rng.randrange(4)) for _ in range(9)]),
        ("tried_in_place",),
    ),
    "line_numbers": Slow(
        """
def line_numbers(text, word):
    found = []
    at = text.find(word)
    while at != -1:
        before = text[:at]
        line = before.count("a") + 1
        found.append(line)
        at = text.find(word, at + 1)
    return found
""",
        lambda rng: (word(rng, "ab", 30), word(rng, "ab", 3)),
        ("count_letter",),
    ),
    "marks_of": Slow(
        """
import re


def marks_of(text):
    told = []
    for found in re.finditer("b+", text):
        told.append((text.count("c", 0, found.start()), text.count("a", found.end())))
    return told
""",
        lambda rng: (word(rng, "abc", 30),),
        ("count_letter", "count_letter"),
    ),
    "how_deep": Slow(
        """
def how_deep(text):
    return [text[:k].count("(") - text[:k].count(")") for k, c in enumerate(text) if c == "a"]
""",
        lambda rng: (word(rng, "a()", 30),),
        ("count_letter", "count_letter"),
    ),
    "none_before": Slow(
        """
def none_before(values, places):
    shares = []
    for k in places:
        at = k + 1
        if values[:at].count(0) > 1:
            shares.append(values[k:].count(0))
    return shares
""",
        lambda rng: (numbers(rng, top=2), [rng.randint(-9, 20) for _ in range(9)]),
        ("count_letter",),
    ),
    "letters_between": Slow(
        """
def letters_between(texts, width):
    rows = []
    for text in texts:
        for k in range(len(text) - 1, -1, -1):
            rows.append(text[max(0, k - width) : k].count("a"))
    return rows
""",
        lambda rng: ([word(rng) for _ in range(4)], rng.randint(-2, 4)),
        ("count_letter",),
    ),
    "where_it_is": Slow(
        """
def where_it_is(text, word):
    found = []
    at = 0
    while True:
        at = text.find(word, at)
        if at < 0:
            break
        before = text[:at]
        found.append((len(before.split("a")), at - before.rfind("a")))
        at += len(word)
    return found
""",
        lambda rng: (word(rng, "ab", 30), word(rng, "ab", 3)),
        ("shorter", "count_letter"),
    ),
    "columns_of": Slow(
        """
def columns_of(text, places):
    columns = []
    for place in places:
        before = text[:place]
        columns.append(place - before.rfind("a") + before.find("b"))
    return columns
""",
        lambda rng: (word(rng, "ab", 30), numbers(rng)),
        ("unnamed", "without_part", "without_part"),
    ),
    "line_and_column": Slow(
        """
def line_and_column(text, offsets):
    result = []
    for offset in offsets:
        line = 1
        column = 1  # from one on
        for letter in text[:offset]:
            if letter == "a":  # ends a line
                line += 1
                column = 1
            elif letter.isalpha():
                column += 1
        result.append((offset, line, column))
    return result
""",
        lambda rng: (word(rng, "ab ", 30), [rng.randint(-9, 40) for _ in range(9)]),
        ("known_after",),
    ),
    "open_at": Slow(
        """
def open_at(rows, wanted):
    found = {}
    for row in rows:
        for at in range(len(row)):
            if row[at] == wanted:
                depth = 0
                for k in range(at):
                    if row[k] == "(":
                        depth += 1
                    elif row[k] == ")" and depth > 0:
                        depth -= 1
                found.setdefault(row, []).append((at, depth))
    return found
""",
        lambda rng: ([word(rng, "a()", 20) for _ in range(4)], "a"),
        ("known_after",),
    ),
    "most_so_far": Slow(
        """
def most_so_far(values, wanted):
    told = []
    while wanted:
        end = wanted.pop()
        last = -1
        for k, value in enumerate(values[: max(0, end)]):
            if value > last and k < 12:
                last = value
        told.append((end, last))
    return told
""",
        lambda rng: (numbers(rng), [rng.randint(-3, 20) for _ in range(9)]),
        ("known_after",),
    ),
    "all_within": Slow(
        """
def all_within(items, cap):
    kept = []
    left = 0
    for item in items:
        trial = [*kept, item]
        if sum(trial) > cap:
            left += 1
            continue
        kept = trial
    return kept, left
""",
        lambda rng: (numbers(rng), rng.randrange(40)),
        ("copied_first", "tried_in_place"),
    ),
    "no_clash": Slow(
        """
def no_clash(items, clash):
    chosen = set()
    for item in items:
        trial = chosen | {item}
        if any(a + b == clash for a in trial for b in trial):
            continue
        chosen = trial
    return sorted(chosen)
""",
        lambda rng: (numbers(rng), rng.randrange(20)),
        ("copied_first", "tried_in_place"),
    ),
    "few_kinds_only": Slow(
        """
def few_kinds_only(items, most):
    kinds = set()
    refused = []
    for item in items:
        trial = set(kinds)
        trial.add(item)
        if len(trial) > most:
            refused.append(item)
        else:
            kinds = trial
    return sorted(kinds), refused
""",
        lambda rng: (numbers(rng), rng.randrange(6)),
        ("tried_in_place",),
    ),
    "changed_levels": Slow(
        """
def changed_levels(levels, moves):
    for name, by in moves:
        new = {**levels, name: levels.get(name, 0) + by}
        if new[name] >= 0:
            levels = new
    return levels
""",
        lambda rng: ({"a": 3, "b": 0}, _changes(rng)),
        ("copied_first", "tried_in_place"),
    ),
    "seats": Slow(
        """
def seats(wishes, limit):
    plan = {}
    refused = []
    for who, table, count in wishes:
        before = plan.copy()
        plan[table] = plan.get(table, 0) + count
        if plan[table] > limit:
            plan = before  # as if nothing had been
            refused.append(who)
            continue
        elif sum(plan.values()) > 2 * limit:
            plan = before
            continue
        refused.append(len(plan))
    return plan, refused
""",
        lambda rng: ([(word(rng), rng.choice("abc"), rng.randrange(6)) for _ in range(9)], rng.randrange(3, 12)),
        ("kept_entry",),
    ),
    "in_better_order": Slow(
        """
def in_better_order(values, swaps):
    for i, j in swaps:
        saved = values[:]
        values[i], values[j] = values[j], values[i]
        if sum(k * value for k, value in enumerate(values)) < 30:
            values[:] = saved
    return values
""",
        lambda rng: (numbers(rng, least=4), [(rng.randrange(4), rng.randrange(4)) for _ in range(9)]),
        ("kept_entry",),
    ),
    "only_few": Slow(
        """
def only_few(items, most):
    seen = set()
    log = []
    for item in items:
        known = set(seen)
        seen.add(item)
        log.append(len(seen))
        if len(seen) > most:
            log.append(item)
            seen = known
    return log, sorted(seen)
""",
        lambda rng: (numbers(rng), rng.randrange(6)),
        ("kept_entry",),
    ),
    "best_cut": Slow(
        """
def best_cut(text):
    best = 0
    for k in range(len(text) + 1):
        left, right = text[:k], text[k:]
        score = left.count("a") - right.count("a") - left.rfind("b")
        best = max(best, score)
    return best
""",
        lambda rng: (word(rng, "ab", 20),),
        ("count_letter",),
    ),
    "told_where": Slow(
        """
def where(text, at):
    line = text.count("a", 0, at) + 1
    return line, at - text.rfind("a", 0, at)


def told_where(text, places):
    found = []
    for place in places:
        line, column = where(text, place)
        found.append((line, column))
    return found
""",
        lambda rng: (word(rng, "ab", 20), numbers(rng)),
        ("local_helper", "count_letter"),
        ("where",),
    ),
}
