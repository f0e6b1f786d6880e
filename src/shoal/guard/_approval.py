"""Who may change what: the one table of change classes, and the guard that holds every proposal to it.

The rule is data, and every lab uses it: a lab names the files that its candidates are made of and which class they
belong to; whatever else a proposal wants to write is classified by its path. Code of the classes with approval
"never" is the kernel: no genome reaches it, however it is called.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from types import MappingProxyType

from shoal.core.values import Brief, Candidate, Outcome, Proposal, Verdict

__all__ = ["POLICY_BOUNDS", "RULES", "Approval", "ApprovalGuard", "ChangeClass", "Rule", "class_of"]

LONGEST_NAME = 200


class Approval(StrEnum):
    """How a change comes into force."""

    AUTO = "auto"  # by its measurement alone
    BOUNDED = "bounded"  # by its measurement, within `POLICY_BOUNDS`
    ASK = "ask"  # by a person who saw the difference
    NEVER = "never"  # not by a run


class ChangeClass(StrEnum):
    """What a change is about."""

    TASK_CODE = "task code"
    SEARCH_POLICY = "search policy"
    AGENT_CODE = "agent code"
    DEPENDENCIES = "dependencies"
    JUDGE = "judge"
    SANDBOX = "sandbox"
    BUDGET = "budget"
    APPROVAL = "approval"
    KERNEL = "kernel"
    OTHER = "other files"


@dataclass(frozen=True, slots=True)
class Rule:
    """One class of changes: what decides about it, and the paths that belong to it wherever they turn up.

    A pattern without a slash is matched against each part of a path, one with a slash against its end.
    """

    change: ChangeClass
    approval: Approval
    paths: tuple[str, ...]
    why: str


RULES: tuple[Rule, ...] = (  # the first that matches a path decides
    Rule(ChangeClass.SEARCH_POLICY, Approval.BOUNDED, ("shoal/search/*",), "it decides what is tried, not what counts"),
    Rule(ChangeClass.JUDGE, Approval.NEVER, ("judge.py", "public.py", "task.toml", "data"), "it decides the score"),
    Rule(
        ChangeClass.SANDBOX,
        Approval.NEVER,
        (
            "shoal/sandbox/*",
            "shoal/evaluate/*",
            "sitecustomize.py",
            "usercustomize.py",
            "*.pth",
            "*.pyc",
            "conftest.py",
        ),
        "it is the wall, or code that runs before it stands",
    ),
    Rule(
        ChangeClass.BUDGET,
        Approval.NEVER,
        ("shoal/core/*", "run.toml", "STOP", "lock", "shoal", ".ci"),
        "it counts, limits, stops and starts the work",
    ),
    Rule(ChangeClass.APPROVAL, Approval.NEVER, ("shoal/guard/*",), "it says what may be changed"),
    Rule(
        ChangeClass.KERNEL,
        Approval.NEVER,
        ("shoal/store/*", "shoal/report/*", "run.db*", "sealed.salt", ".git", "*.so"),
        "it is the record, or what the record rests on",
    ),
    Rule(
        ChangeClass.DEPENDENCIES,
        Approval.ASK,
        ("requirements*", "pyproject.toml", "setup.py", "setup.cfg", "*.lock", "package.json", "Cargo.toml"),
        "it brings code that nobody here has read",
    ),
    Rule(ChangeClass.TASK_CODE, Approval.AUTO, (), "it runs in the sandbox and is worth what it is measured to be"),
    Rule(ChangeClass.AGENT_CODE, Approval.ASK, (), "it is promoted only with its difference shown"),
    Rule(ChangeClass.OTHER, Approval.NEVER, (), "no lab has said what it is"),
)
_BY_CLASS: Mapping[ChangeClass, Rule] = MappingProxyType({rule.change: rule for rule in RULES})

# Lowest and highest value of every number of the search that a run, or a lab, may set.
POLICY_BOUNDS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "islands": (1, 64),
        "capacity": (2, 1_000),
        "per_shape": (1, 1_000),
        "migrate_every": (1, 1_000_000),
    }
)


def class_of(path: str, *, own: Mapping[str, ChangeClass] | None = None) -> Rule:
    """The rule for one file of a proposal; ``own`` names the files that candidates of this lab are made of.

    Kernel paths win over ``own`` only where a lab forgot itself: names are compared without case and in NFKC, so that
    no spelling of a forbidden name passes.
    """
    plain = unicodedata.normalize("NFKC", path).casefold()
    if own is not None and path in own and plain == path.casefold():
        return _BY_CLASS[own[path]]
    parts = PurePosixPath(plain).parts
    for rule in RULES:
        if any(_matches(plain, parts, pattern.casefold()) for pattern in rule.paths):
            return rule
    return _BY_CLASS[ChangeClass.OTHER]


def _matches(path: str, parts: tuple[str, ...], pattern: str) -> bool:
    if "/" in pattern:
        return fnmatchcase(path, pattern) or fnmatchcase(path, f"*/{pattern}")
    return any(fnmatchcase(part, pattern) for part in parts)


class ApprovalGuard:
    """A `Guard`: each file of a proposal must belong to the candidate, and its class be approved without a person.

    ``own`` maps the files a candidate may consist of to their class.
    """

    def __init__(self, own: Mapping[str, ChangeClass]) -> None:
        self.own = dict(own)

    def before(self, brief: Brief, proposal: Proposal) -> Verdict:
        """Refuse the first file that may not be written."""
        for name in proposal.files or ():
            if (why := self._refusal(name)) is not None:
                return Verdict(False, why)
        return Verdict(True)

    def _refusal(self, name: str) -> str | None:
        shown = ascii(name)[1:-1][:LONGEST_NAME]
        path = PurePosixPath(name)
        if not path.parts or name != str(path) or path.is_absolute() or ".." in path.parts or len(name) > LONGEST_NAME:
            return f"{shown} is not a place inside a candidate"
        if any(character in name for character in "\\\0:") or not name.isprintable():
            return f"{shown} is not a plain file name"
        rule = class_of(name, own=self.own)
        if rule.approval in (Approval.AUTO, Approval.BOUNDED) and name in self.own:
            return None
        return f"{shown} is {rule.change} ({rule.why}): approval {rule.approval}; a candidate is {', '.join(self.own)}"

    def after(self, candidate: Candidate, outcome: Outcome) -> Verdict:
        """Nothing to see in an outcome."""
        return Verdict(True)
