"""Whether the seal held: nothing sealed was measured before the end, and each look was a legitimate one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shoal.core.values import CandidateId, Split
from shoal.report._finding import Finding, listed
from shoal.report._proof import FORMER, TRANSFER, looked_at

__all__ = ["Seal", "looks_told"]

LOOKED_AT = (Split.SEALED, Split.VALIDATION, Split.SEARCH, Split.CANARY)


@dataclass
class Seal:
    """Takes the events of one run in order."""

    wrong: list[str] = field(default_factory=list)
    looks: list[tuple[str, CandidateId, str]] = field(default_factory=list)  # checkpoint, candidate, split
    _open: bool = False  # after `finished`, before anything goes on
    _initial: CandidateId | None = None
    _champion: CandidateId | None = None
    _named: Mapping[str, CandidateId] | None = None  # checkpoints, put on the record before the looks
    _crowned: set[CandidateId] = field(default_factory=set)  # who was ever champion
    _hits: set[CandidateId] = field(default_factory=set)

    def take(self, event: Mapping[str, Any], *, seq: int) -> None:
        """Check one event."""
        match event["type"]:
            case "finished":
                self._open = True
            case "resumed":
                self._open = False
            case "issued":
                self._issued(event, seq=seq)
            case "result":
                self._result(event, seq=seq)
            case "note":
                self._note(event)
            case "look":
                self._look(event, seq=seq)

    def _issued(self, event: Mapping[str, Any], *, seq: int) -> None:
        work = event["work"]
        trial = work.get("trial") or work.get("then") or {}
        if trial.get("split") == Split.SEALED:
            self.wrong.append(f"event {seq}: item {event['k']} is to be measured on sealed instances")
        if self._initial is None and work.get("proposer") == "initial":
            self._initial = f"c{event['k']}"

    def _result(self, event: Mapping[str, Any], *, seq: int) -> None:
        outcome = event["result"].get("outcome") or {}
        if outcome and outcome["trial"]["split"] == Split.SEALED:
            self.wrong.append(f"event {seq}: item {event['k']} was measured on sealed instances")
        candidate = event["result"].get("candidate") or {}
        written = candidate.get("parents") in ([], ()) and outcome.get("score") is not None
        if self._initial is None and written and not outcome.get("flags"):  # the run began without a program
            self._initial = f"c{event['k']}"

    def _note(self, event: Mapping[str, Any]) -> None:
        told: Any = event.get("data")
        if event["kind"] == "champion":
            self._champion = told["candidate"]
            self._crowned.add(told["candidate"])
        if event["kind"] == "checkpoints":
            self._named = told
        if event["kind"] == "hit":
            self._hits.update((told["candidate"], *told.get("ids", ())))

    def _look(self, event: Mapping[str, Any], *, seq: int) -> None:
        checkpoint, candidate, split = (str(event[key]) for key in ("checkpoint", "candidate", "split"))
        if not self._open:
            self.wrong.append(f"event {seq}: a look at {candidate} ({split}) while the run was not finished")
        if (checkpoint, candidate, split) in self.looks:
            self.wrong.append(f"event {seq}: a second look at {candidate} ({split})")
        if split not in LOOKED_AT and not split.startswith(TRANSFER):
            self.wrong.append(f"event {seq}: a look at {split}, which is no split")
        if (why := self._no_checkpoint(checkpoint, candidate, split)) is not None:
            self.wrong.append(f"event {seq}: a look at {candidate}, {why}")
        if self._named is not None and self._named.get(checkpoint) != candidate:
            self.wrong.append(f"event {seq}: a look at {candidate}, which was not named before as {checkpoint}")
        self.looks.append((checkpoint, candidate, split))

    def _no_checkpoint(self, checkpoint: str, candidate: CandidateId, split: str) -> str | None:
        """What is wrong about who was looked at; the champion cannot be told from the notes where it was frozen."""
        if checkpoint == "initial":
            return None if candidate == self._initial else f"but the initial program is {self._initial}"
        if checkpoint == FORMER + candidate:
            named = checkpoint in (self._named or ())  # for a curve, which chooses nothing
            named = named and split in (Split.SEALED, Split.CANARY)
            known = candidate in self._crowned and (named or split == Split.VALIDATION)
            return None if known else f"which was never champion, or on other than fresh instances ({split[:40]})"
        if checkpoint != "champion":
            return f"which is neither the initial program nor a champion ({checkpoint[:40]})"
        if self._champion is None or self._champion in self._hits or candidate == self._champion:
            return None
        return f"but the champion was {self._champion}"

    def finding(self) -> Finding:
        """All of it as one; legitimate looks are counted and named."""
        if self.wrong:
            return Finding("seal", False, listed(self.wrong))
        if not self.looks:
            return Finding("seal", True, "0 looks behind the seal")
        many = f"{len(self.looks)} looks" if len(self.looks) > 1 else "1 look"
        return Finding("seal", True, f"{many} behind the seal, after the end: {looks_told(self.looks)}")


def looks_told(looks: Iterable[tuple[str, CandidateId, str]], *, escaped: Callable[[str], str] = str) -> str:
    """Looks in words, those of one candidate together: "initial c0 (sealed, search); champion c7 (sealed)".

    Each look is checkpoint, candidate and split; ``escaped`` makes what a log says fit for the page it goes to.
    """
    rows: dict[str, list[str]] = {}
    for checkpoint, candidate, split in looks:
        rows.setdefault(looked_at(checkpoint, candidate), []).append(escaped(split))
    return "; ".join(f"{escaped(who)} ({', '.join(splits)})" for who, splits in rows.items())
