"""Searches: pure state machines that decide what is tried next, and the archives and bandits they are made of."""

from shoal.search._baselines import SamplingSearch
from shoal.search._islands import DEFAULT_ARMS, IslandSearch, IslandState, Settings

__all__ = ["DEFAULT_ARMS", "IslandSearch", "IslandState", "SamplingSearch", "Settings"]
