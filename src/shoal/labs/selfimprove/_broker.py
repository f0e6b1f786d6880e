"""An agent at work: it runs in a jail, and reaches the host's tools by frames that are counted here.

Whatever an agent does to its own counters, or says of its results, changes nothing: the host counts, answers from its
own measurements, and writes down what was asked and answered. An agent that waits for a tool holds no slot.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shoal.core.canonical import canonical, sha256
from shoal.core.untrusted import untrusted
from shoal.core.values import Files, Json
from shoal.labs.selfimprove._jail import Jail
from shoal.labs.selfimprove._tests import HIDDEN, WARM
from shoal.sandbox import Child, FrameError, FrameLimits, Limits, Profile, frames

__all__ = ["AgentJail", "Call", "RefusedError", "Tool", "Worked"]

Tool = Callable[[Sequence[Mapping[str, str]], range], Awaitable[Json]]
"""Gets what was handed over, and the places of the instances that it is to be measured on."""

PROFILE = Profile(
    name="agent",
    entry="shoal.labs.selfimprove.inside._agent:main",
    warm=("numpy", "numpy.random", "ast", "shoal.propose._edit", *WARM),
    # Tasks, their makers, and what measures.
    hide=tuple(f"{shoal}/{place}" for shoal in HIDDEN for place in ("labs/selfimprove", "tasks")),
)
SAID = FrameLimits(max_bytes=4 << 20, max_depth=5, max_elements=1 << 14)
TURN_SECONDS = 60.0  # an agent that says nothing, or reads nothing, for so long is ended
SLOW = 6.0  # seconds that an agent may take in all for each CPU second it may use, beyond one turn
WALL_SECONDS = 6 * 3600.0
MEMORY_BYTES = 1 << 30
REFUSALS = 3  # calls too many that are answered with a refusal; the next ends the agent
MOST_FILES, MOST_BYTES, MOST_PLACES = 64, 128 << 10, 4096


class RefusedError(Exception):
    """A tool has nothing left to answer with; the agent is told why, and goes on."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a tool for ``count`` things at once, as the host saw it, with SHA-256 digests of both ways."""

    tool: str
    count: int
    asked: str
    answered: str


@dataclass(frozen=True, slots=True)
class Worked:
    """What an agent left: its files, or None and why; every call that was answered; CPU seconds of its process."""

    files: Mapping[str, str] | None
    why: str
    calls: tuple[Call, ...]
    cpu_seconds: float

    def used(self, tool: str) -> int:
        """How often a tool was used."""
        return sum(call.count for call in self.calls if call.tool == tool)


class AgentJail(Jail):
    """Runs agents, as many at once as there are slots. ``turn_seconds``: how long one may say nothing."""

    def __init__(
        self,
        *,
        slots: asyncio.Semaphore,
        level: int | None = None,
        hide: Sequence[str] = (),
        turn_seconds: float = TURN_SECONDS,
    ) -> None:
        super().__init__(PROFILE, slots=slots, level=level, hide=hide)
        self._turn = turn_seconds

    async def work(
        self,
        agent: Files,
        task: Mapping[str, Json],
        tools: Mapping[str, Tool],
        *,
        budget: Mapping[str, int],
        seed: int,
        cpu_seconds: float,
    ) -> Worked:
        """Let an agent work on a task until it hands in files or its budget ends it.

        Args:
            agent: the agent's own files.
            task: what it is shown; "files" of it are those it may hand in.
            tools: what it may call, by name.
            budget: how often, by name of the tool; a tool without an entry may not be called.
            seed: of its generators.
            cpu_seconds: of its process, tools apart.
        """
        spec = {
            "agent": {name: data.decode(errors="replace") for name, data in agent.items()},
            "task": task,
            "budget": dict(budget),
            "seed": seed,
        }
        await self._slots.acquire()
        try:
            ours, theirs = socket.socketpair()
            with ours:
                ours.setblocking(False)
                limits = Limits(cpu_seconds, WALL_SECONDS, MEMORY_BYTES, threads=1)
                child = self._server.spawn(json.dumps(spec).encode(), (theirs,), limits=limits)
                try:
                    desk = _Desk(ours, self._slots, tools, budget, turn=self._turn, slow=SLOW * cpu_seconds)
                    said, calls = await desk.attend()
                finally:
                    child.kill()
                return await _worked(child, said, calls, task)
        finally:
            self._slots.release()


class _GoneError(Exception):
    """An agent has gone, or has to go."""


class _Desk:
    """Where one agent's calls arrive."""

    def __init__(
        self,
        channel: socket.socket,
        slots: asyncio.Semaphore,
        tools: Mapping[str, Tool],
        budget: Mapping[str, int],
        *,
        turn: float,
        slow: float,
    ) -> None:
        self.channel, self.slots, self.tools = channel, slots, tools
        self.left = dict(budget)
        self.turn, self.patience = turn, turn + slow  # seconds
        self.refusals = 0
        self.calls: list[Call] = []

    async def attend(self) -> tuple[dict[str, Any] | str, tuple[Call, ...]]:
        """Answer calls until the agent hands in something, or must be ended: then a line that says why."""
        try:
            while type(said := await self._next()) is dict and "tool" in said:
                if (wrong := await self._answer(said)) is not None:
                    return wrong, tuple(self.calls)
            return said if type(said) is dict else "", tuple(self.calls)
        except _GoneError as error:
            return f"the agent {error}", tuple(self.calls)

    async def _next(self) -> Any:
        """What it says next. Its time alone counts, not that of tools."""
        clock = asyncio.get_running_loop().time
        began = clock()
        with self._watched():
            try:
                deadline = began + min(self.turn, self.patience)
                return await frames.async_receive(self.channel, limits=SAID, deadline=deadline)
            finally:
                self.patience -= clock() - began

    async def _tell(self, answer: dict[str, str]) -> None:
        with self._watched():
            async with asyncio.timeout(self.turn):
                await frames.async_send(self.channel, answer)

    @contextlib.contextmanager
    def _watched(self) -> Iterator[None]:
        try:
            yield
        except TimeoutError:
            told = f"said or read nothing for {self.turn:g} s" if self.patience > 0 else "took too long in all"
            raise _GoneError(told) from None
        except (OSError, FrameError) as error:
            raise _GoneError(f"broke off: {error}") from None

    async def _answer(self, said: dict[str, Any]) -> str | None:
        """Answer one call; a line where the agent must be ended instead."""
        tool, given, span = said["tool"], said.get("given"), _span(said.get("span"))
        if type(tool) is not str or type(given) is not list or not given or not all(map(_are_texts, given)) or not span:
            return "the agent made a call that is none"
        cost, left = len(given) * len(span), self.left.get(tool, 0)
        if left < cost:
            return await self._refuse(tool, f"{cost} calls of {tool[:40]}, and {left} are left")
        self.left[tool] -= cost
        refused: str | None = None
        self.slots.release()
        try:
            told = await self.tools[tool](given, span)
        except RefusedError as error:
            refused = str(error)
        finally:
            await self.slots.acquire()
        if refused is not None:
            return await self._refuse(tool, refused)
        answer = json.dumps(told)
        self.calls.append(Call(tool, cost, sha256(canonical(given)), sha256(answer.encode())))
        await self._tell({"told": answer})
        return None

    async def _refuse(self, tool: str, why: str) -> str | None:
        """Say no; a line where that was said often enough, and the agent must be ended."""
        self.refusals += 1
        if self.refusals > REFUSALS:
            return f"the agent went on calling {tool[:40]} without a budget for it"
        await self._tell({"refused": why})
        return None


def _span(said: Any) -> range:
    """The places that a call names: from the first to before the last; empty for none that can be."""
    if type(said) is not list or [type(one) for one in said] != [int, int] or not 0 <= said[0] < said[1] <= MOST_PLACES:
        return range(0)
    return range(said[0], said[1])


def _are_texts(texts: Any) -> bool:
    return (
        type(texts) is dict
        and len(texts) <= MOST_FILES
        and all(type(text) is str for text in texts.values())
        and sum(map(len, texts.values())) <= MOST_BYTES
    )


async def _worked(
    child: Child, said: dict[str, Any] | str, calls: tuple[Call, ...], task: Mapping[str, Json]
) -> Worked:
    """What was handed in, checked; an agent hands in all files of its task and no others."""
    ended = await child.exited()
    files, why = None, said if isinstance(said, str) else ""
    if isinstance(said, dict):
        handed = said.get("files")
        if type(handed) is dict and _are_texts(handed) and handed.keys() == task["files"].keys():
            files = handed
        else:
            own = f"the agent failed: {untrusted(str(said['failed']), limit=1000)}" if "failed" in said else ""
            why = own or "the agent handed in other files than it was given"
    if files is None and not why:
        why = f"the agent ended without handing in anything ({ended.cause})"
    return Worked(files, why, calls, ended.cpu_seconds)
