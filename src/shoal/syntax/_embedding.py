"""What a program is like, as a vector: hashed n-grams of its canonical form, without its own names and its numbers.

Two programs that differ in names, layout, comments or numbers have the same vector; the cosine of two vectors says how
much of their syntax they share, in runs of 1 to 16 tokens: the long ones make a small change count in a long program. A
run that is there often counts by the square root, so that each length counts by how many runs of it there are. The same
text gives the same bytes everywhere: nothing is learned, and only exactly rounded arithmetic is used. Hashing with a
sign: Weinberger et al. 2009.
"""

import ast
import builtins
import hashlib
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from shoal.syntax import _normal
from shoal.syntax._program import Program
from shoal.syntax._text import TextProgram
from shoal.syntax._words import words

__all__ = ["DIMENSION", "Embedding", "embedded", "embedded_text"]

DIMENSION = 512
LENGTHS = 5  # runs of 1, 2, 4, 8 and 16 tokens
NUMBER = "#"
REMEMBERED = 12  # names that one can be told from
Hashes = np.ndarray[Any, np.dtype[np.uint64]]
_DEFINITIONS = frozenset(("FunctionDef", "AsyncFunctionDef", "ClassDef"))
_BUILTINS = frozenset(dir(builtins))
_BASE = 0x9E3779B97F4A7C15
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_KEYWORDS = frozenset(
    words(
        "and auto await bool break case catch char class const continue def default do double elif else elsif end enum "
        "false float fn for foreach func function goto if impl in int interface let local long loop match mod mut "
        "namespace new nil not null or private protected public return self short signed sizeof static struct switch "
        "template then this throw trait true try type typedef typename union unless unsigned until use using var void "
        "while with yield"
    )
)


class Embedding(NamedTuple):
    """A program's vector, `DIMENSION` little-endian float32 of length 1, and a hash of the numbers in it."""

    vector: bytes
    numbers: str


def embedded(program: Program) -> Embedding:
    """What the part of a Python program that may change is like."""
    normal = program.normal
    if program.region.frozen:
        normal = _normal.analyse(ast.Module(body=list(program.region.mutable), type_ignores=[]))
    places = {index for index in normal.numbers.values() if index >= 0}
    numbers = [normal.tokens[index] for index in places]
    tokens = [NUMBER if index in places else token for index, token in enumerate(normal.tokens)]
    return Embedding(_vector(_anonymous(tokens)), _digest(numbers))


def embedded_text(program: TextProgram) -> Embedding:
    """The same of a program in another language, where every word that is no keyword is one of its own names."""
    parts = list(program.open_parts())
    numbers = [part for kind, part in parts if kind == "number"]
    names = _Names()
    tokens = [
        NUMBER if kind == "number" else names(part) if kind == "word" and part not in _KEYWORDS else part
        for kind, part in parts
    ]
    return Embedding(_vector(tokens), _digest(numbers))


class _Names:
    """What stands for a name: how many others were mentioned since it was last; a new one looks like a forgotten one.

    So a name has no letters, and another name in its place still makes a difference.
    """

    def __init__(self) -> None:
        self._recent: list[str] = []

    def __call__(self, name: str) -> str:
        recent = self._recent
        rank = recent.index(name) if name in recent else REMEMBERED
        if rank < REMEMBERED:
            del recent[rank]
        recent.insert(0, name)
        del recent[REMEMBERED:]
        return f"%{rank}"


def _anonymous(tokens: list[str]) -> list[str]:
    """The tokens without the names that the program gives; those of Python and of what it imports stay."""
    known = {name: name for name in _BUILTINS}
    own: set[str] = set()
    importing = False
    last, before = "", ""
    for index, token in enumerate(tokens):
        if importing:
            importing = token != ";"
            tokens[index], _, alias = token.partition(">")
            known[alias or tokens[index].partition(".")[0]] = tokens[index]
        elif token == "Import" or token.startswith("From"):
            importing = True
        elif last in _DEFINITIONS or (last == "[" and before == "Assign" and token[0] == "."):
            own.add(token[1:])
        last, before = token, last
    for name in own:
        known.pop(name, None)
    names = _Names()
    return [_nameless(token, known, own, names) for token in tokens]


def _nameless(token: str, known: Mapping[str, str], own: Collection[str], names: _Names) -> str:
    match token[0]:
        case "%":
            return names(token)
        case "$":
            return known.get(token[1:]) or names(token[1:])
        case "." if token[1:] in own:
            return "." + names(token[1:])
        case "=":
            return "="
    return token


def _vector(tokens: Sequence[str]) -> bytes:
    vector = np.zeros(DIMENSION)
    codes = {token: zlib.crc32(token.encode("utf-8", "surrogatepass")) + 1 for token in set(tokens)}
    runs = np.array([codes[token] for token in tokens], dtype=np.uint64)
    for doubled in range(LENGTHS):
        if doubled:
            half = 1 << (doubled - 1)
            runs = runs[:-half] * np.uint64(pow(_BASE, half, 1 << 64)) + runs[half:]  # a polynomial in the base
        if not len(runs):
            break
        found, counts = np.unique(runs, return_counts=True)
        mixed = _mixed(found)
        signs = np.where(mixed >> np.uint64(63), 1.0, -1.0)
        vector += np.bincount((mixed % np.uint64(DIMENSION)).astype(np.int64), signs * np.sqrt(counts), DIMENSION)
    size = float(np.sqrt((vector * vector).sum())) or 1.0
    return (vector / size).astype("<f4").tobytes()


def _mixed(values: Hashes) -> Hashes:
    """The finish of splitmix64: every bit of what comes out hangs on every bit of what goes in."""
    values = (values ^ (values >> np.uint64(30))) * _MIX[0]
    values = (values ^ (values >> np.uint64(27))) * _MIX[1]
    return values ^ (values >> np.uint64(31))


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()[:32]
