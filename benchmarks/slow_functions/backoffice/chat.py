"""Chat log output and search."""


def render_newest_first(messages, max_len=80):
    """Text of a chat log (given oldest first) with the newest message on top."""
    transcript = ""
    last_author = None
    for message in messages:
        body = message["text"].strip()
        if not body:
            continue
        if len(body) > max_len:
            body = body[: max_len - 3] + "..."
        author = message["author"]
        mark = "  " if author == last_author else "* "
        last_author = author
        transcript = f"{mark}[{message['at']}] {author}: {body}\n" + transcript
    return transcript


def locate_keyword(text: str, word: str) -> list[tuple[int, int]]:
    """(line, column) of each non-overlapping occurrence, both counted from 1."""
    hits: list[tuple[int, int]] = []
    if not word:
        return hits
    pos = text.find(word)
    while pos != -1:
        before = text[:pos]
        line = before.count("\n") + 1
        column = pos - text.rfind("\n", 0, pos)
        hits.append((line, column))
        pos = text.find(word, pos + len(word))
    return hits
