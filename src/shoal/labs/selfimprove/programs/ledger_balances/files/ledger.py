"""A ledger of entries that each move an amount between two accounts."""

from collections import defaultdict

Entry = tuple[str, str, str, int]
Line = tuple[str, str, int, int]


def _check(entries: list[Entry]) -> None:
    for date, debit, credit, cents in entries:
        if cents < 1 or debit == credit:
            raise ValueError(f"entry of {date}: {cents} cents from {credit!r} to {debit!r}")


def balances(entries: list[Entry]) -> dict[str, int]:
    """Sum up each account."""
    _check(entries)
    sums: dict[str, int] = defaultdict(int)
    for _, debit, credit, cents in entries:
        sums[debit] += cents
        sums[credit] -= cents
    return dict(sorted(sums.items()))


def statement(entries: list[Entry], account: str, first: str = "", last: str = "9999-12-31") -> list[Line]:
    """List what changed an account in a period, with its balance."""
    _check(entries)
    lines = []
    balance = 0
    for date, debit, credit, cents in sorted(entries, key=lambda entry: entry[0]):
        if account not in (debit, credit):
            continue
        change = cents if account == debit else -cents
        balance += change
        if first <= date <= last:
            lines.append((date, credit if account == debit else debit, change, balance))
    return lines


def _set_off(debts: dict[tuple[str, str], int], debtor: str, creditor: str, cents: int) -> None:
    """Add a debt, after setting it off against the one that goes the other way."""
    against = min(cents, debts[creditor, debtor])
    debts[creditor, debtor] -= against
    debts[debtor, creditor] += cents - against


def net_debts(entries: list[Entry]) -> list[tuple[str, str, int]]:
    """List what people owe one another in the end."""
    _check(entries)
    debts: dict[tuple[str, str], int] = defaultdict(int)
    for _, debtor, creditor, cents in entries:
        _set_off(debts, debtor, creditor, cents)
    return [(debtor, creditor, cents) for (debtor, creditor), cents in sorted(debts.items()) if cents > 0]
