"""Words, lines and cells."""


def parse_rows(text, separator=","):
    """Cells of each line; quoted cells may hold the separator, and a doubled quote is one."""
    rows = []
    row = []
    cell = ""
    quoted = False
    i = 0
    while i < len(text):
        letter = text[i]
        if quoted:
            if letter == '"' and text[i + 1 : i + 2] == '"':
                cell = cell + '"'
                i += 1
            elif letter == '"':
                quoted = False
            else:
                cell = cell + letter
        elif letter == '"':
            quoted = True
        elif letter == separator:
            row = [*row, cell]
            cell = ""
        elif letter == "\n":
            rows = [*rows, [*row, cell]]
            row, cell = [], ""
        else:
            cell = cell + letter
        i += 1
    if cell or row:
        rows = [*rows, [*row, cell]]
    return rows


def anagram_groups(words: list[str]) -> list[list[str]]:
    """Words of the same letters together; alone is no group."""
    groups = []
    used = []
    for i in range(len(words)):
        if i in used:
            continue
        group = [words[i]]
        for j in range(i + 1, len(words)):
            if j not in used and sorted(words[i].lower()) == sorted(words[j].lower()):
                group.append(words[j])
                used.append(j)
        if len(group) > 1:
            groups.append(group)
    return groups


def common_prefix(words):
    """The longest beginning that all words share."""
    if not words:
        return ""
    prefix = ""
    for length in range(1, len(words[0]) + 1):
        candidate = words[0][:length]
        matches = [word for word in words if word[:length] == candidate]
        if len(matches) < len(words):
            break
        prefix = candidate
    return prefix


def word_frequencies(text: str, top: int = 10) -> list[tuple[str, int]]:
    """The most frequent words with their counts, then by the alphabet."""
    words = []
    for word in text.lower().split():
        cleaned = word.strip(".,;:!?\"'()")
        if cleaned:
            words.append(cleaned)
    seen = []
    counts = []
    for word in words:
        if word not in seen:
            seen.append(word)
            counts.append((word, words.count(word)))
    counts.sort(key=lambda pair: (-pair[1], pair[0]))
    return counts[:top]
