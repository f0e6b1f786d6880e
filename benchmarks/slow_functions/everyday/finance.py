"""Portfolio figures."""


def _grow(rates):
    factor = 1.0
    for rate in rates:
        factor *= 1.0 + rate
    return factor


def index_curve(monthly_rates, base=100.0):
    """Value of the index after each month, beginning with the base."""
    curve = [base]
    for month in range(1, len(monthly_rates) + 1):
        curve.append(base * _grow(monthly_rates[:month]))
    return curve
