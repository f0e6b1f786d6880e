"""The log on disk: events, blobs and the run lock, in one SQLite file per run."""

from shoal.store._folder import RunFolder, RunInfo, find_run, list_runs, remove_run
from shoal.store._sql import SqlStore

__all__ = ["RunFolder", "RunInfo", "SqlStore", "find_run", "list_runs", "remove_run"]
