"""A toy world for searches over agents: an agent is its skill, and its wit in rewriting itself."""

import json
from typing import Any

import numpy as np

from shoal.core import seeds
from shoal.core.canonical import canonical
from shoal.core.protocols import Plan, Search
from shoal.core.values import (
    Brief,
    CandidateId,
    Counted,
    Files,
    InstanceResult,
    Outcome,
    Proposal,
    Split,
    Status,
    Trial,
)
from shoal.store import SqlStore
from tests.core.toys import events_of, of_type

Agent = dict[str, float]
FIRST: Agent = {"skill": 0.3, "wit": 0.0}
NOISE = 0.15  # of how an agent does on one task, in skill
STEP, FALL = 0.08, -0.01  # of a child's skill: spread, and mean for a parent without wit
SAME = 0.1  # share of rewrites that come to nothing


def files_of(agent: Agent) -> Files:
    return {"agent.json": canonical(agent)}


def agent_of(files: Files) -> Agent:
    agent: Agent = json.loads(files["agent.json"])
    return agent


class First:
    async def propose(self, brief: Brief, rng: np.random.Generator) -> Proposal:
        return Proposal(files=files_of(FIRST))


class Rewrite:
    """The parent rewrites itself: the more wit it has, the better its children are on average."""

    async def propose(self, brief: Brief, rng: np.random.Generator) -> Proposal:
        parent, told = agent_of(brief.parents[0].files), brief.payload
        counted = Counted(evaluations=told["steps"] * len(told["tasks"]))
        if rng.random() < SAME:
            return Proposal(files=None, note="no edit found", counted=counted)
        skill = parent["skill"] + FALL + parent["wit"] + STEP * float(rng.normal())
        wit = parent["wit"] + 0.01 * float(rng.normal())
        return Proposal(files=files_of({"skill": round(skill, 9), "wit": round(wit, 9)}), counted=counted)


def value_of(agent: Agent, split: Split, task: int) -> float:
    """1 for a task that the agent solves, which is the same every time; 0 for another."""
    hard = seeds.number(0, split, task) % 10_000 / 10_000
    luck = np.random.default_rng(seeds.number(1, split, task, int(1e9 * agent["skill"]) % 2**31)).normal()
    return float(agent["skill"] + NOISE * luck > hard)


class Bench:
    """Runs an agent on tasks; one without any skill crashes. ``crashing``: all do but the first."""

    def __init__(self, *, crashing: bool = False) -> None:
        self.crashing = crashing

    async def evaluate(self, trial: Trial, files: Files, *, seed: int, opponents: tuple[Files, ...] = ()) -> Outcome:
        agent = agent_of(files)
        counted = Counted(evaluations=len(trial.instances), instance_runs=len(trial.instances))
        if agent["skill"] < 0 or (self.crashing and agent != FIRST):
            return Outcome(trial, Status.CRASH, None, counted=counted)
        ones = tuple(InstanceResult(i, Status.OK, value_of(agent, trial.split, i)) for i in trial.instances)
        score = sum(one.value or 0.0 for one in ones) / len(ones)
        return Outcome(trial, Status.OK, score, per_instance=ones, counted=counted)


def plan_of(search: Search[Any], *, evaluator: Any = None, rewrite: Any = None) -> Plan[Any]:
    proposers = {"initial": First(), "self": rewrite or Rewrite()}
    return Plan(search=search, proposers=proposers, evaluator=evaluator or Bench())


def champion_of(store: SqlStore) -> tuple[CandidateId, Agent]:
    """Who the run stands for in the end."""
    events = events_of(store)
    id = [note["data"]["candidate"] for note in of_type(events, "note") if note["kind"] == "champion"][-1]
    made = next(one["result"]["candidate"] for one in of_type(events, "result") if f"c{one['k']}" == id)
    return id, agent_of({name: store.get(digest) for name, digest in made["files"].items()})
