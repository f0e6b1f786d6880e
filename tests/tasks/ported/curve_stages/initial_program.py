# EVOLVE-BLOCK-START
A = 0.5
B = 0.1


def curve(x):
    return A * x + B


# EVOLVE-BLOCK-END
