"""A study of self-improvement: what can be set, with its default, and the control arms."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shoal.models import Member

__all__ = ["ARMS", "FULL", "Arm", "StudyConfig"]

Count = Annotated[int, Field(ge=1)]
Arm = Literal["full", "fixed-improver", "random-edits", "no-archive", "operator-bandit"]
FULL: Arm = "full"
ARMS: Mapping[Arm, str] = {
    "full": "agents that rewrite themselves, in an archive",
    "fixed-improver": "the seed agent makes every child: what was learnt does not make the next step",
    "random-edits": "children are random edits of their parents, made without any measuring",
    "no-archive": "only the newest accepted agent has children",
    "operator-bandit": "the search of the evolve lab edits the agent's decisions: no agent works on itself",
}


class StudyConfig(BaseModel):
    """Everything that decides what a study does; the same study again gives the same digests.

    ``evaluations`` is the budget of each run, in runs of one agent on one task. One self-modification may measure
    ``steps`` times on ``score_tasks`` tasks; ``stages`` are the tasks that a child is measured on, one stage after
    the other (of hgm the first is the seed agent's). ``sealed`` is how many tasks are looked at behind the seal.
    Beside the repairs of the built-in benchmark ``optimise`` tasks of optimisation are made of each sealed family that
    has them, and ``optimise_seen`` of each other one. ``runs`` is how often an agent may run the tests of one repair to
    solve it; ``further`` times as often it may run them at all, for what comes late tells more than nothing. With
    ``models``, agents may ask one of them; ``tokens`` and ``usd`` cap what the whole study spends on it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    bench: Path | None = None
    seeds: tuple[Annotated[int, Field(ge=0, lt=1 << 52)], ...] = Field(default=(0,), min_length=1)
    arms: tuple[Arm, ...] = (FULL,)
    rule: Literal["dgm", "hgm", "sica", "greedy", "random"] = "greedy"
    evaluations: Count = 4_000
    steps: Count = 8
    score_tasks: Count = 32
    stages: tuple[Count, ...] = (20, 40)
    sealed: Count = 300
    optimise: Annotated[int, Field(ge=0)] = 6
    optimise_seen: Annotated[int, Field(ge=0)] = 0
    runs: Count = 80
    further: Count = 3
    window: Count = 2
    programs: Count | None = None  # of each split at most, for a quick look
    agent: Path | None = None  # another seed agent: a folder with agent.py
    improver: Path | None = None  # who makes the children in the arm "fixed-improver"; the seed agent unless set
    models: tuple[Member, ...] = ()
    model: str | None = None  # which of them agents ask; the first unless set
    asks: Count = 6  # of a model by one agent at one repair
    step_asks: Count = 4  # of a model by one self-modification
    tokens: Count | None = None  # of the whole study, its looks included
    usd: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None  # as tokens
    replay_models: Path | None = None  # the study to take all replies of models from; nobody is asked
    approve: Literal["auto", "ask"] = "auto"  # ask: a person, before any agent is promoted
    level: Annotated[int, Field(ge=0, le=3)] | None = None
    workers: Annotated[int, Field(ge=1, le=1024)] | None = None

    @model_validator(mode="after")
    def _models_where_they_are_asked(self) -> Self:
        names = [one.name for one in self.models]
        if not names and (given := [one for one in ("model", "tokens", "usd", "replay_models") if getattr(self, one)]):
            raise ValueError(f"{given[0]} is for models, and there are none: name them with --models FILE")
        if self.model is not None and self.model not in names:
            raise ValueError(f"no model is called {self.model!r}; there are {', '.join(names)}")
        return self

    @property
    def member(self) -> Member | None:
        """The model that agents may ask; None without models."""
        return next((one for one in self.models if self.model in (None, one.name)), None)
