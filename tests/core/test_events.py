"""A log that was edited, shortened in the middle or reordered does not pass for whole."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.core.events import GENESIS, MAX_EVENT_BYTES, SCHEMA_VERSION, Event, broken_link, chain, link


def log_of(length: int) -> list[Event]:
    events: list[Event] = []
    for seq in range(length):
        head = events[-1].head if events else GENESIS
        events.append(chain(head, seq, "note", {"text": f"number {seq}"}, at=1.5 * seq))
    return events


LOGS = st.integers(2, 12).map(log_of)


@given(st.integers(0, 12))
def test_a_whole_log_passes(length: int) -> None:
    events = log_of(length)
    assert broken_link(events) is None
    assert all(broken_link(events[i:], head=events[i - 1].head, seq=i) is None for i in range(1, length))


@given(LOGS, st.data())
def test_an_edited_event_is_found(log: list[Event], data: Any) -> None:
    i = data.draw(st.integers(0, len(log) - 1))
    forged = replace(log[i], body=log[i].body.replace(b"number", b"another"))
    assert broken_link([*log[:i], forged, *log[i + 1 :]]) == i


@given(LOGS, st.data())
def test_an_edited_event_with_a_new_head_is_found_at_the_next(log: list[Event], data: Any) -> None:
    i = data.draw(st.integers(0, len(log) - 2))
    body = log[i].body.replace(b"number", b"another")
    before = log[i - 1].head if i else GENESIS
    assert broken_link([*log[:i], Event(i, body, link(before, body)), *log[i + 1 :]]) == i + 1


@given(LOGS, st.data())
def test_a_removed_event_is_found(log: list[Event], data: Any) -> None:
    i = data.draw(st.integers(0, len(log) - 2))
    assert broken_link([*log[:i], *log[i + 1 :]]) == i
    renumbered = [replace(event, seq=seq) for seq, event in enumerate([*log[:i], *log[i + 1 :]])]
    assert broken_link(renumbered) == i


@given(LOGS, st.data())
def test_reordered_events_are_found(log: list[Event], data: Any) -> None:
    i = data.draw(st.integers(0, len(log) - 2))
    swapped = [*log[:i], replace(log[i + 1], seq=i), replace(log[i], seq=i + 1), *log[i + 2 :]]
    assert broken_link(swapped) == i


def test_an_event_says_its_type_version_and_time() -> None:
    event = chain(GENESIS, 3, "note", {"text": "hello"}, at=12.345678)
    assert event.seq == 3
    assert event.data == {"v": SCHEMA_VERSION, "type": "note", "at": 12.3457, "text": "hello"}
    assert event.head == link(GENESIS, event.body)


def test_an_event_holds_at_most_64_kilobytes() -> None:
    room = MAX_EVENT_BYTES - len(chain(GENESIS, 0, "note", {"text": ""}, at=0.0).body)
    assert len(chain(GENESIS, 0, "note", {"text": "x" * room}, at=0.0).body) == MAX_EVENT_BYTES
    with pytest.raises(ValueError, match=f"{MAX_EVENT_BYTES + 1} bytes is over the limit of {MAX_EVENT_BYTES}"):
        chain(GENESIS, 0, "note", {"text": "x" * (room + 1)}, at=0.0)
