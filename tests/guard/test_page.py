"""The page about trust says what the code does."""

import re
from pathlib import Path

from shoal.guard import RULES, JumpSettings
from shoal.guard import _gap as gap
from shoal.search import _promotion

PAGE = (Path(__file__).parents[2] / "docs" / "trust.md").read_text(encoding="utf-8")


def test_the_table_of_classes_is_the_one_in_the_code():
    rows = re.findall(r"^\| ([a-z ]+) \| (auto|bounded|ask|never) \| (.+?) \|$", PAGE, re.MULTILINE)
    written = {name: (approval, why.partition(";")[0]) for name, approval, why in rows}
    assert written == {str(rule.change): (str(rule.approval), rule.why) for rule in RULES}


def test_the_numbers_of_the_monitors_are_those_of_the_code():
    settings = JumpSettings()
    assert f"more than {settings.deviations:g} robust standard deviations" in PAGE
    assert f"the last {settings.remembered} improvements, once there are {settings.history};" in PAGE
    assert f"another round on yet another draw, up to {_promotion.ROUNDS}." in " ".join(PAGE.split())
    told = f"over the last {gap.CONTESTS} contests ({gap.ENOUGH} at least) less than a quarter of the former is left"
    assert told in " ".join(PAGE.split())
    assert gap.KEPT == 0.25
