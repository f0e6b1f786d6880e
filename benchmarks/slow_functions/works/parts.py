"""Bills of materials."""


def total_weight(parts: dict, name: str) -> int:
    """Weight in grams of a part with everything that is built into it.

    parts maps a name to (own weight, [(name of a piece, how many), ...]).
    """
    if name not in parts:
        raise KeyError(name)
    own, pieces = parts[name]
    weight = own
    for piece, quantity in pieces:
        weight += quantity * total_weight(parts, piece)
    return weight
