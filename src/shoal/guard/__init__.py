"""What keeps a search honest: watch over results, approval of changes, the edit scope.

Nothing here is reached by a genome; the room is part of the kernel that event 0 names by hash.
"""

from shoal.guard._approval import POLICY_BOUNDS, RULES, Approval, ApprovalGuard, ChangeClass, Rule, class_of
from shoal.guard._approved import APPROVE, REFUSED, ApprovalState, ApprovedSearch
from shoal.guard._gap import GapMonitor
from shoal.guard._jumps import Jumps
from shoal.guard._jumps import Settings as JumpSettings
from shoal.guard._kernel import kernel_hash, versions
from shoal.guard._lineage import Lineage
from shoal.guard._scope import ScopeGuard
from shoal.guard._stop import STOP_FILE, refuse_stopped, stop_file, stopped_by
from shoal.guard._watched import AWAITS, GAP_ALARM, HELD, HIT, RELEASED, Held, WatchedSearch, WatchState

__all__ = [
    "APPROVE",
    "AWAITS",
    "GAP_ALARM",
    "HELD",
    "HIT",
    "POLICY_BOUNDS",
    "REFUSED",
    "RELEASED",
    "RULES",
    "STOP_FILE",
    "Approval",
    "ApprovalGuard",
    "ApprovalState",
    "ApprovedSearch",
    "ChangeClass",
    "GapMonitor",
    "Held",
    "JumpSettings",
    "Jumps",
    "Lineage",
    "Rule",
    "ScopeGuard",
    "WatchState",
    "WatchedSearch",
    "class_of",
    "kernel_hash",
    "refuse_stopped",
    "stop_file",
    "stopped_by",
    "versions",
]
