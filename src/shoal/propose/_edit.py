"""One door to all edits: a request in, a checked program out.

What comes back parses, keeps the frozen statements as they are and stays within its region, keeps every entry with
its parameters, mentions no name that is nowhere defined unless its parent did, and is not its parent in another dress.
Text that comes from outside enters by a service (see `ENTRANCES`), and is looked at character by character first.
"""

import ast
import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from shoal.core.errors import ShoalError
from shoal.propose import (
    _curve,
    _idioms,
    _idioms_inline,
    _idioms_memoise,
    _idioms_restart,
    _narrow,
    _numbers,
    _polish,
    _recombine,
    _rewrites_arrays,
    _rewrites_backups,
    _rewrites_beginnings,
    _rewrites_beside,
    _rewrites_blocks,
    _rewrites_bounds,
    _rewrites_building,
    _rewrites_byhand,
    _rewrites_calls,
    _rewrites_carried,
    _rewrites_chains,
    _rewrites_choosing,
    _rewrites_closest,
    _rewrites_copies,
    _rewrites_distinct,
    _rewrites_divisors,
    _rewrites_groups,
    _rewrites_growing,
    _rewrites_guards,
    _rewrites_helpers,
    _rewrites_hoist,
    _rewrites_inplace,
    _rewrites_joining,
    _rewrites_kept,
    _rewrites_leading,
    _rewrites_loads,
    _rewrites_longest,
    _rewrites_lookup,
    _rewrites_loops,
    _rewrites_marks,
    _rewrites_memory,
    _rewrites_mirrors,
    _rewrites_moving,
    _rewrites_nearest,
    _rewrites_neighbours,
    _rewrites_numbered,
    _rewrites_onward,
    _rewrites_ordered,
    _rewrites_overlaps,
    _rewrites_pairs,
    _rewrites_places,
    _rewrites_prefixes,
    _rewrites_queues,
    _rewrites_ranges,
    _rewrites_ranked,
    _rewrites_resume,
    _rewrites_runs,
    _rewrites_scans,
    _rewrites_search,
    _rewrites_seen,
    _rewrites_selection,
    _rewrites_several,
    _rewrites_shorter,
    _rewrites_shrinking,
    _rewrites_sorting,
    _rewrites_spelled,
    _rewrites_starts,
    _rewrites_steps,
    _rewrites_tallied,
    _rewrites_tried,
    _rewrites_updated,
    _rewrites_walks,
    _rewrites_windows,
    _rows,
    _statements,
    _structure,
    _terms,
    _tree,
    _umad,
)
from shoal.propose._draft import Change, Draft, ImpossibleError, Operator
from shoal.propose._reply import as_check
from shoal.propose._services import ENTRANCES, SERVICES, described
from shoal.propose._several import edit_several
from shoal.propose._text import edit_text
from shoal.syntax._characters import check_characters, check_invisible
from shoal.syntax._edit_scope import check_scope, frozen_data
from shoal.syntax._program import Program, read
from shoal.syntax._region import first_line
from shoal.syntax._serial import Number
from shoal.syntax._source import MAX_BYTES, SourceError

SMALL = ("local_binding", "index_free", "shorter")
"""Rewrites that fit nearly everywhere and bring little."""

STEPS = (
    *SMALL,
    *("comprehension", "reduction", "any_all", "early_exit", "counted_loop", "counted_any", "difference_range"),
    *("hoist_invariant", "hoist_names", "part_loop", "found_apart", "unnamed", "expression_of_call", "local_helper"),
    *("seen_tables", "spelled_out", "pattern_apart", "sorted_at_once", "copied_first", "helper_in_place"),
    *("without_else", "added_up", "one_sum", "places_of_part"),
)
"""Rewrites that by themselves bring a part at most, and may make another possible; or are seldom what is wanted."""

SMALL_SHARE = 0.25
"""Share of draws of "any_rewrite" that give these an even chance."""

AGAIN = 0.6
"""Share of rewrites by "any_rewrite" that are followed by one which they make possible."""

CYCLE = 3
"""Of so many counted requests for "any_rewrite" one is for a single rewrite; the others are for rows of them."""

PARENTS = 32
"""Programs whose single rewrites are remembered."""

FREELY = 0.15
"""Share of those that follow which are any rewrite."""

MOST_REWRITES = 5
"""Rewrites in a row that "any_rewrite" makes at most."""

TRIES = 16
"""Changes tried before an operator gives up."""

LARGE = 16_384
"""Programs with more bytes than this get a quarter of the tries, and of the operators where any will do."""

MOST_EDITS = 8
"""Edits in a row that "independent" makes at most."""

KICKS = ("relocate", "row_jitter", "jitter")
"""Edits of numbers before one with payload "kick"."""

KICK = 0.3
"""How far a jitter moves them then, as a share of the numbers' own spread."""

OPERATORS: dict[str, Operator] = {
    operator.name: operator
    for module in (
        *(_numbers, _rows, _tree, _terms, _curve, _narrow, _umad, _statements, _recombine, _structure),
        *(_idioms, _idioms_inline, _idioms_memoise, _idioms_restart, _polish),
        *(_rewrites_lookup, _rewrites_pairs, _rewrites_memory, _rewrites_hoist, _rewrites_loops, _rewrites_search),
        *(_rewrites_building, _rewrites_queues, _rewrites_ranges, _rewrites_divisors, _rewrites_shorter),
        *(_rewrites_seen, _rewrites_sorting, _rewrites_arrays, _rewrites_bounds, _rewrites_calls),
        *(_rewrites_starts, _rewrites_places, _rewrites_scans, _rewrites_windows, _rewrites_resume, _rewrites_distinct),
        *(_rewrites_growing, _rewrites_beside, _rewrites_groups, _rewrites_selection),
        *(_rewrites_walks, _rewrites_nearest, _rewrites_carried, _rewrites_ordered),
        *(_rewrites_mirrors, _rewrites_overlaps, _rewrites_helpers, _rewrites_blocks),
        *(_rewrites_kept, _rewrites_prefixes, _rewrites_joining, _rewrites_chains, _rewrites_several),
        *(
            _rewrites_copies,
            _rewrites_steps,
            _rewrites_closest,
            _rewrites_updated,
            _rewrites_guards,
            _rewrites_shrinking,
            _rewrites_moving,
            _rewrites_marks,
            _rewrites_byhand,
            _rewrites_spelled,
            _rewrites_numbered,
            _rewrites_runs,
            _rewrites_leading,
            _rewrites_loads,
            _rewrites_onward,
            _rewrites_choosing,
            _rewrites_neighbours,
            _rewrites_inplace,
            _rewrites_longest,
            _rewrites_ranked,
            _rewrites_tallied,
            _rewrites_tried,
            _rewrites_backups,
            _rewrites_beginnings,
        ),
    )
    for operator in module.OPERATORS
}
TEMPLATES = ("idioms", "polish")
"""Families that no blind edit ("any", "independent") draws from: what they put in may cost seconds."""

REWRITES = "rewrites"
"""The family of rewrites for speed. No blind edit draws from it either: it keeps what a program does."""

_WIDE = ("recombine", "structure", REWRITES, *TEMPLATES)
"""Families that bring whole statements. The others bring expressions, and reach out with frozen data in them only."""
_WORDS = re.compile(r"[^\W\d]\w*")
_NEVER_BLIND = (REWRITES, *TEMPLATES)
_FREE = [o for o in OPERATORS.values() if not o.needs and o.name != "pair_jitter" and o.family not in _NEVER_BLIND]
_REWRITES = [o for o in OPERATORS.values() if o.family == REWRITES]


class Made(NamedTuple):
    """A checked edit."""

    source: str
    normal: str
    note: str
    details: dict[str, Any]

    def reply(self) -> dict[str, Any]:
        """As the answer to a request."""
        return self._asdict()


def edit(request: Mapping[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    """Answer one request; the same request and generator give the same answer.

    Args:
        request: "operator", a name in `OPERATORS` or `SERVICES`, or "any", "any_rewrite" or "independent", or "reply"
            (payload "text" and "form": take up what a model said of the program, see `shoal.propose._reply`); "source",
            or "files" of a program of several, see `shoal.propose._several`;
            "select", what may change ("all"); "entry", names that must stay, with their parameters; "donors", other
            programs; "payload", the operator's own parameters; "public", the task's public functions with how many
            arguments each takes, and "public_sign", -1.0 where less of what they return is better; "language", "text"
            for a program that is not Python.
        rng: the only source of chance.

    Returns:
        "source", "normal" (the hash of the normal form), "note" (short, for people), "details" ("shape", the hash
        without numbers; "size", parts of the canonical form; "literals", how many numbers; what the operator adds); or
        "failed" with a reason.
    """
    try:
        if "files" in request:
            return edit_several(request, rng, edit)
        if request.get("operator") == "reply":
            request = as_check(request)
        if request.get("language") == "text":
            return edit_text(request, rng)
        return _answer(_Request.read(request), rng)
    except (ImpossibleError, ShoalError) as error:
        return {"failed": str(error)}
    except (RecursionError, MemoryError):
        return {"failed": "nested too deeply to be edited"}


class _Request(NamedTuple):
    operator: str
    program: Program
    donors: Sequence[str]
    payload: Mapping[str, Any]
    public: Mapping[str, int]
    sign: float

    @classmethod
    def read(cls, request: Mapping[str, Any]) -> "_Request":
        """Check what came over the border."""
        operator, source = request.get("operator"), request.get("source")
        if not isinstance(operator, str) or not isinstance(source, str):
            raise ImpossibleError("a request needs an operator and a source, both text")
        select = request.get("select", "all")
        select = select if isinstance(select, str) else tuple(_texts(select, "select"))
        entry = tuple(_texts(request.get("entry", ()), "entry"))
        payload = request.get("payload") or {}
        if not isinstance(payload, dict):
            raise ImpossibleError("payload must be a table")
        if operator in ENTRANCES:
            check_characters(source)
        program = read(source, select=select, entry=entry)
        missing = [name for name in entry if name not in program.entry_shapes]
        if missing:
            raise SourceError(f"the program does not define {', '.join(missing)}")
        donors = _texts(request.get("donors", ()), "donors")
        sign = -1.0 if request.get("public_sign") == -1 else 1.0
        return cls(operator, program, donors, payload, _public(request), sign)


def _public(request: Mapping[str, Any]) -> dict[str, int]:
    value = request.get("public") or {}
    if not isinstance(value, dict) or not all(str(n).isidentifier() and type(k) is int for n, k in value.items()):
        raise ImpossibleError("public must be a table: name of a function -> how many arguments it takes")
    return value


def _texts(value: object, name: str) -> list[str]:
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise ImpossibleError(f"{name} must be a list of texts")
    return list(value)


def _answer(request: _Request, rng: np.random.Generator) -> dict[str, Any]:
    if request.operator in SERVICES:
        return SERVICES[request.operator](request.program, request.payload)
    if request.operator == "any":
        return _any(request, rng).reply()
    if request.operator == "any_rewrite":
        return _any_rewrite(request, rng).reply()
    if request.operator == "independent":
        return _independent(request, rng).reply()
    operator = OPERATORS.get(request.operator)
    if operator is None:
        raise ImpossibleError(f"no operator {request.operator!r}; there are {', '.join(sorted(OPERATORS))}")
    if request.payload.get("kick") is True:
        request = _kicked(request, rng)
    return _made(operator, request, rng).reply()


def _kicked(request: _Request, rng: np.random.Generator) -> _Request:
    """The request, about a program in which some numbers have moved far: a polish leads from there to elsewhere."""
    first = request.program
    moves = request._replace(payload={"sigma": KICK})
    made = _first_of([OPERATORS[name] for name in KICKS], moves, rng)
    return request._replace(program=Program(made.source, select=first.select, entry=first.entry))


def _any(request: _Request, rng: np.random.Generator) -> Made:
    """One edit by an operator drawn uniformly from those that can work here."""
    options = [o for o in OPERATORS.values() if o in _FREE or (o.needs == "donors" and request.donors)]
    most = len(options) if len(request.program.data) <= LARGE else len(options) // 4
    hints = {"types": request.payload["types"]} if "types" in request.payload else {}
    return _first_of(options, request._replace(payload=hints), rng, most=most)


def _any_rewrite(request: _Request, rng: np.random.Generator) -> Made:
    """One rewrite, perhaps with others that it makes possible: many a first step brings nothing by itself.

    Payload "number" counts the search's turns from 1: in as many turns as the program has single rewrites each of them
    has its own, the turns after that are for drawn rows, and then again.
    """
    number = int(request.payload.get("number", 0))
    options = _singles(request) if number else ()
    if options and (place := (number - 1) % (CYCLE * len(options))) < len(options):
        operator, option = options[place]
        try:
            return _named(operator, _made(operator, request, rng, option=option))
        except ImpossibleError:
            pass  # what comes of it is no program; another is drawn
    return _in_a_row(request, rng, least=2 if options else 1)


def _singles(request: _Request) -> Sequence[tuple[Operator, int]]:
    """All rewrites of a program, each with the number of what it picks; those that bring little come last."""
    told = {key: value for key, value in request.payload.items() if key in ("types", "numpy")}
    program = request.program
    return _listed(program.source, program.select, program.entry, json.dumps(told, sort_keys=True))


@lru_cache(maxsize=PARENTS)
def _listed(
    source: str, select: str | tuple[str, ...], entry: tuple[str, ...], payload: str
) -> tuple[tuple[Operator, int], ...]:
    """As `_singles`; the same programs are asked about again and again."""
    program, rng = Program(source, select=select, entry=entry), np.random.default_rng(0)
    found = []
    for operator in sorted(_REWRITES, key=lambda one: (one.name in STEPS, one.name in SMALL)):
        draft = Draft(program, rng, payload=json.loads(payload), option=0)
        try:
            operator.change(draft)
        except ImpossibleError:
            continue
        found += [(operator, option) for option in range(max(1, draft.options))]
    return tuple(found)


def _in_a_row(request: _Request, rng: np.random.Generator, *, least: int = 1) -> Made:
    """At least so many rewrites, where there are, each of them mostly one that those before it made possible."""
    first = request.program
    made = _one_rewrite(request, rng)
    notes = [made.note]
    while len(notes) < MOST_REWRITES and (len(notes) < least or rng.random() < AGAIN):
        request = request._replace(program=Program(made.source, select=first.select, entry=first.entry))
        try:
            following = _following(first, request, rng, freely=len(notes) < least)
        except ImpossibleError:
            break
        if following.normal == first.normal_hash:
            break
        made = following
        notes.append(made.note)
    return made._replace(note="; ".join(notes))


def _following(first: Program, request: _Request, rng: np.random.Generator, *, freely: bool) -> Made:
    """One more rewrite; where none is new, and ``freely``, any other."""
    if rng.random() < FREELY:
        return _one_rewrite(request, rng)
    try:
        return _first_of(_new(first, request), request, rng)
    except ImpossibleError:
        if freely:
            return _one_rewrite(request, rng)
        raise


def _new(first: Program, request: _Request) -> list[Operator]:
    """The rewrites that find something in a program and found nothing in the first one of the row."""
    before = {operator.name for operator, _ in _singles(request._replace(program=first))}
    return [operator for operator in dict(_singles(request)) if operator.name not in before]


def _one_rewrite(request: _Request, rng: np.random.Generator) -> Made:
    """One rewrite by an operator that can work here; those that fit nearly everywhere mostly come last."""
    options = list(dict(_singles(request)))
    if rng.random() < SMALL_SHARE:
        return _first_of(options, request, rng)
    try:
        return _first_of([o for o in options if o.name not in SMALL], request, rng)
    except ImpossibleError:
        return _first_of([o for o in options if o.name in SMALL], request, rng)


def _first_of(
    options: Sequence[Operator], request: _Request, rng: np.random.Generator, *, most: int | None = None
) -> Made:
    """One edit by the first operator that can work here, of ``most`` in an order drawn evenly."""
    for number in rng.permutation(len(options)).tolist()[:most]:
        operator = options[number]
        try:
            made = _made(operator, request, rng)
        except ImpossibleError:
            continue
        return _named(operator, made)
    raise ImpossibleError("no operator can work on this program")


def _named(operator: Operator, made: Made) -> Made:
    """With the operator's name, which the request did not tell."""
    return made._replace(note=f"{operator.name}: {made.note}", details={**made.details, "operator": operator.name})


def _independent(request: _Request, rng: np.random.Generator) -> Made:
    """A geometric number of random edits in a row."""
    count = min(MOST_EDITS, int(rng.geometric(0.4)))
    first = request.program
    notes: list[str] = []
    for _ in range(2 * MOST_EDITS):
        made = _any(request, rng)
        notes.append(made.note)
        if len(notes) >= count and made.normal != first.normal_hash:
            return made._replace(note="; ".join(notes), details={**made.details, "operator": "independent"})
        request = request._replace(program=Program(made.source, select=first.select, entry=first.entry))
    raise ImpossibleError("the edits cancelled out")


def _made(operator: Operator, request: _Request, rng: np.random.Generator, *, option: int | None = None) -> Made:
    """Try an operator until a change passes the checks; raises ImpossibleError with the last reason.

    ``option`` is the number of what it picks first, where that is not drawn.
    """
    public, sign = request.public, request.sign
    draft = Draft(
        request.program,
        rng,
        donors=request.donors,
        payload=request.payload,
        public=public,
        sign=sign,
        option=option,
    )
    if operator.needs == "public" and not draft.public:
        raise ImpossibleError(f"{operator.name}: the task has no public function")
    reason = "no change found"
    tries = 1 if operator.needs == "payload" else TRIES if len(request.program.data) <= LARGE else TRIES // 4
    for _ in range(tries):
        change = operator.change(draft)
        if change is None:
            continue
        try:
            return _checked(request.program, change, wide=operator.family in _WIDE)
        except SourceError as error:
            reason = str(error)
    raise ImpossibleError(f"{operator.name}: {reason}")


def _checked(parent: Program, change: Change, *, wide: bool) -> Made:
    if change.numbers:
        return _renumbered(parent, change, change.numbers)
    source = parent.spliced(change.splices)
    child = Program(source, select=parent.select, entry=parent.entry)
    if change.details.get("materialised"):
        child = _without_unused(child)
    if child.frozen_text() != parent.frozen_text():
        raise SourceError("the frozen part would change")
    wide = wide or bool(parent.region.holes)
    if parent.region.frozen and (wide or not parent.derived(frozen_data).isdisjoint(_words(change))):
        check_scope(child, parent)
    if not source.isascii():
        check_invisible(source)
    if any(child.entry_shapes.get(name) != shape for name, shape in parent.entry_shapes.items()):
        raise SourceError("an entry would change its parameters")
    fresh = child.normal.undefined - parent.normal.undefined
    if fresh:
        raise SourceError(f"{', '.join(sorted(fresh))} would not be defined")
    if child.normal_hash == parent.normal_hash:
        raise SourceError("the program would stay the same")
    return Made(child.source, child.normal_hash, change.note, {**described(child), **change.details})


def _words(change: Change) -> set[str]:
    return {word for _, _, text in change.splices for word in _WORDS.findall(text)}


def _renumbered(parent: Program, change: Change, values: Sequence[tuple[int, Number]]) -> Made:
    """Only digits change, so that the parent's canonical form tells the child's."""
    slots = parent.literals.slots
    normal = parent.normal.hash_with((parent.normal.numbers[slots[k].node], value) for k, value in values)
    if normal == parent.normal_hash:
        raise SourceError("the program would stay the same")
    source = parent.spliced(parent.number_splices(values))
    if len(source) > MAX_BYTES // 4 and len(source.encode()) > MAX_BYTES:
        raise SourceError(f"the program would be over {MAX_BYTES} bytes")
    return Made(source, normal, change.note, {**described(parent), **change.details})


def _without_unused(program: Program) -> Program:
    """Without the mutable top-level statements that nothing uses any more."""
    mutable = {id(s) for s in program.region.mutable}
    unused = [s for s in program.normal.dropped if id(s) in mutable]
    if not unused:
        return program
    splices = [(*_statement_span(program, s), "") for s in unused]
    return Program(program.spliced(splices), select=program.select, entry=program.entry)


def _statement_span(program: Program, statement: ast.stmt) -> tuple[int, int]:
    """The bytes of a top-level statement with the empty lines after it; of a shared line, only its own part."""
    data, end = program.data, program.end(statement)
    start = program.starts[first_line(statement) - 1] if statement.col_offset == 0 else program.start(statement)
    while data[end : end + 1] == b"\n":
        end += 1
    return start, end
