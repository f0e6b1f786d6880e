# EVOLVE-BLOCK-START
SLOPE = 0.4
BASE = 1.0


def guess(letters):
    return BASE + SLOPE * letters


# EVOLVE-BLOCK-END
