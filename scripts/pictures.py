"""Draw the README's pictures from runs made for them: `.venv/bin/python scripts/pictures.py [shoal demo's flags]`.

Writes docs/images/packing.png (what the demo starts from, and its best answer) and docs/images/progress.png. Both are
put together from the pictures that the runs' own reports hold, and say what those runs reached.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
HEIGHT, GAP = 560, 24  # pixels
COLOURS = 192  # enough for flat drawings, and a third of the bytes


def main() -> None:
    """Make both runs, then both pictures; print what the demo came to."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        start = finished(place, "run", "circle_packing_26", "--evaluations", "1")
        best = finished(place, "demo", *sys.argv[1:])
        save(beside(picture(start), picture(best)), "packing.png")
        save(Image.open(report(best) / "progress.png"), "progress.png")
    print(f"{best['initial_score']} -> {best['best_score']} with {best['evaluations']} evaluations")


def finished(place: str, *words: str) -> dict[str, object]:
    """Run `shoal WORDS` below ``place`` and return its summary."""
    command = [sys.executable, "-m", "shoal", *words, "--json", "--out", place]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    summary: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return summary


def report(summary: dict[str, object]) -> Path:
    """The report folder of a run."""
    return Path(str(summary["folder"])) / "report"


def picture(summary: dict[str, object]) -> Image.Image:
    """The champion of a run as its judge draws it, at the height of the README's picture."""
    drawn = Image.open(report(summary) / "picture.png").convert("RGB")
    return drawn.resize((round(drawn.width * HEIGHT / drawn.height), HEIGHT), Image.Resampling.LANCZOS)


def beside(*drawn: Image.Image) -> Image.Image:
    """Pictures of one height in a row, on white."""
    width = sum(one.width for one in drawn) + GAP * (len(drawn) - 1)
    row, x = Image.new("RGB", (width, HEIGHT), "white"), 0
    for one in drawn:
        row.paste(one, (x, 0))
        x += one.width + GAP
    return row


def save(image: Image.Image, name: str) -> None:
    """Write a PNG with a small palette."""
    few = image.convert("RGB").quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(IMAGES / name, optimize=True)


if __name__ == "__main__":
    main()
