"""One service: told in full, a question about it answered, saved, and the list of saved ones sent or printed."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.beginning import begin_check_in
from actions.reading import Reading
from actions.say import Choice, offering, say, say_text
from actions.service_words import answer_to, in_full
from actions.suggestions import search_anew, suggest
from actions.surroundings import surroundings
from actions.wishes import add_wishes


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
    words = {word.strip(".,!?'") for word in message.words.lower().split()}
    best, most = None, 0
    for listing_id in shown:
        service = surroundings().service(listing_id)
        named_by = {w for w in service["name"].lower().split() if len(w) > 3} & words if service else set()
        if len(named_by) > most:
            best, most = str(listing_id), len(named_by)
    return best or slots.get("service_in_view") or (shown[0] if len(shown) == 1 else None)


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
        listing_id = meant(message, slots)
        if listing_id is None and not shown:
            if message.needs and not in_form:
                return search_anew(dispatcher, tracker)
            say(dispatcher, "utter_none_shown_yet" if in_form else "utter_nothing_to_save")
            return [] if in_form else offering("start_check_in")
        service = surroundings().service(listing_id) if listing_id else None
        asked = None if message.is_choice else answer_to(message.words, service) if service else None
        if service is None:
            if answers := [a for a in (answer_to(message.words, surroundings().service(i)) for i in shown) if a]:
                say_text(dispatcher, "\n".join(f"{i}. {a}" for i, a in enumerate(answers, 1)),
                         choices=() if in_form else one_choices(shown))  # fmt: skip
            elif listing_id:
                say(dispatcher, "utter_no_longer_listed")
            else:
                say(dispatcher, "utter_which_one", choices=one_choices(shown))
            return []
        choices = [("Save this one", f'/choose_service{{"service":"{service["id"]}"}}'),
                   ("Show me others", "/more_results"), ("Talk to a person", "/talk_to_human")]  # fmt: skip
        if asked:
            choices.insert(0, ("More about it", f'/ask_service_detail{{"service":"{service["id"]}"}}'))
        say_text(dispatcher, asked or in_full(service), choices=() if in_form else choices, custom={"services": [service]})
        return [SlotSet("service_in_view", service["id"]), SlotSet("shown_turn", surroundings().turn)]


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
        slots["wishes"] = add_wishes(slots.get("wishes"), message)
        if not slots.get("seen") and not slots.get("needs"):
            return begin_check_in(dispatcher, tracker)
        return [SlotSet("wishes", slots["wishes"]), *suggest(dispatcher, slots, more=True)]


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
        shown, in_form = list(slots.get("shown") or []), tracker.active_loop_name is not None
        if takes_off(message) and here.saved():
            return take_off(dispatcher, tracker)
        if message.first("share") or message.answer == "share" or (message.words and asks_for_list(message.words)):
            for listing_id in [] if here.saved() else shown:
                here.save_service(listing_id)
            return share(dispatcher)
        listing_id = meant(message, slots)
        service = here.service(listing_id) if listing_id else None
        if service is None and not shown:
            say(dispatcher, "utter_none_shown_yet" if in_form else "utter_nothing_to_save")
            return [] if in_form else offering("start_check_in")
        if service is None:
            say(dispatcher, "utter_which_to_save", choices=[
                (label, payload.replace("/ask_service_detail", "/choose_service")) for label, payload in one_choices(shown)])  # fmt: skip
            return []
        here.save_service(service["id"])
        here.record("service_saved", listing=service["id"])
        choices = [("Print or text me my list", '/choose_service{"share":"yes"}'),
                   ("Ask the navigator to help me join", "/talk_to_human"),
                   ("Show me others", "/more_results")]  # fmt: skip
        how = str(service.get("how_to_join") or "Ask the navigator how to join")
        say(dispatcher, "utter_saved", choices=None if in_form else choices, service=service["name"],
            how_to_join=how.rstrip("."))  # fmt: skip
        return [SlotSet("service_in_view", service["id"])]


def takes_off(message: Reading) -> bool:
    """'Remove it', 'take that one off my list'."""
    return bool(re.search(r"\b(?:remove|unsave|delete|take (?:it|that|them|the \w+(?: one)?) off)\b", message.words.lower()))


def take_off(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """The saved service that is meant; with one on the list, that one."""
    here, saved = surroundings(), surroundings().saved()
    listing_id = meant(Reading(tracker), dict(tracker.slots))
    listing_id = listing_id if listing_id in saved else saved[-1]
    here.unsave_service(listing_id)
    service = here.service(listing_id)
    say(dispatcher, "utter_taken_off", service=service["name"] if service else "it")
    return []


def asks_for_list(words: str) -> bool:
    """'print my list', 'text me these', 'can I have them on paper'."""
    lowered = words.lower()
    return "list" in lowered.split() or any(word in lowered for word in ("print", "text me", "text them", "paper", "send me"))


def share(dispatcher: CollectingDispatcher) -> list[EventType]:
    """Send the saved list as a text, or point to the page to print."""
    here = surroundings()
    if not here.saved():
        say(dispatcher, "utter_nothing_to_save")
        return offering("start_check_in")
    done, _, address = here.send_list(here.contact_number).partition(":")
    here.record("signposted", listings=here.saved())
    say(dispatcher, {"texted": "utter_list_texted", "page": "utter_list_page"}[done], address=address)
    return []
