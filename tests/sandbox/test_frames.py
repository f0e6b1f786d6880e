"""The border codec: every value comes back as it was, and no bytes do anything but give a value or a FrameError."""

import contextlib
import enum
import itertools
import math
import socket
import struct
import threading
import time
import tracemalloc
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from shoal.sandbox import _codec
from shoal.sandbox.frames import (
    ForbiddenError,
    FrameError,
    FrameLimits,
    Stream,
    Written,
    decode,
    encode,
    framed,
    receive,
    send,
    wake_now_and_then,
)

SCALARS = st.none() | st.booleans() | st.integers(-(2**2000), 2**2000) | st.floats() | st.text() | st.binary()
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=8)
        | st.dictionaries(st.text(max_size=8), inner, max_size=8)
        | st.lists(st.floats())
        | st.lists(st.integers(-(2**63), 2**63 - 1))
    ),
    max_leaves=20,
)
DTYPES = (
    arrays.boolean_dtypes()
    | arrays.integer_dtypes(endianness="=")
    | arrays.unsigned_integer_dtypes(endianness=">")
    | arrays.floating_dtypes(endianness="=", sizes=(16, 32, 64))
    | arrays.complex_number_dtypes(endianness="=", sizes=(64, 128))
)


def same(one: Any, other: Any) -> bool:
    """Equal in value and exact type, all the way down; NaN equals NaN, and 0.0 is not -0.0."""
    if type(one) is not type(other):
        return False
    if isinstance(one, float):
        return struct.pack("d", one) == struct.pack("d", other) or (math.isnan(one) and math.isnan(other))
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    return bool(one == other)


@given(VALUES)
def test_values_come_back_as_they_were(value: Any) -> None:
    assert same(decode(encode(value)), value)


@given(arrays.arrays(DTYPES, arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)))
def test_arrays_come_back_bit_for_bit(array: Any) -> None:
    found = decode(encode([array]))[0]
    assert (found.dtype, found.shape, found.tobytes()) == (array.dtype, array.shape, array.tobytes())
    assert found.flags.writeable and found.flags.owndata is not None


def test_views_are_carried_in_their_own_order() -> None:
    array = np.arange(12.0).reshape(3, 4).T[::2]
    assert np.array_equal(decode(encode([array]))[0], array)


def test_tuples_become_lists_and_numpy_scalars_become_pythons() -> None:
    value = {"a": (1, (2.5, "x")), "b": [np.float64(0.5), np.int32(3), np.bool_(True), np.float32(0.25), np.str_("s")]}
    assert same(decode(encode(value)), {"a": [1, [2.5, "x"]], "b": [0.5, 3, True, 0.25, "s"]})


class Loud(float):
    """A float with a mind of its own."""


class Colour(enum.IntEnum):
    RED = 1


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (Loud(1.0), "Loud"),
        (Colour.RED, "Colour"),
        (Decimal(1), "Decimal"),
        (1j, "complex"),
        ({1, 2}, "set"),
        (object(), "object"),
        ({1: 2}, "int"),
        (np.array([object()]), "object"),
        (np.array(["text"]), "U4"),
        (np.zeros(2, dtype=[("a", "f8")]), "a"),
        (np.zeros(2, dtype=np.longdouble), "longdouble|float128"),
        (np.ma.masked_array([1.0]), "MaskedArray"),
        (np.datetime64("2020-01-01"), "datetime64"),
        ("\ud800", "surrogates"),
        (1 << 5000, "integer"),
    ],
)
def test_everything_else_is_refused_by_name(value: Any, name: str) -> None:
    for whole in (value, [value], {"key": [0.5, value]}):
        with pytest.raises(FrameError, match=name):
            encode(whole)


def test_cycles_are_refused() -> None:
    cycle: list[Any] = []
    cycle.append(cycle)
    with pytest.raises(FrameError, match="deeper"):
        encode(cycle)


@given(st.binary(max_size=200))
def test_any_bytes_give_a_value_or_a_frame_error(data: bytes) -> None:
    with contextlib.suppress(FrameError):
        decode(data)


@given(VALUES, st.data())
def test_damaged_frames_give_a_value_or_a_frame_error(value: Any, data: st.DataObject) -> None:
    whole = bytearray(encode(value))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(FrameError):
        decode(whole)


@given(VALUES, st.data())
def test_truncated_and_extended_frames_are_refused(value: Any, data: st.DataObject) -> None:
    whole = encode(value)
    with pytest.raises(FrameError):
        decode(whole[: data.draw(st.integers(0, len(whole) - 1))])
    with pytest.raises(FrameError, match="after the end"):
        decode(whole + b"n")


@pytest.mark.parametrize(
    "data",
    [
        b"l" + b"\xff" * 4,
        b"D" + b"\xff" * 4,
        b"s" + b"\xff" * 4,
        b"b" + b"\xff" * 4,
        b"m" + b"\xff" * 4,
        b"I" + b"\xff" * 4,
        b"a" + struct.pack("<BB2q", 3, 2, 1 << 31, 1 << 31) + b"<f8",
        b"a" + struct.pack("<BB2q", 3, 2, 0, 1 << 60) + b"<f8",
        b"a" + struct.pack("<BB1q", 3, 1, -1) + b"<f8",
        b"a" + struct.pack("<BB", 3, 255) + b"\0" * 100,
        b"a" + struct.pack("<BB1q", 2, 1, 1) + b"|O" + b"\0" * 8,
    ],
)
def test_claims_of_size_cost_nothing(data: bytes) -> None:
    tracemalloc.start()
    with pytest.raises(FrameError):
        decode(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100_000


def test_caps_on_depth_elements_and_bytes() -> None:
    limits = FrameLimits(max_bytes=1000, max_depth=3, max_elements=10)
    assert decode(encode([[[1]]]), limits=limits) == [[[1]]]
    with pytest.raises(FrameError, match="deeper than 3"):
        decode(encode([[[[1]]]]), limits=limits)
    too_many: list[Any] = [[[]] * 10, [0.5] * 10, list(range(10)), {str(number): None for number in range(10)}]
    for value in too_many:
        with pytest.raises(FrameError, match="more than 10"):
            decode(encode(value), limits=limits)
    with pytest.raises(FrameError, match="limit is 1000"):
        decode(encode("x" * 1000), limits=limits)


def test_same_key_twice_is_refused() -> None:
    pair = struct.pack("<I", 1) + b"k" + b"n"
    with pytest.raises(FrameError, match="twice"):
        decode(b"m" + struct.pack("<I", 2) + pair * 2)


@given(VALUES)
def test_what_was_written_before_travels_as_that_value(value: Any) -> None:
    assert encode({"a": [Written(encode(value)), 1]}) == encode({"a": [value, 1]})


# -- the short way of what sessions mostly send ------------------------------------------------------------------------

VECTORS = arrays.arrays(np.float64, st.integers(0, 5)) | arrays.arrays(DTYPES, arrays.array_shapes(max_dims=2))
ARGUMENTS = st.floats() | st.integers(-(2**63), 2**64) | VECTORS | VALUES
SPOKEN = st.fixed_dictionaries({"value": VECTORS | ARGUMENTS}) | st.fixed_dictionaries(
    {"ask": st.text(max_size=5), "args": st.lists(ARGUMENTS, max_size=4)}
)
TIGHT = st.builds(FrameLimits, max_depth=st.integers(0, 4), max_elements=st.integers(0, 8)) | st.builds(FrameLimits)


def by_the_reader(data: bytes, limits: FrameLimits) -> Any:
    """What the general reader makes of a frame: a value, or the words of its error."""
    reader = _codec._Reader(data, limits)
    try:
        value = reader.value(0)
    except (IndexError, struct.error):
        return "the frame is truncated"
    except FrameError as error:
        return str(error)
    return value if reader.at == len(data) else f"{len(data) - reader.at} bytes after the end of the value"


def decoded(data: bytes, limits: FrameLimits) -> Any:
    try:
        return decode(data, limits=limits)
    except FrameError as error:
        return str(error)


def alike(one: Any, other: Any) -> bool:
    """The same value, arrays in type and bytes as well."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        said = [
            (each.dtype, each.shape, each.tobytes(), each.flags.writeable, each.flags.owndata) for each in (one, other)
        ]
        return said[0] == said[1] and said[0][3]
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(alike(one[key], other[key]) for key in one)
    return same(one, other)


@given(SPOKEN, TIGHT)
def test_short_and_long_way_read_the_same_and_refuse_in_the_same_words(value: Any, limits: FrameLimits) -> None:
    data = encode(value)
    assert alike(decoded(data, limits), by_the_reader(data, limits))


@given(SPOKEN, TIGHT, st.data())
def test_short_and_long_way_agree_on_damaged_frames(value: Any, limits: FrameLimits, data: st.DataObject) -> None:
    frame = bytearray(encode(value))
    for _ in range(data.draw(st.integers(0, 3))):
        frame[data.draw(st.integers(0, len(frame) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(frame[: data.draw(st.integers(0, len(frame)))]) + data.draw(st.binary(max_size=3))
    for whole in (bytes(frame), cut):
        assert alike(decoded(whole, limits), by_the_reader(whole, limits))


def test_the_short_way_is_taken_by_what_it_is_for() -> None:
    question: Any = {"ask": "f", "args": [1.5, 7, np.arange(3.0)]}
    for value in ({"value": np.arange(3.0)}, {"value": np.zeros(0)}, question):
        assert alike(_codec._of_a_session(encode(value), FrameLimits()), value)
    others: list[Any] = [{"value": 1.0}, {"ask": "f", "args": [1.0, 2.0]}, {"ask": "f", "args": [1.0, "x"]}, [1.0]]
    for value in others:
        assert _codec._of_a_session(encode(value), FrameLimits()) is None


def test_a_word_that_is_forbidden_is_found_on_the_short_way_too() -> None:
    word = np.arange(2.0).tobytes()
    for value in ({"value": np.arange(3.0)}, {"ask": "f", "args": [1.0, np.arange(2.0)]}):
        with pytest.raises(ForbiddenError):
            decode(encode(value), limits=FrameLimits(forbidden=word))


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6.0),
        np.arange(12.0)[::2],
        np.arange(12.0).reshape(3, 4)[:, 1],
        np.arange(6.0).astype(np.dtype(np.float64, metadata={"unit": "m"})),
        np.frombuffer(b"x" + np.arange(6.0).tobytes(), "<f8", 6, 1),
    ],
)
def test_a_vector_has_one_way_to_be_written(array: Any) -> None:
    expected = b"a" + struct.pack("<BBq", 3, 1, len(array)) + b"<f8" + array.astype("<f8").tobytes()
    assert encode(array) == expected
    swapped = b"a" + struct.pack("<BBq", 3, 1, len(array)) + b">f8" + array.astype(">f8").tobytes()
    assert encode(array.astype(">f8")) == swapped


# -- streams -----------------------------------------------------------------------------------------------------------


def speak(sock: socket.socket, *values: Any) -> None:
    for value in values:
        send(sock, value)


def test_conversation_over_a_socket() -> None:
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            big = np.arange(1_000_000.0)
            sender = threading.Thread(target=speak, args=(theirs, ["small"], [big]))
            sender.start()
            assert receive(ours) == ["small"]
            assert np.array_equal(receive(ours)[0], big)
            sender.join()
            with pytest.raises(TimeoutError):
                receive(ours, deadline=time.monotonic() + 0.01)
            with pytest.raises(FrameError, match="None alone"):
                send(theirs, None)
        assert receive(ours) is None


class Dribbling(socket.socket):
    """A socket that gives no more at once than the next of its sizes."""

    sizes: Iterator[int]

    def recv_into(self, room: Any, *more: Any) -> int:
        return super().recv_into(memoryview(room)[: next(self.sizes)], *more)

    def recv(self, size: int, *more: Any) -> bytes:
        return super().recv(min(size, next(self.sizes)), *more)


@given(
    st.lists(VALUES.filter(lambda value: value is not None), max_size=6),
    st.lists(st.integers(1, 60) | st.just(1 << 16), min_size=1, max_size=4),
)
def test_a_stream_gives_the_same_values_however_the_bytes_arrive(values: list[Any], sizes: list[int]) -> None:
    left, theirs = socket.socketpair()
    with Dribbling(fileno=left.detach()) as ours, theirs:
        ours.sizes = itertools.cycle(sizes)
        theirs.sendall(b"".join(map(framed, values)))
        theirs.close()
        stream = Stream(ours)
        assert same([stream.receive() for _ in values], values)
        assert stream.receive() is None


@pytest.mark.parametrize("size", [0, 1, 5_000, 1_000_000])
def test_a_stream_carries_frames_of_any_size_both_ways(size: int) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        value: list[Any] = [np.arange(float(size)), "end"]
        sender = threading.Thread(target=speak, args=(theirs, value, ["next"], value))
        sender.start()
        stream = Stream(ours)
        sizes = []
        for wanted in (value, ["next"], value):
            found = stream.receive(deadline=time.monotonic() + 60)
            sizes.append(stream.size)
            assert len(found) == len(wanted) and np.array_equal(found[0], wanted[0])
        assert sizes == [len(encode(wanted)) for wanted in (value, ["next"], value)]
        sender.join()
        other = threading.Thread(target=lambda: stream.send(value, deadline=time.monotonic() + 60))
        other.start()
        assert np.array_equal(receive(theirs)[0], value[0])
        other.join()


@pytest.mark.parametrize(
    ("sent", "error", "told"),
    [
        (b"\x05\0", FrameError, "inside its header"),
        (b"\x05\0\0\0ab", FrameError, "ends after 2 of 5 bytes"),
        (b"\x05\0\0\0", FrameError, "ends after 0 of 5 bytes"),
        (b"\0\0\0\0", FrameError, "a frame of 0 bytes"),
        (b"\xff\xff\xff\xff", FrameError, "the limit is 16777216"),
        (b"\x01\0\0\0n", FrameError, "None alone"),
        (b"\x01\0\0\0?", FrameError, "is no tag"),
    ],
)
def test_a_stream_refuses_what_is_no_frame(sent: bytes, error: type[Exception], told: str) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(framed([1]) + sent)
        theirs.close()
        stream = Stream(ours)
        assert stream.receive() == [1]
        with pytest.raises(error, match=told):
            stream.receive()


@pytest.mark.parametrize("wakes", [False, True])
def test_a_stream_waits_no_longer_than_its_deadline(wakes: bool) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        if wakes:
            wake_now_and_then(ours)
        for part in (b"", framed(["late"])[:3], framed(["late"])[:6]):
            stream, began = Stream(ours), time.monotonic()
            theirs.sendall(part)
            with pytest.raises(TimeoutError):
                stream.receive(deadline=began + 0.05)
            assert 0.05 <= time.monotonic() - began < 5
        with pytest.raises(TimeoutError):
            stream.send(bytes(50_000_000), deadline=time.monotonic() + 0.1)
        with pytest.raises(TimeoutError):
            stream.send(["late"], deadline=time.monotonic())


def test_a_stream_that_wakes_up_goes_on_waiting_and_loses_nothing() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        wake_now_and_then(ours)
        stream, value = Stream(ours), [np.arange(200_000.0)]

        def slowly() -> None:
            other, frame = Stream(theirs), framed(value)
            for part in (frame[:2], frame[2:100_000], frame[100_000:]):
                time.sleep(0.35)
                theirs.sendall(part)
            time.sleep(0.6)
            other.send(other.receive())

        answering = threading.Thread(target=slowly)
        answering.start()
        assert np.array_equal(stream.receive(deadline=time.monotonic() + 60)[0], value[0])
        stream.send(value, deadline=time.monotonic() + 60)
        assert np.array_equal(stream.receive()[0], value[0])
        answering.join()


def test_a_socket_that_does_not_block_is_an_error_and_no_endless_loop() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        stream = Stream(ours)
        with pytest.raises(BlockingIOError):
            stream.receive()
        with pytest.raises(BlockingIOError):
            stream.send(bytes(15_000_000))


@pytest.mark.parametrize("shape", [(0, *[500] * 9), (*[500] * 9, 0), (0, 500, *[500] * 14)])
def test_an_array_of_nothing_in_more_places_than_there_can_be_is_malformed(shape: tuple[int, ...]) -> None:
    frame = b"l\x02\0\0\0a" + struct.pack(f"<BB{len(shape)}q", 3, len(shape), *shape) + b"<f8"
    with pytest.raises(FrameError, match="an array of shape"):
        decode(frame + b"s" + struct.pack("<I", 600) + bytes(600))
