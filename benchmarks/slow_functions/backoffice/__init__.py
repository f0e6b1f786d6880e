"""Back-office helpers: billing, chat, warehouse, calendars, tags, access."""
