"""Sizes and weights of parcels."""

VOLUME_DIVISOR = 5000
LONGEST_SIDE, LONGEST_GIRTH = 120, 300
HEAVIEST = 31_500


def billed_weight(parcel: list[int]) -> int:
    """Kilograms by weight or by volume, whichever are more."""
    length, width, height, grams = parcel
    if min(parcel) < 1 or grams > HEAVIEST:
        raise ValueError(f"parcel {parcel} is not taken")
    by_weight = -(-grams // 1000)
    by_volume = -(-(length * width * height) // VOLUME_DIVISOR)
    return max(by_weight, by_volume)


def is_bulky(parcel: list[int]) -> bool:
    """Whether a parcel is too long, or too thick for its length."""
    *shorter, longest = sorted(parcel[:3])
    return longest > LONGEST_SIDE or longest + 2 * sum(shorter) > LONGEST_GIRTH
