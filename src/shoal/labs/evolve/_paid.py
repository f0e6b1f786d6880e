"""What models may cost a run: what the budget buys before it starts, and what a model would be asked first."""

from __future__ import annotations

import math
from typing import Any

from shoal.core import seeds
from shoal.core.values import Candidate, Source
from shoal.labs.evolve._compare import Contest, config_of, entries, name_of
from shoal.labs.evolve._config import LEARNING, MODELLED, RunConfig
from shoal.labs.evolve._first import contract_of, is_written, load_for
from shoal.labs.evolve._parts import assignment_of, start_files
from shoal.models import Member, request_of
from shoal.propose import first_prompt, first_question, fresh_word, prompt
from shoal.tasks import Task

__all__ = ["buys", "contest_buys", "first_requests"]


def buys(config: RunConfig) -> str:
    """One line for each limit and model: how many calls it pays for at least; "" where no model is asked."""
    told = []
    for member in config.asked:
        most = config.most(member)
        calls = [count for count in (_fit(config.usd, most.usd), _fit(config.tokens, most.tokens)) if count is not None]
        price = f"at most ${most.usd:.4f} a call" if most.usd else "free"
        buys = f"; the budget buys at least {min(calls):,} calls" if calls else ""
        told.append(f"model {member.name} ({member.model}): {price}, {most.tokens:,} tokens{buys}")
    if config.usd is None and not all(member.free for member in config.reached):
        told.append("no limit in dollars is set: --usd sets one")
    if config.learns:
        writer = config.writer
        by = "counted, which costs nothing" if writer is None else f"counted, and by {writer.name}, one call each time"
        told.append(f"lessons every {config.search.lessons_every} candidates, {by}")
    return "; ".join(told)


def contest_buys(contest: Contest) -> str:
    """As `buys`, of each run that asks models, and what all of them may cost; "" where none does."""
    asking = [entry for entry in entries(contest) if name_of(entry.proposer) in MODELLED]
    if not asking:
        return ""
    usd = contest.paid.get("usd")
    total = "" if usd is None else f", at most ${usd * len(asking):,.2f} in all"
    dearest = max((config_of(contest, entry) for entry in asking), key=lambda one: one.proposer in LEARNING)
    return f"{len(asking)} runs ask models{total}; each: {buys(dearest)}"


def _fit(limit: float | None, most: float) -> int | None:
    return None if limit is None or not most else math.floor(limit / most)


def first_requests(config: RunConfig) -> dict[str, Any]:
    """What each model would be asked about the program that the run starts from, without secrets; nothing is run.

    By the model's name; "NAME/lessons" is what the model that writes lessons is asked once there are candidates, here
    with the first program as the only one. Where there is no first program, what would be asked for it.
    """
    task = load_for(config)
    if is_written(config, task):
        return _first_programs(config, task)
    files = start_files(config, task)[0]
    source = Source(Candidate(id="", parents=(), files={}, normal="", origin=""), files)
    nonce = fresh_word(seeds.generator(config.seed, 1, 0, "propose"))
    told = assignment_of(task)

    def request(member: Member) -> dict[str, Any]:
        return request_of(member, prompt(told, source, (), task="diff", nonce=nonce, most=member.room))

    def lessons(member: Member) -> dict[str, Any]:
        return request_of(member, first_question(told, source, nonce=nonce, most=member.room))

    asked = {member.name: request(member) for member in config.asked}
    return asked | ({} if config.writer is None else {f"{config.writer.name}/lessons": lessons(config.writer)})


def _first_programs(config: RunConfig, task: Task) -> dict[str, Any]:
    """What each model would be asked where it is the one that writes the first program."""
    nonce = fresh_word(seeds.generator(config.seed, 0, 0, "propose"))
    told, contract = assignment_of(task), contract_of(task)
    return {
        member.name: request_of(member, first_prompt(told, contract, nonce=nonce, most=member.room))
        for member in config.asked
    }
