"""What a run came to: the fold over its events, its audit, and the report folder drawn from it."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shoal.report._audit import Audit, Finding, audit, digest_of
    from shoal.report._chart import draw_progress
    from shoal.report._compare import UNITS, Cell, Comparison, compare, used
    from shoal.report._compare_chart import draw_comparison
    from shoal.report._compare_json import as_json
    from shoal.report._cost import CPU_HOUR_USD, CostCard
    from shoal.report._ledger import Item, Ledger, events_of
    from shoal.report._lessons import lesson_rows
    from shoal.report._lineage import Stretch, stretches
    from shoal.report._manifest import changed_files, folded
    from shoal.report._proof import FORMER, TRANSFER, Proof, Verdict, looked_at
    from shoal.report._results import Results, results
    from shoal.report._view import Known, OperatorRow, Point, RunView, Step
    from shoal.report._words import SELF_SCORED
    from shoal.report._write import write_report

_EXPORTS = {
    "Audit": "_audit",
    "CPU_HOUR_USD": "_cost",
    "Cell": "_compare",
    "Comparison": "_compare",
    "CostCard": "_cost",
    "FORMER": "_proof",
    "Finding": "_audit",
    "Item": "_ledger",
    "Known": "_view",
    "Ledger": "_ledger",
    "OperatorRow": "_view",
    "Proof": "_proof",
    "Point": "_view",
    "Results": "_results",
    "RunView": "_view",
    "SELF_SCORED": "_words",
    "TRANSFER": "_proof",
    "UNITS": "_compare",
    "Step": "_view",
    "Stretch": "_lineage",
    "Verdict": "_proof",
    "as_json": "_compare_json",
    "audit": "_audit",
    "changed_files": "_manifest",
    "compare": "_compare",
    "digest_of": "_audit",
    "draw_comparison": "_compare_chart",
    "draw_progress": "_chart",
    "events_of": "_ledger",
    "folded": "_manifest",
    "lesson_rows": "_lessons",
    "looked_at": "_proof",
    "results": "_results",
    "stretches": "_lineage",
    "used": "_compare",
    "write_report": "_write",
}

__all__ = [
    "CPU_HOUR_USD",
    "FORMER",
    "SELF_SCORED",
    "TRANSFER",
    "UNITS",
    "Audit",
    "Cell",
    "Comparison",
    "CostCard",
    "Finding",
    "Item",
    "Known",
    "Ledger",
    "OperatorRow",
    "Point",
    "Proof",
    "Results",
    "RunView",
    "Step",
    "Stretch",
    "Verdict",
    "as_json",
    "audit",
    "changed_files",
    "compare",
    "digest_of",
    "draw_comparison",
    "draw_progress",
    "events_of",
    "folded",
    "lesson_rows",
    "looked_at",
    "results",
    "stretches",
    "used",
    "write_report",
]


def __getattr__(name: str) -> object:
    """Load a public name; raises AttributeError for any other."""
    if name not in _EXPORTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_EXPORTS[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_EXPORTS})
