"""What rewrites share: statements that run again and again, uses of a name, and how the text around them changes."""

import ast
import builtins
import copy
import io
import keyword
import tokenize
from collections.abc import Callable, Iterable, Iterator, Mapping

from shoal.propose._draft import Change
from shoal.propose._idioms_place import import_place
from shoal.propose._lines import Place, local_names, places, reads_first, span
from shoal.propose._pieces import Piece, piece, replaced
from shoal.propose._rewrites_pure import changed, mutated, mutated_within
from shoal.syntax._program import Program, Splice
from shoal.syntax._region import first_line
from shoal.syntax._serial import is_empty
from shoal.syntax._sites import Block, Function, Site

__all__ = [
    "LOOPS",
    "SIGNS",
    "TURNED",
    "Rewrite",
    "above",
    "again",
    "assigned",
    "bracketed",
    "changed_by",
    "comments",
    "exchanged_text",
    "expressions",
    "filled",
    "functions",
    "label",
    "loops",
    "makes_list",
    "outward",
    "parent",
    "place_of",
    "read_later",
    "renamed",
    "repeats",
    "reworded",
    "text_with",
    "top_of",
    "uses",
    "values_of",
    "widest",
]

LOOPS = ast.For | ast.While
SIGNS: dict[type[ast.cmpop], str] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
}
"""Of a comparison, the one that says the same with its sides exchanged."""

_WIDTH = 110


# -- where ---------------------------------------------------------------------------------------------------------


def loops(program: Program) -> list[Place]:
    """All plain loops that have their lines for themselves."""
    return [p for p in places(program) if isinstance(p.statement, LOOPS) and not p.statement.orelse]


def functions(program: Program) -> list[Block]:
    """The bodies of functions."""
    return [b for b in program.sites.blocks if b.owner is b.function and b.indent is not None]


def expressions(program: Program) -> list[Site]:
    """All expressions inside functions whose statements have their lines for themselves."""
    return [s for s in program.sites.expressions if s.block.function is not None and s.block.indent is not None]


def outward(place: Place) -> Iterator[Place]:
    """The statements that hold a statement, innermost first, up to its function's own."""
    block = place.block
    while block.outer is not None and not isinstance(block.owner, Function):
        yield Place(block.outer, block.place)
        block = block.outer


def repeats(site: Site) -> list[Place]:
    """Statements that evaluate an expression again and again, innermost first: loops, and functions in functions."""
    here = Place(site.block, site.place)
    around = again(here)
    return [here, *around] if site.loose or isinstance(here.statement, ast.While) else around


def again(place: Place) -> list[Place]:
    """The statements around one that run it again and again, innermost first."""
    found: list[Place] = []
    block = place.block
    while block.outer is not None and block.outer.function is not None:
        outer = Place(block.outer, block.place)
        if isinstance(outer.statement, Function | LOOPS) and outer.block.indent is not None:
            found.append(outer)
        block = block.outer
    return found


def changed_by(program: Program, place: Place) -> set[str]:
    """Names that a loop may change, or a function, or the expressions of another statement."""
    if isinstance(place.statement, Function):
        return local_names(place.statement) | mutated(program, place.statement)
    if isinstance(place.statement, LOOPS):
        return changed(program, place.statement)
    return mutated(program, place.statement)


def widest(
    program: Program, again: Iterable[Place], names: set[str], but: Callable[[Place], set[str]] | None = None
) -> Place | None:
    """The outermost of the statements, told innermost first, that change none of the names; None where none is.

    Where one changes what is in a thing, as in each row of a table, those within it are far enough. ``but``: names
    that a statement changes in a way that does not count.
    """
    found = None
    for place in again:
        touched = changed_by(program, place) & names
        if touched and (but is None or touched - but(place)):
            break
        if found is not None and mutated_within(program, place.statement) & names:
            break
        found = place
    return found


def place_of(program: Program, statement: ast.stmt) -> Place | None:
    """Where a statement stands, where it has its lines for itself."""
    return program.derived(_place_of).get(id(statement))


def _place_of(program: Program) -> dict[int, Place]:
    return {id(place.statement): place for place in places(program)}


def parent(program: Program, node: ast.AST) -> ast.AST:
    """The node right above another."""
    return program.derived(_parents)[id(node)]


def above(program: Program, node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that a node is in, innermost first, up to the function."""
    while not isinstance(node, Function | ast.Module):
        node = parent(program, node)
        yield node


def _parents(program: Program) -> dict[int, ast.AST]:
    return {id(child): node for node in ast.walk(program.tree) for child in ast.iter_child_nodes(node)}


# -- names ---------------------------------------------------------------------------------------------------------


def uses(node: ast.AST, name: str) -> list[ast.Name]:
    """All mentions of a name."""
    return [n for n in ast.walk(node) if isinstance(n, ast.Name) and n.id == name]


def values_of(function: ast.AST, name: str) -> list[ast.expr] | None:
    """What a local variable is set to, one by one; None where it is set in another way too."""
    found: list[ast.expr] = []
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                found.append(value)
            case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value) if target == name:
                found.append(value)
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
                if len(targets) == len(values):
                    pairs = zip(targets, values, strict=True)
                    found += [v for t, v in pairs if isinstance(t, ast.Name) and t.id == name]
            case ast.Global(names=names) | ast.Nonlocal(names=names) if name in names:
                return None
    stored = sum(isinstance(n.ctx, ast.Store | ast.Del) for n in uses(function, name))
    given = any(isinstance(n, ast.arg) and n.arg == name for n in ast.walk(function))
    fits = stored == len(found) and found and not (given and not _begins_anew(function, name))
    return found if fits else None


def _begins_anew(function: ast.AST, name: str) -> bool:
    """Whether what a function is given is copied before anything else is done with it: `xs = list(xs)`."""
    given = [n for n in ast.walk(function) if isinstance(n, ast.arg) and n.arg == name]
    if not isinstance(function, Function) or len(given) > 1 or given[0] not in function.args.args:
        return False
    first = next((s for s in function.body if uses(s, name)), None)
    match first:
        case ast.Assign(
            targets=[ast.Name(id=same)],
            value=ast.Call(func=ast.Name(id="list" | "sorted"), args=[ast.Name(id=old)], keywords=[]),
        ):
            return same == old == name
    return False


def makes_list(value: ast.expr) -> bool:
    """Whether an expression is a list that nobody else has."""
    match value:
        case ast.List() | ast.ListComp():
            return True
        case ast.Call(func=ast.Name(id="list" | "sorted")):
            return True
        case ast.BinOp(left=ast.List(), op=ast.Mult()) | ast.BinOp(op=ast.Mult(), right=ast.List()):
            return True
    return False


def read_later(place: Place, names: set[str]) -> bool:
    """Whether what runs after a statement may read one of the names before it binds it anew."""
    rest = [place.block.statements[place.index + 1 :]]
    for outer in outward(place):
        again = [outer.statement] if isinstance(outer.statement, LOOPS) else []
        rest.append([*again, *outer.block.statements[outer.index + 1 :]])
    return any(reads_first(ast.Module(body=body, type_ignores=[])) & names for body in rest)


def label(node: ast.AST) -> str:
    """A word for what an expression holds, to make a name of."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_") or "values"
        case ast.Subscript(value=value) | ast.Starred(value=value):
            return label(value)
        case ast.Call(func=function, args=[first, *_]):
            return label(first) if isinstance(function, ast.Name) else label(function)
        case ast.Call(func=ast.Attribute(value=value)):
            return label(value)
    return "values"


# -- text ----------------------------------------------------------------------------------------------------------


def text_with(program: Program, start: int, end: int, splices: Iterable[Splice]) -> str:
    """The text between two places, with some pieces exchanged that lie within."""
    data = program.data[start:end]
    for first, last, text in sorted(splices, reverse=True):
        data = data[: first - start] + text.encode() + data[last - start :]
    return data.decode()


def exchanged_text(program: Program, node: ast.AST, exchanged: Mapping[ast.expr, str]) -> str:
    """The text of a node, with some of its parts exchanged."""
    splices = [(program.start(part), program.end(part), text) for part, text in exchanged.items()]
    return text_with(program, program.start(node), program.end(node), splices)


def bracketed(program: Program, node: ast.expr) -> str:
    """The text of an expression, in parentheses where it is no atom."""
    return piece(program, node).operand()


def filled(node: ast.expr, meanings: Mapping[str, ast.expr]) -> ast.expr:
    """An expression with what names stand for."""

    class Fill(ast.NodeTransformer):
        def visit_Name(self, part: ast.Name) -> ast.expr:
            return copy.deepcopy(meanings.get(part.id, part))

    made = Fill().visit(copy.deepcopy(node))
    assert isinstance(made, ast.expr)
    return made


def renamed(node: ast.expr, old: str, new: str) -> ast.expr:
    """An expression with another name."""
    return filled(node, {old: ast.Name(new, ast.Load())})


def reworded(node: ast.expr, texts: Mapping[str, str]) -> str:
    """The text of an expression, with others in the place of parts that read so."""

    class Reword(ast.NodeTransformer):
        def visit(self, part: ast.AST) -> ast.AST:
            if isinstance(part, ast.expr) and (text := texts.get(ast.unparse(part))) is not None:
                return ast.parse(text, mode="eval").body
            return self.generic_visit(part)

    return ast.unparse(Reword().visit(copy.deepcopy(node)))


class Rewrite:
    """One rewrite: what is put in, taken out and exchanged in a program's text."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._splices: list[Splice] = []
        self._put: dict[int, str] = {}
        self._imports: dict[str, tuple[int, str]] = {}
        self._taken: set[str] = set()

    def name(self, wanted: str) -> str:
        """A name that means nothing in the program yet."""
        found, number = wanted, 2
        while found in self._taken or found in self.program.derived(_names):
            found, number = f"{wanted}_{number}", number + 1
        self._taken.add(found)
        return found

    def replace(self, node: ast.AST, text: str) -> None:
        """Put a text in a node's place."""
        self.cut(self.program.start(node), self.program.end(node), text)

    def exchange(self, site: Site, text: str) -> None:
        """Put an expression that is no atom in a site's place, in parentheses where it needs them."""
        self._splices.append(replaced(self.program, site, Piece(text, False)))

    def cut(self, start: int, end: int, text: str = "") -> None:
        """Put a text in the place of some bytes."""
        self._splices.append((start, end, text))

    def before(self, place: Place, *lines: str) -> None:
        """Put lines before a statement, and before the comments right above it."""
        place = _whole(self.program, place)
        self._insert(top_of(self.program, place.statement), place.block.indent or "", lines)

    def decorate(self, place: Place, line: str) -> None:
        """Put a line right before a statement."""
        self._insert(self.program.starts[first_line(place.statement) - 1], place.block.indent or "", [line])

    def after(self, place: Place, *lines: str) -> None:
        """Put lines after a statement."""
        self._insert(span(self.program, place.statement)[1], place.block.indent or "", lines)

    def within(self, place: Place, *lines: str) -> None:
        """Exchange a statement's lines for others; its comments stay, above them."""
        start, end = span(self.program, place.statement)
        indent = place.block.indent or ""
        kept = comments(self.program, place.statement)
        self.cut(start, end, "".join(f"{indent}{line}\n" for line in (*kept, *lines)))

    def drop(self, place: Place) -> None:
        """Take a statement out; its comments stay."""
        self.within(place)

    def module(self, block: Block, module: str) -> str:
        """What a module is called in a function, imported where it is not yet."""
        outermost = _outermost(block)
        function = outermost.owner
        local = local_names(function) if isinstance(function, Function) else set()
        for node in (*self.program.tree.body, *outermost.statements):
            for alias in node.names if isinstance(node, ast.Import) else ():
                name = alias.asname or alias.name
                if alias.name == module and (name not in local or node in outermost.statements):
                    return name
        if module in self._imports:
            return self._imports[module][1].split()[-1]
        wanted = {"numpy": "np"}.get(module, module)
        name = self.name(wanted)
        text = f"import {module}" if name == module else f"import {module} as {name}"
        self._imports[module] = self._import_place(outermost, text)
        return name

    def _import_place(self, body: Block, text: str) -> tuple[int, str]:
        if self.program.select == "all":
            at, gap = import_place(self.program)
            return at, f"{text}\n{gap}"
        own = [body.statements[k] for k in body.places] or body.statements
        first = next((s for s in own if not is_empty(s)), own[-1])
        return top_of(self.program, first), f"{body.indent or ''}{text}\n"

    def _insert(self, at: int, indent: str, lines: Iterable[str]) -> None:
        text = "".join(f"{indent}{line}".rstrip() + "\n" for line in lines)
        self._put[at] = self._put.get(at, "") + text

    def change(self, note: str) -> Change:
        """All of it as one change."""
        put: dict[int, str] = {}
        for at, text in self._imports.values():
            put[at] = put.get(at, "") + text
        for at in put if self.program.select != "all" else ():
            # An empty line after the imports, but for those that are followed by others.
            put[at] += "" if self.program.data[at:].lstrip()[:7] in (b"import ", b"from ") else "\n"
        for at, text in self._put.items():
            put[at] = put.get(at, "") + text
        return Change(note=note, splices=[*self._splices, *((at, at, text) for at, text in put.items())])


def _names(program: Program) -> frozenset[str]:
    """All names that mean something anywhere in a program, and Python's own."""
    found = set(dir(builtins)) | set(keyword.kwlist)
    for node in ast.walk(program.tree):
        if isinstance(node, ast.alias):
            found.add((node.asname or node.name).partition(".")[0])
            continue
        found.update(
            value for field in ("id", "arg", "name", "rest") if isinstance(value := getattr(node, field, 0), str)
        )
        if isinstance(node, ast.Global | ast.Nonlocal):
            found.update(node.names)
    return frozenset(found)


def _whole(program: Program, place: Place) -> Place:
    """The statement that an `elif` belongs to: nothing can be put before the `elif` itself."""
    while program.data[program.start(place.statement) :][:4] == b"elif" and place.block.outer is not None:
        place = Place(place.block.outer, place.block.place)
    return place


def _outermost(block: Block) -> Block:
    """The body of the outermost function that a block is in."""
    while block.outer is not None and block.outer.function is not None:
        block = block.outer
    return block


def top_of(program: Program, statement: ast.stmt) -> int:
    """Where a statement's lines start, those of the comments right above it included."""
    line = first_line(statement) - 1
    comment = b" " * statement.col_offset + b"#"
    while line and program.data[program.starts[line - 1] : program.starts[line]].expandtabs(1).startswith(comment):
        line -= 1
    return program.starts[line]


def comments(program: Program, statement: ast.stmt) -> list[str]:
    """The comments on a statement's lines."""
    first, last = first_line(statement), statement.end_lineno or statement.lineno
    return [text for line, text in program.derived(_comments) if first <= line <= last]


def _comments(program: Program) -> list[tuple[int, str]]:
    tokens = tokenize.generate_tokens(io.StringIO(program.source).readline)
    return [(token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT]


def assigned(head: str, opening: str, parts: list[str], closing: str, *, step: str = "    ") -> list[str]:
    """Lines of an assignment of something in brackets, a part to a line where one line would be too long."""
    flat = f"{head}{opening}{' '.join(parts)}{closing}"
    if len(flat) <= _WIDTH and "\n" not in flat:
        return [flat]
    return [f"{head}{opening}", *(f"{step}{part}" for part in parts), closing]
