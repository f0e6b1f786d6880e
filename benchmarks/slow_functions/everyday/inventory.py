"""Parts and assemblies."""


def unit_cost(part, prices, assemblies):
    """Cost in cents of one part.

    prices: cents by bought part, or assembly labour by made part.
    assemblies: list of (component, quantity) by made part.
    Raises KeyError for a part with neither a price nor components.
    """
    components = assemblies.get(part)
    if not components:
        return prices[part]
    total = prices.get(part, 0)
    for component, quantity in components:
        total += quantity * unit_cost(component, prices, assemblies)
    return total
