"""The edit scope as the supervisor can check it: by the hash of the frozen part that the editor computed."""

from __future__ import annotations

from shoal.core.values import Brief, Candidate, Outcome, Proposal, Verdict

__all__ = ["ScopeGuard"]

FROZEN = "frozen"  # key of a proposal's details: the hash of what may not change, in normal form


class ScopeGuard:
    """A `Guard`: no candidate whose frozen part differs from that of the task's program, whose hash is ``frozen``.

    The hash comes from the jailed editor, which parses; here two hashes are compared and nothing is read. A proposal
    without a hash passed no editor and is refused.
    """

    def __init__(self, frozen: str) -> None:
        self.frozen = frozen

    def before(self, brief: Brief, proposal: Proposal) -> Verdict:
        """Compare; a proposal without files has nothing to compare."""
        if proposal.files is None:
            return Verdict(True)
        details = proposal.details
        found = details.get(FROZEN) if isinstance(details, dict) else None
        if not isinstance(found, str):
            return Verdict(False, "the edit scope of this proposal was not checked")
        if found != self.frozen:
            return Verdict(False, "the frozen part of the program was changed")
        return Verdict(True)

    def after(self, candidate: Candidate, outcome: Outcome) -> Verdict:
        """Nothing to see in an outcome."""
        return Verdict(True)
