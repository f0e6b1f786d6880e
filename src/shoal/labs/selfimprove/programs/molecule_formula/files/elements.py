"""The elements that are known, with their masses in thousandths."""

MASSES = {
    "H": 1008,
    "C": 12011,
    "N": 14007,
    "O": 15999,
    "Na": 22990,
    "Mg": 24305,
    "S": 32060,
    "Cl": 35450,
    "K": 39098,
    "Ca": 40078,
    "Fe": 55845,
    "Cu": 63546,
}
