"""Numbers in programs of languages that nobody here parses."""

import pytest

from shoal.syntax._source import SourceError
from shoal.syntax._text import TextProgram

CPP = """#include <vector>
#define LIMIT 100
// 1 comment, "2 in it"
/* 3
   4 */
const char *text = "5 \\" 6", letter = '7';
int x8 = 9, y = 0x10, z = 017;
double a = 1.5, b = 2.0f, c = 3e-4, d = -.25, e = 1'000, f = 1.2.3;
for (int i = 0; i < 12ULL; i++) a[13] += i;
"""


def values(source: str, select: str = "all") -> list[float]:
    return [slot.value for slot in TextProgram(source, select=select).literals.slots]


def changed(source: str, index: int, value: float) -> str:
    program = TextProgram(source)
    return program.spliced(program.number_splices([(index, value)]))


def test_numbers_are_found_and_nothing_that_looks_like_one() -> None:
    assert values(CPP) == [9, 1.5, 2.0, 3e-4, 0.25, 0, 12, 13]


def test_whole_numbers_stay_whole() -> None:
    slots = TextProgram("a = 3; b = 3.0").literals.slots
    assert [slot.fitted(4.6) for slot in slots] == [5, 4.6]


@pytest.mark.parametrize(
    ("source", "value", "expected"),
    [
        ("x = 2.0f;", 0.5, "x = 0.5f;\n"),
        ("x = y-3;", -4, "x = y-(-4);\n"),
        ("return 3", 10, "return 10\n"),
        ("f(2)", -4, "f(-4)\n"),
        ("x = y-(-3.0f);", 4.5, "x = y-(4.5f);\n"),
        ("x = 1e5L  // was 1e6", 2.5, "x = 2.5L  // was 1e6\n"),
    ],
)
def test_only_the_number_changes(source: str, value: float, expected: str) -> None:
    assert changed(source, 0, value) == expected


def test_comments_and_white_space_do_not_count_and_strings_do() -> None:
    one = TextProgram("int x = 1;  // one\n\nint y;")
    assert one.normal_hash == TextProgram("int x=1; /* another */ int y;").normal_hash
    assert one.normal_hash != TextProgram("int x = 2; int y;").normal_hash
    assert TextProgram('f("a b")').normal_hash != TextProgram('f("ab")').normal_hash
    assert TextProgram("#if 1\nx").normal_hash != TextProgram("#if 0\nx").normal_hash


def test_programs_that_differ_in_numbers_only_have_one_shape() -> None:
    one, other = TextProgram("a = 1 + 2.5;"), TextProgram("a = 7 + (-0.1);")
    assert one.shape == other.shape != TextProgram("a = 1 - 2.5;").shape
    assert one.normal_hash != other.normal_hash


MARKED = """int a = 1;
// shoal: begin
int b = 2;
// shoal: end
int c = 3;
# EVOLVE-BLOCK-START
int d = 4;
# EVOLVE-BLOCK-END
"""


def test_only_the_marked_parts_may_change() -> None:
    assert values(MARKED, "marked") == [2, 4]
    frozen = TextProgram(MARKED, select="marked").frozen_hash
    assert TextProgram(MARKED.replace("= 2", "= 20"), select="marked").frozen_hash == frozen
    assert TextProgram(MARKED.replace("= 3", "= 30"), select="marked").frozen_hash != frozen


@pytest.mark.parametrize("source", ["int a = 1;", "// shoal: begin\nint a = 1;", "x" * 200_000, "\ud800"])
def test_what_cannot_be_edited_is_refused(source: str) -> None:
    with pytest.raises(SourceError):
        TextProgram(source, select="marked")
