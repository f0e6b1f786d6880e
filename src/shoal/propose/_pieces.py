"""Pieces of expression text, and where they may stand."""

import ast
import re
from typing import NamedTuple

from shoal.syntax._program import Program, Splice
from shoal.syntax._sites import Site

_BRACKETED = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_ATOMS = (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Constant, ast.JoinedStr, *_BRACKETED)
_OPEN: dict[type[ast.AST], frozenset[str]] = {
    ast.AnnAssign: frozenset(("value",)),
    ast.Assign: frozenset(("value",)),
    ast.AugAssign: frozenset(("value",)),
    ast.Call: frozenset(("args",)),
    ast.Expr: frozenset(("value",)),
    ast.For: frozenset(("iter",)),
    ast.If: frozenset(("test",)),
    ast.Lambda: frozenset(("body",)),
    ast.List: frozenset(("elts",)),
    ast.Return: frozenset(("value",)),
    ast.Slice: frozenset(("lower", "upper", "step")),
    ast.Subscript: frozenset(("slice",)),
    ast.Tuple: frozenset(("elts",)),
    ast.While: frozenset(("test",)),
    ast.keyword: frozenset(("value",)),
}
_SHOWN = 40


class Piece(NamedTuple):
    """Text of an expression; `atomic` when it can stand as an operand without parentheses."""

    text: str
    atomic: bool

    def operand(self) -> str:
        """The text as an operand."""
        return self.text if self.atomic else f"({self.text})"


def piece(program: Program, node: ast.expr) -> Piece:
    """The text of an expression of a program."""
    text = program.text(node)
    return Piece(text, isinstance(node, _ATOMS) and ("\n" not in text or isinstance(node, _BRACKETED)))


def replaced(program: Program, site: Site, new: Piece) -> Splice:
    """The splice that puts a piece in a site's place, in parentheses where it needs them."""
    start, end = program.start(site.node), program.end(site.node)
    text = new.text
    if isinstance(site.node, ast.GeneratorExp):
        # The only argument of a call, it shares the call's parentheses.
        return start, end, f"({text})"
    bare = new.atomic or (
        "\n" not in text
        and (
            site.field in _OPEN.get(type(site.parent), ())
            or program.data[start - 1 : start] + program.data[end : end + 1] == b"()"
        )
    )
    text = text if bare else f"({text})"
    # `return-x` and the like: keep words apart.
    if start and re.match(rb"\w", program.data[start - 1 : start]) and re.match(r"\w", text):
        text = f" {text}"
    if re.match(rb"\w", program.data[end : end + 1]) and re.match(r"\w", text[-1]):
        text = f"{text} "
    return start, end, text


def shown(text: str) -> str:
    """A text short enough for a note."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHOWN else flat[: _SHOWN - 1] + "…"
