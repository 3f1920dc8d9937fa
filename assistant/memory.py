"""Memory that starting needed for a moment, given back; and how often Python looks for garbage afterwards."""

from __future__ import annotations

import contextlib
import ctypes
import gc

COLLECT_AFTER = 10_000  # objects made and not freed between two looks of the collector


def give_memory_back() -> None:
    """What loading needed for a moment goes back to the system; what stays is not looked at by the collector again.

    A turn makes tens of thousands of short-lived objects: at Python's own threshold of 700 the collector took a tenth of
    its processor time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 50)
    with contextlib.suppress(OSError, AttributeError):  # glibc only
        ctypes.CDLL("libc.so.6").malloc_trim(0)
