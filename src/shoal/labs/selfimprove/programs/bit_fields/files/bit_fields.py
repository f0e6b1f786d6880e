"""Records packed into the bits of one integer."""

from typing import Any, NamedTuple


class Field(NamedTuple):
    """A field of `width` bits that begins at bit `shift`."""

    name: str
    shift: int
    width: int
    signed: bool

    def encode(self, value: int) -> int:
        low = -(1 << (self.width - 1)) if self.signed else 0
        if not low <= value < low + (1 << self.width):
            raise OverflowError(f"{self.name} = {value} does not fit into {self.width} bits")
        return (value & self.mask()) << self.shift

    def decode(self, word: int) -> int:
        value = (word >> self.shift) & self.mask()
        return value - (1 << self.width) if self.signed and value >> (self.width - 1) else value

    def mask(self) -> int:
        return (1 << self.width) - 1


def fields(layout: list[list[Any]]) -> dict[str, Field]:
    """The fields of a layout by name."""
    found: dict[str, Field] = {}
    shift = 0
    for name, width, *flags in layout:
        if width < 1 or name in found:
            raise ValueError(f"field {name} of {width} bits is not possible here")
        found[name] = Field(name, shift, width, "signed" in flags)
        shift += width
    return found


def pack(layout: list[list[Any]], record: dict[str, int]) -> int:
    """The word that holds a record."""
    known = fields(layout)
    word = 0
    for name, value in record.items():
        word |= known[name].encode(value)
    return word


def unpack(layout: list[list[Any]], word: int) -> dict[str, int]:
    """The record that a word holds."""
    known = fields(layout)
    if word < 0 or word >> sum(field.width for field in known.values()):
        raise ValueError(f"word {word} does not fit the layout")
    return {name: field.decode(word) for name, field in known.items()}


def changed(layout: list[list[Any]], before: int, after: int) -> list[str]:
    """Names of the fields in which two words differ."""
    old, new = unpack(layout, before), unpack(layout, after)
    return [name for name in old if old[name] != new[name]]


def hexdump(layout: list[list[Any]], record: dict[str, int]) -> str:
    """The bytes of a packed record, lowest first."""
    size = -(-sum(field.width for field in fields(layout).values()) // 8)
    return pack(layout, record).to_bytes(size, "little").hex(" ").upper()
