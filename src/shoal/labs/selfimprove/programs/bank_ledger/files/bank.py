"""A bank that carries out operations and keeps a trail."""

from typing import Any

from accounts import Account
from audit import Trail


class Bank:
    """Accounts by name; each operation returns `ok` or why it is refused."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.trail = Trail()

    def open(self, name: str, overdraft: int = 0) -> str:
        if name in self.accounts:
            return "account exists"
        if overdraft < 0:
            return "invalid amount"
        self.accounts[name] = Account(name, overdraft)
        return "ok"

    def pay(self, number: int, source: str | None, target: str | None, amount: int) -> str:
        if any(name is not None and name not in self.accounts for name in (source, target)):
            return "unknown account"
        if amount < 1:
            return "invalid amount"
        if source == target:
            return "same account"
        if source is not None and not self.accounts[source].covers(amount):
            return "insufficient funds"
        for name, change in ((source, -amount), (target, amount)):
            if name is not None:
                self.trail.apply(number, self.accounts[name], change)
        return "ok"


def process(operations: list[list[Any]]) -> dict[str, Any]:
    """Results of the operations, final balances and the trail."""
    bank, results = Bank(), []
    for number, operation in enumerate(operations, start=1):
        match operation:
            case ["open", name, *overdraft]:
                results.append(bank.open(name, *overdraft))
            case ["pay", source, target, amount]:
                results.append(bank.pay(number, source, target, amount))
            case _:
                raise ValueError(f"unknown operation {operation}")
    balances = {name: account.balance for name, account in bank.accounts.items()}
    return {"results": results, "balances": balances, "trail": bank.trail.entries}
