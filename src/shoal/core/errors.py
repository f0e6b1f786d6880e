"""The one tree of exceptions.

    ShoalError
    +-- UserError        something a person can mend: one clear line, exit code 2
    |   +-- InitialProgramError   the program a run starts from does not pass its judge
    +-- MachineryError   broken machinery of ours or of the machine: exit code 1
        +-- JudgeError            the judge raised, hung or answered with something that is not a score
        +-- StoreError            the log cannot be written or read as it should

A bad *candidate* is never an exception: it is an `Outcome` with a status.
"""

__all__ = ["InitialProgramError", "JudgeError", "MachineryError", "ShoalError", "StoreError", "UserError"]


class ShoalError(Exception):
    """Root of everything Shoal raises on purpose."""


class UserError(ShoalError):
    """A mistake a person can mend; the message names the value, the limit and the fix."""


class InitialProgramError(UserError):
    """The program the run starts from did not get a score."""


class MachineryError(ShoalError):
    """Machinery failed: not the candidate's fault, and not a value the search may learn from."""


class JudgeError(MachineryError):
    """The task's judge failed (raised, ran out of its limits, or returned no proper score)."""


class StoreError(MachineryError):
    """The log could not be appended to or read as promised."""
