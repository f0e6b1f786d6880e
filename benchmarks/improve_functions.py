"""What `shoal improve` makes of a dozen slow functions of an ordinary project, benchmarks/slow_functions.

    python benchmarks/improve_functions.py [--only NAME ...] [--more | --others | --later] [--time 120s]
                                           [--evaluations N] [--seed 0]

The project is copied to a temporary folder, and the command is run there once for each function, as a user would
run it. Each has one slow spot of a known kind. Prints a table, how many became at least twice as fast (with the 95 %
interval above 1.5), and one JSON object; fails where the copy is not afterwards what it was before, byte for byte.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

PROJECT = Path(__file__).with_name("slow_functions")
TWICE, SURELY = 2.0, 1.5
SLOW = {
    "slowlib.sales:merge_contacts": "membership in a list",
    "slowlib.sales:attach_customers": "two lists joined by nested scans",
    "slowlib.sales:totals_by_region": "grouping by nested scans",
    "slowlib.pages:render_history": "text grown at its front",
    "slowlib.pages:popular_pages": "list.count in a loop",
    "slowlib.warehouse:serve_in_turns": "pop(0) from a list as a queue",
    "slowlib.warehouse:joining_cost": "sort in a loop",
    "slowlib.warehouse:prime_lots": "trial division by every number",
    "slowlib.warehouse:cheapest_tickets": "recursion without memory",
    "slowlib.signals:filtered": "arithmetic on lists, number by number",
    "slowlib.signals:running_balances": "sums of growing slices",
    "slowlib.signals:relative_loads": "sum and max in a loop",
}
MORE = {
    "slowlib.classics:shortest_distances": "Dijkstra without a heap",
    "slowlib.classics:edit_distance": "recursion on slices",
    "slowlib.classics:moving_average": "sums of slices",
    "slowlib.classics:matrix_product": "three loops",
    "slowlib.classics:count_queens": "every board tried anew",
    "slowlib.classics:primes_below": "a sieve in a list",
    "slowlib.classics:pascal_rows": "recursion without memory",
    "slowlib.classics:merge_intervals": "begins anew after each step",
    "slowlib.texts:parse_rows": "letters and lists grown by copies",
    "slowlib.texts:anagram_groups": "pairs compared by sorting",
    "slowlib.texts:common_prefix": "all prefixes of all words",
    "slowlib.texts:word_frequencies": "list.count in a loop",
}
OTHERS = {  # by two people who had seen neither the rewrites nor each other's functions
    "office.contacts:add_contacts": "membership in a list that is given",
    "office.orders:label_orders": "joined by a nested scan with a flag",
    "office.orders:price_cart": "a table made anew in each round",
    "office.sales:totals_by_customer": "a scan for each key",
    "office.sales:sales_between": "sums of slices",
    "office.sales:best_trade": "the most of the rest at each step",
    "office.sales:busiest_window": "each window added up by a while loop",
    "office.text:numbered_report": "letters counted in a text that grows",
    "office.text:longest_mirror": "every part turned around",
    "office.votes:winner": "list.count in a loop",
    "office.schedule:has_conflict": "all pairs compared, through a helper",
    "office.schedule:finish_order": "a queue copied without its first",
    "office.schedule:run_order": "sorted by a key before each pop",
    "office.payments:ways_to_pay": "recursion without memory",
    "works.sites:reachable_hosts": "all links looked at for each host",
    "works.sensors:running_median": "sorted beginnings",
    "works.sensors:drop_marker": "in and remove in a loop",
    "works.staff:longest_streak": "runs counted from each day",
    "works.staff:arrange_tasks": "list.index as the key of a sort",
    "works.parts:total_weight": "recursion without memory, over a graph",
    "works.robot:simplify_moves": "begins anew after each step",
    "works.finance:present_value": "products of growing slices",
    "works.settings:merge_settings": "a table copied in each round",
    "works.settings:top_folders": "startswith of all pairs",
    "works.labels:group_anagrams": "a list of groups, searched",
    "works.results:ranks": "counts of those ahead, among all",
}

LATER = {  # by three more, likewise
    "everyday.shop:describe_order_lines": "joined by a nested scan",
    "everyday.shop:best_sellers": "min and remove in a loop",
    "everyday.logs:mask_words": "a pattern compiled for each line",
    "everyday.logs:active_sessions": "all stretches looked at for each moment",
    "everyday.text:word_table": "list.count for each word",
    "everyday.sensors:rolling_peaks": "the most of each window",
    "everyday.delivery:assign_tours": "sorted for each tour",
    "everyday.network:stops_from": "all edges looked at for each node",
    "everyday.finance:index_curve": "products from the start, in a helper",
    "everyday.inventory:unit_cost": "recursion without memory",
    "everyday.library:fines_by_member": "the same dates read again",
    "everyday.games:replay": "a board copied for each move",
    "backoffice.billing:match_payments": "joined by a nested scan",
    "backoffice.billing:count_voucher_combinations": "all subsets",
    "backoffice.billing:price_order_lines": "a table made anew in each round",
    "backoffice.chat:render_newest_first": "text grown at its front",
    "backoffice.chat:locate_keyword": "lines counted from the start",
    "backoffice.warehouse:assign_waves": "pop(0) and insert(0)",
    "backoffice.warehouse:replay_movements": "a table copied for each entry",
    "backoffice.planning:peak_overlap": "all pairs compared",
    "backoffice.planning:rolling_spread": "least and most of each window",
    "backoffice.library:dedupe_playlist": "membership in a list",
    "backoffice.library:rank_tags": "list.count for each tag",
    "backoffice.library:group_levels": "recursion without memory, in a helper",
    "shop.orders:new_customers": "membership tests in two lists",
    "shop.orders:open_invoices": "nested scan for matching keys",
    "shop.orders:bestseller": "list.count for every element",
    "shop.reports:newest_first": "string built by prepending",
    "shop.reports:revenue_shares": "total recomputed (twice) in each round",
    "shop.reports:moving_average": "sliding window summed anew at each position",
    "shop.planning:finishing_order": "queue by list.pop(0)",
    "shop.planning:fewest_packs": "recursion without memory",
    "shop.planning:load_vans": "min and index over all vans for each parcel",
    "shop.prices:turnover": "helper function scans the whole history for each sale",
    "shop.prices:mean_price_gap": "numeric double loop over all pairs",
    "shop.bookings:peak_rentals": "interval overlap counted anew at each start",
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", action="append", metavar="NAME", help="a function by its name; may be repeated")
    parser.add_argument("--more", action="store_true", help="the other dozen")
    parser.add_argument("--others", action="store_true", help="those of two people who had not seen the rewrites")
    parser.add_argument("--later", action="store_true", help="those of three more people, a dozen each")
    parser.add_argument("--time", default="120s", help="for the search of each; two processors: 5 CPU minutes at most")
    parser.add_argument("--evaluations", type=int, default=None, help="at most, for each")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    table = LATER if options.later else OTHERS if options.others else MORE if options.more else SLOW
    table = {**SLOW, **MORE, **OTHERS, **LATER} if options.only else table
    chosen = [spec for spec in table if not options.only or spec.rpartition(":")[2] in options.only]
    if not chosen:
        parser.error(f"--only: none of {', '.join(spec.rpartition(':')[2] for spec in table)}")
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(Path(folder), chosen, options, kinds=table)
    good = sum(row["twice"] for row in rows)
    print(f"{good} of {len(rows)} at least twice as fast with the interval above {SURELY}")
    print(json.dumps({"twice": good, "functions": len(rows), "seed": options.seed, "rows": rows}))


def measure(
    folder: Path, chosen: list[str], options: argparse.Namespace, *, kinds: dict[str, str]
) -> list[dict[str, Any]]:
    """One row for each function, printed as it comes."""
    project = folder / "slow_functions"
    copytree(PROJECT, project, ignore=ignore_patterns("__pycache__", ".*"))
    before = digest(project)
    rows = []
    print(f"{'function':22}{'slow spot':40}{'times as fast (95 %)':28}{'evaluations':>12}{'CPU s':>8}  verdict")
    for spec in chosen:
        row = improved(spec, project, folder / "runs", options) | {"slow": kinds[spec]}
        print(line(row), flush=True)
        rows.append(row)
        if digest(project) != before:
            raise SystemExit(f"{spec}: the project is not what it was before")
    return rows


def improved(spec: str, project: Path, out: Path, options: argparse.Namespace) -> dict[str, Any]:
    """What the command says of one function."""
    words = ["improve", spec, "--time", options.time, "--seed", str(options.seed), "--out", str(out), "--json"]
    words += ["--evaluations", str(options.evaluations)] if options.evaluations else []
    ran = subprocess.run(
        [sys.executable, "-P", "-m", "shoal", *words], cwd=project, capture_output=True, text=True, check=False
    )
    row: dict[str, Any] = {"function": spec, "speedup": None, "evaluations": 0, "cpu_seconds": 0.0, "steps": []}
    if ran.returncode:
        said = ran.stderr.strip().splitlines() or ["nothing"]
        return row | {"verdict": f"exit {ran.returncode}: {said[-1]}", "twice": False}
    told = json.loads(ran.stdout.strip().splitlines()[-1])
    row |= {name: told[name] for name in ("verdict", "speedup", "evaluations", "cpu_seconds", "steps")}
    speedup = told["speedup"] if told["patch"] else None
    return row | {"twice": speedup is not None and speedup["mean"] >= TWICE and speedup["low"] > SURELY}


def line(row: dict[str, Any]) -> str:
    """A row of the table."""
    found = row["speedup"]
    fast = f"{found['mean']:.2f} ({found['low']:.2f} to {found['high']:.2f})" if found else "-"
    name = row["function"].rpartition(":")[2]
    spent = f"{row['evaluations']:>12}{row['cpu_seconds']:>8.0f}"
    return f"{name:22}{row['slow']:40}{fast:28}{spent}  {row['verdict']}"


def digest(folder: Path) -> str:
    """Of all names and contents."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        found.update(path.relative_to(folder).as_posix().encode() + b"\0")
        if path.is_file():
            found.update(path.read_bytes())
    return found.hexdigest()


if __name__ == "__main__":
    main()
