"""A light for cars that lets people cross when they ask for it."""

from typing import Any

ORDER = ("green", "yellow", "red", "ready")


class Light:
    """The light now, since when, and the presses that count."""

    def __init__(self, plan: dict[str, Any]) -> None:
        if any(plan.get(light, 0) < 1 for light in ORDER):
            raise ValueError("each light needs at least one second")
        self.plan = plan
        self.light = ORDER[0]
        self.since = 0
        self.asked = 0

    def press(self) -> None:
        if self.light in ("green", "ready"):
            self.asked += 1

    def is_over(self, second: int) -> bool:
        """Whether the light ends in this second."""
        passed = second - self.since
        if passed < self.plan[self.light]:
            return False
        if self.light != "green":
            return True
        sleepy = self.plan.get("night", False) and passed < 2 * self.plan["green"]
        return self.asked >= (2 if sleepy else 1)

    def advance(self, second: int) -> None:
        """On to the next light."""
        self.light = ORDER[(ORDER.index(self.light) + 1) % len(ORDER)]
        self.since = second
        if self.light == "yellow":
            self.asked = 0


def lights(plan: dict[str, Any], presses: list[int], seconds: int) -> list[str]:
    """The light of each second."""
    if any(not 0 <= press < seconds for press in presses):
        raise ValueError("a press is outside of the time")
    light = Light(plan)
    shown = []
    for second in range(seconds):
        if light.light != "green" and light.is_over(second):
            light.advance(second)
        for _ in range(presses.count(second)):
            light.press()
        if light.light == "green" and light.is_over(second):
            light.advance(second)
        shown.append(light.light)
    return shown


def run(plan: dict[str, Any], presses: list[int], seconds: int) -> list[list[Any]]:
    """Seconds at which the light changes."""
    changes: list[list[Any]] = []
    for second, light in enumerate(lights(plan, presses, seconds)):
        if not changes or changes[-1][1] != light:
            changes.append([second, light])
    return changes


def waits(plan: dict[str, Any], presses: list[int], seconds: int) -> list[int | None]:
    """How long it takes from each press to red."""
    shown = lights(plan, presses, seconds)
    result: list[int | None] = []
    for press in sorted(presses):
        red = next((second for second in range(press, seconds) if shown[second] == "red"), None)
        result.append(None if red is None else red - press)
    return result
