"""What the person wishes of a service, gathered from any message, and turned into a directory query."""

from __future__ import annotations

from typing import Any

from actions.about_person import groups_told, hard_to_get_about
from actions.reading import Reading
from directory.search import Query

LISTS = ("day", "access", "language", "audience", "not_wanted", "day_not")
WHEN = ("day", "part_of_day", "day_not")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def add_wishes(wishes: dict[str, Any] | None, message: Reading) -> dict[str, Any]:
    """A copy of `wishes` with the message's entities in it: a later place replaces, days add up unless put right."""
    out = {key: list(v) if isinstance(v, list) else v for key, v in (wishes or {}).items()}
    if (message.intent == "go_back" or message.is_correction) and any(k in message.entities for k in WHEN):
        out = {key: v for key, v in out.items() if key not in WHEN}
    for kind in LISTS:
        for value in message.entities.get(kind, []):
            if value not in out.setdefault(kind, []):
                out[kind].append(value)
    if parts := message.entities.get("part_of_day"):
        out["part_of_day"] = list(dict.fromkeys(parts))
    if message.first("place") not in (None, out.get("place")):
        out.pop("nearer", None)  # it was of the old place
    for kind in ("place", "cost", "online", "age", "company", "travel"):
        value = message.first(kind)
        if value is not None:
            out[kind] = value
    out["moves"] = list(dict.fromkeys([*(out.get("moves") or []), *hard_to_get_about(message.words)]))
    out["is"] = list(dict.fromkeys([*(out.get("is") or []), *groups_told(message.words)]))
    return {key: value for key, value in out.items() if value not in (None, [], "")}


def days_of(wishes: dict[str, Any]) -> tuple[str, ...] | None:
    """Days wished for; with only refusals ('not Mondays'), the days that are left."""
    refused = set(wishes.get("day_not") or ())
    wanted = [day for day in wishes.get("day") or (DAYS if refused else ()) if day not in refused]
    return tuple(wanted) or None


def query_of(slots: dict[str, Any], *, text: str = "", limit: int = 3, offset: int = 0) -> Query:
    """The search these slots ask for. Only what was said filters; nothing is assumed."""
    wishes = slots.get("wishes") or {}
    told = [slots.get("what_matters"), slots.get("search_words")]
    words = text or " ".join(str(part) for part in told if part not in (None, "", "skipped", "not_needed"))
    age, km = str(wishes.get("age") or ""), wishes.get("nearer")
    return Query(
        text=words,
        needs=tuple(slots.get("looking_for") or slots.get("needs") or ()),
        near=wishes.get("place"),
        nearer_than=km if wishes.get("place") and isinstance(km, float) else None,
        day=days_of(wishes),
        time=tuple(wishes.get("part_of_day") or ()) or None,
        cost_free=wishes.get("cost") == "free",
        access=tuple(wishes.get("access") or ()),
        languages=tuple(wishes.get("language") or ()),
        audience=tuple(wishes.get("audience") or ()),
        age=int(age) if age.isdigit() else None,
        for_person=tuple(wishes.get("is") or ()),
        online={"online": True, "home": True, "in_person": False}.get(str(wishes.get("online"))),
        exclude_ids=tuple(slots.get("rejected") or ()),
        exclude_terms=tuple(wishes.get("not_wanted") or ()),
        limit=limit,
        offset=offset,
    )


def tells_kind(message: Reading) -> bool:
    """Whether the words name a kind of thing: 'somewhere to swim' does, 'help me find support' does not."""
    words = message.words.lower().strip("?!. ").split()
    return len([word for word in words if word not in SAYING_NOTHING]) > sum(map(len, message.entities.values()))


SAYING_NOTHING = frozenset(
    """help me find support please can you i want need to get some for with look looking something somewhere anything
    a an the is there are what do you have near around here local services service group groups help. us my area
    places place go things else different other only but""".split()
)


NEED_WORDS = {
    "loneliness": "company and meeting people",
    "low_mood": "feeling low or worried",
    "bereavement": "losing someone",
    "physical_activity": "getting more active",
    "weight_food_habits": "food and weight",
    "long_term_condition": "living with a health condition",
    "money": "money and bills",
    "food": "getting food",
    "housing": "housing",
    "warm_home": "keeping your home warm",
    "work": "work",
    "learning": "learning something new",
    "digital": "phones and computers",
    "volunteering": "volunteering",
    "caring": "caring for someone",
    "family": "family life",
    "legal": "legal questions",
    "domestic_abuse": "feeling safe at home",
    "alcohol_drugs": "drink, drugs or gambling",
    "smoking": "stopping smoking",
    "transport": "getting about",
    "arts": "art, music or crafts",
    "nature": "being outdoors",
    "faith_culture": "faith or culture",
    "independence": "managing day to day",
    "memory": "memory",
    "language": "learning English",
    "household": "things for the home",
    "neurodiversity": "autism, ADHD or learning",
    "sensory": "hearing or sight",
}  # plain words for the taxonomy's needs, as read back to the person
