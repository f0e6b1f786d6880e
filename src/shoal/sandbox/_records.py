"""The fixed-size records between supervisor and server; both sides read this page and nothing else is said."""

from __future__ import annotations

import socket
import struct
import sys
from typing import NamedTuple

__all__ = ["EXIT", "FORK_FAILED", "KILL", "KIND", "LENGTH", "ORDER", "SPAWN", "START", "Order"]

# records keep their boundaries where the system has such sockets; elsewhere the fixed size does that
KIND = socket.SOCK_SEQPACKET if sys.platform == "linux" else socket.SOCK_STREAM

START, SPAWN, KILL = 1, 2, 3
LENGTH = struct.Struct("<I")  # before the JSON text of the report that answers START
EXIT = struct.Struct("<Qiqddd")  # number, wait status, peak KiB, user s, system s, the server's own CPU s so far
FORK_FAILED = -1  # in place of a wait status


class Order(NamedTuple):
    """One request to the server. For SPAWN the job's descriptor comes first, then ``channels`` sockets."""

    kind: int
    number: int = 0
    channels: int = 0
    cpu_seconds: int = 0
    memory_bytes: int = 0
    threads: int = 0
    open_files: int = 0
    file_bytes: int = 0
    processes: int = 0
    disk_bytes: int = 0


ORDER = struct.Struct("<BQBIQIIQIQ")
