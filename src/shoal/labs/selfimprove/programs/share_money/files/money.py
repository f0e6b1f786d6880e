"""Amounts of money in cents: sharing, reading and writing them."""

import re

AMOUNT = re.compile(r"(-?)([0-9][0-9,]*)(?:[.]([0-9]{1,2}))?")


def allocate(cents: int, weights: list[int]) -> list[int]:
    """Share an amount in proportion to weights, by largest remainders."""
    total = sum(weights)
    if any(weight < 0 for weight in weights) or total == 0:
        raise ValueError(f"weights {weights} must not be negative and must not sum to 0")
    amount = abs(cents)
    shares = [amount * weight // total for weight in weights]
    rests = [amount * weight % total for weight in weights]
    by_rest = sorted(range(len(weights)), key=lambda index: (-rests[index], index))
    for index in by_rest[: amount - sum(shares)]:
        shares[index] += 1
    return [-share for share in shares] if cents < 0 else shares


def parse_amount(text: str) -> int:
    """Read an amount in cents."""
    match = AMOUNT.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is not an amount such as 1,234.50")
    sign, whole, decimals = match.groups()
    cents = int(whole.replace(",", "")) * 100 + int((decimals or "").ljust(2, "0"))
    return -cents if sign else cents


def format_amount(cents: int) -> str:
    """Write an amount with two decimals."""
    whole, rest = divmod(abs(cents), 100)
    groups: list[str] = []
    while whole >= 1000:
        whole, group = divmod(whole, 1000)
        groups.insert(0, f"{group:03}")
    sign = "-" if cents < 0 else ""
    return sign + ",".join([str(whole), *groups]) + f".{rest:02}"
