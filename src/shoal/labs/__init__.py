"""Labs: one package per system; each supplies search, proposers and judges, and adds no loop of its own."""
