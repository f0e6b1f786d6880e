"""What this machine can isolate: a warm fork server behind walls of the kernel, and the codec of its border.

Importing the package loads nothing; each public name is fetched from its module when first asked for, so that
the code that runs inside the walls never pulls in the supervisor's half.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shoal.sandbox._blob import Blob
    from shoal.sandbox._ends import Exit, Limits
    from shoal.sandbox._isolation import Isolation, Property
    from shoal.sandbox._launch import ENVIRONMENT, Profile, SandboxError
    from shoal.sandbox._probe import probe
    from shoal.sandbox._run import Finished, Job
    from shoal.sandbox._server import Child, Server
    from shoal.sandbox.frames import FrameError, FrameLimits

_EXPORTS = {
    "Blob": "_blob",
    "Child": "_server",
    "ENVIRONMENT": "_launch",
    "Exit": "_ends",
    "Finished": "_run",
    "FrameError": "frames",
    "FrameLimits": "frames",
    "Isolation": "_isolation",
    "Job": "_run",
    "Limits": "_ends",
    "Profile": "_launch",
    "Property": "_isolation",
    "SandboxError": "_launch",
    "Server": "_server",
    "probe": "_probe",
}

__all__ = [
    "ENVIRONMENT",
    "Blob",
    "Child",
    "Exit",
    "Finished",
    "FrameError",
    "FrameLimits",
    "Isolation",
    "Job",
    "Limits",
    "Profile",
    "Property",
    "SandboxError",
    "Server",
    "probe",
]


def __getattr__(name: str) -> object:
    """Load a public name; raises AttributeError for any other."""
    if name not in _EXPORTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_EXPORTS[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_EXPORTS})
