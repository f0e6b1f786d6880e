"""Self-improve: agents that rewrite their own source."""
