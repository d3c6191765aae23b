"""Python looks for circular garbage while objects are made, again and again, and would look through all that a chunk holds. Its many
texts and tuples make no circles: a tenth of the time of an import would go into looking for them."""

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Generator[None]:
    """Let Python look for circular garbage after this block instead of within it; the block holds no more than a chunk."""
    wanted = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if wanted:
            gc.enable()
