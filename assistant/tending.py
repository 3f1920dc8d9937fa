"""What must happen though nobody clicks, in one list: the app looks at it every few seconds.

Timers are rows. A pass reads what is due by the clock and acts on it once, so it can run twice, late, in two processes at
once, or after a restart.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.desk import flag_timer, import_pages, keeping, watch
from assistant.logs import log
from assistant.pathway import closing_pass, long_waits, referral_timers, referrer_post, reminders

if TYPE_CHECKING:
    from assistant.house import House

# Each takes the house and returns how many things it changed.
PASSES: tuple[Callable[[House], int], ...] = (
    watch.look,
    long_waits.look,
    reminders.look,
    flag_timer.look,
    keeping.look,
    import_pages.forget_old_uploads,
    closing_pass.look,
    referral_timers.look,
    referrer_post.look,
)


async def tend(house: House) -> int:
    """Every pass once; the number of things changed. One that fails is logged and does not stop the others."""
    return await asyncio.to_thread(_all, house)


def _all(house: House) -> int:
    changed = 0
    for look in PASSES:
        try:
            changed += look(house)
        except Exception as error:  # the database may be away; what is due then is still due later
            log.error("a timed pass failed", part=look.__module__, error=type(error).__name__)
    return changed
