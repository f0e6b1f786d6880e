"""What the editor answers besides edits: what a program is, which numbers it has, what can be traced in it."""

import ast
from collections.abc import Callable, Mapping
from typing import Any

from shoal.propose._draft import ImpossibleError
from shoal.propose._subject import subject
from shoal.propose._trace import FUNCTION, trace_points
from shoal.syntax._edit_scope import check_scope
from shoal.syntax._embedding import embedded
from shoal.syntax._intent import intents_of
from shoal.syntax._literals import Literals
from shoal.syntax._program import Program, read
from shoal.syntax._source import check_compiles

Payload = Mapping[str, Any]


def described(program: Program) -> dict[str, Any]:
    """What the search keeps of every program."""
    normal = program.normal
    return {
        "shape": program.shape,
        "size": len(normal.tokens),
        "literals": len(normal.numbers),
        "frozen": program.frozen_hash,
    }


def describe(program: Program, payload: Payload) -> dict[str, Any]:
    """The program as it is, with its hashes; "failed" where it would not compile."""
    check_compiles(program.source)
    return {"source": program.source, "normal": program.normal_hash, "note": "as it is", "details": described(program)}


def check(program: Program, payload: Payload) -> dict[str, Any]:
    """As `describe`, and whether the program may stand in for payload "against", the one it was made from.

    See `check_scope` for what it must keep. With payload "embed" the details hold what `embed` tells, too.
    """
    against = payload.get("against")
    if not isinstance(against, str):
        raise ImpossibleError("payload against must be a program's text")
    check_scope(program, read(against, select=program.select, entry=program.entry))
    reply = describe(program, payload)
    return {**reply, "details": reply["details"] | embedded(program)._asdict()} if payload.get("embed") else reply


def embed(program: Program, payload: Payload) -> dict[str, Any]:
    """What the program is like: "details" holds "vector" and "numbers", see `Embedding`."""
    details = described(program) | embedded(program)._asdict()
    return {"source": program.source, "normal": program.normal_hash, "note": "as a vector", "details": details}


def intents(program: Program, payload: Payload) -> dict[str, Any]:
    """What a judge may mind in the text: "details" holds "intents", see `shoal.syntax.intents`."""
    found = intents_of(program.tree)
    note = f"{len(found)} intents"
    details = described(program) | {"intents": found}
    return {"source": program.source, "normal": program.normal_hash, "note": note, "details": details}


def inspect(program: Program, payload: Payload) -> dict[str, Any]:
    """The tunable numbers, and counts of the program's features.

    "details" holds one entry a number: "values"; "kinds", "float", "int", "index" (an integer that counts or
    indexes) or "dead" (nothing uses it); "columns", equal for numbers of one column of a table or of one row outside of
    tables, -1 for a lone number; "lines"; "lower" and "upper", bounds or None; and "features".
    """
    slots, numbers = program.literals.slots, program.normal.numbers
    kinds = ["dead" if numbers[s.node] < 0 else "index" if s.size else s.kind for s in slots]
    details = described(program) | {
        "values": [s.value for s in slots],
        "kinds": kinds,
        "columns": columns(program.literals),
        "lines": [s.line for s in slots],
        "lower": [s.lower for s in slots],
        "upper": [s.upper for s in slots],
        "features": features(program.tree),
    }
    note = f"{len(slots)} numbers"
    return {"source": program.source, "normal": program.normal_hash, "note": note, "details": details}


def columns(literals: Literals) -> list[int]:
    """Which numbers are of one kind by where they stand, as `inspect` tells it."""
    found = [-1] * len(literals.slots)
    in_table = {row for table in literals.tables for row in table}
    tables = [[literals.rows[row] for row in table] for table in literals.tables]
    groups = [list(column) for rows in tables for column in zip(*rows, strict=True)]
    groups += [list(row) for number, row in enumerate(literals.rows) if number not in in_table]
    for number, group in enumerate(groups):
        for slot in group:
            found[slot] = number
    return found


def trace(program: Program, payload: Payload) -> dict[str, Any]:
    """A program that remembers the numbers its variables hold; "function" is what to ask it for."""
    source, points = trace_points(program)
    if not points:
        raise ImpossibleError("no variable to trace")
    check_compiles(source)
    details = {"points": [{"line": p.line, "name": p.name} for p in points]}
    return {
        "source": source,
        "function": FUNCTION,
        "normal": program.normal_hash,
        "note": f"{len(points)} points",
        "details": details,
    }


def features(tree: ast.Module) -> dict[str, int]:
    """Counts that describe a program roughly: nodes, depth, loops, calls, branches, functions."""
    counts = dict.fromkeys(("nodes", "depth", "loops", "calls", "branches", "functions"), 0)
    level: list[ast.AST] = [tree]
    while level:
        counts["depth"] += 1
        counts["nodes"] += len(level)
        for node in level:
            sort = _SORTS.get(type(node))
            if sort is not None:
                counts[sort] += 1
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return counts


_SORTS: dict[type[ast.AST], str] = {
    ast.AsyncFunctionDef: "functions",
    ast.Call: "calls",
    ast.For: "loops",
    ast.FunctionDef: "functions",
    ast.If: "branches",
    ast.IfExp: "branches",
    ast.Lambda: "functions",
    ast.While: "loops",
    ast.comprehension: "loops",
}

SERVICES: dict[str, Callable[[Program, Payload], dict[str, Any]]] = {
    "check": check,
    "describe": describe,
    "embed": embed,
    "inspect": inspect,
    "intents": intents,
    "subject": subject,
    "trace_points": trace,
}
ENTRANCES = ("check", "describe", "subject")
"""Services that programs from outside come in by: their characters are looked at before they are read."""
