"""The judge: makes instances and scores answers, in a process that no candidate ever shares.

The answer is data that came over a pipe. What `task.toml` declares of it ([[answer]]) has been checked when it arrives
here; check the rest, and compute the score from it: never believe a number that the candidate says about itself. For
an invalid answer `raise shoal.judging.Wrong("why")`: the message goes back to whoever writes the next candidate.
`shoal check DIR` tries to fool this file.
"""

import numpy as np

PLACES = 64


def instances(split, rng):
    """Yield instances without end. `split` is "search", "validation" or "sealed"; all randomness comes from `rng`."""
    while True:
        x = np.sort(rng.uniform(0.0, 4.0, PLACES))
        yield x, 1.0 + 0.5 * x - 0.8 * np.sin(2.0 * x)


def arguments(instance):
    """Return what the candidate's function is called with: the places, never the heights."""
    x, _ = instance
    return (x,)


def score(instance, output):
    """Return the score: a number, or a dictionary with `score` and, if you like, `metrics` and `feedback`."""
    x, truth = instance
    miss = np.clip(output, -1e6, 1e6) - truth
    worst = int(np.abs(miss).argmax())
    return {
        "score": min(float(np.sqrt(np.mean(miss**2))), 10.0),
        "metrics": {"largest_miss": float(np.abs(miss).max())},
        "feedback": f"the largest miss is {miss[worst]:+.3f} at x = {x[worst]:.2f}",
    }


def picture(instance, output):
    """Optional: return a PNG that shows an answer."""
    import io

    from matplotlib.figure import Figure

    x, truth = instance
    figure = Figure(figsize=(6.4, 4.0), dpi=120, layout="constrained")
    axes = figure.add_subplot(xlabel="x")
    axes.plot(x, truth, "o", markersize=4, color="#7fc4c9", label="the curve")
    axes.plot(x, output, color="#12303f", label="the program")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()
