"""What it costs to send parcels."""

from typing import Any

from parcels import billed_weight, is_bulky

FIRST_WEIGHT = 2
FIRST = {"near": 450, "land": 590, "abroad": 1390}
FURTHER = {"near": 60, "land": 95, "abroad": 420}
BULKY = 1500
REDUCED_FROM = 20_000


def parcel_price(parcel: list[int], zone: str) -> int:
    """Price of one parcel, without a discount."""
    further = max(billed_weight(parcel) - FIRST_WEIGHT, 0)
    price = FIRST[zone] + FURTHER[zone] * further
    if is_bulky(parcel):
        price += BULKY
    return price


def extra_price(extra: str, count: int, cents: int) -> int:
    """Price of an extra for so many parcels, which cost so much."""
    match extra:
        case "insured":
            return max(-(-cents // 100), 250)
        case "evening":
            return 300 * count
        case "signature":
            return 180
        case _:
            raise ValueError(f"extra {extra} is not known")


def quote(parcels: list[list[int]], zone: str, options: list[str] | None = None) -> dict[str, Any]:
    """Weights that are billed, and what the shipment costs."""
    if not parcels or zone not in FIRST:
        raise ValueError("a shipment has parcels and a known zone")
    cents = 0
    for index, parcel in enumerate(parcels):
        price = parcel_price(parcel, zone)
        if index > 0:
            price -= price // 10
        cents += price
    extras = sum(extra_price(extra, len(parcels), cents) for extra in set(options or []))
    total = cents + extras
    if total >= REDUCED_FROM and zone != "abroad":
        total -= 1000
    return {"billed": [billed_weight(parcel) for parcel in parcels], "parcels": cents, "extras": extras, "total": total}
