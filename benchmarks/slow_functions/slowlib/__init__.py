"""A small back office: contacts and sales, pages and logs, warehouse, signals, and some older odds and ends."""
