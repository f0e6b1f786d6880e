"""Small fixes of one place: each is a file name, a line, a kind, and the whole text of the file with it."""

import ast
import re
from itertools import chain

from changes import CHANGES, FEW_NAMES


def fixes_of(files):
    """All fixes of all files, as (file, line, kind, text)."""
    found = []
    for name, source in files.items():
        try:
            tree = ast.parse(source)
        except SyntaxError:
            continue
        fillers = {*re.findall(r"([\w.]+)\.(append|add)\(", source)}
        fillers |= {(one, "append") for one in re.findall(r"(\w+) = \[\]", source)}
        for scope in [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)] + [tree]:
            names, scope_text = names_in(scope), ast.unparse(scope)
            held = sorted(one for one in fillers if one[0] in scope_text)
            for statement in statements_of(scope):
                for node in own_nodes(statement):
                    for where, kind, text in chain.from_iterable(changes(node, names) for changes in CHANGES):
                        found.append((name, statement.lineno, kind, spliced(source, where, text)))
                if isinstance(scope, ast.FunctionDef) and not isinstance(statement, ast.FunctionDef):
                    more = with_more(source, statement, held, names)
                    found += [(name, statement.lineno, "missing", text) for text in more]
        found += [(name, line, "state", text) for line, text in own_states(source, tree)]
    return found


def statements_of(scope):
    """The statements of a scope, those of scopes within it left out."""
    waiting = list(scope.body)
    while waiting:
        statement = waiting.pop(0)
        yield statement
        if not isinstance(statement, ast.FunctionDef | ast.ClassDef):
            for field in ("body", "orelse", "finalbody", "handlers"):
                waiting += getattr(statement, field, [])


def own_nodes(statement):
    """A statement and its expressions, those of statements within it left out."""
    waiting = [statement]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += [one for one in ast.iter_child_nodes(node) if not isinstance(one, ast.stmt | ast.excepthandler)]


def names_in(scope):
    """Names that hold values in a scope, and what its object holds, most used first."""
    held = [ast.unparse(n) for n in ast.walk(scope) if isinstance(n, ast.Name | ast.Attribute)]
    set_here = [n.arg for n in ast.walk(scope) if isinstance(n, ast.arg)]
    set_here += [ast.unparse(n) for n in ast.walk(scope) if isinstance(getattr(n, "ctx", None), ast.Store)]
    return sorted({one for one in set_here if one.isidentifier()} - {"self", "_"}, key=lambda one: -held.count(one))


def with_more(source, statement, fillers, names):
    """The source with a value put into a collection, before a return or after any other statement."""
    lines = source.splitlines(keepends=True)
    at = statement.lineno - 1 if isinstance(statement, ast.Return) else statement.end_lineno
    for held, filler in fillers:
        for name in names[:FEW_NAMES]:
            if name != held:
                yield "".join([*lines[:at], f"{' ' * statement.col_offset}{held}.{filler}({name})\n", *lines[at:]])


def own_states(source, tree):
    """Values that all objects or calls share, made anew for each, as (line, text)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            late = node.args.args[len(node.args.args) - len(node.args.defaults) :]
            for argument, default in zip(late, node.args.defaults, strict=True):
                if isinstance(default, ast.List | ast.Dict | ast.Set | ast.Call):
                    made = f"{argument.arg} = {ast.unparse(default)} if {argument.arg} is None else {argument.arg}"
                    yield node.lineno, spliced(with_first(source, node, made), default, "None")
        for one in getattr(node, "body", ()) if isinstance(node, ast.ClassDef) else ():
            makers = [each for each in node.body if getattr(each, "name", "") == "__init__"]
            if isinstance(one, ast.Assign | ast.AnnAssign) and one.value and makers:
                name = ast.unparse(one.targets[0] if isinstance(one, ast.Assign) else one.target)
                yield makers[0].lineno, with_first(source, makers[0], f"self.{name} = {ast.unparse(one.value)}")


def with_first(source, function, text):
    """The source with a statement put before the first of a function, after its docstring."""
    first = function.body[ast.get_docstring(function) is not None and len(function.body) > 1]
    return spliced(source, first, f"{text}\n{' ' * first.col_offset}{ast.get_source_segment(source, first)}")


def spliced(source, node, text):
    """The source with a node's text replaced."""
    lines = source.encode().splitlines(keepends=True)
    before = b"".join(lines[: node.lineno - 1]) + lines[node.lineno - 1][: node.col_offset]
    after = lines[node.end_lineno - 1][node.end_col_offset :] + b"".join(lines[node.end_lineno :])
    return (before + text.encode() + after).decode()
