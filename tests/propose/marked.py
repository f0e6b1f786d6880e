"""Programs with marks in places of every kind; `pack` is what is asked of each."""

SHAPES = {
    "function": """\
import math

LIMIT = 10


def pack(n):
    'Places for n things.'
    total = 0.0
    places = []
    # EVOLVE-BLOCK-START
    step = 0.25
    scale = 1.5
    for k in range(n):
        x = step * k
        y = math.sin(x) * scale
        total += x * y
        if y > 0.5:
            places.append((x, y))
        else:
            places.append((x, 0.1))
    # EVOLVE-BLOCK-END
    places = places[:LIMIT]
    return places, total
""",
    "class": """\
import math


class Packer:
    def __init__(self, n):
        self.n = n
        self.scale = 0.5

    # EVOLVE-BLOCK-START
    def step(self, k):
        a = [0.5, 1.25, 2.5]
        total = 0.0
        for value in a:
            total += value * k
        return total / 3

    def weight(self, x):
        return math.exp(-x) + 0.5 * x
    # EVOLVE-BLOCK-END

    def run(self):
        return [self.step(k) * self.weight(k) for k in range(self.n)]


def pack(n):
    return Packer(n).run()
""",
    "method": """\
class Packer:
    def __init__(self, n):
        self.n = n

    def run(self):
        found = []
        # EVOLVE-BLOCK-START
        best = 0.5
        for k in range(self.n):
            value = k * 0.75 - 1.0
            if value > best:
                best = value
            found.append(best)
        return found
        # EVOLVE-BLOCK-END


def pack(n):
    return Packer(n).run()
""",
    "nested": """\
def pack(n):
    out = []
    for i in range(n):
        total = 0.0
        try:
            # shoal: begin
            weights = [0.5, 0.25, 0.125]
            for k in range(3):
                total = total + weights[k] * i
            bonus = 2 if total > 1.5 else 3
            # shoal: end
        except ValueError:
            bonus = 0
        if bonus:
            # shoal: begin
            total = total * 0.5 + bonus
            # shoal: end
        out.append(total)
    return out
""",
    "mixed": """\
# shoal: begin
A = [0.5, 0.75]


def helper(x, k=3):
    y = x * 2.0
    for i in range(k):
        y += A[0] * i
    return y


# shoal: end


def pack(n):
    # shoal: begin
    out = [helper(i) + A[1] for i in range(n)]
    low = min(out) if out else 0.0
    # shoal: end
    return [x - low for x in out]


if __name__ == "__main__":
    # shoal: begin
    for number in (1, 2, 3):
        print(pack(number))
    # shoal: end
""",
}
