"""From canonical JSON back to values: the inverse of `canonical` for work and results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from shoal.core.values import (
    Ask,
    Candidate,
    Counted,
    Done,
    InstanceResult,
    Json,
    Measure,
    Measured,
    Outcome,
    Propose,
    Result,
    Split,
    Status,
    Trial,
    Wait,
    Work,
)

__all__ = ["fitted", "read_candidate", "read_outcome", "read_result", "read_trial", "read_work", "write_work"]

_WORK: Mapping[str, type] = {"propose": Propose, "measure": Measure, "ask": Ask, "wait": Wait, "done": Done}
_KIND = {kind: name for name, kind in _WORK.items()}


_NOTHING = asdict(Counted())
MOST_INSTANCES = 400
MOST_TEXT = 4_000


def fitted(result: Result) -> Result:
    """The result as an event can hold it (64 KB): over the limits, the longest parts are cut, never the score."""
    outcome = result.outcome
    if outcome is None or (len(outcome.per_instance) <= MOST_INSTANCES and len(outcome.feedback) <= MOST_TEXT):
        return result
    cut = replace(outcome, per_instance=outcome.per_instance[:MOST_INSTANCES], feedback=outcome.feedback[:MOST_TEXT])
    return replace(result, outcome=cut)


def write_work(work: Work) -> Json:
    """Work as JSON data with its kind under ``do``; ``most``, ``unlike``, ``floors`` and ``each`` only where set."""
    from shoal.core.canonical import plain

    data = {"do": _KIND[type(work)], **plain(work)}
    if isinstance(work, Propose | Ask) and work.most == Counted():
        del data["most"]
    if isinstance(work, Propose) and not work.unlike:
        del data["unlike"]
    for key in ("then", "trial"):
        trial = data.get(key)
        if trial is not None:
            data[key] = {name: value for name, value in trial.items() if value or name not in ("floors", "each")}
            if trial["most"] == _NOTHING:
                del data[key]["most"]
    return data


def read_work(data: Mapping[str, Any]) -> Work:
    """The inverse of `write_work`; KeyError for an unknown kind."""
    fields = {key: value for key, value in data.items() if key != "do"}
    if "most" in fields:
        fields["most"] = Counted(**fields["most"])
    match data["do"]:
        case "propose":
            fields["parents"] = tuple(fields["parents"])
            fields["inspirations"] = tuple(fields["inspirations"])
            fields["unlike"] = tuple(fields.get("unlike", ()))
            fields["then"] = read_trial(fields["then"]) if fields["then"] is not None else None
        case "measure":
            fields["trial"] = read_trial(fields["trial"])
    work: Work = _WORK[data["do"]](**fields)
    return work


def read_trial(data: Mapping[str, Any]) -> Trial:
    """A trial from its JSON data."""
    return Trial(
        **{
            **data,
            "split": Split(data["split"]),
            "instances": tuple(data["instances"]),
            "against": tuple(data["against"]),
            "floors": tuple(data.get("floors", ())),
            "most": Counted(**data.get("most", {})),
        }
    )


def read_candidate(data: Mapping[str, Any]) -> Candidate:
    """A candidate from its JSON data."""
    return Candidate(**{**data, "parents": tuple(data["parents"])})


def read_outcome(data: Mapping[str, Any]) -> Outcome:
    """An outcome from its JSON data."""
    return Outcome(
        **{
            **data,
            "trial": read_trial(data["trial"]),
            "status": Status(data["status"]),
            "per_instance": tuple(
                InstanceResult(**{**one, "status": Status(one["status"]), "descriptor": tuple(one["descriptor"])})
                for one in data["per_instance"]
            ),
            "counted": Counted(**data["counted"]),
            "measured": Measured(**data["measured"]),
            "flags": tuple(data.get("flags", ())),
        }
    )


def read_result(data: Mapping[str, Any]) -> Result:
    """A result from its JSON data."""
    return Result(
        **{
            **data,
            "status": Status(data["status"]),
            "candidate": read_candidate(data["candidate"]) if data["candidate"] is not None else None,
            "outcome": read_outcome(data["outcome"]) if data["outcome"] is not None else None,
            "counted": Counted(**data["counted"]),
        }
    )
