"""What the demo's month is played on: the house, the moment, the staff, and services to be shown and referred to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, timezone
from random import Random
from typing import Any

from assistant.clock import LONDON
from assistant.conversations.diary import working_time
from assistant.demo_month.cast import Someone
from assistant.demo_month.notebook import Notebook
from assistant.house import House
from directory.records import Listing

_LONELY3 = ("Hardly ever or never", "Some of the time", "Often")
_LONELY5 = ("Never", "Hardly ever", "Occasionally", "Some of the time", "Often or always")


@dataclass
class Stage:
    """Handed to everything that plays a part."""

    house: House
    book: Notebook
    random: Random
    now: datetime
    staff: dict[str, str]  # name -> id
    listings: list[Listing]
    taken: set[tuple[str, datetime]] = field(default_factory=set)  # (navigator, time) of calls in the diary

    def services(self, need: str, count: int) -> list[Listing]:
        """Listings for a need; any when there is none."""
        fit = [listing for listing in self.listings if need in listing.needs] or self.listings
        return self.random.sample(fit, min(count, len(fit)))

    def service_to_refer_to(self, need: str) -> Listing:
        """One of the few that a team knows well: people are sent where others went before."""
        fit = [listing for listing in self.listings if need in listing.needs] or self.listings
        return self.random.choice(fit[:3])

    def navigator_for(self, who: Someone) -> str:
        """The one who has this person's case: always the same."""
        navigators = self.house.programme.practice(who.practice).navigators
        return str(navigators[who.n % len(navigators)].name)

    def staff_id(self, name: str) -> str | None:
        """The account of that name."""
        return self.staff.get(name)

    def reading(self, needs: list[str]) -> dict[str, Any]:
        """As the helper reads a message."""
        sure = round(self.random.uniform(0.72, 0.99), 2)
        return {"intent": "describe_need", "topic": None, "confidence": sure, "needs": needs, "risks": [], "entities": {}}

    def days_ago(self, days: float) -> datetime:
        """A waking hour of a day so long ago."""
        local = (self.now - timedelta(days=days)).astimezone(LONDON)
        at = datetime.combine(local.date(), time(self.random.randint(8, 21), self.random.randint(0, 59)), tzinfo=LONDON)
        return min(at, self.now - timedelta(hours=2))

    def at_work(self, who: Someone, after: datetime, days: float) -> datetime:
        """A time when the person's navigator is on site and free, `days` after a moment or as soon as there is one."""
        practice, name = self.house.programme.practice(who.practice), self.navigator_for(who)
        on_site = next(navigator.days for navigator in practice.navigators if navigator.name == name)
        local = (after + timedelta(days=days)).astimezone(LONDON)
        for ahead in range(40):
            day = local.date() + timedelta(days=ahead // 2)
            at = datetime.combine(day, time(self.random.randint(9, 12), self.random.choice([0, 30])), tzinfo=LONDON).astimezone(timezone.utc)
            free = (name, at) not in self.taken and f"{day:%A}".lower() in on_site
            if free and at > after and working_time(practice, at.astimezone(LONDON)):
                self.taken.add((name, at))
                return at
        return after + timedelta(days=days)

    def feelings(self, better: dict[str, Any] | None = None) -> dict[str, Any]:
        """Answers to the eight questions; those at the end go from the first, mostly a little for the better."""
        chance = self.random
        if better is None:
            out: dict[str, Any] = {
                "ons_satisfied": chance.randint(2, 7), "ons_worthwhile": chance.randint(2, 8), "ons_happy": chance.randint(1, 7),
                "ons_anxious": chance.randint(3, 9),
            }  # fmt: skip
            out |= {key: chance.choice(_LONELY3[1:]) for key in ("lonely_companionship", "lonely_left_out", "lonely_isolated")}
            out["lonely_often"] = chance.choice(_LONELY5[2:])
        else:
            out = dict(better)
            for key, way in (("ons_satisfied", 1), ("ons_worthwhile", 1), ("ons_happy", 1), ("ons_anxious", -1)):
                if key in out:
                    out[key] = max(0, min(10, out[key] + way * chance.choice([-1, 0, 0, 1, 1, 2, 2, 3])))
            scales = {key: _LONELY3 for key in ("lonely_companionship", "lonely_left_out", "lonely_isolated")} | {"lonely_often": _LONELY5}
            for key, scale in scales.items():
                if key in out:
                    out[key] = scale[min(len(scale) - 1, max(0, scale.index(out[key]) + chance.choice([1, 0, 0, 0, 0, 0, -1, -1, -1])))]
        for key in list(out):
            if chance.random() < 0.05:
                del out[key]  # every question may be skipped
        return out
