"""Searches: pure state machines that decide what is tried next, and the archives and bandits they are made of."""

from shoal.search._arms import ARMS, FAMILIES, FAMILY_OF, TIMED_ARMS, arms_without
from shoal.search._baselines import Baseline, SamplingSearch
from shoal.search._genetic import GeneticSearch
from shoal.search._islands import IslandSearch, IslandState, Settings
from shoal.search._model_arms import Lender, ModelArm
from shoal.search._multistart import MultistartSearch
from shoal.search._parents import PARENT_RULES
from shoal.search._sequential import SequentialSearch
from shoal.search._tree import TREE_RULES, Credit, TreeRow, TreeSearch, TreeState, clade_credit, rows_of

__all__ = [
    "ARMS",
    "FAMILIES",
    "FAMILY_OF",
    "PARENT_RULES",
    "TIMED_ARMS",
    "TREE_RULES",
    "Baseline",
    "Credit",
    "GeneticSearch",
    "IslandSearch",
    "IslandState",
    "Lender",
    "ModelArm",
    "MultistartSearch",
    "SamplingSearch",
    "SequentialSearch",
    "Settings",
    "TreeRow",
    "TreeSearch",
    "TreeState",
    "arms_without",
    "clade_credit",
    "rows_of",
]
