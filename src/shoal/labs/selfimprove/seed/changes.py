"""Changes of one node of a syntax tree: what programmers get wrong, undone."""

import ast

SIGNS = {"<": ("<=", ">"), "<=": ("<", ">="), ">": (">=", "<"), ">=": (">", "<="), "==": ("!=",), "!=": ("==",)}
SIGNS |= {"in": ("not in",), "not in": ("in",), "is": ("is not",), "is not": ("is",)}
ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "//*", "//": "/%", "%": "//", "&": "|^", "|": "^&", "^": "|&"}
TWINS = ("min max", "any all", "append extend", "ceil floor", "partition rpartition", "find rfind", "split rsplit")
CALLS = {one: other for pair in TWINS for one, other in (pair.split(), pair.split()[::-1])}
COUNTS = ("len", "index", "find", "count", "range", "int", "sum")
MOST_NAMES, FEW_NAMES = 8, 4


def sign_of(op, kind):
    """An operator as it is written."""
    one = ast.Name("a")
    return ast.unparse(ast.Compare(one, [op], [one]) if kind is ast.Compare else ast.BinOp(one, op, one))[2:-2]


def off_by_one(nodes):
    """Each of some places one further and one nearer."""
    return [(one, "off by one", f"({ast.unparse(one)} {by})") for one in nodes if one for by in ("+ 1", "- 1")]


def of_operators(node, _):
    """Other signs, and operands left out or exchanged."""
    match node:
        case ast.Compare():
            parts = [ast.unparse(one) for one in (node.left, *node.comparators)]
            signs = [sign_of(one, ast.Compare) for one in node.ops]
            for i, sign in enumerate(signs):
                for other in SIGNS[sign]:
                    kind = "boundary" if other.rstrip("=") == sign.rstrip("=") else "operator"
                    texts = zip([*signs[:i], other, *signs[i + 1 :]], parts[1:], strict=True)
                    yield node, kind, parts[0] + "".join(f" {one} {part}" for one, part in texts)
            if signs == ["=="] and isinstance(node.comparators[0], ast.Constant):
                yield from ((node, "boundary", f"{parts[0]} {sign} {parts[1]}") for sign in ("<=", ">=", "<= 1 +"))
        case ast.BinOp() if (sign := sign_of(node.op, ast.BinOp)) in ARITHMETIC:
            left, right = f"({ast.unparse(node.left)})", f"({ast.unparse(node.right)})"
            yield from ((node, "operator", f"({left} {other} {right})") for other in ARITHMETIC[sign])
            yield from [*off_by_one([node]), (node, "swapped", f"({right} {sign} {left})")]
            pairs = ((node.left, right), (node.right, left))
            yield from ((node, "whole", other) for one, other in pairs if isinstance(one, ast.Constant))
        case ast.BoolOp():
            words = (" or ", " and ") if isinstance(node.op, ast.And) else (" and ", " or ")
            parts = [f"({ast.unparse(one)})" for one in node.values]
            yield node, "condition", f"({words[0].join(parts)})"
            lacking = [parts[:i] + parts[i + 1 :] for i in range(len(parts))]
            yield from ((node, "condition", f"({words[1].join(some)})") for some in lacking)
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node, "condition", f"({ast.unparse(node.operand)})"


def of_values(node, names):
    """Other constants, other names, or a copy of what a name holds."""
    match node:
        case ast.Constant(value=bool()):
            yield node, "constant", str(not node.value)
        case ast.Constant(value=int()):
            yield from off_by_one([node])
            yield from ((node, "constant", f"({value})") for value in (None, 0, 1, -node.value) if value != node.value)
        case ast.Constant(value=None):
            yield from ((node, "constant", text) for text in ("0", "[]", "''"))
        case ast.List(elts=[], ctx=ast.Load()):
            yield from ((node, "constant", f"[{text}]") for text in ("[]", *names[:FEW_NAMES]))
        case ast.Name(ctx=ast.Load()) if node.id in names:
            yield from ((node, "variable", other) for other in names[:MOST_NAMES] if other != node.id)
            yield from ((node, "copy", f"{kind}({node.id})") for kind in ("list", "dict"))
        case ast.Name(ctx=ast.Load(), id=word) | ast.Attribute(attr=word) if word in CALLS:
            yield node, "call", ast.unparse(node).removesuffix(word) + CALLS[word]


def of_places(node, _):
    """Arguments exchanged or changed, a call left out, and places one further or nearer."""
    match node:
        case ast.Call(args=[*values]) | ast.Tuple(elts=values, ctx=ast.Load()):
            parts = [ast.unparse(one) for one in values]
            head, rest = (ast.unparse(node.func), node.keywords) if isinstance(node, ast.Call) else ("", ())
            for i in range(len(parts) - 1):
                swapped = [*parts[:i], parts[i + 1], parts[i], *parts[i + 2 :], *map(ast.unparse, rest)]
                yield node, "swapped", f"{head}({', '.join(swapped)})"
            yield from ((node, "whole", f"({part})") for part in parts[:2] if head)
            if head.rpartition(".")[2] in COUNTS:
                yield from off_by_one(values if head == "range" else [node])
        case ast.Subscript(slice=ast.Slice(lower=lower, upper=upper)):
            yield from off_by_one([lower, upper])
        case ast.Subscript(slice=places):
            yield from off_by_one(places.elts if isinstance(places, ast.Tuple) else [places])
        case ast.comprehension(ifs=[]):
            yield node.iter, "condition", f"{ast.unparse(node.iter)} if {ast.unparse(node.target)}"


def of_statements(node, names):
    """Conditions, assignments, jumps."""
    match node:
        case ast.Return(value=ast.Constant(value=bool()) as value) | ast.While(test=ast.Constant() as value):
            for form in ("{}", "not {}", "{} == 0"):
                yield from ((value, "condition", form.format(name)) for name in names[:FEW_NAMES])
        case ast.If(test=test) | ast.While(test=test):
            yield test, "condition", f"not ({ast.unparse(test)})"
            for word in ("{} and", "not {} and", "{} or", "not {} or"):
                yield from ((test, "guard", f"{word.format(one)} ({ast.unparse(test)})") for one in names[:MOST_NAMES])
        case ast.Assign(targets=[target], value=value) if not isinstance(value, ast.Name | ast.Constant):
            for form in ("max({}, {})", "min({}, {})", "max({}, 0)"):
                yield value, "best", form.format(ast.unparse(value), ast.unparse(target))
        case ast.AugAssign() if (sign := sign_of(node.op, ast.BinOp)) in ARITHMETIC:
            for other in (*ARITHMETIC[sign], ""):
                yield node, "operator", f"{ast.unparse(node.target)} {other}= {ast.unparse(node.value)}"
        case ast.Expr(value=ast.Call()):
            yield node, "statement", "pass"


CHANGES = (of_operators, of_values, of_places, of_statements)  # each yields a node, the kind of fix, the text instead
