"""The pool: what a file may say of models, and what is said of one that says it wrong."""

from pathlib import Path

import pytest

from shoal.core.errors import UserError
from shoal.models import Member, Usage, load_pool

GOOD = """
[[model]]
name = "small"
url = "https://api.example.com/v1"
model = "small-2"
key = "SMALL_KEY"
price = { in = 0.5, out = 2.0, cached = 0.1 }

[[model]]
name = "home"
url = "http://localhost:11434/v1"
model = "home:8b"
price = "free"
"""


def pool(tmp_path: Path, text: str) -> tuple[Member, ...]:
    file = tmp_path / "models.toml"
    file.write_text(text)
    return load_pool(file)


def test_a_pool_is_read_in_order(tmp_path: Path) -> None:
    small, home = pool(tmp_path, GOOD)
    assert (small.name, small.free, small.local, small.at_once) == ("small", False, False, 8)
    assert (home.name, home.free, home.local, home.at_once) == ("home", True, True, 1)


def test_what_a_call_costs_at_list_price(tmp_path: Path) -> None:
    small, home = pool(tmp_path, GOOD)
    usage = Usage(prompt=3_000, completion=500, cached=1_000)
    assert small.cost(usage).usd == pytest.approx((2_000 * 0.5 + 1_000 * 0.1 + 500 * 2.0) / 1e6)
    assert small.cost(usage).tokens == home.cost(usage).tokens == 3_500
    assert home.cost(usage).usd == 0.0
    longest = min(small.prompt_bytes, small.context - small.max_tokens)
    assert small.most.usd >= (longest * 0.5 + small.max_tokens * 2.0) / 1e6


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (GOOD.replace('price = "free"', ""), "model home: has no price: write price = { in = 3.0, out = 15.0 }"),
        (GOOD.replace("model =", "modle ="), "model small: model is missing"),
        (GOOD.replace('key = "SMALL_KEY"', 'kee = "X"'), "unknown key kee; did you mean key?"),
        (GOOD.replace('"home"', '"small"'), "two models are called small"),
        (GOOD.replace("http://localhost:11434/v1", "localhost"), "model home: url = 'localhost'"),
        (GOOD + "\nmax_tokens = 40000\n", "max_tokens = 40000 leaves nothing of context = 32768"),
        (GOOD + '\nheaders = { Authorization = "Bearer abc" }\n', "the header Authorization would be written down"),
        (GOOD.replace("out = 2.0", "out = -2.0"), "price"),
        ("[model]\nname = 1\n", "write one [[model]] table per model"),
        ("models = 3", "models is not known here"),
        ("[[model", "is not valid TOML"),
    ],
)
def test_a_mistake_is_one_line_with_the_fix(wrong: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(UserError) as error:
        pool(tmp_path, wrong)
    assert told in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_key_is_named_and_never_its_value() -> None:
    member = Member(name="a", url="https://x.example/v1", model="m", price="free", key="NO_SUCH_KEY_HERE")
    with pytest.raises(UserError, match="NO_SUCH_KEY_HERE is not set"):
        member.secret({})
    assert member.secret({"NO_SUCH_KEY_HERE": " abc\n"}) == "abc"
    assert "abc" not in member.model_dump_json()


def test_headers_are_read_from_the_environment() -> None:
    member = Member(
        name="a", url="https://x.example/v1", model="m", price="free", headers={"X-Api-Key": "$K", "X-T": "1"}
    )
    assert member.sent_headers({"K": "s"}) == {"X-Api-Key": "s", "X-T": "1"}


def test_the_page_names_every_key_of_a_model_with_its_default() -> None:
    page = (Path(__file__).parents[2] / "docs" / "models.md").read_text()
    table = page.partition("## The file\n")[2].partition("\n## ")[0]
    rows = [line.split(" | ") for line in table.splitlines() if line.startswith("| `")]
    told = {name.strip("| `"): row[1] for row in rows for name in row[0].split(", ")}
    fields = Member.model_fields
    assert told.keys() == fields.keys()
    for name, field in fields.items():
        default = "needed" if field.is_required() else repr(field.default).replace("'", '"').replace("()", "[]")
        assert told[name].strip("`") in (default, default.lower()), name
