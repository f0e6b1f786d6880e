"""Small helpers for a shop: orders, reports, planning, prices and bookings."""
