"""Invoices with discounts, coupons and taxes."""

from typing import Any

from money import percent_of, reduce_by
from rates import quantity_discount, tax_rate


def _net(price: int, quantity: int, coupon: int) -> int:
    """Work out what is left of a line after all discounts."""
    if price < 0 or quantity < 1:
        raise ValueError(f"a line of {quantity} pieces at {price} cents")
    discounted = reduce_by(price * quantity, quantity_discount(quantity))
    return reduce_by(discounted, coupon)


def make_invoice(lines: list[dict[str, Any]], coupon: int = 0) -> dict[str, Any]:
    """Work out the lines and sums of an invoice."""
    if not 0 <= coupon <= 100:
        raise ValueError(f"coupon is {coupon}; it must be between 0 and 100 percent")
    rows = []
    net_by_kind: dict[str, int] = {}
    for line in lines:
        net = _net(line["price"], line.get("quantity", 1), coupon)
        kind = line.get("tax", "standard")
        rows.append((line["name"], net))
        net_by_kind[kind] = net_by_kind.get(kind, 0) + net
    tax = {kind: percent_of(net, tax_rate(kind)) for kind, net in sorted(net_by_kind.items())}
    net_sum = sum(net for _, net in rows)
    return {"lines": rows, "net": net_sum, "tax": tax, "total": net_sum + sum(tax.values())}
