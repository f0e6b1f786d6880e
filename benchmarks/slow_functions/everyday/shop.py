"""Order handling for the web shop."""


def describe_order_lines(lines, products):
    """Join order lines (sku, quantity) with the product list.

    Returns the described lines and the skus that are not in the catalogue.
    When a sku is listed twice, the first product counts.
    """
    described = []
    unknown = []
    for sku, quantity in lines:
        match = None
        for product in products:
            if product["sku"] == sku:
                match = product
                break
        if match is None:
            unknown.append(sku)
            continue
        described.append({
            "sku": sku,
            "name": match["name"],
            "quantity": quantity,
            "total": match["price"] * quantity,
        })
    return described, unknown


def best_sellers(sales: dict[str, int], k: int) -> list[tuple[str, int]]:
    """The k articles sold most often, best first, ties by name."""
    if k <= 0:
        return []
    remaining = [(-count, name) for name, count in sales.items() if count > 0]
    result = []
    while remaining and len(result) < k:
        best = min(remaining)
        remaining.remove(best)
        result.append((best[1], -best[0]))
    return result
