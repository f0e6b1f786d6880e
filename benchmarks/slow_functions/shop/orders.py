"""Working with orders, invoices and payments."""


def new_customers(orders: list[dict], mailing_list: list[str]) -> list[str]:
    """E-mail addresses in the orders that are not on the mailing list yet.

    Each address is given once, in lower case, in order of first purchase.
    """
    known = [address.lower() for address in mailing_list]
    found = []
    for order in orders:
        email = order["email"].strip().lower()
        if email and email not in known and email not in found:
            found.append(email)
    return found


def open_invoices(invoices, payments):
    """Invoices not fully paid, as (number, amount still due) in cents.

    invoices are (number, amount), payments are (reference, amount); an
    invoice may be paid in several parts. Payments with an unknown reference
    are left alone.
    """
    result = []
    for number, amount in invoices:
        paid = 0
        for reference, part in payments:
            if reference == number:
                paid += part
        if paid < amount:
            result.append((number, amount - paid))
    return result


def bestseller(skus):
    """The article sold most often; of several, the one that was sold first."""
    best = None
    best_count = 0
    for sku in skus:
        count = skus.count(sku)
        if count > best_count:
            best = sku
            best_count = count
    return best
