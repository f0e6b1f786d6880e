"""Which of the operations that wait for a machine starts next: to start with, the shortest."""

import numpy as np


def priority(work, work_left, operations_left, waited, next_work, next_queue, machine_left, now):
    """Return one number per waiting operation; the one with the highest starts, the first such one on a tie.

    Arrays of shape (n,), one entry for each waiting operation; times are in the same unit, 1 to 99 per operation:
    work: how long the operation takes.
    work_left: how long all that is left of its job takes, this operation included.
    operations_left: how many operations are left of its job, this one included.
    waited: how long it has been ready.
    next_work: how long the job's next operation takes; 0 where there is none.
    next_queue: how long the next machine is busy with what it does and with what waits for it; 0 where there is none.

    Numbers:
    machine_left: how long all takes that this machine has still to do.
    now: the time.
    """
    return -work
