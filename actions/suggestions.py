"""Suggestions from the directory: two or three at a time, each with its reasons; more, none of these, one in full."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.check_in import begin_check_in
from actions.reading import Reading
from actions.say import Choice, say, say_text
from actions.service_words import in_full, with_reasons
from actions.stepped_form import leave_form
from actions.surroundings import surroundings
from actions.wellbeing import answers_given
from actions.wishes import add_wishes, query_of
from directory.query import Match, Query, SearchResult

AT_A_TIME = 3
RELAXED_WORDS = {
    "near": "further away", "within_km": "further away", "day": "on other days", "days": "on other days",
    "time": "at other times", "cost": "not free", "cost_free": "not free", "access": "without the access you need listed",
    "language": "in other languages", "languages": "in other languages", "audience": "for everyone",
    "online": "in another way", "need": "for other things", "needs": "for other things",
}  # fmt: skip


def suggest(dispatcher: CollectingDispatcher, slots: dict[str, Any], *, more: bool = False) -> list[EventType]:
    """Search and say what was found; slots to set."""
    here = surroundings()
    seen = list(slots.get("seen") or []) if more else []
    query = query_of(slots, limit=AT_A_TIME)
    query = replace(query, exclude_ids=(*query.exclude_ids, *seen))
    result = here.search(query)
    services = [match.as_service() for match in for_each_need(query, result)]
    if not services or not result.found:
        here.record("unmet_need", needs=slots.get("needs") or [], place=bool(query.near))
        if more:
            say(dispatcher, "utter_no_more_services", choices=person_choices())
            return []
        if not services:
            say(dispatcher, "utter_nothing_found", choices=person_choices())
            return [SlotSet("shown", [])]
        say(dispatcher, "utter_nearest_kind")
    elif result.relaxed:
        loosened = " or ".join(dict.fromkeys(RELAXED_WORDS.get(r, r) for r in result.relaxed))
        say(dispatcher, "utter_relaxed", loosened=loosened)
    else:
        say(dispatcher, "utter_more_services" if more else "utter_services_found")
    ids = [service["id"] for service in services]
    here.record("services_shown", listings=ids)
    text = "\n".join(with_reasons(i, service) for i, service in enumerate(services, 1))
    say_text(dispatcher, text, choices=service_choices(services), custom={"services": services})
    return [SlotSet("shown", ids), SlotSet("seen", [*seen, *ids])]


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
        wishes = add_wishes(slots.get("wishes"), message)
        needs = message.needs or list(slots.get("needs") or [])
        words = message.words or slots.get("search_words")
        if not needs and len((words or "").split()) < 3:
            return begin_check_in(dispatcher, tracker)
        slots |= {"wishes": wishes, "needs": needs, "search_words": words, "rejected": []}
        kept = [SlotSet("wishes", wishes), SlotSet("needs", needs), SlotSet("search_words", words)]
        events = suggest(dispatcher, {**slots, "what_matters": None if message.words else slots.get("what_matters")})
        if not wishes.get("place"):
            say(dispatcher, "utter_tell_me_where")
        return [*kept, *events]


class ActionDescribeNeed(Action):
    """A situation told: starts or adds to the check-in; after it, searches again."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_hear_need"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Warm words first, then the thread."""
        if not tracker.get_slot("summary_ok"):
            say(dispatcher, "utter_heard")
            return begin_check_in(dispatcher, tracker)
        message, slots = Reading(tracker), dict(tracker.slots)
        slots["needs"] = message.needs or slots.get("needs") or []
        slots["wishes"] = add_wishes(slots.get("wishes"), message)
        slots["search_words"], slots["what_matters"] = message.words, None
        say(dispatcher, "utter_heard")
        return [SlotSet("needs", slots["needs"]), SlotSet("wishes", slots["wishes"]), *suggest(dispatcher, slots)]


class ActionFinishCheckIn(Action):
    """The summary was right: keep it, and suggest."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_finish_check_in"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Wellbeing answers go to the navigator only."""
        here = surroundings()
        here.record("check_in_completed")
        if answers := answers_given(tracker.slots):
            here.record_wellbeing(answers)
        return [SlotSet("summary_ok", "yes"), *suggest(dispatcher, dict(tracker.slots))]


class ActionMoreResults(Action):
    """Other suggestions."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_more_results"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """The next ones; with nothing shown yet, the way to the first."""
        message, slots = Reading(tracker), dict(tracker.slots)
        wishes = add_wishes(slots.get("wishes"), message)
        slots["wishes"] = wishes
        if not slots.get("shown"):
            return begin_check_in(dispatcher, tracker)
        return [SlotSet("wishes", wishes), *suggest(dispatcher, slots, more=True)]


class ActionRejectResults(Action):
    """None of these: accepted, with a way on."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_reject_results"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """What was wrong with them may be in the message ('too far, and I hate swimming')."""
        message, slots = Reading(tracker), dict(tracker.slots)
        wishes = add_wishes(slots.get("wishes"), message)
        rejected = list(dict.fromkeys([*(slots.get("rejected") or []), *(slots.get("shown") or [])]))
        say(dispatcher, "utter_none_of_these")
        return [SlotSet("rejected", rejected), SlotSet("wishes", wishes)]


def meant(message: Reading, slots: dict[str, Any]) -> str | None:
    """The listing 'the second one', 'that one' or a pressed choice means."""
    if named := message.first("service"):
        return str(named)
    shown = list(slots.get("shown") or [])
    position = message.first("position") or message.first("number")
    if str(position or "").lstrip("-").isdigit():
        index = int(position)
        if index == -1:
            return shown[-1] if shown else None
        if 1 <= index <= len(shown):
            return str(shown[index - 1])
    words = message.words.lower()
    for listing_id in shown:
        service = surroundings().service(listing_id)
        if service and any(w in words for w in service["name"].lower().split() if len(w) > 4):
            return str(listing_id)
    return slots.get("service_in_view") or (shown[0] if len(shown) == 1 else None)


class ActionServiceDetail(Action):
    """One service in full."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_service_detail"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Asks which one when it cannot tell; starts the search when none was shown."""
        slots = dict(tracker.slots)
        if not slots.get("shown"):
            return [FollowupAction("action_find_service")]
        listing_id = meant(Reading(tracker), slots)
        service = surroundings().service(listing_id) if listing_id else None
        if service is None:
            say(dispatcher, "utter_which_one")
            return []
        choices = [("Save this one", f'/choose_service{{"service":"{service["id"]}"}}'),
                   ("Show me others", "/more_results"), ("Talk to a person", "/talk_to_human")]  # fmt: skip
        say_text(dispatcher, in_full(service), choices=choices, custom={"services": [service]})
        return [SlotSet("service_in_view", service["id"])]


class ActionChooseService(Action):
    """Saves a service; the list can be printed or texted."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_choose_service"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """'print or text me these' saves all that are shown and sends the list."""
        here, message, slots = surroundings(), Reading(tracker), dict(tracker.slots)
        shown = list(slots.get("shown") or [])
        if message.first("share") or message.answer == "share":
            for listing_id in [] if here.saved() else shown:
                here.save_service(listing_id)
            return share(dispatcher)
        listing_id = meant(message, slots)
        service = here.service(listing_id) if listing_id else None
        if service is None:
            say(dispatcher, "utter_which_one" if shown else "utter_nothing_to_save")
            return []
        here.save_service(service["id"])
        here.record("service_saved", listing=service["id"])
        choices = [("Print or text me my list", '/choose_service{"share":"yes"}'),
                   ("Ask the navigator to help me join", "/talk_to_human"),
                   ("Show me others", "/more_results")]  # fmt: skip
        say(dispatcher, "utter_saved", choices=choices, service=service["name"],
            how_to_join=service.get("how_to_join") or "Ask the navigator how to join")  # fmt: skip
        return [SlotSet("service_in_view", service["id"])]


def share(dispatcher: CollectingDispatcher) -> list[EventType]:
    """Send the saved list as a text, or point to the page to print."""
    here = surroundings()
    if not here.saved():
        say(dispatcher, "utter_nothing_to_save")
        return []
    done, _, address = here.send_list(here.contact_number).partition(":")
    here.record("signposted", listings=here.saved())
    say(dispatcher, {"texted": "utter_list_texted", "page": "utter_list_page"}[done], address=address)
    return [*leave_form()]
