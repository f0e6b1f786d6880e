"""Plans for what we buy."""


def present_value(payments, rates):
    """Today's worth of monthly payments, each month having its own rate."""
    if len(payments) != len(rates):
        raise ValueError("one rate for each payment, please")
    value = 0.0
    month = 0
    while month < len(payments):
        factor = 1.0
        i = 0
        while i <= month:
            factor *= 1 + rates[i]
            i += 1
        value += payments[month] / factor
        month += 1
    return round(value, 2)
