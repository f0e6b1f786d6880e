"""Invoices, vouchers and order pricing. All amounts are whole cents."""


def match_payments(invoices, payments):
    """Mark each invoice "paid" or "open" and return the payments left over.

    A payment settles the first invoice with the same reference and amount,
    and can be used only once. The invoices are changed in place.
    """
    used = [False] * len(payments)
    for invoice in invoices:
        invoice["status"] = "open"
        for position, payment in enumerate(payments):
            if used[position]:
                continue
            if payment["reference"] != invoice["reference"]:
                continue
            if payment["amount"] == invoice["amount"]:
                invoice["status"] = "paid"
                invoice["payment_id"] = payment["id"]
                used[position] = True
                break
    return [p for p, taken in zip(payments, used) if not taken]


def count_voucher_combinations(values: list[int], due: int) -> int:
    """In how many ways can some of the vouchers pay exactly `due` cents?

    Vouchers of equal value are still different vouchers.
    """
    usable = [value for value in values if 0 < value <= due]
    if due <= 0 or not usable:
        return 0
    combinations = 0
    for mask in range(1, 1 << len(usable)):
        amount = 0
        for bit, value in enumerate(usable):
            if mask >> bit & 1:
                amount += value
        if amount == due:
            combinations += 1
    return combinations


def _price_index(catalogue):
    return {item["sku"]: item["net"] for item in catalogue if item.get("active", True)}


def price_order_lines(lines, catalogue, vat_percent=20):
    """Price the order lines; returns priced lines, gross total and unknown skus."""
    priced = []
    unknown = []
    total = 0
    for line in lines:
        sku, quantity = line["sku"], int(line["qty"])
        if quantity <= 0:
            continue
        net_price = _price_index(catalogue).get(sku)
        if net_price is None:
            unknown.append(sku)
            continue
        gross = (net_price * quantity * (100 + vat_percent) + 50) // 100
        priced.append((sku, quantity, gross))
        total += gross
    return {"lines": priced, "total": total, "unknown": unknown}
