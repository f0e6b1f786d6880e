"""A scripted model that improves programs of the small task: it nudges one of their numbers, as its prompt asks."""

import random
import re
from collections.abc import Callable
from typing import Any

from shoal.models import Member
from shoal.testing import Asked, ModelServer

NUMBER = re.compile(r"\b\d+\.\d+\b")


def program_in(asked: Asked) -> str:
    """The current program, as the prompt shows it."""
    current = asked.messages[-1][1].split("# The current program")[1]
    found = re.search(r"```python\n(.*?)\n```", current, re.DOTALL)
    assert found is not None
    return found[1]


def nudge(asked: Asked) -> str:
    """Multiply one number of the program; the answer depends on the prompt alone."""
    program = program_in(asked)
    chance = random.Random(asked.text)
    place = chance.choice(list(NUMBER.finditer(program)))
    value = repr(round(float(place[0]) * chance.uniform(0.6, 1.4), 4))
    line = program[program.rfind("\n", 0, place.start()) + 1 :].split("\n")[0]
    if "SEARCH" in asked.messages[-1][1]:
        changed = line.replace(place[0], value, 1)
        return f"Another weight.\n<<<<<<< SEARCH\n{line}\n=======\n{changed}\n>>>>>>> REPLACE\n"
    return f"```python\n{program[: place.start()]}{value}{program[place.end() :]}\n```"


def pool(server: ModelServer, **more: Any) -> Any:
    """One model at that server."""
    price: Any = {"in": 1.0, "out": 2.0}
    one = {"name": "tiny", "url": server.url, "model": "scripted", "price": price, "max_tokens": 1_000, **more}
    return [Member.model_validate({"concurrency": 8, "deadline": 20.0, **one}).model_dump()]


Answer = Callable[[Asked], str]
