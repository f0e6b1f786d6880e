"""Loans and fines of the town library."""
from datetime import datetime

CENTS_PER_DAY = 20
MAX_FINE = 1000


def _days_between(first: str, second: str) -> int:
    a = datetime.strptime(first, "%d.%m.%Y")
    b = datetime.strptime(second, "%d.%m.%Y")
    return (b - a).days


def fines_by_member(loans: list[dict], today: str) -> dict[str, int]:
    """Fine in cents for each member with overdue books, dates as DD.MM.YYYY."""
    fines: dict[str, int] = {}
    for loan in loans:
        late = _days_between(loan["due"], today)
        if late <= 0:
            continue
        fine = min(late * CENTS_PER_DAY, MAX_FINE)
        fines[loan["member"]] = fines.get(loan["member"], 0) + fine
    return fines
