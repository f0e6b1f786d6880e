"""Addresses and networks as texts."""

import re

NUMBER = "(0|[1-9][0-9]{0,2})"
ADDRESS = re.compile(r"\.".join([NUMBER] * 4), re.ASCII)


def parse_address(text: str) -> int:
    """The address as a number of 32 bits."""
    match = ADDRESS.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is no address")
    address = 0
    for part in match.groups():
        if int(part) > 255:
            raise ValueError(f"{part} is above 255")
        address = address << 8 | int(part)
    return address


def parse_network(text: str) -> tuple[int, int]:
    """Address and number of bits of a network."""
    start, _, bits = text.partition("/")
    address = parse_address(start)
    if not re.fullmatch("0|[1-9][0-9]?", bits) or int(bits) > 32:
        raise ValueError(f"{text!r} has no number of bits")
    if address & ((1 << (32 - int(bits))) - 1):
        raise ValueError(f"{text!r} has bits beyond its length")
    return address, int(bits)


def format_network(address: int, length: int) -> str:
    """The text of a network."""
    parts = [str(address >> shift & 255) for shift in (24, 16, 8, 0)]
    return f"{'.'.join(parts)}/{length}"
