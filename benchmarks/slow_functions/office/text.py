"""Text helpers."""


def numbered_report(rows: list[str]) -> str:
    """The rows that are not blank, tidied and numbered, one per line."""
    report = ""
    for row in rows:
        words = row.split()
        if not words:
            continue
        number = report.count("\n") + 1
        report += f"{number:>3}  {' '.join(words)}\n"
    return report


def longest_mirror(text):
    """The longest piece that reads the same backwards (the leftmost one)."""
    best = ""
    for start in range(len(text)):
        for end in range(len(text), start + len(best), -1):
            piece = text[start:end]
            if piece == piece[::-1]:
                best = piece
                break
    return best
