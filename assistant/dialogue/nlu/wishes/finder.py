"""All wishes of one message, kind by kind, in the order they stand in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assistant.dialogue.nlu.wishes.access import find_access
from assistant.dialogue.nlu.wishes.age import find_age
from assistant.dialogue.nlu.wishes.answers import find_number, find_positions
from assistant.dialogue.nlu.wishes.asks import find_appointment, find_share
from assistant.dialogue.nlu.wishes.audience import find_audience
from assistant.dialogue.nlu.wishes.company import find_company
from assistant.dialogue.nlu.wishes.cost import find_cost
from assistant.dialogue.nlu.wishes.dates import find_dates
from assistant.dialogue.nlu.wishes.days import find_days, find_refused_days
from assistant.dialogue.nlu.wishes.getting_there import find_online, find_travel
from assistant.dialogue.nlu.wishes.languages import find_languages
from assistant.dialogue.nlu.wishes.name import find_name
from assistant.dialogue.nlu.wishes.not_wanted import find_not_wanted
from assistant.dialogue.nlu.wishes.phone import find_phones
from assistant.dialogue.nlu.wishes.places import PlaceFinder, find_places
from assistant.dialogue.nlu.wishes.spoken import Found, Spoken, hear
from assistant.dialogue.nlu.wishes.times import find_parts, find_times


@dataclass(frozen=True)
class Wish:
    """One entity: its kind, its normalised value (always text), and where it stands in the message."""

    entity: str
    value: str
    start: int
    end: int


_KINDS = (
    ("day", find_days),
    ("day_not", find_refused_days),
    ("part_of_day", find_parts),
    ("cost", find_cost),
    ("access", find_access),
    ("language", find_languages),
    ("audience", find_audience),
    ("company", find_company),
    ("online", find_online),
    ("travel", find_travel),
    ("not_wanted", find_not_wanted),
    ("share", find_share),
    ("appointment", find_appointment),
)


def find_wishes(text: str, places: PlaceFinder | None, today: date) -> list[Wish]:
    """The wishes in `text`, by place and then by kind; the same kind may come several times. Never raises.

    `places` finds names of places and tells which outcodes exist (`Places.find_places`); None: no names.
    `today` is what 'tomorrow' and 'next Tuesday' are counted from.
    """
    spoken = hear(text)
    if not spoken.count:
        return []
    figures: dict[str, list[Found]] = {
        "phone": find_phones(spoken),
        "date": find_dates(spoken, today),
        "age": find_age(spoken),
        "time": find_times(spoken),
        "number": find_number(spoken),
        "place": find_places(spoken, places),
        "position": find_positions(spoken),
    }
    wishes = [Wish("name", item.value, item.start, item.end) for item in find_name(spoken)]
    if figures["position"]:
        figures["number"] = []  # 'no 2 please' points at the list; it answers no question
    wishes += _as_wishes(spoken, _one_thing_each(figures))
    wishes += _as_wishes(spoken, {kind: find(spoken) for kind, find in _KINDS})
    order = {day: place for place, day in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
    return sorted(wishes, key=lambda wish: (wish.start, wish.entity, order.get(wish.value, 0)))


def _one_thing_each(figures: dict[str, list[Found]]) -> dict[str, list[Found]]:
    """Drops what overlaps with a kind that comes earlier in the dict: a telephone number holds no time."""
    taken: list[Found] = []
    out: dict[str, list[Found]] = {}
    for kind, items in figures.items():
        out[kind] = [item for item in items if not any(_figures_meet(other, item) for other in taken)]
        taken += out[kind]
    return out


def _figures_meet(a: Found, b: Found) -> bool:
    return a.start < b.end and b.start < a.end


def _as_wishes(spoken: Spoken, found: dict[str, list[Found]]) -> list[Wish]:
    return [
        Wish(kind, item.value, *spoken.typed_span(item.start, item.end))
        for kind, items in found.items()
        for item in items
    ]
