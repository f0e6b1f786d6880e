"""Which top-level statements of a program may change, and which are frozen."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shoal.syntax._source import SourceError, clean, parse

Select = str | tuple[str, ...]
"""What may change: "all", "marked", or the names of top-level functions, classes and assignments."""

_MARKER = re.compile(r"^[ \t]*#[ \t]*(?:shoal:[ \t]*(?P<ours>begin|end)|EVOLVE-BLOCK-(?P<peers>START|END))\b", re.M)


@dataclass(frozen=True, slots=True)
class Region:
    """The split of a program's top-level statements.

    Attributes:
        mutable: statements that may change, in order of the text.
        frozen: all others, in order of the text.
    """

    mutable: tuple[ast.stmt, ...]
    frozen: tuple[ast.stmt, ...]


def region(source: str, select: Select = "all") -> Region:
    """Split a program into what may change and what is frozen.

    Args:
        source: the program's text.
        select: "all"; "marked" for the statements between the comment lines `# shoal: begin` and `# shoal: end`
            (`# EVOLVE-BLOCK-START` and `-END` mean the same); or a tuple of top-level names.

    Raises:
        SourceError: the text does not parse, a name is missing, or the markers do not pair up or stand inside a
            statement.
    """
    source = clean(source)
    return split(parse(source), source, select)


def split(tree: ast.Module, source: str, select: Select) -> Region:
    """As `region`, for a tree at hand."""
    if select == "all":
        return Region(tuple(tree.body), ())
    if select == "marked":
        spans = marked_lines(tree, source)
        chosen = [any(first <= first_line(s) and last_line(s) <= last for first, last in spans) for s in tree.body]
    elif isinstance(select, str):
        raise SourceError(f'region is {select!r}; use "all", "marked" or a list of top-level names')
    else:
        chosen = _named(tree, select)
    pairs = list(zip(tree.body, chosen, strict=True))
    return Region(tuple(s for s, c in pairs if c), tuple(s for s, c in pairs if not c))


def first_line(statement: ast.stmt) -> int:
    """The line a statement starts on, its decorators included."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(d.lineno for d in decorators)]) if decorators else statement.lineno


def last_line(statement: ast.stmt) -> int:
    """The line a statement ends on."""
    return statement.end_lineno or statement.lineno


def names_bound(statement: ast.stmt) -> frozenset[str]:
    """Names that a top-level definition or plain assignment binds; empty for every other statement."""
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return frozenset((name,))
        case ast.AnnAssign(target=ast.Name(id=name)):
            return frozenset((name,))
        case ast.Assign(targets=targets):
            leaves = [leaf for t in targets for leaf in (t.elts if isinstance(t, ast.Tuple | ast.List) else [t])]
            return frozenset(leaf.id for leaf in leaves if isinstance(leaf, ast.Name))
    return frozenset()


def _named(tree: ast.Module, select: Sequence[str]) -> list[bool]:
    wanted = frozenset(select)
    bound = [names_bound(s) for s in tree.body]
    missing = wanted.difference(*bound) if bound else wanted
    if missing:
        raise SourceError(
            f"the region names {', '.join(sorted(missing))}, which the program does not define at top level"
        )
    return [bool(names) and names <= wanted for names in bound]


def marked_lines(tree: ast.Module, source: str) -> list[tuple[int, int]]:
    """Lines of the two marks of each region; raises SourceError where they do not pair up."""
    spans: list[tuple[int, int]] = []
    start: int | None = None
    for line, opens in _markers(tree, source):
        if opens == (start is not None):
            raise SourceError("a region begins twice" if opens else "a region ends that did not begin", line)
        if opens:
            start = line
        else:
            assert start is not None
            spans.append((start, line))
            start = None
    if start is not None:
        raise SourceError("a region begins and does not end", start)
    if not spans:
        raise SourceError("the region is marked, but no line reads `# shoal: begin`")
    return spans


def _markers(tree: ast.Module, source: str) -> Iterator[tuple[int, bool]]:
    """Line and direction of each marker; a marker-like line within a statement is text of a string, or misplaced."""
    comments: frozenset[int] | None = None
    for line, opens in _mark_texts(source):
        if any(first_line(s) <= line <= last_line(s) for s in tree.body):
            comments = _comment_lines(source) if comments is None else comments
            if line in comments:
                raise SourceError("a region's mark must stand between top-level statements", line)
            continue
        yield line, opens


def lines_like_marks(source: str) -> list[int]:
    """Lines that read as a mark, whatever they are part of."""
    return [line for line, _ in _mark_texts(source)]


def _mark_texts(source: str) -> Iterator[tuple[int, bool]]:
    for found in _MARKER.finditer(source):
        yield source.count("\n", 0, found.start()) + 1, found["ours"] == "begin" or found["peers"] == "START"


def _comment_lines(source: str) -> frozenset[int]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return frozenset(token.start[0] for token in tokens if token.type == tokenize.COMMENT)
