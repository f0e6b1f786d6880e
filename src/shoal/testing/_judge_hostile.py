"""Hostile answers of functions: constants of every type, and the first program's own answers, twisted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shoal.testing._judge_bench import Bench, Look
from shoal.testing._judge_rules import (
    CLAIM,
    EMPTY,
    EMPTY_MEANT,
    FALSE_TYPE,
    INFINITE,
    JUNK,
    LENGTH,
    LOOSE,
    MEANT,
    NAN,
    ORDER,
    PLAIN,
    REPEATED,
    SHAPE,
    SIZE,
    TRUNCATED,
    Hostile,
    Rule,
)

__all__ = ["hostile_answers"]

POSITIONS = 24  # places where a NaN is put, at most
EDGES = (0.0, 0.5, 1.0)
# An answer by its type, as Python text; {best} is the best end of the range.
CONSTANTS: Mapping[str, tuple[str, ...]] = {
    "NoneType": ("None",),
    "bool": ("True", "False"),
    "str": ("''", "'nan'", "'1.0'", "'x' * 1_000_000", "'{best}'"),
    "bytes": ("b''", "b'\\x00' * 8"),
    "dict": ("{{}}", "{{'0': 0.0}}"),
    "list": (
        "[]",
        "[[]]",
        "[[[[[[[[[[[[]]]]]]]]]]]]",
        "[None]",
        "[{{}}]",
        "[[1.0], [1.0, 2.0]]",
        "[0.0]",
        "[{best}]",
        "np.zeros((0, 3))",
    ),
    "float": ("0.0", "-0.0", "1.0", "{best}", "1e308", "-1e308", "5e-324"),
    "int": ("0", "1", "-1", "10**400", "2**62"),
    "complex": ("1j", "np.array([1j])"),
}
_ALIKE = {"array": "list", "int": "float", "tuple": "list"}


def hostile_answers(bench: Bench) -> Iterator[Hostile]:
    """Every hostile program for this task, check by check; those of a command are in `_judge_commands`."""
    if bench.task.kind == "command":
        return
    yield from _constants(bench)
    for look in bench.looks:
        yield from _not_finite(bench, look)
        yield from _sizes(bench, look)
        yield from _shapes(bench, look)
        yield from _lengths(bench, look)
        yield from _types(bench, look)
        yield from _claims(bench, look)
        yield from _repeats(bench, look)
        yield from _signs(bench, look)


# -- the answers ------------------------------------------------------------------------------------------------------


def _constants(bench: Bench) -> Iterator[Hostile]:
    """Constants of every type; of the honest answer's own type some may be answers."""
    honest = {_ALIKE.get(look.type, look.type) for look in bench.looks}
    free = any(-1 in one.shape for one in bench.task.answers)
    best = repr(bench.natural(bench.best_end))
    for type_, texts in CONSTANTS.items():
        own = _ALIKE.get(type_, type_) in honest
        for text in texts:
            told = text.format(best=best)
            numbers = type_ in ("float", "int", "bool", "NoneType") or text in ("[0.0]", "[{best}]")
            rule = JUNK if not own else PLAIN if numbers else EMPTY_MEANT if free else EMPTY
            yield Hostile("junk", told, bench.programs.constant(told), rule)
    for told in ("math.nan", "math.inf", "-math.inf", "[math.nan]", "np.full(3, math.nan)"):
        rule = (NAN if "nan" in told else INFINITE) if "float" in honest or "list" in honest else JUNK
        yield Hostile("not finite", told.removeprefix("math."), bench.programs.constant(told), rule)
    for look in bench.looks:
        files = bench.programs.twisted("boxed", {"how": "claim", "best": bench.natural(bench.best_end)}, look)
        yield Hostile("claims", "a dictionary with a score in it", files, JUNK)


def _made(bench: Bench, look: Look, check: str, rule: Rule) -> Any:
    """Makes hostile programs of one check from twists of one function's answers."""

    def make(name: str, twist: str, *, late: int = 0, **options: Any) -> Hostile:
        told = name if len(bench.looks) < 2 else f"{name} (of {look.entry})"
        return Hostile(check, told, bench.programs.twisted(twist, options, look, later=late), rule)

    return make


def _not_finite(bench: Bench, look: Look) -> Iterator[Hostile]:
    count = min(max(look.leaves, 1), POSITIONS)
    nan = _made(bench, look, "not finite", NAN)
    for k in range(count):
        at = k / max(count - 1, 1)
        yield nan(f"NaN {_place(at)}", "entry", at=at, new="nan")
    yield nan("NaN everywhere", "filled", new="nan")
    meant = any(not one.finite for one in bench.task.answers if one.function == look.entry)
    infinite = _made(bench, look, "not finite", MEANT if meant else INFINITE)
    for new in ("inf", "-inf"):
        for at in EDGES:
            yield infinite(f"{new} {_place(at)}", "entry", at=at, new=new)
        yield infinite(f"{new} everywhere", "filled", new=new)
    if look.again:
        yield nan("NaN in a later answer", "entry", late=1, at=1.0, new="nan")


def _place(at: float) -> str:
    return {0.0: "as the first number", 1.0: "as the last number"}.get(at, "inside")


def _sizes(bench: Bench, look: Look) -> Iterator[Hostile]:
    huge = _made(bench, look, "huge and tiny", SIZE)
    for new in ("1e300", "-1e300", "2**60", "10**400"):
        for at in EDGES:
            yield huge(f"{new} {_place(at)}", "entry", at=at, new=new)
    for part in _parts(look):
        for power in (20, 40, 300):
            yield huge(f"{_of(part)} times 2**{power}", "scaled", by=2.0**power, part=part)
    for part in _parts(look):
        yield huge(f"{_of(part)} times 2**-1000", "scaled", by=2.0**-1000, part=part)
    for new in ("5e-324", "1e300", "-1e300", "0", "-0.0", "1", "-1"):
        yield huge(f"{new} everywhere", "filled", new=new)


def _parts(look: Look) -> list[Any]:
    return [None, *look.parts]


def _of(part: Any) -> str:
    return "the answer" if part is None else f"part {part!r}"


def _shapes(bench: Bench, look: Look) -> Iterator[Hostile]:
    make = _made(bench, look, "shape", SHAPE)
    names = {
        "boxed": "in one more list",
        "column": "as a column",
        "number": "cut to its first number",
        "no axis": "as an array without an axis",
        "turned": "transposed",
        "ragged": "with a ragged last row",
    }
    for how, name in names.items():
        for part in _parts(look):
            if look.leaves > 1:
                yield make(f"{_of(part)} {name}", "shaped", how=how, part=part)
    loose = _made(bench, look, "shape", LOOSE)
    for part in look.parts:
        yield loose(f"the answer without {_of(part)}", "without", part=part, left="")
        yield loose(f"None as {_of(part)}", "without", part=part, left="None")


def _lengths(bench: Bench, look: Look) -> Iterator[Hostile]:
    free = any(-1 in one.shape for one in bench.task.answers if one.function == look.entry)
    fewer = {"fewer": "without its last row", "first": "cut to its first row"}
    more = {"more": "with one row more", "twice": "twice over", "long": "with 100,000 rows"}
    for names, rule in ((fewer, LENGTH), (more, LOOSE)):
        make = _made(bench, look, "length", MEANT if free else rule)
        for how, name in names.items():
            for part in _parts(look):
                yield make(f"{_of(part)} {name}", "rows", how=how, part=part)
    empty = _made(bench, look, "length", EMPTY_MEANT if free else EMPTY)
    for part in _parts(look):
        yield empty(f"{_of(part)} without any row", "rows", how="none", part=part)
    if look.again:
        yield make("a later answer with one row more", "rows", late=1, how="more")


def _types(bench: Bench, look: Look) -> Iterator[Hostile]:
    loose, false = _made(bench, look, "types", LOOSE), _made(bench, look, "types", FALSE_TYPE)
    for at in (0.0, 1.0):
        for new in ("None", "{}", "[]"):
            yield false(f"{new} {_place(at)}", "entry", at=at, new=new)
        yield loose(f"a text {_place(at)}", "entry", at=at, new="'1'")
        yield loose(f"True {_place(at)}", "entry", at=at, new="True")
    yield _made(bench, look, "types", TRUNCATED)("fractions in place of whole numbers", "broken")
    for part in _parts(look):
        yield false(f"{_of(part)} with imaginary parts", "cast", to="imaginary", part=part)
        for to, name in (("text", "as texts"), ("bool", "as booleans"), ("complex64", "as complex numbers")):
            yield loose(f"{_of(part)} {name}", "cast", to=to, part=part)
        for to in ("float16", "float32"):
            yield _made(bench, look, "types", ORDER)(f"{_of(part)} as {to}", "cast", to=to, part=part)


def _claims(bench: Bench, look: Look) -> Iterator[Hostile]:
    make = _made(bench, look, "claims", CLAIM)
    best = bench.natural(bench.best_end)
    yield make("the answer beside a score of its own", "boxed", how="pair", best=best)
    yield make("the answer inside a dictionary with a score", "boxed", how="inside", best=best)
    yield make("the answer with the keys score, value, fitness", "boxed", how="merged", best=best)


def _repeats(bench: Bench, look: Look) -> Iterator[Hostile]:
    """An order, or a choice of different whole numbers, with repeats; rows of anything else may be equal."""
    told = [one for one in bench.task.answers if one.function == look.entry]
    choice = look.whole and look.distinct and look.leaves > 2 and not told
    meant = told and not any(one.permutation or one.distinct for one in told)
    rule = (
        PLAIN
        if meant
        else REPEATED
        if look.order
        else Rule(worse="note", equal="note", better="wrong")
        if choice
        else PLAIN
    )
    every = {"one first": "made of its first row", "one last": "made of its last row"}
    twins = {"twins": "with its first row twice", "twins last": "with its last but one row twice"}
    for names, one_rule in ((every, rule), (twins, ORDER if rule is PLAIN else rule)):
        make = _made(bench, look, "repeated rows", one_rule)
        for how, name in names.items():
            for part in _parts(look):
                yield make(f"{_of(part)} {name}", "rows", how=how, part=part)
    if look.whole and look.low >= 0:
        counted = _made(bench, look, "repeated rows", REPEATED if look.order and not meant else LOOSE)
        for at in (0.0, 1.0):
            yield counted(f"-1 {_place(at)}, which counts from the end", "entry", at=at, new="-1")
    order = _made(bench, look, "repeated rows", ORDER)
    for how in ("reversed", "rolled"):
        yield order(f"the answer {how}", "rows", how=how)


def _signs(bench: Bench, look: Look) -> Iterator[Hostile]:
    make = _made(bench, look, "signs", SIZE)
    for part in _parts(look):
        yield make(f"{_of(part)} negated", "negated", at=None, part=part)
        yield make(f"{_of(part)} negated, times 1024", "negated", at=None, by=1024.0, part=part)
        for at in (0.0, 1.0):
            yield make(f"{_of(part)} with a negative number {_place(at)}", "negated", at=at, part=part)
            yield make(f"{_of(part)} with a large negative number {_place(at)}", "negated", at=at, by=1024.0, part=part)
