"""Suggestions from the directory: two or three at a time, each with its reasons; others; none of these."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.about_what_is_shown import NEARER
from actions.beginning import begin_check_in, take_back_refusal
from actions.reading import Reading
from actions.say import Choice, listed, offering, say, say_text
from actions.service_words import distance, with_reasons
from actions.stepped_form import leave_form
from actions.surroundings import surroundings
from actions.told_needs import condole, surely_told
from actions.wellbeing import answers_given
from actions.wishes import NEED_WORDS, add_wishes, query_of, tells_kind
from directory.query import Match, Query, SearchResult

AT_A_TIME = 3
A_TASKS_WORDS = 300  # letters of the person's own in a task
A_STORY = 20  # words: somebody telling so much is listened to first
_TOO_FAR = re.compile(rf"\bfar\b|distance|long way|{NEARER.pattern}")  # said of places just turned down
HAIR = 0.05  # km: distances are told to a tenth
# What may not fit, of filters that were loosened because nothing passed them all.
RELAXED_WORDS = {
    "near": "be further away", "within_km": "be further away", "day": "be on other days", "days": "be on other days",
    "time": "be at other times", "cost": "cost a little", "cost_free": "cost a little",
    "access": "not have the access you need", "language": "be in other languages", "languages": "be in other languages",
    "audience": "be for everyone", "online": "be held in another way", "need": "be for other things",
    "needs": "be for other things", "bring": "not let you bring someone", "wait": "have a longer wait", "places": "have no free place",
}  # fmt: skip


def suggest(dispatcher: CollectingDispatcher, slots: dict[str, Any], *, more: bool = False, how_many: bool = False) -> list[EventType]:
    """Search and say what was found, or how many others there are; slots to set."""
    here = surroundings()
    seen = list(slots.get("seen") or []) if more else []
    query = query_of(slots, limit=AT_A_TIME)
    query = replace(query, exclude_ids=(*query.exclude_ids, *seen))
    result = here.search(query)
    services = [match.as_service() for match in for_each_need(query, result)]
    if not services or not result.found or result.missing:
        here.record("unmet_need", needs=list(query.needs), place=bool(query.near))
        if more and not (services and result.found):
            say(dispatcher, "utter_no_more_services", choices=person_choices())
            return offering("talk_to_human")
        tell_missing(query, result)
        if not services:
            say(dispatcher, "utter_nothing_found", choices=person_choices())
            return [SlotSet("shown", []), *offering("talk_to_human")]
        say(dispatcher, "utter_nearest_kind")
    elif result.relaxed:
        loosened = dict.fromkeys(RELAXED_WORDS.get(name, "differ from what you said") for name in result.relaxed)
        say(dispatcher, "utter_relaxed", loosened=listed(list(loosened), "or"))
    elif how_many:
        say(dispatcher, "utter_how_many_more", count=result.total)
    else:
        say(dispatcher, "utter_more_services" if more else "utter_services_found")
    if not query.near and not more:
        say(dispatcher, "utter_tell_me_where")
    ids = [service["id"] for service in services]
    here.record("services_shown", listings=ids)
    text = "\n".join(with_reasons(i, service) for i, service in enumerate(services, 1))
    say_text(dispatcher, text, choices=service_choices(services), custom={"services": services})
    return [SlotSet("shown", ids), SlotSet("shown_km", [s["distance_km"] for s in services]), SlotSet("shown_turn", here.turn),
            SlotSet("seen", [*seen, *ids]), SlotSet("service_in_view", None), SlotSet("offer", None)]  # fmt: skip


def tell_missing(query: Query, result: SearchResult) -> None:
    """For the team: each need, or the thing asked for by name, that the directory has nothing for."""
    words = " ".join(query.text.split())[:A_TASKS_WORDS].strip()
    if result.missing:
        missing = [" ".join(result.missing)]
    else:
        missing = [NEED_WORDS[need] for need in query.needs] or [words.rstrip(".?! ").lower() or "something of their own"]
    told = [f"Near {query.near}." if query.near else "", f"In their words: {words}" if words else ""]
    for what in missing:
        surroundings().tell_missing(what, " ".join(filter(None, told)))


def for_each_need(query: Query, result: SearchResult) -> list[Match]:
    """Where several needs were told, the best for each in turn, then the best for all; never more than asked."""
    if len(query.needs) < 2 or not result.found or result.relaxed:
        return list(result.matches)
    chosen: dict[str, Match] = {}
    for need in query.needs[: query.limit]:
        own = surroundings().search(replace(query, needs=(need,)))
        match = next((m for m in own.matches if m.id not in chosen), None) if own.found and not own.relaxed else None
        if match is not None:
            chosen[match.id] = match
    for match in result.matches:
        chosen.setdefault(match.id, match)
    return list(chosen.values())[: query.limit]


def service_choices(services: list[dict[str, Any]]) -> list[Choice]:
    """One choice a service, then the ways on."""
    about = [(f"More about {i}: {s['name'][:60]}", f'/ask_service_detail{{"service":"{s["id"]}"}}')
             for i, s in enumerate(services, 1)]  # fmt: skip
    return [*about, ("Show me others", "/more_results"), ("None of these", "/reject_results"),
            ("Talk to a person", "/talk_to_human")]  # fmt: skip


def person_choices() -> list[Choice]:
    """When the directory has nothing to offer."""
    return [("Talk to the navigator", "/talk_to_human"), ("Change what I said", "/go_back")]


def search_anew(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """Search with what was just said added to what is known; other needs than before begin a new search."""
    message, slots = Reading(tracker), dict(tracker.slots)
    slots["wishes"] = add_wishes(slots.get("wishes"), message)
    before = list(slots.get("needs") or [])
    told = message.needs if surely_told(message) else []
    slots["needs"] = list(dict.fromkeys([*before, *told]))  # what was told before stays with the person
    slots["looking_for"] = message.needs or slots.get("looking_for")
    if message.needs or tells_kind(message):
        slots["search_words"] = message.words or slots.get("search_words")
    if not set(message.needs) <= set(before):
        slots["rejected"] = []  # another subject: what was refused for the last one may suit this one
        slots["wishes"].pop("nearer", None)
    kept = [SlotSet(name, slots[name]) for name in ("wishes", "needs", "looking_for", "search_words", "rejected")]
    return [*kept, *suggest(dispatcher, {**slots, "what_matters": None if message.words else slots.get("what_matters")})]


class ActionFindService(Action):
    """'Is there a...': searches at once with what was said."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_find_service"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Too little to go on starts the check-in instead of guessing."""
        message, slots = Reading(tracker), dict(tracker.slots)
        if undone := take_back_refusal(dispatcher, message, slots):
            slots["wishes"] = add_wishes(slots.get("wishes"), message)
            return [*undone, *leave_form(), SlotSet("wishes", slots["wishes"]), *suggest(dispatcher, slots)]
        words = message.words or tracker.get_slot("search_words") or ""
        if not message.needs and not tracker.get_slot("needs") and (len(words.split()) < 3 or not (message.has_wishes or tells_kind(message))):
            return begin_check_in(dispatcher, tracker)
        if len(message.words.split()) >= A_STORY and not message.shown:
            return begin_check_in(dispatcher, tracker)
        condole(dispatcher, message, tracker.get_slot("needs"))
        return search_anew(dispatcher, tracker)


def on_screen(slots: dict[str, Any]) -> bool:
    """Whether services were shown with one of the last two messages: then a few words are about them."""
    shown = slots.get("shown_turn")
    return bool(slots.get("shown")) and shown is not None and surroundings().turn - int(shown) <= 2


class ActionDescribeNeed(Action):
    """A situation told: starts or adds to the check-in; after it, searches again."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_hear_need"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Warm words first, then the thread."""
        if not condole(dispatcher, Reading(tracker), None):
            say(dispatcher, "utter_heard")
        if not tracker.get_slot("summary_ok") and not on_screen(tracker.slots):
            return begin_check_in(dispatcher, tracker)
        return search_anew(dispatcher, tracker)


class ActionFinishCheckIn(Action):
    """The summary was right: keep it, and suggest."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_finish_check_in"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """With nothing told at all there is nothing to search by: a person can help, or words of one's own."""
        slots, here = dict(tracker.slots), surroundings()
        answers = answers_given(slots)
        if answers:
            here.record_wellbeing(answers)
        here.record("check_in_completed", needs=slots.get("needs") or [])
        events = [SlotSet("summary_ok", "yes"), SlotSet("check_in_paused", None), SlotSet("looking_for", None)]
        if not slots.get("needs") and slots.get("what_matters") in (None, "skipped") and not slots.get("search_words"):
            say(dispatcher, "utter_nothing_to_search_by", choices=[
                ("Talk to the navigator", "/talk_to_human"), ("Tell you what matters", '/go_back{"step":"what_matters"}')])  # fmt: skip
            return [*events, *offering("talk_to_human")]
        found = suggest(dispatcher, {**slots, "looking_for": None})
        if here.by_referral_only:
            say(dispatcher, "utter_by_referral")
        return [*events, *found]


class ActionRejectResults(Action):
    """None of these: accepted, with a way on."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_reject_results"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """What was wrong with them may be in the message ('not mornings, and I hate swimming'): then look again."""
        message, slots = Reading(tracker), dict(tracker.slots)
        if not slots.get("shown"):
            say(dispatcher, "utter_that_is_fine")
            return []
        wishes = add_wishes(slots.get("wishes"), message)
        if _TOO_FAR.search(message.words.lower()) or message.reason == "travel":
            return look_nearer(dispatcher, slots, wishes)
        changed = wishes != (slots.get("wishes") or {}) or bool(message.reason)
        rejected = list(dict.fromkeys([*(slots.get("rejected") or []), *(slots.get("shown") or [])]))
        kept = [SlotSet("rejected", rejected), SlotSet("wishes", wishes)]
        if changed:
            say(dispatcher, "utter_look_again")
            return [*kept, *suggest(dispatcher, {**slots, "wishes": wishes, "rejected": rejected})]
        say(dispatcher, "utter_none_of_these")
        return [*kept, *offering("more_results")]


def look_nearer(dispatcher: CollectingDispatcher, slots: dict[str, Any], wishes: dict[str, Any]) -> list[EventType]:
    """Only what is nearer than all that was shown; when there is nothing, that is said, and which was the nearest."""
    if not wishes.get("place"):
        say(dispatcher, "utter_tell_me_where")
        return [SlotSet("wishes", wishes)]
    shown, far = list(slots.get("shown") or []), list(slots.get("shown_km") or [])
    known = [(km, listing_id) for km, listing_id in zip(far, shown) if km is not None]
    least, nearest = min(known, default=(None, None))
    if isinstance(wishes.get("nearer"), float) and (least is None or wishes["nearer"] < least):
        least, nearest = wishes["nearer"] + HAIR, None  # said before, of others
    rejected = list(dict.fromkeys([*(slots.get("rejected") or []), *shown]))
    closer = {**wishes, "nearer": max(0.0, float(least) - HAIR)} if least is not None else wishes
    asked = {**slots, "wishes": closer, "rejected": rejected}
    result = surroundings().search(replace(query_of(asked), limit=1))
    if least is None or not result.matches or not result.found:
        service = surroundings().service(str(nearest)) if nearest else None
        told = {"service": service["name"], "distance": distance(float(least or 0))} if service else {}
        say(dispatcher, "utter_nothing_nearer" if told else "utter_nothing_nearer_known", choices=others_choices(), **told)
        return [SlotSet("wishes", {k: v for k, v in wishes.items() if k != "nearer"}), SlotSet("shown_turn", surroundings().turn)]
    say(dispatcher, "utter_look_again")
    return [SlotSet("rejected", rejected), SlotSet("wishes", closer), *suggest(dispatcher, asked)]


def others_choices() -> list[Choice]:
    """The ways on when nothing is nearer."""
    return [("Show me others", "/more_results"), ("Talk to a person", "/talk_to_human")]
