"""The records between a judge process and the supervisor: fixed size, so that neither parses anything to read them."""

import struct

__all__ = ["NEXT", "RESULT", "UNLOADABLE"]

UNLOADABLE = "judge.py cannot be loaded: "  # where the one line begins that its author is told

NEXT = struct.Struct(">cI")  # b"N", which instance of the trial: give me a candidate process for it
RESULT = struct.Struct(">cII")  # b"R" report | b"E" error | b"P" picture, bytes of text, bytes of data; both follow
