"""Text statistics."""

PUNCTUATION = ".,;:!?\"'()"


def _words(text):
    cleaned = (part.strip(PUNCTUATION).lower() for part in text.split())
    return [word for word in cleaned if word]


def word_table(text, min_count=1):
    """List of (word, count), most frequent first, ties in alphabetical order."""
    words = _words(text)
    counts = {}
    for word in words:
        if word not in counts:
            counts[word] = words.count(word)
    table = [(word, n) for word, n in counts.items() if n >= min_count]
    table.sort(key=lambda row: (-row[1], row[0]))
    return table
