"""Reading program text: one door for every parse, and one kind of error behind it."""

import ast
import warnings

from shoal.core.errors import ShoalError

MAX_BYTES = 128 * 1024
"""Largest program text in UTF-8 bytes that is read at all."""


class SourceError(ShoalError):
    """Text that cannot be read as a program: not Python, too large, nested too deeply, or not text at all.

    Attributes:
        message: what is wrong, in words.
        line: the line it is about, from 1, or None.
    """

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message if line is None else f"{message} (line {line})")
        self.message = message
        self.line = line


def clean(source: str) -> str:
    """The same program without a byte order mark, with newlines as Python reads them and one at the end."""
    if source.startswith("\ufeff"):
        source = source[1:]
    if "\r" in source:
        source = source.replace("\r\n", "\n").replace("\r", "\n")
    return source if source.endswith("\n") or not source else source + "\n"


def encoded(source: str) -> bytes:
    """The text in UTF-8; raises SourceError when it is over MAX_BYTES or holds lone surrogates."""
    try:
        data = source.encode()
    except UnicodeEncodeError as error:
        raise SourceError(f"not text: {error.reason}") from None
    if len(data) > MAX_BYTES:
        raise SourceError(f"{len(data)} bytes of source, the limit is {MAX_BYTES}")
    return data


def parse(source: str) -> ast.Module:
    """The syntax tree of a program.

    Raises:
        SourceError: for everything that can go wrong: syntax, null bytes, lone surrogates, numbers with too many
            digits, text over MAX_BYTES, nesting deeper than the parser carries.
    """
    encoded(source)
    return tree_of(source)


def tree_of(source: str) -> ast.Module:
    """As `parse`, for text whose size was checked."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except SyntaxError as error:
        raise SourceError(error.msg or "invalid syntax", error.lineno) from None
    except (RecursionError, MemoryError):
        raise SourceError("nested too deeply") from None
    except (ValueError, OverflowError) as error:
        raise SourceError(str(error)) from None


def check_compiles(source: str) -> None:
    """Raise SourceError for what parses and yet cannot be compiled, such as a `return` outside a function."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source, "<candidate>", "exec", dont_inherit=True)
    except SyntaxError as error:
        raise SourceError(error.msg or "invalid syntax", error.lineno) from None
    except (RecursionError, MemoryError):
        raise SourceError("nested too deeply") from None
    except (ValueError, OverflowError) as error:
        raise SourceError(str(error)) from None
