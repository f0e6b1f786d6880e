"""Loans that are paid back month by month."""

from typing import Any

MOST_MONTHS = 600
YEARLY = 12 * 10_000  # months of a year, hundredths of a percent of the whole


def monthly_interest(owed: int, rate: int) -> int:
    """Interest of one month, rounded to the nearest cent."""
    return (2 * owed * rate + YEARLY) // (2 * YEARLY)


def check(amount: int, rate: int, payment: int, changes: list[list[Any]]) -> None:
    """Refuse numbers that are not possible."""
    if amount < 1 or payment < 1 or rate < 0:
        raise ValueError("amount and payment are at least 1, and no rate is negative")
    for kind, month, value in changes:
        least = {"rate": 0, "payment": 1, "extra": 1}.get(kind)
        if least is None or month < 1 or value < least:
            raise ValueError(f"change {kind} by {value} in month {month} is not possible")


def follow(amount: int, rate: int, payment: int, changes: list[list[Any]]) -> tuple[list[list[int]], int]:
    """The months, and the sum of the extra payments."""
    check(amount, rate, payment, changes)
    months: list[list[int]] = []
    owed, extras = amount, 0
    while owed > 0:
        month = len(months) + 1
        if month > MOST_MONTHS:
            raise OverflowError("the loan is never paid back")
        for kind, when, value in changes:
            if when != month:
                continue
            if kind == "rate":
                rate = value
            elif kind == "payment":
                payment = value
            else:
                extra = min(value, owed)
                owed -= extra
                extras += extra
        if owed == 0:
            break
        interest = monthly_interest(owed, rate)
        paid = min(payment, owed + interest)
        owed += interest - paid
        months.append([month, interest, paid - interest, owed])
    return months, extras


def schedule(amount: int, rate: int, payment: int, changes: list[list[Any]] | None = None) -> list[list[int]]:
    """What happens month by month."""
    return follow(amount, rate, payment, changes or [])[0]


def totals(amount: int, rate: int, payment: int, changes: list[list[Any]] | None = None) -> dict[str, int]:
    """Number of months, interest, and all that is paid."""
    months, extras = follow(amount, rate, payment, changes or [])
    interest = sum(month[1] for month in months)
    repaid = sum(month[2] for month in months)
    return {"months": len(months), "interest": interest, "paid": interest + repaid + extras}


def is_enough(amount: int, rate: int, payment: int, months: int) -> bool:
    """Whether a payment is large enough."""
    owed = amount
    for _ in range(months):
        owed += monthly_interest(owed, rate) - payment
        if owed <= 0:
            return True
    return False


def payment_for(amount: int, rate: int, months: int) -> int:
    """The smallest payment that is enough, by halving."""
    check(amount, rate, 1, [])
    if not 1 <= months <= MOST_MONTHS:
        raise ValueError(f"{months} months are not possible")
    low, high = 1, amount + monthly_interest(amount, rate)
    while low < high:
        middle = (low + high) // 2
        if is_enough(amount, rate, middle, months):
            high = middle
        else:
            low = middle + 1
    return low
