"""Contacts, orders and what was sold where."""

from __future__ import annotations


def clean_email(raw: str) -> str:
    """The address as we store it."""
    return raw.strip().lower()


def merge_contacts(first, second):
    """Join two mailing lists: every address once, in the order in which it first came.

    Lines without an @ are left out, and counted.
    """
    merged = []
    skipped = 0
    for raw in first + second:
        email = clean_email(raw)
        if "@" not in email:
            skipped += 1
            continue
        if email not in merged:
            merged.append(email)
    return merged, skipped


def attach_customers(orders: list[dict], customers: list[dict]) -> list[dict]:
    """Give each order the name and the discount of its customer; orders of nobody we know are marked."""
    rows = []
    for order in orders:
        row = {"order": order["id"], "amount": order["amount"], "customer": None}
        for customer in customers:
            if customer["id"] == order["customer_id"]:
                row["customer"] = customer["name"]
                row["amount"] = order["amount"] * (100 - customer["discount"]) // 100
                break
        rows.append(row)
    return rows


def totals_by_region(sales):
    """Sum and number of sales of each region, in the order in which regions first appear.

    ``sales`` are (region, amount) pairs; refunds are negative and not counted as a sale.
    """
    regions = []
    for region, _ in sales:
        if region not in regions:
            regions.append(region)
    report = []
    for region in regions:
        total = 0
        count = 0
        for other, amount in sales:
            if other != region:
                continue
            total += amount
            if amount > 0:
                count += 1
        report.append((region, total, count))
    return report
