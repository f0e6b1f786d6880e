"""Evolve: programs that get better under a judge."""

from shoal.guard import STOP_FILE, kernel_hash, stop_file
from shoal.labs.evolve._api import Evolved, evolve
from shoal.labs.evolve._compare import PROPOSERS, Contest, Entry, Spectator, contest_of, entries, fresh_code, run_all
from shoal.labs.evolve._config import RunConfig, SearchConfig, load_config
from shoal.labs.evolve._convert import Converted, convert
from shoal.labs.evolve._paid import buys, contest_buys, first_requests
from shoal.labs.evolve._release import release
from shoal.labs.evolve._rescore import rescore
from shoal.labs.evolve._run import Finished, StartInfo, Watch, evaluate_program, resume, start

__all__ = [
    "PROPOSERS",
    "STOP_FILE",
    "Contest",
    "Converted",
    "Entry",
    "Evolved",
    "Finished",
    "RunConfig",
    "SearchConfig",
    "Spectator",
    "StartInfo",
    "Watch",
    "buys",
    "contest_buys",
    "contest_of",
    "convert",
    "entries",
    "evaluate_program",
    "evolve",
    "first_requests",
    "fresh_code",
    "kernel_hash",
    "load_config",
    "release",
    "rescore",
    "resume",
    "run_all",
    "start",
    "stop_file",
]
