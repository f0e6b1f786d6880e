"""Linear congruences and systems of them."""


def bezout(a: int, b: int) -> tuple[int, int, int]:
    """The greatest common divisor g and x, y with a * x + b * y = g, for a, b >= 0."""
    if b == 0:
        return a, 1, 0
    divisor, x, y = bezout(b, a % b)
    return divisor, y, x - (a // b) * y


def check_modulus(m: int) -> None:
    """Refuse what is no modulus."""
    if m < 1:
        raise ValueError(f"modulus {m} is below 1")


def inverse(a: int, m: int) -> int | None:
    """The inverse of a modulo m."""
    check_modulus(m)
    divisor, x, _ = bezout(a % m, m)
    return x % m if divisor == 1 else None


def solve_linear(a: int, b: int, m: int) -> list[int]:
    """All solutions of a * x = b modulo m."""
    check_modulus(m)
    divisor, x, _ = bezout(a % m, m)
    if b % divisor:
        return []
    step = m // divisor
    first = x * (b // divisor) % step
    return [first + step * k for k in range(divisor)]


def combine(congruences: list[tuple[int, int]]) -> tuple[int, int] | None:
    """The smallest solution of a system and the modulus that it is unique in."""
    for _, m in congruences:
        check_modulus(m)
    solution, modulus = 0, 1
    for remainder, m in congruences:
        steps = solve_linear(modulus, remainder - solution, m)
        if not steps:
            return None
        solution += modulus * steps[0]
        modulus *= m // bezout(modulus, m)[0]
        solution %= modulus
    return solution, modulus


def first_at_least(congruences: list[tuple[int, int]], bound: int) -> int | None:
    """The smallest solution of a system that is not below a bound."""
    combined = combine(congruences)
    if combined is None:
        return None
    solution, modulus = combined
    return bound + (solution - bound) % modulus
