"""Accounts of a bank."""

from dataclasses import dataclass


@dataclass
class Account:
    """A balance that may go down to minus the overdraft."""

    name: str
    overdraft: int = 0
    balance: int = 0

    def covers(self, amount: int) -> bool:
        return self.balance + self.overdraft >= amount
