"""Which statements of a program may change, and which are frozen."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shoal.syntax._holes import without
from shoal.syntax._source import SourceError, clean, parse

Select = str | tuple[str, ...]
"""What may change: "all", "marked", or the names of top-level functions, classes and assignments."""

_MARKER = re.compile(r"^[ \t]*#[ \t]*(?:shoal:[ \t]*(?P<ours>begin|end)|EVOLVE-BLOCK-(?P<peers>START|END))\b", re.M)
_CLAUSE = re.compile(r"[ \t]*(?:else|elif|except|finally|case)\b")


@dataclass(frozen=True, slots=True)
class Region:
    """The split of a program's statements.

    Attributes:
        mutable: statements that may change, in order of the text: of the top level, or of a block inside a statement.
        frozen: all others of the top level, in order of the text; where some inside one may change, a copy of it in
            which a hole stands for them.
        holes: lines of the two marks of all regions, where any of them is inside a statement; else none.
    """

    mutable: tuple[ast.stmt, ...]
    frozen: tuple[ast.stmt, ...]
    holes: tuple[tuple[int, int], ...] = ()


def region(source: str, select: Select = "all") -> Region:
    """Split a program into what may change and what is frozen.

    Args:
        source: the program's text.
        select: "all"; "marked" for the statements between the comment lines `# shoal: begin` and `# shoal: end`
            (`# EVOLVE-BLOCK-START` and `-END` mean the same); or a tuple of top-level names.

    Raises:
        SourceError: the text does not parse, a name is missing, or the markers do not pair up, or cut a statement.
    """
    source = clean(source)
    return split(parse(source), source, select)


def split(tree: ast.Module, source: str, select: Select) -> Region:
    """As `region`, for a tree at hand."""
    if select == "all":
        return Region(tuple(tree.body), ())
    if select == "marked":
        return _marked(tree, source)
    if isinstance(select, str):
        raise SourceError(f'region is {select!r}; use "all", "marked" or a list of top-level names')
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


def _marked(tree: ast.Module, source: str) -> Region:
    spans, lines = marked_lines(tree, source), source.split("\n")
    held = [_held(tree, span, lines) for span in spans]
    regions = {id(one): number for number, statements in enumerate(held) for one in statements}
    inside = any(_top(tree, line) for span in spans for line in span)
    return Region(
        mutable=tuple(one for statements in held for one in statements),
        frozen=without(tree.body, regions) if inside else tuple(one for one in tree.body if id(one) not in regions),
        holes=tuple(spans) if inside else (),
    )


def _held(tree: ast.Module, span: tuple[int, int], lines: Sequence[str]) -> list[ast.stmt]:
    """The statements between two marks: all of what stands there, side by side in one block."""
    found = list(_between(tree, *span))
    held = [statement for _, statement in found]
    if (cut := _cut(held, span, lines)) is not None:
        raise SourceError(
            f"this line is between the marks of lines {span[0]} and {span[1]}, which cut its statement in two", cut
        )
    if len({id(block) for block, _ in found}) > 1:
        raise SourceError(f"the marks of lines {span[0]} and {span[1]} stand in different blocks", span[0])
    if not held and any(_top(tree, line) or lines[line - 1][:1].isspace() for line in span):
        raise SourceError("a region inside a statement must hold a statement: write pass", span[0])
    return held


def _between(node: ast.AST, first: int, last: int) -> Iterator[tuple[list[ast.AST], ast.stmt]]:
    """The outermost statements between two lines, each with the block it is in."""
    for block, statement in inner(node):
        if first < first_line(statement) and last_line(statement) < last:
            yield block, statement
        else:
            yield from _between(statement, first, last)


def inner(node: ast.AST) -> Iterator[tuple[list[ast.AST], ast.stmt]]:
    """The statements of a node's own blocks, each with its block."""
    for _, value in ast.iter_fields(node):
        for item in value if isinstance(value, list) else ():
            if isinstance(item, ast.stmt):
                yield value, item
            elif isinstance(item, ast.ExceptHandler | ast.match_case):
                yield from inner(item)


def _cut(held: Sequence[ast.stmt], span: tuple[int, int], lines: Sequence[str]) -> int | None:
    """The first line between two marks that holds something besides their statements, such as `else:`."""
    done = span[0]
    for statement in held:
        first = first_line(statement)
        before = lines[first - 1].encode()[: statement.col_offset].strip()
        if found := next((k for k in range(done + 1, first) if _is_code(lines[k - 1])), None):
            return found
        if before not in (b"", b"@") and first != done:
            return first
        done = last_line(statement)
    return next((k for k in range(done + 1, span[1]) if _is_code(lines[k - 1])), None)


def _is_code(line: str) -> bool:
    return not re.match(r"\s*(#|$)", line)


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
    """Line and direction of each marker; a marker-like line within a statement may be text of a string."""
    lines = source.split("\n")
    comments: frozenset[int] | None = None
    for line, opens in _mark_texts(source):
        top = _top(tree, line)
        if top is not None and not _stands_between(top, line, lines):
            comments = _comment_lines(source) if comments is None else comments
            if line in comments:
                raise SourceError("a region's mark must stand between statements", line)
            continue
        yield line, opens


def _top(tree: ast.Module, line: int) -> ast.stmt | None:
    """The top-level statement that a line is inside of."""
    return next((s for s in tree.body if first_line(s) <= line <= last_line(s)), None)


def _stands_between(statement: ast.stmt, line: int, lines: Sequence[str]) -> bool:
    """Whether a comment's line inside a statement is one between those of its blocks."""
    blocks = [one for _, one in inner(statement)]
    around = next((one for one in blocks if first_line(one) <= line <= last_line(one)), None)
    if around is not None:
        return _stands_between(around, line, lines)
    following = next((k for k in range(line + 1, last_line(statement) + 1) if _is_code(lines[k - 1])), None)
    starts = {first_line(one) for one in blocks}
    return bool(blocks) and (following in starts or _CLAUSE.match(lines[(following or line) - 1]) is not None)


def lines_like_marks(source: str) -> list[int]:
    """Lines that read as a mark, whatever they are part of."""
    return [line for line, _ in _mark_texts(source)]


def _mark_texts(source: str) -> Iterator[tuple[int, bool]]:
    for found in _MARKER.finditer(source):
        yield source.count("\n", 0, found.start()) + 1, found["ours"] == "begin" or found["peers"] == "START"


def _comment_lines(source: str) -> frozenset[int]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return frozenset(token.start[0] for token in tokens if token.type == tokenize.COMMENT)
