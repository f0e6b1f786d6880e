"""Cyclic redundancy checks by table look-up, a byte at a time."""

from typing import NamedTuple


class Model(NamedTuple):
    """Parameters of a check, named as in the catalogue of parametrised CRC algorithms."""

    width: int
    poly: int
    init: int
    reflected: bool
    xorout: int


MODELS = {
    "CRC-8": Model(8, 0x07, 0x00, False, 0x00),
    "CRC-16/XMODEM": Model(16, 0x1021, 0x0000, False, 0x0000),
    "CRC-16/ARC": Model(16, 0x8005, 0x0000, True, 0x0000),
    "CRC-32": Model(32, 0x04C11DB7, 0xFFFFFFFF, True, 0xFFFFFFFF),
}


def reverse_bits(number: int, width: int) -> int:
    """The lowest `width` bits in reverse order."""
    return int(f"{number:0{width}b}"[::-1], 2)


TABLES: dict[tuple[int, int], list[int]] = {}


def table(width: int, poly: int) -> list[int]:
    """What each byte does to an empty register; computed once for each polynomial."""
    if (width, poly) in TABLES:
        return TABLES[width, poly]
    entries = TABLES[width, poly] = []
    for byte in range(256):
        register = byte << (width - 8)
        for _ in range(8):
            carry = register >> (width - 1)
            register = (register << 1) & ((1 << width) - 1)
            if carry:
                register ^= poly
        entries.append(register)
    return entries


def register_after(model: Model, message: bytes) -> int:
    """The register once the whole message has passed."""
    entries = table(model.width, model.poly)
    register = model.init
    for byte in message:
        index = (register >> (model.width - 8)) ^ (reverse_bits(byte, 8) if model.reflected else byte)
        register = ((register << 8) & ((1 << model.width) - 1)) ^ entries[index]
    return reverse_bits(register, model.width) if model.reflected else register


def checksum(name: str, message: str) -> str:
    """The checksum of a message in hexadecimal digits."""
    model = MODELS[name]
    return f"{register_after(model, message.encode()) ^ model.xorout:0{model.width // 4}X}"


def append(name: str, message: str) -> str:
    """The message with its checksum."""
    return f"{message}#{checksum(name, message)}"


def verify(name: str, line: str) -> bool:
    """Whether a line ends in its own checksum."""
    message, mark, digits = line.rpartition("#")
    if not mark:
        raise ValueError(f"no checksum in {line!r}")
    return digits.upper() == checksum(name, message)
