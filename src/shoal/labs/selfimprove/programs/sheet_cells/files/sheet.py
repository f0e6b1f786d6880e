"""Values of the cells of a sheet."""

from formula import evaluate

Value = int | float | str


def values(cells: dict[str, Value]) -> dict[str, Value]:
    """Give the value of each cell, or the error of its formula."""
    known: dict[str, Value] = {}

    def find(name: str) -> Value:
        content = cells.get(name, 0)
        if isinstance(content, str) and content.startswith("=") and name not in known:
            known[name] = "#CYCLE"
            try:
                known[name] = evaluate(content, number)
            except ZeroDivisionError:
                known[name] = "#DIV"
            except ValueError as error:
                known[name] = str(error)
        return known.get(name, content)

    def number(name: str) -> float:
        value = find(name)
        if isinstance(value, str):
            raise ValueError(value if name in known else "#VALUE")
        return value

    return {name: find(name) for name in cells}
