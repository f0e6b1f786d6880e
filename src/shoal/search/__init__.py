"""Searches: pure state machines that decide what is tried next, and the archives and bandits they are made of."""

from shoal.search._arms import ARMS, FAMILIES, FAMILY_OF, TIMED_ARMS, arms_without
from shoal.search._baselines import Baseline, SamplingSearch
from shoal.search._first_program import FIRST_TRIES, WRITER, FirstProgramSearch
from shoal.search._genetic import GeneticSearch
from shoal.search._islands import IslandSearch, IslandState, Settings
from shoal.search._model_arms import Lender, ModelArm
from shoal.search._model_baselines import ModelBaseline
from shoal.search._multistart import MultistartSearch
from shoal.search._parents import PARENT_RULES
from shoal.search._sequential import SequentialSearch
from shoal.search._tree import NODE, TREE_RULES, Credit, TreeRow, TreeSearch, TreeState, clade_credit, rows_of

__all__ = [
    "ARMS",
    "FAMILIES",
    "FAMILY_OF",
    "FIRST_TRIES",
    "NODE",
    "PARENT_RULES",
    "TIMED_ARMS",
    "TREE_RULES",
    "WRITER",
    "Baseline",
    "Credit",
    "FirstProgramSearch",
    "GeneticSearch",
    "IslandSearch",
    "IslandState",
    "Lender",
    "ModelArm",
    "ModelBaseline",
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
