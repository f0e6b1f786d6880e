"""The audit trail of a bank."""

from accounts import Account


class Trail:
    """Changes of balances, each written down as number of the operation, account and change."""

    def __init__(self, entries: list[tuple[int, str, int]] | None = None) -> None:
        self.entries = entries or []

    def apply(self, number: int, account: Account, change: int) -> None:
        account.balance += change
        self.entries.append((number, account.name, change))
