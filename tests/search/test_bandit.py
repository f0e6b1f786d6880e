"""What an operator is paid: memory that fades, and nothing for names that are not there."""

from shoal.search._bandit import Arm, credit


def rate(arm: Arm) -> float:
    return arm.gain / arm.cost


def test_what_pays_is_worth_more_and_what_does_not_less() -> None:
    arms: tuple[Arm, ...] = (Arm("pays"), Arm("does not"), Arm("untried"))
    for _ in range(30):
        arms = credit(arms, "pays", gain=1.0, cost=1.0, improved=True)
        arms = credit(arms, "does not", gain=0.0, cost=1.0, improved=False)
    pays, not_paid, untried = map(rate, arms)
    assert pays > untried > not_paid
    assert (arms[0].tried, arms[0].improved, arms[1].improved) == (30, 30, 0)


def test_an_arm_that_stops_paying_is_forgotten() -> None:
    arms: tuple[Arm, ...] = (Arm("once"), Arm("now"))
    for _ in range(50):
        arms = credit(arms, "once", gain=1.0, cost=1.0, improved=True)
    for _ in range(300):
        arms = credit(arms, "once", gain=0.0, cost=1.0, improved=False)
        arms = credit(arms, "now", gain=0.3, cost=1.0, improved=True)
    assert rate(arms[1]) > 9 * rate(arms[0])


def test_a_longer_memory_forgets_more_slowly() -> None:
    paid = credit((Arm("a"),), "a", gain=10.0, cost=1.0, improved=True)
    short, long = paid, paid
    for _ in range(50):
        short = credit(short, "a", gain=0.0, cost=1.0, improved=False, memory=0.9)
        long = credit(long, "a", gain=0.0, cost=1.0, improved=False, memory=0.999)
    assert rate(long[0]) > rate(short[0])


def test_unknown_names_are_not_credited() -> None:
    assert credit((Arm("a"), Arm("b")), "initial", gain=1.0, cost=1.0, improved=True) == (Arm("a"), Arm("b"))
