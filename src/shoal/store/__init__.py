"""The log on disk: events, blobs and the run lock, in one SQLite file per run."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shoal.store._folder import RunFolder, RunInfo, find_run, list_runs, remove_run, salt_name
    from shoal.store._sql import FILE_VERSION, LogEnd, SqlStore

__all__ = [
    "FILE_VERSION",
    "LogEnd",
    "RunFolder",
    "RunInfo",
    "SqlStore",
    "find_run",
    "list_runs",
    "remove_run",
    "salt_name",
]
_SQL = ("FILE_VERSION", "LogEnd", "SqlStore")


def __getattr__(name: str) -> object:
    """Load a public name when it is first used: SQLAlchemy only with the store itself."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{'_sql' if name in _SQL else '_folder'}"), name)
