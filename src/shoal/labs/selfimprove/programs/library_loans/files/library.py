"""Loans of books and the fines for late ones."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from days import due_after, open_days


@dataclass
class Loan:
    """Who has a book, and until when."""

    reader: str
    due: int
    renewals: int = 0


def _refusal(loans: dict[str, Loan], owed: Counter[str], reader: str, book: str) -> str | None:
    if book in loans:
        return "taken"
    if sum(loan.reader == reader for loan in loans.values()) >= 3:
        return "limit"
    return "fines" if owed[reader] > 500 else None


def _make(operation: list[Any], loans: dict[str, Loan], owed: Counter[str]) -> Any:
    """Make one operation and give its result."""
    match operation:
        case ["borrow", reader, book, day]:
            if refusal := _refusal(loans, owed, reader, book):
                return refusal
            loans[book] = Loan(reader, due_after(day, 21))
            return loans[book].due
        case ["renew", book, day]:
            loan = loans.get(book)
            if loan is None or day > loan.due or loan.renewals >= 2:
                return None
            loan.renewals += 1
            loan.due = due_after(loan.due, 14)
            return loan.due
        case ["return", book, day]:
            loan = loans.pop(book, None)
            if loan is None:
                return None
            fine = min(open_days(loan.due + 1, day) * 20, 400)
            owed[loan.reader] += fine
            return fine
        case ["pay", reader, cents]:
            owed[reader] = max(owed[reader] - cents, 0)
            return owed[reader]
        case ["late", day]:
            return sorted(book for book, loan in loans.items() if loan.due < day)
    raise ValueError(f"operation {operation} is not known")


def run(operations: list[list[Any]]) -> list[Any]:
    """Make operations on a library without loans and list their results."""
    loans: dict[str, Loan] = {}
    owed: Counter[str] = Counter()
    return [_make(operation, loans, owed) for operation in operations]
