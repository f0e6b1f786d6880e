"""Self-improvement: an agent that repairs programs, and rewrites its own code."""
