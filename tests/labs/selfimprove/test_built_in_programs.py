"""The benchmark's own programs: all tests hold, and every bug that a person wrote is noticed."""

from collections import Counter
from collections.abc import Iterator

import pytest

from shoal.core.values import Split
from shoal.labs.selfimprove._folders import PROGRAMS, load_program, load_programs
from shoal.labs.selfimprove._tasks import KINDS, split_of

from .runner import Runner

# A public set that is held out: no program of ours may be one of it.
_WORDS = """
    bitcount breadth_first_search bucketsort depth_first_search detect_cycle find_first_in_sorted find_in_sorted
    flatten gcd get_factors hanoi is_valid_parenthesization kheapsort knapsack kth lcs_length levenshtein lis
    longest_common_subsequence max_sublist_sum mergesort minimum_spanning_tree next_palindrome next_permutation
    pascal possible_change powerset quicksort reverse_linked_list rpn_eval shortest_path shortest_paths
    shortest_path_lengths shunting_yard sieve sqrt subsequences to_base topological_ordering wrap
"""
HELD_OUT = set(_WORDS.split())
NAMES = sorted(path.name for path in PROGRAMS.glob("[a-z]*") if path.is_dir())


@pytest.fixture(scope="module")
def run() -> Iterator[Runner]:
    with Runner() as runner:
        yield runner


@pytest.mark.parametrize("name", NAMES)
def test_a_program_passes_and_its_bugs_do_not(name: str, run: Runner) -> None:
    program = load_program(PROGRAMS / name)
    tests = program.visible + program.hidden
    assert run.results(program.files, tests) == [True] * len(tests)
    assert 4 <= len(program.visible) <= 8 and 12 <= len(program.hidden) <= 25
    assert len(program.bugs) == len({bug.kind for bug in program.bugs}) == 3
    assert len({test.question for test in tests}) == len(tests)
    for bug in program.bugs:
        results = run.results(bug.planted(program.files), tests)
        assert None not in results, bug.name
        assert False in results[: len(program.visible)], bug.name
        assert False in results[len(program.visible) :], bug.name


@pytest.mark.skipif(not NAMES, reason="no programs here")
def test_the_programs_as_a_whole() -> None:
    programs = load_programs()
    assert not HELD_OUT & {program.name for program in programs}
    assert Counter(split_of(program.name) for program in programs)[Split.SEALED] >= 20
    kinds = Counter(bug.kind for program in programs for bug in program.bugs)
    assert kinds.keys() == set(KINDS)
    assert min(kinds.values()) >= len(programs) / 8
    assert sum(len(program.files) > 1 for program in programs) >= len(programs) / 8
