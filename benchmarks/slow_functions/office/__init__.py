"""Small helpers for the shop back office."""
