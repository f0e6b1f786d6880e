"""Income tax by brackets, in whole cents."""

BASE_ALLOWANCE = 1_200_000
CHILD_ALLOWANCE = 300_000
TAPER_FROM = 10_000_000

Brackets = list[list[int]]


def check(brackets: Brackets) -> None:
    """Refuse brackets that are out of order."""
    if not brackets or brackets[0][0] != 0:
        raise ValueError("the first bracket begins at 0")
    last = -1
    for start, percent in brackets:
        if start <= last or not 0 <= percent <= 100:
            raise ValueError(f"bracket {start} with {percent} % is not possible here")
        last = start


def allowance(income: int, children: int) -> int:
    """What is free of tax; high incomes lose it step by step."""
    if income < 0 or children < 0:
        raise ValueError("neither an income nor a number of children is negative")
    free = BASE_ALLOWANCE + CHILD_ALLOWANCE * children
    if income > TAPER_FROM:
        free -= (income - TAPER_FROM) // 2
    return max(free, 0)


def tax_on(taxable: int, brackets: Brackets) -> int:
    """Tax on an income from which everything was taken off."""
    hundredths = 0
    ends = [start for start, _ in brackets[1:]] + [taxable]
    for (start, percent), end in zip(brackets, ends, strict=True):
        if taxable <= start:
            break
        hundredths += (min(end, taxable) - start) * percent
    return hundredths // 100


def tax_due(income: int, brackets: Brackets, children: int = 0) -> int:
    """Tax of one person."""
    check(brackets)
    taxable = max(income - allowance(income, children), 0)
    return tax_on(taxable, brackets)


def marginal_rate(taxable: int, brackets: Brackets) -> int:
    """Percentage on the next cent."""
    check(brackets)
    if taxable < 0:
        raise ValueError("a taxable income is not negative")
    rate = brackets[0][1]
    for start, percent in brackets:
        if start <= taxable:
            rate = percent
    return rate


def joint_gain(first: int, second: int, brackets: Brackets) -> int:
    """What two persons save when each is taxed on half of their sum."""
    alone = tax_due(first, brackets) + tax_due(second, brackets)
    joint = first + second - allowance(first, 0) - allowance(second, 0)
    return alone - 2 * tax_on(max(joint, 0) // 2, brackets)
