"""Changes of one node of a syntax tree: what programmers get wrong, undone."""

import ast

ORDERS = {"<": ("<=", ">"), "<=": ("<", ">="), ">": (">=", "<"), ">=": (">", "<="), "==": ("!=",), "!=": ("==",)}
WORDS = {"in": ("not in",), "not in": ("in",), "is": ("is not",), "is not": ("is",)}
ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "//*", "//": "/%", "%": "//", "&": "|", "|": "^&", "^": "|"}
ORDER_SIGNS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}
WORD_SIGNS = {ast.In: "in", ast.NotIn: "not in", ast.Is: "is", ast.IsNot: "is not"}
SUM_SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%"}
SIGNS = ORDER_SIGNS | WORD_SIGNS | SUM_SIGNS | {ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^"}
TWINS = ("min max", "any all", "append extend", "ceil floor", "partition rpartition", "find rfind", "split rsplit")
CALLS = {one: other for pair in TWINS for one, other in (pair.split(), pair.split()[::-1])}
COUNTS = ("len", "index", "find", "count", "range", "int", "sum")
MOST_NAMES = 8


def changes_of(node, names):
    """Each change of a node: what gives way, the kind of fix, the text in its place."""
    for changes in (of_operators, of_constants, of_names, of_calls, of_statements):
        yield from changes(node, names)


def of_operators(node, _):
    """Other signs, and operands left out or exchanged."""
    match node:
        case ast.Compare():
            parts = [ast.unparse(one) for one in (node.left, *node.comparators)]
            signs = [SIGNS[type(one)] for one in node.ops]
            for i, sign in enumerate(signs):
                for other in ORDERS.get(sign) or WORDS[sign]:
                    kind = "boundary" if other[0] == sign[0] and sign in ORDERS else "operator"
                    texts = zip([*signs[:i], other, *signs[i + 1 :]], parts[1:], strict=True)
                    yield node, kind, parts[0] + "".join(f" {one} {part}" for one, part in texts)
        case ast.BinOp(op=op) if type(op) in SIGNS:
            sign, left, right = SIGNS[type(op)], f"({ast.unparse(node.left)})", f"({ast.unparse(node.right)})"
            yield from ((node, "operator", f"({left} {other} {right})") for other in ARITHMETIC[sign])
            yield from ((node, "off by one", f"({left} {sign} {right} {by})") for by in ("+ 1", "- 1"))
            yield node, "swapped", f"({right} {sign} {left})"
            if isinstance(node.right, ast.Constant):
                yield node, "off by one", left
        case ast.BoolOp():
            words = (" or ", " and ") if isinstance(node.op, ast.And) else (" and ", " or ")
            parts = [f"({ast.unparse(one)})" for one in node.values]
            yield node, "condition", f"({words[0].join(parts)})"
            yield from (
                (node, "condition", f"({words[1].join(parts[:i] + parts[i + 1 :])})") for i in range(len(parts))
            )
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node, "condition", f"({ast.unparse(node.operand)})"


def of_constants(node, _):
    """Other constants."""
    match node:
        case ast.Constant(value=bool()):
            yield node, "constant", str(not node.value)
        case ast.Constant(value=int()):
            yield from ((node, "off by one", f"({value})") for value in (node.value + 1, node.value - 1))
            yield from ((node, "constant", f"({value})") for value in (None, 0, 1, -node.value) if value != node.value)
        case ast.Constant(value=None):
            yield from ((node, "constant", text) for text in ("0", "[]", "''"))


def of_names(node, names):
    """Another name, or a copy of what it holds."""
    match node:
        case ast.Name(ctx=ast.Load()) if node.id in names:
            yield from ((node, "variable", other) for other in names[:MOST_NAMES] if other != node.id)
            yield from ((node, "copy", f"{kind}({node.id})") for kind in ("list", "dict"))
        case ast.Name(ctx=ast.Load()) if node.id in CALLS:
            yield node, "call", CALLS[node.id]
        case ast.Attribute() if node.attr in CALLS:
            yield node, "call", f"{ast.unparse(node.value)}.{CALLS[node.attr]}"


def of_calls(node, _):
    """Arguments exchanged, and places one further or nearer."""
    match node:
        case ast.Call(args=[*_]) | ast.Tuple(ctx=ast.Load()):
            parts = [ast.unparse(one) for one in (node.args if isinstance(node, ast.Call) else node.elts)]
            rest = [ast.unparse(one) for one in getattr(node, "keywords", ())]
            head = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            for i in range(len(parts) - 1):
                yield (
                    node,
                    "swapped",
                    f"{head}({', '.join([*parts[:i], parts[i + 1], parts[i], *parts[i + 2 :], *rest])})",
                )
            if head.rpartition(".")[2] in COUNTS:
                ends = node.args if head == "range" else [node]
                yield from ((one, "off by one", f"({ast.unparse(one)} {by})") for one in ends for by in ("+ 1", "- 1"))
        case ast.Subscript():
            ends = [node.slice.lower, node.slice.upper] if isinstance(node.slice, ast.Slice) else [node.slice]
            yield from (
                (one, "off by one", f"({ast.unparse(one)} {by})") for one in ends if one for by in ("+ 1", "- 1")
            )
        case ast.comprehension(ifs=[]):
            yield node.iter, "condition", f"{ast.unparse(node.iter)} if {ast.unparse(node.target)}"


def of_statements(node, names):
    """Conditions, assignments, jumps."""
    match node:
        case ast.If() | ast.While():
            test = f"({ast.unparse(node.test)})"
            yield node.test, "condition", f"not {test}"
            for name in names[:MOST_NAMES]:
                yield from (
                    (node.test, "guard", f"{test} {word} {name}") for word in ("and", "and not", "or", "or not")
                )
        case ast.AugAssign(op=op) if type(op) in SIGNS:
            for sign in (*ARITHMETIC[SIGNS[type(op)]], ""):
                yield node, "operator", f"{ast.unparse(node.target)} {sign}= {ast.unparse(node.value)}"
        case ast.Expr(value=ast.Call()):
            yield node, "statement", "pass"
