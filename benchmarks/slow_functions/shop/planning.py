"""Planning the work in the warehouse."""


def finishing_order(baskets, batch):
    """The order in which customers are done at a shared packing table.

    baskets are (customer, number of items). Everybody gets up to `batch`
    items packed and, if there are more, goes to the back of the queue.
    """
    if batch < 1:
        raise ValueError("batch must be at least 1")
    queue = list(baskets)
    done = []
    while queue:
        customer, items = queue.pop(0)
        if items > batch:
            queue.append((customer, items - batch))
        else:
            done.append(customer)
    return done


def fewest_packs(quantity: int, sizes: tuple[int, ...]) -> int | None:
    """Smallest number of packs that hold exactly `quantity` pieces.

    sizes are the pack sizes (all positive); None if it cannot be done.
    """
    if quantity == 0:
        return 0
    best = None
    for size in sizes:
        if size <= quantity:
            rest = fewest_packs(quantity - size, sizes)
            if rest is not None and (best is None or rest + 1 < best):
                best = rest + 1
    return best


def load_vans(weights: list[int], vans: int) -> list[int]:
    """The van number for each parcel, in the order the parcels come in.

    A parcel goes to the van with the least load so far, the lowest number
    if there are several.
    """
    if vans < 1:
        raise ValueError("at least one van is needed")
    loads = [0] * vans
    plan = []
    for weight in weights:
        van = loads.index(min(loads))
        loads[van] += weight
        plan.append(van)
    return plan
