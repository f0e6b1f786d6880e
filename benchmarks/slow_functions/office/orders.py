"""Orders and carts."""


def label_orders(orders, customers):
    """One line of text per order, with the customer's name."""
    labels = []
    for order_id, customer_id, amount in orders:
        name = "unknown"
        for customer in customers:
            if customer["id"] == customer_id:
                name = customer["name"]
                break
        labels.append(f"#{order_id} {name}: {amount}")
    return labels


def price_cart(
    cart: list[tuple[str, int]], price_list: list[tuple[str, int]]
) -> tuple[int, list[str]]:
    """Total of the cart in cents, and the articles that have no price.

    A later line of the price list overrides an earlier one.
    """
    total = 0
    missing = []
    for article, quantity in cart:
        prices = dict(price_list)
        if article in prices:
            total += prices[article] * quantity
        else:
            missing.append(article)
    return total, missing
