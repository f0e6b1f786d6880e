"""Improve: a function of a user's own project, made faster, with proof and a patch."""

from shoal.labs.evolve.improve._improve import Pace, Wishes, improve
from shoal.labs.evolve.improve._page import headline, pull_request
from shoal.labs.evolve.improve._result import Improved, SizePoint, Speedup, apply_patch

__all__ = ["Improved", "Pace", "SizePoint", "Speedup", "Wishes", "apply_patch", "headline", "improve", "pull_request"]
