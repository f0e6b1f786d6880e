"""Evolve: programs that get better under a judge."""

from shoal.labs.evolve._api import Evolved, evolve
from shoal.labs.evolve._config import RunConfig, SearchConfig, load_config
from shoal.labs.evolve._run import Finished, StartInfo, Watch, evaluate_program, resume, start

__all__ = [
    "Evolved",
    "Finished",
    "RunConfig",
    "SearchConfig",
    "StartInfo",
    "Watch",
    "evaluate_program",
    "evolve",
    "load_config",
    "resume",
    "start",
]
