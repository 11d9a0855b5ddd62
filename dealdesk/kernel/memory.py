"""Long-lived objects and the garbage collector: what is there to stay is not looked at again."""

import gc


def settle(*, thoroughly: bool = True) -> None:
    """Collect, and leave whatever is alive then out of later collections.

    To be called while nothing is under way: what is part of a cycle now and dropped later is found
    by the next thorough call alone, which looks at everything again.
    """
    if thoroughly:
        gc.unfreeze()
    gc.collect()
    gc.freeze()


def is_full_round_near() -> bool:
    """Tell whether the collector would soon do a full round by itself, wherever that may be."""
    return gc.get_count()[2] >= gc.get_threshold()[2] - 2
