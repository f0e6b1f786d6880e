import json
import sys

# EVOLVE-BLOCK-START
WEIGHT = 1.0
PULL = -2.0


def urgency(length, due):
    return WEIGHT * length + PULL * due


# EVOLVE-BLOCK-END

if __name__ == "__main__":
    jobs = json.load(sys.stdin)
    print(json.dumps(sorted(range(len(jobs)), key=lambda one: urgency(*jobs[one]))))
