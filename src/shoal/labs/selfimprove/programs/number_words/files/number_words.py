"""Numbers and ordinals in English words."""

SMALL_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
SMALL = SMALL_WORDS.split()
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
GROUPS = [(10**9, "billion"), (10**6, "million"), (10**3, "thousand")]
LIMIT = 10**12
IRREGULAR = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}


def _below_hundred(number: int) -> str:
    if number < 20:
        return SMALL[number]
    tens, ones = divmod(number, 10)
    return TENS[tens - 2] + (f"-{SMALL[ones]}" if ones else "")


def _below_thousand(number: int, follows: bool = False) -> list[str]:
    """Write a group of digits from 1 to 999; follows tells whether others stand before it."""
    hundreds, rest = divmod(number, 100)
    words = [SMALL[hundreds], "hundred"] if hundreds else []
    if rest:
        if hundreds or follows:
            words.append("and")
        words.append(_below_hundred(rest))
    return words


def to_words(number: int) -> str:
    """Write a number in words."""
    if abs(number) >= LIMIT:
        raise ValueError(f"{number} is too large; the limit is {LIMIT}")
    if number == 0:
        return SMALL[0]
    words = []
    rest = abs(number)
    for size, name in GROUPS:
        count, rest = divmod(rest, size)
        if count:
            words += [*_below_thousand(count), name]
    words += _below_thousand(rest, follows=bool(words))
    return " ".join(["minus", *words] if number < 0 else words)


def to_ordinal(number: int) -> str:
    """Write an ordinal, such as twenty-first."""
    if number < 1:
        raise ValueError(f"{number} has no ordinal")
    words = to_words(number)
    start = max(words.rfind(" "), words.rfind("-")) + 1
    last = words[start:]
    if last in IRREGULAR:
        return words[:start] + IRREGULAR[last]
    return words[:-1] + "ieth" if last.endswith("y") else words + "th"
