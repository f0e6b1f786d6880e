"""Characters that make a program read otherwise than it runs, and how they are found.

Names and operators are ASCII: a name with a Cyrillic letter is another name that looks the same, and Python itself
reads a name with a long s, or in full-width letters, as the plain one. Inside strings and comments any visible
character may stand; what is invisible, or reorders or breaks lines, must be written as an escape.
"""

import ast
import bisect
import codecs
import io
import re
import tokenize
import unicodedata
import warnings
from collections.abc import Iterator

from shoal.syntax._source import SourceError, clean, encoded, tree_of

__all__ = ["check_characters", "check_invisible"]

_PLAIN = re.compile(r"[^\n\t -~]")
_HIDDEN_CATEGORIES = ("Cc", "Cf", "Zl", "Zp", "Cs")
# Default-ignorable or blank though their category does not say so: fillers, variation selectors, tags, the blank cell.
_HIDDEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\ufffe\uffff\U0001d159\U000e0000-\U000e0fff]"
)
_EMOJI_STYLE = "\ufe0f"  # asks for the coloured drawing of the symbol before it: harmless there
_CODING = re.compile(r"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_STAND_IN = "\u20ac"  # a character that may stand in strings and comments, and nowhere else
# Letter, and the code points of letters that look like it and that NFKC leaves alone.
_ALIKE = """
- 2010 2011 2012 2013 2014 2212; a 0430 03B1 0251; c 0441; d 0501; e 04D9 0435 03B5; g 0261; h 04BB; i 0456 03B9 0131;
j 0458; k 043A 03BA; l 04CF 2113; o 043E 03BF; p 0440 03C1; q 051B; s 0455; t 03C4; u 03C5; v 03BD 0475; w 051D;
x 0445; y 0443 04AF 03B3; A 0410 0391 A4EE; B 0412 0392; E 0415 0395; H 041D 0397; I 0406 0399; J 0408; K 041A 039A;
M 041C 039C; N 039D; O 041E 039F; P 0420 03A1; S 0405; T 0422 03A4; X 0425 03A7; Y 0423 03A5; Z 0396
"""
_LOOKALIKES = {int(code, 16): ord(letter) for letter, *codes in map(str.split, _ALIKE.split(";")) for code in codes}
_MARK = re.compile(
    r"#[#\s]*(?:sh[o0]a[l1i|]\W{0,3}(?:beg[i1l]n|end)|ev[o0][l1i|]ve[\W_]{0,3}b[l1i|][o0]ck[\W_]{0,3}(?:start|end))\b"
)
_TRUE_MARK = re.compile(r"#[ \t]*(?:shoal:[ \t]*(?:begin|end)|EVOLVE-BLOCK-(?:START|END))\b")


def check_characters(source: str) -> None:
    """Raise SourceError where a Python program, as it came from outside, holds a character that misleads.

    The message names the character (U+XXXX and its name), what it would pass for, and the line. Cheap for plain text.
    """
    encoded(source)
    if _PLAIN.search(source) is not None:
        check_invisible(source)
    source = clean(source)
    _check_coding(source)
    _check_marks(source)
    if not source.isascii():
        _check_code(source)


def check_invisible(text: str) -> None:
    """Raise SourceError for invisible, reordering or line-breaking characters; for text in any language."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")  # what `clean` takes away
    for found in _PLAIN.finditer(text):
        character = found[0]
        if character.isprintable() and not _HIDDEN.match(character):
            continue
        if _is_hidden(character) and not _is_emoji_style(text, found.start()):
            raise SourceError(
                f"{_named(character)} cannot be seen or breaks lines; in a string, write it as an escape",
                _line(text, found.start()),
            )


def _is_emoji_style(text: str, position: int) -> bool:
    before = text[position - 1 : position] or " "
    return text[position] == _EMOJI_STYLE and not before.isascii() and unicodedata.category(before)[0] in "SP"


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in _HIDDEN_CATEGORIES or _HIDDEN.match(character) is not None


def _named(character: str) -> str:
    """U+XXXX and the Unicode name."""
    name = unicodedata.name(character, _CONTROLS.get(ord(character), "a character without a name"))
    return f"U+{ord(character):04X} {name}"


_CONTROLS = {
    0x00: "NULL",
    0x08: "BACKSPACE",
    0x0B: "VERTICAL TAB",
    0x0C: "FORM FEED",
    0x0D: "CARRIAGE RETURN without a line feed",
    0x1B: "ESCAPE",
    0x7F: "DELETE",
    0x85: "NEXT LINE",
}


def _line(source: str, position: int) -> int:
    return source.count("\n", 0, position) + 1


def _check_coding(source: str) -> None:
    """A line that declares another encoding makes the same bytes another program."""
    for number, line in enumerate(source.split("\n", 2)[:2], start=1):
        found = _CODING.match(line)
        if found is not None and not _is_utf8(found[1]):
            raise SourceError(f"the line declares the encoding {found[1][:40]}; programs are UTF-8", number)


def _is_utf8(name: str) -> bool:
    try:
        return codecs.lookup(name).name == "utf-8"
    except (LookupError, ValueError):
        return False


def _check_marks(source: str) -> None:
    """Comments that a person would take for the mark of a region and that are none, or the other way round."""
    if _MARK.search(_skeleton(source)) is None:
        return
    lines = source.split("\n")
    for line, column, comment in _comments(source):
        if _MARK.match(_skeleton(comment)) is None:
            continue
        if _TRUE_MARK.match(comment) is None or lines[line - 1][:column].strip(" \t"):
            raise SourceError(
                "looks like the mark of a region and is none; write `# shoal: begin` on its own line", line
            )
        if line > 1 and lines[line - 2].endswith("\\"):
            raise SourceError("a region's mark must not follow a line that is continued by a backslash", line - 1)


def _skeleton(text: str) -> str:
    """What a text looks like: compatibility forms and look-alikes as ASCII, without case and combining marks."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text).translate(_LOOKALIKES)
    return "".join(c for c in plain if not unicodedata.combining(c)).lower()


def _comments(source: str) -> Iterator[tuple[int, int, str]]:
    """Line, column and text of each comment; raises SourceError where the text is no Python."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                yield (*token.start, token.string)
    except (tokenize.TokenError, SyntaxError):
        tree_of(source)
        raise SourceError("its comments cannot be told from its code, and one looks like a region's mark") from None


def _check_code(source: str) -> None:
    """Refuse characters beyond ASCII in names, numbers and operators.

    Where each of them is replaced by one that may stand in strings and comments only, the program still parses if,
    and only if, none stood in code. That holds for whatever Python reads, f-strings included.
    """
    tree_of(source)  # Python itself refuses most signs beyond ASCII, and names them
    if _parses(re.sub(r"[^\x00-\x7f]", _STAND_IN, source)):
        return
    runs = [found.span() for found in re.finditer(r"[^\x00-\x7f]+", source)]
    first = bisect.bisect_left(range(len(runs)), True, key=lambda n: not _parses(_stood_in(source, runs[: n + 1])))
    position = runs[min(first, len(runs) - 1)][0]
    raise SourceError(_misleads(source, position), _line(source, position))


def _stood_in(source: str, runs: list[tuple[int, int]]) -> str:
    """The text with a stand-in for every character of these runs, which are the first ones."""
    done = runs[-1][1]
    return re.sub(r"[^\x00-\x7f]", _STAND_IN, source[:done]) + source[done:]


def _parses(source: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source)
    except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError):
        return False
    return True


def _misleads(source: str, position: int) -> str:
    """What is wrong with the name or sign at a place."""
    start = end = position
    while start and _in_word(source[start - 1]):
        start -= 1
    while end < len(source) and _in_word(source[end]):
        end += 1
    word, named = source[start:end][:60], _named(source[position])
    looks = unicodedata.normalize("NFKC", word)  # what Python reads
    if not looks.isascii():
        plain = unicodedata.normalize("NFKD", word).translate(_LOOKALIKES)
        looks = "".join(c for c in plain if c.isascii())
        looks = looks if len(looks) == len(word) else ""
    passes = f" and would pass for {looks}" if looks.isidentifier() else ""
    return f"the name {word!a} has {named}{passes}; names are written in ASCII"


def _in_word(character: str) -> bool:
    return character == "_" or character.isalnum() or not character.isascii()
