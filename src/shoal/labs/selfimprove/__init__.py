"""Self-improve: an agent that repairs programs rewrites its own code, and is kept only if it measurably got better."""
