"""Planning of delivery tours."""


def assign_tours(driver_names, tours):
    """Give each tour (name, minutes) to the driver who is free first.

    Of drivers free at the same minute, the one first in the alphabet goes.
    Returns a list of (tour, driver, start minute), in the order of the tours.
    """
    if not driver_names:
        raise ValueError("no drivers")
    free = [(0, name) for name in driver_names]
    plan = []
    for tour, minutes in tours:
        free.sort()
        start, driver = free[0]
        plan.append((tour, driver, start))
        free[0] = (start + minutes, driver)
    return plan
