"""The one clock. Everything that asks for the time asks here, so that tests can move it."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


class Clock:
    """Tells the time; `shift` and `set` exist for tests and for the demo."""

    def __init__(self) -> None:
        """Start in step with the machine."""
        self._fixed: datetime | None = None

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return self._fixed or datetime.now(timezone.utc)

    def local(self) -> datetime:
        """The present instant as a clock on a wall in England shows it."""
        return self.now().astimezone(LONDON)

    def today(self) -> date:
        """Today's date in England."""
        return self.local().date()

    def set(self, moment: datetime) -> None:
        """Stop the clock at an aware `moment`."""
        if moment.tzinfo is None:
            raise ValueError("the clock needs a time with a zone")
        self._fixed = moment.astimezone(timezone.utc)

    def shift(self, **delta: float) -> None:
        """Move a stopped clock on, by `timedelta` keywords (minutes=3)."""
        self._fixed = self.now() + timedelta(**delta)

    def run(self) -> None:
        """Let the clock run with the machine again."""
        self._fixed = None


clock = Clock()
