"""The hand-written half of the grammar: what formulas over numbers and arrays are made of.

Each table gives weights, not probabilities: of the options that a place allows, each is as likely as its share. Tables
and roles are those of the learned counts (`scripts/grammar.py`).
"""

from collections.abc import Mapping

Weights = Mapping[str, float]

_NUMBERS: Weights = {
    "name": 3.0,
    "constant": 1.6,
    "binary": 3.0,
    "negative": 0.2,
    "function": 0.8,
    "extreme": 0.5,
    "choice": 0.3,
    "length": 0.3,
    "remainder": 0.25,
    "indicator": 0.35,
    # Of arrays and lists, where there are some.
    "reduced": 1.4,
    "entry": 0.6,
    "counted": 0.5,
    "listed": 1.2,
}
_WHOLE: Weights = {
    "int name": 3.0,
    "small": 1.6,
    "int length": 0.6,
    "stepped": 1.2,
    "chosen": 1.0,
    "int entry": 0.8,
    "position": 0.4,
    "int counted": 0.5,
}
_TRUTH: Weights = {
    "comparison": 6.0,
    "bool name": 1.0,
    "both": 0.8,
    "not": 0.2,
    "parity": 0.3,
    "of mask": 0.4,
    "alike": 0.6,
}
_ARRAYS: Weights = {
    "array name": 2.2,
    "gathered": 1.6,
    "array binary": 4.0,
    "array function": 1.2,
    "array extreme": 0.5,
    "array negative": 0.3,
    "where": 1.0,
    "masked": 1.0,
    "ranked": 0.3,
    "power": 0.6,
    "centred": 0.4,
}
_MASKS: Weights = {
    "mask comparison": 5.0,
    "mask name": 1.0,
    "mask both": 0.6,
    "mask not": 0.2,
    "to its best": 1.0,
    "between": 1.5,
}
_LISTS: Weights = {
    "list name": 2.5,
    "ordered": 1.0,
    "reversed": 0.4,
    "sliced": 0.5,
    "mapped": 1.5,
    "zipped": 0.8,
    "filtered": 0.2,
}

PRIOR: Mapping[str, Weights] = {
    "productions": {**_NUMBERS, **_WHOLE, **_TRUTH, **_ARRAYS, **_MASKS, **_LISTS},
    "operators": {"+": 3.0, "-": 2.7, "*": 2.7, "/": 1.4, "**": 0.3, "%": 0.5},
    "comparisons": {"<": 3.0, ">": 3.0, "<=": 2.0, ">=": 2.0, "==": 1.0, "!=": 0.3},
    "booleans": {"and": 3.0, "or": 2.0},
    "augmented": {"+": 3.0, "-": 2.0, "*": 2.5, "/": 1.0},
    "calls": {
        "abs": 1.5,
        "round": 0.2,
        "square": 1.5,
        "math.atan": 0.2,
        "math.cos": 0.6,
        "math.exp": 1.0,
        "math.floor": 0.4,
        "math.log1p": 1.0,
        "math.sin": 0.6,
        "math.sqrt": 1.2,
        "math.tanh": 0.6,
        "numpy.abs": 1.2,
        "numpy.cos": 0.6,
        "numpy.exp": 1.0,
        "numpy.floor": 0.3,
        "numpy.log1p": 1.0,
        "numpy.sign": 0.5,
        "numpy.sin": 0.6,
        "numpy.sqrt": 1.2,
        "numpy.square": 1.0,
        "numpy.tanh": 0.6,
    },
    "constants": {
        "0.5": 2.0,
        "2": 2.0,
        "1": 1.5,
        "3": 1.0,
        "0.1": 1.0,
        "10": 1.0,
        "-1": 0.4,
        "0": 0.4,
        "100": 0.3,
        "0.01": 0.3,
        "1.5": 0.3,
    },
    "subscripts": {"number": 4.0, "negative": 2.0, "name": 2.0},
    "slices": {"a:": 2.0, ":b": 2.0, "::s": 0.6},
    "reductions": {"max": 2.0, "min": 2.0, "mean": 2.0, "sum": 1.5, "std": 0.6, "median": 0.3},
    "comprehensions": {"ListComp": 1.0, "ListComp if": 0.2},
}

# Where one production of Python is several of ours, they share its count; a table's other options are called alike.
LEARNED_AS: Mapping[str, Mapping[str, str]] = {
    "productions": {
        **dict.fromkeys(("name", "int name", "bool name", "array name", "mask name", "list name"), "Name"),
        **dict.fromkeys(("constant", "small"), "Constant"),
        **dict.fromkeys(("binary", "stepped", "array binary", "power", "masked", "remainder", "centred"), "BinOp"),
        **dict.fromkeys(("negative", "array negative", "not", "mask not"), "UnaryOp"),
        **dict.fromkeys(("function", "extreme", "reduced", "listed", "counted", "length", "int length"), "Call"),
        **dict.fromkeys(("array function", "array extreme", "where", "ranked", "of mask", "position"), "Call"),
        **dict.fromkeys(("ordered", "int counted"), "Call"),
        **dict.fromkeys(("entry", "int entry", "gathered", "chosen", "sliced", "reversed"), "Subscript"),
        **dict.fromkeys(
            ("comparison", "parity", "mask comparison", "to its best", "between", "indicator", "alike"), "Compare"
        ),
        **dict.fromkeys(("mapped", "zipped", "filtered"), "ListComp"),
        **dict.fromkeys(("both", "mask both"), "BoolOp"),
        "choice": "IfExp",
    },
    "calls": {f"numpy.{n}": f"math.{n}" for n in ("cos", "exp", "floor", "log1p", "sin", "sqrt", "tanh")}
    | {"numpy.abs": "abs"},
}
