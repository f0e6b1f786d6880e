"""One run as one TOML file: everything that can be set, with its default, checked at the border."""

from __future__ import annotations

import os
import secrets
import tomllib
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from shoal.core.budget import Budget
from shoal.core.errors import UserError
from shoal.core.values import Counted
from shoal.guard import POLICY_BOUNDS
from shoal.models import Member
from shoal.search import FAMILIES, Lender, Settings

__all__ = ["RunConfig", "SearchConfig", "load_config", "recorded_config"]

DEFAULTS = Settings()
MODELS_ALONE = ("model", "best-of-n", "refine")  # proposers that only ask models
MODELLED = ("mixed", *MODELS_ALONE)
LEARNING = ("mixed", "model")  # of these, those that look for novelty and learn lessons: the others are plain
MODEL_WINDOW = 32
CHAIN_WINDOW = 1  # of "refine": each call is to know what came of the one before it
Count = Annotated[int, Field(gt=0)]
Amount = Annotated[float, Field(gt=0, allow_inf_nan=False)]


def _bounds(name: str) -> Any:
    """What a number of the search may be: `shoal.guard.POLICY_BOUNDS`, for people as for labs that evolve it."""
    low, high = POLICY_BOUNDS[name]
    return Field(ge=low, le=high)


def fresh_seed() -> int:
    """A seed that nobody can guess, candidates included; 52 bits, so that JSON readers with doubles keep it."""
    return secrets.randbits(52)


class SearchConfig(BaseModel):
    """The island search's own numbers; see `shoal.search.Settings`."""

    model_config = ConfigDict(extra="forbid")
    islands: Annotated[int, _bounds("islands")] = DEFAULTS.islands
    capacity: Annotated[int, _bounds("capacity")] = DEFAULTS.capacity
    per_shape: Annotated[int, _bounds("per_shape")] = DEFAULTS.per_shape
    migrate_every: Annotated[int, _bounds("migrate_every")] = DEFAULTS.migrate_every
    parents: Literal["climb", "lexicase"] = "climb"
    redraw: bool = DEFAULTS.redraw
    novelty: Annotated[float, Field(gt=0, le=1)] = DEFAULTS.novelty  # 1 switches it off
    novelty_judge: str | None = None  # a model that may overrule it
    evaluations_per_usd: Amount | None = None  # what a dollar is worth; as the two budgets say, or 1,000
    staged: bool = DEFAULTS.staged
    lessons_every: Annotated[int, Field(ge=0, le=1_000_000)] = DEFAULTS.lessons_every
    lessons_by: str | None = DEFAULTS.lessons_by


class RunConfig(BaseModel):
    """A run: the task, the budget in any of several units, and what makes it repeatable (seed, window, ordered)."""

    model_config = ConfigDict(extra="forbid")
    task: str
    evaluations: Count | None = None
    proposals: Count | None = None
    instance_runs: Count | None = None
    seconds: Amount | None = None
    cpu_seconds: Amount | None = None
    tokens: Count | None = None
    usd: Amount | None = None
    target: Annotated[float, Field(allow_inf_nan=False)] | None = None
    seed: Annotated[int, Field(ge=0, lt=1 << 63)] = Field(default_factory=fresh_seed)
    workers: Annotated[int, Field(ge=1, le=1024)] | None = None
    window: Annotated[int, Field(ge=1, le=4096)] = 8
    ordered: bool = True
    proposer: Literal[
        "embedded",
        "mixed",
        "model",
        "best-of-n",
        "refine",
        "sequential",
        "multistart",
        "genetic",
        "random",
        "independent",
    ] = "embedded"
    models: tuple[Member, ...] = ()
    without: tuple[str, ...] = ()
    start: str | None = None
    out: Path = Path("runs")
    level: Annotated[int, Field(ge=0, le=3)] | None = None
    stop_on_gap: bool = False
    patience: Count | None = None  # evaluations without a new champion, after which the run ends
    search: SearchConfig = SearchConfig()

    @field_validator("without")
    @classmethod
    def _known_families(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if name not in FAMILIES:
                raise ValueError(f"no family of edits is called {name!r}; there are {', '.join(FAMILIES)}")
        return value

    @model_validator(mode="before")
    @classmethod
    def _mixed_where_there_are_models(cls, data: Any) -> Any:
        """With models: mixed unless said otherwise, and room for their calls beside what is quick."""
        if isinstance(data, dict) and data.get("models") and data.get("proposer", "mixed") in MODELLED:
            window = CHAIN_WINDOW if data.get("proposer") == "refine" else MODEL_WINDOW
            return {"proposer": "mixed", "window": window, **data}
        return data

    @model_validator(mode="after")
    def _models_where_they_are_asked(self) -> Self:
        if self.proposer in MODELLED and not self.asked:
            raise ValueError(f"proposer {self.proposer} asks models, and there are none: name them with --models FILE")
        embedders = [one.name for one in self.models if one.embeds]
        if len(embedders) > 1:
            raise ValueError(f"{' and '.join(embedders)} embed; one model of a pool may")
        pool = [one.name for one in self.asked]
        for key in ("novelty_judge", "lessons_by"):
            name = getattr(self.search, key)
            if name is not None and name not in pool:
                raise ValueError(
                    f"search.{key} = {name!r} is no model that the run asks; those are {', '.join(pool) or 'none'}"
                )
        return self

    @property
    def asked(self) -> tuple[Member, ...]:
        """The models that this run asks for programs."""
        return tuple(one for one in self.models if not one.embeds) if self.proposer in MODELLED else ()

    @property
    def embedder(self) -> Member | None:
        """The model that says how like programs are."""
        return next((one for one in self.models if one.embeds), None) if self._looks_for_novelty else None

    @property
    def judge(self) -> Member | None:
        """The model that may say that a program is new all the same."""
        return self._asked(self.search.novelty_judge) if self._looks_for_novelty else None

    @property
    def learns(self) -> bool:
        """Whether the run learns lessons that models are shown."""
        return self.proposer in LEARNING and self.search.lessons_every > 0

    @property
    def writer(self) -> Member | None:
        """The model that is asked for lessons."""
        return self._asked(self.search.lessons_by) if self.learns else None

    @property
    def _looks_for_novelty(self) -> bool:
        return self.proposer in LEARNING and self.search.novelty < 1

    def _asked(self, name: str | None) -> Member | None:
        return next((one for one in self.asked if one.name == name), None)

    @property
    def reached(self) -> tuple[Member, ...]:
        """All models that this run speaks to."""
        return self.asked if self.embedder is None else (*self.asked, self.embedder)

    def most(self, member: Member) -> Counted:
        """The most that a proposal of a model can cost, with finding out whether it is new."""
        return sum((one.most for one in (self.embedder, self.judge) if one is not None), member.most)

    @property
    def lender(self) -> Lender:
        """What models' dollars and tokens are worth in evaluations: where both have a budget, as these say."""
        rate = self.search.evaluations_per_usd
        if rate is None and self.usd and self.evaluations:
            rate = self.evaluations / self.usd
        return Lender() if rate is None else Lender(evaluations_per_usd=rate)

    @property
    def budget(self) -> Budget:
        """The budget part."""
        return Budget(**{field.name: getattr(self, field.name, None) for field in fields(Budget)})

    @property
    def cores(self) -> int:
        """How many trials run at once: two more than there are cores, because a trial waits between its processes."""
        return self.workers or (os.cpu_count() or 2) + 2


def load_config(path: Path | None, overrides: dict[str, Any]) -> RunConfig:
    """Read ``path`` (TOML) and lay ``overrides`` over it; keys may be dotted ("search.islands").

    Raises `UserError` naming the file, the key, the value and the fix.
    """
    data = _read(path) if path is not None else {}
    for key, value in overrides.items():
        if value is not None:
            _set(data, key, value)
    try:
        return RunConfig(**data)
    except ValidationError as error:
        raise UserError(_explain(error, str(path) if path is not None else "the command line")) from None


def recorded_config(config: dict[str, Any], *, out: Path, workers: int | None = None) -> RunConfig:
    """The configuration that a run was begun with, as its log has it; `UserError` where this code knows it no more."""
    try:
        return RunConfig(**{**config, "out": out, "workers": workers})
    except ValidationError as error:
        why = _explain(error, "the run's own record")
        raise UserError(f"the run was begun by another version of the code and cannot go on here: {why}") from None


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text())
    except OSError as error:
        raise UserError(f"cannot read the configuration {path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{path} is not valid TOML: {error}") from None


def _set(data: dict[str, Any], key: str, value: Any) -> None:
    *path, last = key.split(".")
    for part in path:
        inner = data.setdefault(part, {})
        if not isinstance(inner, dict):
            raise UserError(f"cannot set {key}: {part} is a value, not a table")
        data = inner
    data[last] = value


def _explain(error: ValidationError, where: str) -> str:
    """The first problem as one line."""
    problem = error.errors()[0]
    key = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        known = [*SearchConfig.model_fields] if key.startswith("search.") else [*RunConfig.model_fields]
        near = get_close_matches(key.rsplit(".", 1)[-1], known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"known keys: {', '.join(known)}"
        return f"unknown key {key} in {where}; {hint}"
    if problem["type"] == "missing":
        return f"{key} is missing in {where}"
    told = problem["msg"].removeprefix("Value error, ")
    if not key:  # it is about several keys, and names them
        return f"{where}: {told}"
    return f"{key} = {problem['input']!r} in {where}: {told[:1].lower()}{told[1:]}"
