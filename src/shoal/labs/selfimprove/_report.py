"""The report folder of a run of self-improvement: report.json, index.html, tree.png, curve.png, champion/."""

from __future__ import annotations

import json
from pathlib import Path

from shoal.core.values import Files
from shoal.labs.selfimprove._curve_chart import draw_curve
from shoal.labs.selfimprove._improvement import SelfImprovement, as_json
from shoal.labs.selfimprove._page import page
from shoal.labs.selfimprove._tree_chart import draw_tree
from shoal.report._write import write_anew

__all__ = ["CHAMPION", "write_improvement"]

CHAMPION = "champion"  # the folder with its source: a seed agent like any other


def write_improvement(target: Path, told: SelfImprovement, champion: Files | None = None) -> Path:
    """Write the folder ``target`` anew and return it; the page holds its pictures, so it can be sent alone.

    ``champion`` are its files. There is no curve.png where no sealed task was looked at. Raises `UserError` when the
    folder cannot be written.
    """
    pictures = {"tree.png": draw_tree(told), "curve.png": draw_curve(told)}

    def fill(folder: Path) -> None:
        for name, png in pictures.items():
            if png is not None:
                (folder / name).write_bytes(png)
        if champion is not None:
            (folder / CHAMPION).mkdir()
            for name, data in champion.items():
                (folder / CHAMPION / Path(name).name).write_bytes(data)
        text = json.dumps(as_json(told), indent=1, allow_nan=False)
        (folder / "report.json").write_text(text + "\n", encoding="utf-8")
        (folder / "index.html").write_text(page(told, pictures), encoding="utf-8")

    return write_anew(target, fill)
