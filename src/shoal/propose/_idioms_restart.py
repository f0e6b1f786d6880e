"""Restart: an answer is made several times, with other chances each time, and the best by the public score is kept."""

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from shoal.propose import _idioms_text
from shoal.propose._draft import Change, Draft, ImpossibleError, Operator
from shoal.propose._idioms_cut import body_of, fresh, judge_of
from shoal.propose._idioms_place import DEEPEST, definitions, filled, public_name
from shoal.propose._lines import span
from shoal.syntax._program import Program, Splice
from shoal.syntax._serial import is_empty
from shoal.syntax._sites import Block
from shoal.syntax._words import words

__all__ = ["OPERATORS", "restart"]

MOST_ATTEMPTS = 30
_SEEDED = words("Random RandomState default_rng seed SeedSequence PCG64 Philox")
_DRAWN = words("random uniform gauss normal randint randrange choice shuffle sample rand randn permutation")


class _Chance(NamedTuple):
    """Where a seed stands: the number's splices into the entry's function, and those elsewhere."""

    inside: tuple[Splice, ...]
    outside: tuple[Splice, ...]


def restart(draft: Draft) -> Change | None:
    """Make the answer for several seeds and return the best."""
    program = draft.program
    judge = judge_of(draft)
    block = body_of(program, program.entry[0])
    assert block is not None and isinstance(block.function, ast.FunctionDef)
    if len(re.findall(r"^\s*def best_of(?:_\d+)?\(", program.source, re.MULTILINE)) >= DEEPEST:
        raise ImpossibleError("the answer is made often enough")
    seed = fresh(program, "seed")
    chance = draft.pick(list(_chances(program, block, seed)))
    count = round(2 * (MOST_ATTEMPTS / 2) ** float(draft.rng.random()))
    made = filled(program, block, "best_of", _idioms_text.BEST_OF, sign=draft.sign, seed=1, steps=count)
    name, answer = fresh(program, "attempt"), fresh(program, "made")
    function, body = _attempt(program, block, name, (*_arguments(block), seed), chance.inside)
    score, public = public_name(program, block, judge)
    call = f"{name}({', '.join((*_arguments(block), seed))})"
    worth = judge.call(score, answer, None)
    indent = block.indent or ""
    text = f"{indent}return {made.name}(lambda {seed}: {call}, lambda {answer}: {worth})\n"
    imports = [*made.imports, *([public] if public else [])]
    before, others = definitions(program, block, [made.text, function], imports)
    return Change(
        note=f"the best of {count} attempts",
        splices=[(*body, before + text), *others, *chance.outside],
        details={"template": "restart"},
    )


def _arguments(block: Block) -> tuple[str, ...]:
    """The entry's parameters."""
    arguments = block.function.args  # type: ignore[union-attr]
    return tuple(a.arg for a in (*arguments.posonlyargs, *arguments.args))


def _attempt(
    program: Program, block: Block, name: str, arguments: tuple[str, ...], inside: tuple[Splice, ...]
) -> tuple[str, tuple[int, int]]:
    """The entry's statements as a function of their own, and where they stand."""
    statements = [s for s in block.statements if not is_empty(s)]
    start, end = span(program, statements[0])[0], span(program, statements[-1])[1]
    data = program.data[start:end]
    for first, last, text in sorted(inside, reverse=True):
        data = data[: first - start] + text.encode() + data[last - start :]
    body = data.decode()
    return f"def {name}({', '.join(arguments)}):\n{body if body.endswith(chr(10)) else body + chr(10)}", (start, end)


def _chances(program: Program, block: Block, seed: str) -> Iterator[_Chance]:
    """Seeds in the entry, seeds in functions that it calls, or draws from a generator that all share."""
    for node in _seeds(block.owner):
        yield _Chance(((program.start(node), program.end(node), seed),), ())
    calls = [n for s in block.statements for n in ast.walk(s) if isinstance(n, ast.Call)]
    called = {n.func.id for n in calls if isinstance(n.func, ast.Name)}
    for name in sorted(called):
        other = body_of(program, name)
        if other is None or other.owner is block.owner:
            continue
        place = _parameter_place(program, other)
        for node in _seeds(other.owner) if place is not None else ():
            inside = tuple(
                _handed(program, n, seed) for n in calls if isinstance(n.func, ast.Name) and n.func.id == name
            )
            start, end = program.start(node), program.end(node)
            at, comma = place  # type: ignore[misc]
            yield _Chance(inside, ((at, at, f"{comma}{seed}={program.text(node)}"), (start, end, seed)))
    if not any(True for _ in _seeds(program.tree)) and _draws(program):
        yield _Chance((), ())


def _seeds(node: ast.AST) -> Iterator[ast.Constant]:
    for inner in ast.walk(node):
        match inner:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[ast.Constant(value=value) as seed]):
                if name in _SEEDED and type(value) is int:
                    yield seed
            case ast.keyword(arg="seed", value=ast.Constant(value=value) as seed) if type(value) is int:
                yield seed
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=value) as seed):
                if "seed" in name.lower() and type(value) is int:
                    yield seed


def _parameter_place(program: Program, block: Block) -> tuple[int, str] | None:
    """Where one more parameter can be written, and what goes before it."""
    function = block.function
    assert isinstance(function, ast.FunctionDef)
    arguments = function.args
    if arguments.vararg or arguments.kwarg or arguments.kwonlyargs:
        return None
    every = [*arguments.posonlyargs, *arguments.args, *(a.annotation for a in arguments.args if a.annotation)]
    every += arguments.defaults
    if every:
        return max(program.end(one) for one in every), ", "
    return program.data.index(b"(", program.start(function)) + 1, ""


def _handed(program: Program, call: ast.Call, seed: str) -> Splice:
    end = program.end(call) - 1
    bare = not (call.args or call.keywords) or program.data[:end].rstrip().endswith(b",")
    return end, end, f"{'' if bare else ', '}{seed}={seed}"


def _draws(program: Program) -> bool:
    """Whether chance comes from a generator of a module."""
    modules = {"random"}
    for node in ast.walk(program.tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=base) | ast.Attribute(attr=base), attr=name)):
                if base in modules and name in _DRAWN:
                    return True
    return False


OPERATORS = (Operator("restart", "idioms", restart, needs="public"),)
