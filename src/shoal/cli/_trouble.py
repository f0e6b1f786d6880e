"""What went wrong as one line and an exit code. Nobody who mistypes should meet a traceback."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from shoal.core.errors import MachineryError, UserError
from shoal.core.untrusted import untrusted

__all__ = ["DONE", "FAILED", "INTERRUPTED", "MISTAKE", "guarded", "log_in"]

DONE, FAILED, MISTAKE, INTERRUPTED = 0, 1, 2, 130
LONGEST = 1_000  # characters of an error that are shown

_log_folder: list[Path] = []


def log_in(folder: Path) -> None:
    """Write the traceback of a failure into ``folder`` from now on: the run it belongs to."""
    _log_folder[:] = [folder]


def guarded(app: Callable[..., Any], argv: Sequence[str] | None) -> int:
    """Call the application; turn whatever it raises into one line on stderr and an exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv) or ["--help"]
    try:
        code = app(arguments, prog_name="shoal", standalone_mode=False)
        sys.stdout.flush()
    except UserError as error:
        return _say(str(error), MISTAKE)
    except BrokenPipeError:  # the reader left (| head): nobody to tell
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        return _say("interrupted", INTERRUPTED)
    except Exception as error:
        return _other(error)
    return code if isinstance(code, int) else DONE


def _other(error: Exception) -> int:
    """Usage errors of the command line, broken machinery, and everything nobody thought of."""
    if type(error).__name__ == "Abort":
        return _say("interrupted", INTERRUPTED)
    if hasattr(error, "format_message"):  # the application's own usage errors, whichever click made them
        return _say(f"{error.format_message()} (`shoal --help` lists what there is)", MISTAKE)
    log = _log(error)
    if isinstance(error, MachineryError):
        return _say(f"{error} (details in {log})", FAILED)
    return _say(f"internal error: {type(error).__name__}: {error} (details in {log})", FAILED)


def _log(error: Exception) -> Path:
    """Keep the traceback where a person can find it."""
    text = "".join(traceback.format_exception(error))
    for folder in (*_log_folder, Path(tempfile.gettempdir())):
        path = folder / ("error.log" if folder in _log_folder else f"shoal-error-{os.getpid()}.log")
        try:
            path.write_text(text, encoding="utf-8")
        except OSError:
            continue
        return path
    return Path(os.devnull)


def _say(message: str, code: int) -> int:
    print(f"shoal: {untrusted(message, limit=LONGEST)}", file=sys.stderr)
    return code
