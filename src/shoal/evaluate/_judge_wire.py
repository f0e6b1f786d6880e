"""The records between a judge process and the supervisor: fixed size, so that neither parses anything to read them."""

import struct

__all__ = ["BASE", "CHECKED", "CHECKS", "MINE", "NEXT", "RESULT", "ROLES", "THEIRS", "UNLOADABLE"]

UNLOADABLE = "judge.py cannot be loaded: "  # where the one line begins that its author is told

NEXT = struct.Struct(">cI")  # b"N", a number: give me a process for it
RESULT = struct.Struct(">cII")  # b"R" report | b"E" error | b"P" picture, bytes of text, bytes of data; both follow

# What the processes of a timed instance are for; the number in NEXT is `ROLES` times the instance's place, plus this.
MINE, THEIRS, BASE, CHECKED, CHECKS = range(5)  # timed: candidate, initial program, neither's calls; looked at: both
ROLES = 5
