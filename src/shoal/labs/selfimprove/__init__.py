"""Self-improve: an agent that repairs programs rewrites its own code, and is kept only if it measurably got better."""

from shoal.labs.selfimprove._config import ARMS, FULL, StudyConfig
from shoal.labs.selfimprove._holding import buys
from shoal.labs.selfimprove._improvement import SelfImprovement
from shoal.labs.selfimprove._study import StudyWatch, begin, go_on, new_folder, summary

__all__ = [
    "ARMS",
    "FULL",
    "SelfImprovement",
    "StudyConfig",
    "StudyWatch",
    "begin",
    "buys",
    "go_on",
    "new_folder",
    "summary",
]
