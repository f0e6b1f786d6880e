"""Ranges of page numbers, as people write them for a printer."""


def _number(text: str, default: int | None) -> int:
    text = text.strip()
    if not text and default is not None:
        return default
    if not (text.isascii() and text.isdecimal()):
        raise ValueError(f"{text!r} is not a page number")
    return int(text)


def parse_pages(text: str, last: int) -> list[int]:
    """List the pages that a text such as 1-3, 7, 9- names."""
    pages: set[int] = set()
    for item in text.split(","):
        start, dash, end = item.strip().partition("-")
        if not start and not dash:
            continue
        if dash:
            low = _number(start, 1 if end else None)
            high = _number(end, last)
        else:
            low = high = _number(start, None)
        if not 1 <= low <= high <= last:
            raise ValueError(f"{item.strip()!r} does not lie between 1 and {last}")
        pages.update(range(low, high + 1))
    return sorted(pages)


def format_pages(pages: list[int]) -> str:
    """Write page numbers with ranges."""
    runs: list[list[int]] = []
    for page in sorted(set(pages)):
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    items = []
    for run in runs:
        if len(run) > 2:
            items.append(f"{run[0]}-{run[-1]}")
        else:
            items.extend(str(page) for page in run)
    return ", ".join(items)


def chunk(pages: list[int], size: int) -> list[str]:
    """Cut pages into pieces of one size."""
    if size < 1:
        raise ValueError(f"size is {size}; it must be at least 1")
    ordered = sorted(set(pages))
    return [format_pages(ordered[start : start + size]) for start in range(0, len(ordered), size)]
