"""Self-improve: an agent that repairs programs rewrites its own code, and is kept only if it measurably got better."""

from shoal.labs.selfimprove._config import ARMS, FULL, StudyConfig
from shoal.labs.selfimprove._improvement import SelfImprovement
from shoal.labs.selfimprove._study import StudyWatch, go_on, new_folder, settings_of, summary

__all__ = [
    "ARMS",
    "FULL",
    "SelfImprovement",
    "StudyConfig",
    "StudyWatch",
    "go_on",
    "new_folder",
    "settings_of",
    "summary",
]
