"""What an edit knows of a place before it writes anything there: names, types, lengths, and the type it takes."""

import ast
from collections.abc import Mapping
from typing import NamedTuple

from shoal.propose._draft import Draft
from shoal.propose._generate import KINDS as MADE
from shoal.propose._generate import Maker
from shoal.propose._lines import Place, names_before
from shoal.propose._pieces import Piece
from shoal.syntax._lengths import lengths_in, lengths_of
from shoal.syntax._program import Program
from shoal.syntax._sites import Block, Site
from shoal.syntax._types import ARRAYS, LISTS, guess, is_grid
from shoal.syntax._use import Lengths, index_nodes, range_told

SIGNS: Mapping[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
}
_ROLES: Mapping[tuple[type[ast.AST], str], str] = {
    (ast.Assign, "value"): "assign",
    (ast.AugAssign, "value"): "augmented",
    (ast.BoolOp, "values"): "boolean",
    (ast.If, "test"): "test",
    (ast.IfExp, "body"): "choice",
    (ast.IfExp, "orelse"): "choice",
    (ast.IfExp, "test"): "test",
    (ast.Subscript, "slice"): "index",
    (ast.UnaryOp, "operand"): "unary",
    (ast.While, "test"): "test",
}
_FIXED_KEYWORDS = frozenset(("axis", "dtype", "keepdims", "key", "reverse"))


class Spot(NamedTuple):
    """An expression that an edit may change.

    Attributes:
        site: where it is.
        kind: the type it takes.
        axes: the symbols of its axes, where it is an array.
        maker: makes new expressions for it.
    """

    site: Site
    kind: str
    axes: Lengths
    maker: Maker

    def fresh(self, depth: int, *, full: bool = False) -> Piece | None:
        """A new expression for this place; None where nothing in scope can give its type."""
        if self.kind not in MADE:
            return None
        return self.maker.of(self.kind, depth, axes=self.axes, role=role_of(self.site), full=full)


def spot(draft: Draft, site: Site) -> Spot:
    """What is known of an expression's place."""
    names = names_of(draft, site)
    lengths = _lengths(draft, site.block, names)
    kind = kind_of(site, names, draft.program)
    axes = lengths_of(site.node, names, lengths) if lengths else ()
    return Spot(site, kind, axes, _maker(draft, site.block, names, lengths))


def names_of(draft: Draft, site: Site) -> dict[str, str]:
    """Names in scope at an expression."""
    names = names_before(draft, Place(site.block, site.place))
    names.update(dict.fromkeys(site.loose, "unknown"))
    return names


def maker_before(draft: Draft, place: Place, names: Mapping[str, str]) -> Maker:
    """Makes expressions for a new statement."""
    return _maker(draft, place.block, names, _lengths(draft, place.block, names))


def _maker(draft: Draft, block: Block, names: Mapping[str, str], lengths: Mapping[str, Lengths]) -> Maker:
    scale = range_told(block.function) if block.function else None
    return Maker(draft, names, lengths, scale=scale)


def axes_of(maker: Maker, draft: Draft, block: Block, name: str) -> Lengths:
    """The symbols of the axes of a name in scope."""
    return _lengths(draft, block, maker.names).get(name, ())


def _lengths(draft: Draft, block: Block, names: Mapping[str, str]) -> dict[str, Lengths]:
    if not any(kind in ("matrix", "numbers", *ARRAYS) for kind in names.values()):
        return {}
    own = draft.hints().get(block.function.name) if block.function else None
    return lengths_in(draft.program, block.function, own)


def role_of(site: Site) -> str:
    """Where an expression stands, in the words of the grammar's roles."""
    parent, field = site.parent, site.field
    match parent:
        case ast.BinOp(op=op):
            return f"{SIGNS.get(type(op), '+')} {field}"
        case ast.Compare():
            return f"compare {'left' if field == 'left' else 'right'}"
        case ast.Call():
            return "argument"
    return _ROLES.get((type(parent), field), "return")


def kind_of(site: Site, names: Mapping[str, str], program: Program) -> str:
    """What type a site takes: what it holds, or what its place tells."""
    parent, field = site.parent, site.field
    if isinstance(parent, ast.If | ast.While | ast.IfExp) and field == "test":
        return "bool"
    kind = guess(site.node, names)
    if isinstance(parent, ast.keyword) and parent.arg in _FIXED_KEYWORDS:
        return "object"
    if (isinstance(parent, ast.For | ast.comprehension) and field == "iter") or isinstance(parent, ast.Starred):
        return kind if kind in (*LISTS, *ARRAYS) else "object"
    if isinstance(parent, ast.Subscript) and field == "value":
        return kind if kind in ("matrix", *LISTS, *ARRAYS) else "object"
    if _is_index(parent, program) or _is_range(parent):
        return "int" if kind in ("number", "unknown") else kind
    if kind == "int_array":
        return "array"
    if kind == "int":
        return _of_whole(site)
    return "number" if kind == "unknown" and isinstance(parent, ast.BinOp | ast.UnaryOp) else kind


def _of_whole(site: Site) -> str:
    """A whole number in a formula may become any number; one that is looked up or computed to be returned may not."""
    made = isinstance(site.node, ast.Subscript | ast.Call | ast.Name)
    return "int" if made and isinstance(site.parent, ast.Return) else "number"


def _is_index(parent: ast.AST, program: Program) -> bool:
    """Whether what stands below a node is an index."""
    return isinstance(parent, ast.Subscript | ast.Slice) or id(parent) in program.derived(_indexing)


def _indexing(program: Program) -> frozenset[int]:
    """Nodes that hold several indices: tuples, and the arguments of `np.ix_`."""
    indices = (node.slice for node in index_nodes(program))
    return frozenset(id(index) for index in indices if isinstance(index, ast.Tuple) or is_grid(index))


def _is_range(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range"
