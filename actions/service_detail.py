"""One service told in full, or the one thing asked of it; two or three side by side; and others."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.about_what_is_shown import NEARER
from actions.beginning import begin_check_in
from actions.pointing import named
from actions.reading import Reading
from actions.say import Choice, offering, say, say_text
from actions.service_words import answer_to, asked_labels, in_full
from actions.suggestions import ActionRejectResults, search_anew, suggest
from actions.surroundings import surroundings
from actions.wishes import add_wishes

_WANTS_IT_ALL = re.compile(r"\b(?:tell|more|details?|info|information|show|read|open|hear|know|see|describe)\b")


def pointed_at(message: Reading) -> list[int]:
    """The numbers of a list that the message gives; -1 is the last."""
    given = message.entities.get("position") or message.entities.get("number") or []
    return [int(str(place)) for place in given if str(place).lstrip("-").isdigit()]


def beyond(message: Reading, shown: list[str]) -> bool:
    """Whether a number was given that nothing on the screen has."""
    return bool(shown) and not message.first("service") and any(not 1 <= place <= len(shown) and place != -1 for place in pointed_at(message))


def meant(message: Reading, slots: dict[str, Any]) -> list[str]:
    """The listings that 'the second one', '2 and 3', 'that one' or a pressed choice mean; none when it cannot be told."""
    if "service" in message.entities:
        return [str(named) for named in message.entities["service"]]
    shown = list(slots.get("shown") or [])
    if places := pointed_at(message):
        return list(dict.fromkeys(str(shown[p if p < 0 else p - 1]) for p in places if shown and (p == -1 or 1 <= p <= len(shown))))
    if message.words and (ids := named(message.words, [service for service in map(surroundings().service, shown) if service])):
        return ids
    one = slots.get("service_in_view") or (shown[0] if len(shown) == 1 else None)
    return [str(one)] if one else []


def asked_before(message: Reading, slots: dict[str, Any]) -> list[str]:
    """What was asked of another with the message before: 'and the third 1?' goes on with it; 'tell me about the third' does not."""
    before = slots.get("asked_of") or {}
    goes_on = before.get("turn") == surroundings().turn - 1 and message.words and not _WANTS_IT_ALL.search(message.words.lower())
    return list(before["labels"]) if goes_on else []


def say_how_many(dispatcher: CollectingDispatcher, shown: list[str], *, choices: bool) -> None:
    """There is no such number: how many there are, and which one when there is just one."""
    offered = one_choices(shown) if choices else None
    if len(shown) == 1 and (service := surroundings().service(shown[0])):
        say(dispatcher, "utter_just_the_one", choices=offered, service=service["name"])
    else:
        say(dispatcher, "utter_only_so_many", choices=offered, count=len(shown))


def one_choices(shown: list[str]) -> list[Choice]:
    """Which of those on the screen."""
    services = [service for service in map(surroundings().service, shown) if service]
    return [(f"{i}: {s['name'][:60]}", f'/ask_service_detail{{"service":"{s["id"]}"}}') for i, s in enumerate(services, 1)]


class ActionServiceDetail(Action):
    """One service in full, or the one thing that was asked of it."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_service_detail"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Asks which one when it cannot tell; says so when none was shown."""
        slots, message, in_form = dict(tracker.slots), Reading(tracker), tracker.active_loop_name is not None
        shown = list(slots.get("shown") or [])
        ids = meant(message, slots)
        if not ids and not shown:
            if message.needs and not in_form:
                return search_anew(dispatcher, tracker)
            say(dispatcher, "utter_none_shown_yet" if in_form else "utter_nothing_to_save")
            return [] if in_form else offering("start_check_in")
        if beyond(message, shown):
            say_how_many(dispatcher, shown, choices=not in_form and not ids)
            if not ids:
                return []
        services = [service for service in map(surroundings().service, ids) if service]
        if not services:
            which_one(dispatcher, message, shown, gone=bool(ids), in_form=in_form)
            labels = [] if ids else asked_labels(message.words)
            return [SlotSet("asked_of", {"labels": labels, "turn": surroundings().turn})] if labels else []
        labels = asked_labels(message.words, services[0]["name"]) or asked_before(message, slots)
        asked = [answer_to(message.words, service, labels) if message.words else None for service in services]
        told = "\n".join(one or in_full(service) for one, service in zip(asked, services))
        say_text(dispatcher, told, choices=() if in_form else detail_choices(services, any(asked)), custom={"services": services})
        in_view = services[0]["id"] if len(services) == 1 else None
        kept = {"labels": labels, "turn": surroundings().turn} if any(asked) else None
        return [SlotSet("service_in_view", in_view), SlotSet("shown_turn", surroundings().turn), SlotSet("asked_of", kept)]


def which_one(dispatcher: CollectingDispatcher, message: Reading, shown: list[str], *, gone: bool, in_form: bool) -> None:
    """What was asked of all of them is answered of all; otherwise it is asked which one is meant."""
    answers = [a for a in (answer_to(message.words, surroundings().service(i)) for i in shown) if a]
    if answers:
        say_text(dispatcher, "\n".join(f"{i}. {a}" for i, a in enumerate(answers, 1)), choices=() if in_form else one_choices(shown))
    elif gone:
        say(dispatcher, "utter_no_longer_listed")
    else:
        say(dispatcher, "utter_which_one", choices=one_choices(shown))


def detail_choices(services: list[dict[str, Any]], in_part: bool) -> list[Choice]:
    """To save it, to hear the rest, and the ways on."""
    ways_on = [("Show me others", "/more_results"), ("Talk to a person", "/talk_to_human")]
    if len(services) > 1:
        return [*((f"Save {s['name'][:60]}", f'/choose_service{{"service":"{s["id"]}"}}') for s in services), *ways_on]
    listing_id = services[0]["id"]
    rest = [("More about it", f'/ask_service_detail{{"service":"{listing_id}"}}')] if in_part else []
    return [*rest, ("Save this one", f'/choose_service{{"service":"{listing_id}"}}'), *ways_on]


class ActionMoreResults(Action):
    """Other suggestions."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_more_results"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """The next ones; with nothing shown yet, the way to the first. 'Others, but nearer' takes the wish in."""
        message, slots = Reading(tracker), dict(tracker.slots)
        if message.first("position") and slots.get("shown"):  # 'more about the second one' is about one
            return await ActionServiceDetail().run(dispatcher, tracker, domain)
        if slots.get("shown") and not message.first("place") and NEARER.search(message.words.lower()):
            return await ActionRejectResults().run(dispatcher, tracker, domain)
        slots["wishes"] = add_wishes(slots.get("wishes"), message)
        if not slots.get("seen") and not slots.get("needs"):
            return begin_check_in(dispatcher, tracker)
        return [SlotSet("wishes", slots["wishes"]), *suggest(dispatcher, slots, more=True, how_many=message.answer == "how_many")]
