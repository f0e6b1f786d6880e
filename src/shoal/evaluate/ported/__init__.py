"""What task folders of other projects need to run in a box as they are: stand-ins for what they import, and a judge.

None of these modules is imported by Shoal. Their texts travel into the box, where Shoal's own source cannot be seen:

- `_shinka`: `run_shinka_eval`, which evaluators of ShinkaEvolve import from `shinka.core`
- `_asked`: stands there instead while a folder is converted
- `_result`: `EvaluationResult`, which evaluators of OpenEvolve import from `openevolve.evaluation_result`
- `_driver`: runs an evaluator of OpenEvolve, and leaves its word in the files that one of ShinkaEvolve leaves
- `_site`: seeds the global random generators of every Python in the box
- `_judge`: reads these files, in the judge's jail
"""

from pathlib import Path

__all__ = ["DRIVER", "judge", "stand_ins"]

DRIVER = "shoal_driver.py"
_HOME = Path(__file__).parent
_HELPER = "shinka/core/__init__.py"
_PLACES = {  # where a stand-in lies in the box, below a folder that Python imports from
    "shinka/__init__.py": "",
    _HELPER: "_shinka",
    "openevolve/__init__.py": "_result",
    "openevolve/evaluation_result.py": "_result",
    "sitecustomize.py": "_site",
    DRIVER: "_driver",
}


def stand_ins(*, asking: bool = False) -> dict[str, str]:
    """The text of each stand-in by its place in the box; ``asking`` for the helper that scores nothing."""
    places = _PLACES | ({_HELPER: "_asked"} if asking else {})
    return {place: _text(name) if name else "" for place, name in places.items()}


def judge() -> str:
    """The text of the judge of ported tasks."""
    return _text("_judge")


def _text(name: str) -> str:
    return (_HOME / f"{name}.py").read_text(encoding="utf-8")
