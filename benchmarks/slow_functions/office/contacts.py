"""The address book."""


def add_contacts(book, emails):
    """Add the addresses that are not in the book yet, return how many were new."""
    added = 0
    for email in emails:
        email = email.strip().lower()
        if not email:
            continue
        if email not in book:
            book.append(email)
            added += 1
    return added
