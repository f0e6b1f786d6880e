"""What holds for every test: generated cases repeat from run to run, and nothing leaves this machine."""

import sys
from typing import Any

from hypothesis import settings

# No deadline: a shared machine is slow at odd moments, and that is no defect of the code.
settings.register_profile("house", deadline=None, derandomize=True, database=None, print_blob=True)
settings.load_profile("house")

_HERE = ("127.", "localhost", "::1")


def _stay_here(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse a connection or a look-up beyond this machine: a test must not depend on the network, or spend money."""
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event == "socket.getaddrinfo":
        host = arguments[0] or "localhost"
    else:
        return
    host = host.decode() if isinstance(host, bytes) else str(host)
    if not host.startswith(_HERE):
        raise RuntimeError(f"a test tried to reach {host}")


sys.addaudithook(_stay_here)
