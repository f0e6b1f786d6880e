"""Keeps a room warm: what the rule of the heating says may change, what it is asked may not."""


class Thermostat:
    def __init__(self, wanted):
        self.wanted = wanted
        self.seen = []

    # EVOLVE-BLOCK-START
    gain = 0.125

    def power(self, warmth):
        missing = self.wanted - warmth
        return self.gain * missing + 0.05 * self.trend()

    def trend(self):
        return self.seen[-1] - self.seen[0]

    # EVOLVE-BLOCK-END

    def ask(self, warmth):
        self.seen.append(warmth)
        return min(1.0, max(0.0, self.power(warmth)))


def make(wanted):
    return Thermostat(wanted)


if __name__ == "__main__":
    # EVOLVE-BLOCK-START
    print(make(20.5).ask(18.0))
    # EVOLVE-BLOCK-END
