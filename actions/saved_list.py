"""The person's own list: a service saved, taken off again, the list shown, and the list sent or printed."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.about_what_is_shown import asks_for_saved, takes_off
from actions.pointing import named
from actions.reading import Reading
from actions.say import Choice, listed, offering, say, say_text
from actions.service_detail import ActionServiceDetail, beyond, meant, one_choices, pointed_at, say_how_many
from actions.service_words import how_to_join, short_line
from actions.surroundings import surroundings

AFTER_SAVING: list[Choice] = [
    ("Print or text me my list", '/choose_service{"share":"yes"}'),
    ("Ask the navigator to help me join", "/talk_to_human"),
    ("Show me others", "/more_results"),
]
# 'The second one sounds nice' is told more, with a button to save it; these are words that want it.
_WANTS_IT = re.compile(
    r"\b(?:sav(?:e|ed|ing)|keep|kept|store|bookmark|add|put|pit|stick|pick|choose|elect|take|have(?! you)|book|join|enrol\w*|sign|go (?:for|with|to)|try|give .{1,40} a go|do"
    r"|i want|i'?ll|i shall|shall i|note (?:it|that|down)|on (?:my|the) list|for later|is mine|my choice)\b"
)


def asks_to_save(message: Reading) -> bool:
    """Whether the words, or a button, ask for it to be kept: nothing is put on a list that nobody asked for."""
    return message.is_choice or message.answer == "save" or (not message.is_question and bool(_WANTS_IT.search(message.words.lower())))


class ActionChooseService(Action):
    """Saves a service; the list can be shown, printed or texted."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_choose_service"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """'print or text me these' saves all that are shown and sends the list."""
        here, message, slots = surroundings(), Reading(tracker), dict(tracker.slots)
        shown, in_form = list(slots.get("shown") or []), tracker.active_loop_name is not None
        if message.answer == "list" or asks_for_saved(message.words):
            return show_list(dispatcher, slots, in_form)
        if message.answer == "take_off" or takes_off(message.words):
            return take_off(dispatcher, message, slots) if here.saved() else show_list(dispatcher, slots, in_form)
        if message.first("share") or message.answer == "share" or (message.words and asks_for_list(message.words)):
            for listing_id in [] if here.saved() else shown:
                here.save_service(listing_id)
            return share(dispatcher)
        if shown and not asks_to_save(message):
            return await ActionServiceDetail().run(dispatcher, tracker, domain)
        ids = meant(message, slots)
        services = [service for service in map(here.service, ids) if service]
        if not services and not shown:
            say(dispatcher, "utter_none_shown_yet" if in_form else "utter_nothing_to_save")
            return [] if in_form else offering("start_check_in")
        if beyond(message, shown):
            say_how_many(dispatcher, shown, choices=False)
        if not services:
            if not beyond(message, shown):
                say(dispatcher, "utter_which_to_save", choices=[
                    (label, payload.replace("/ask_service_detail", "/choose_service")) for label, payload in one_choices(shown)])  # fmt: skip
            return []
        return save(dispatcher, services, in_form)


def save(dispatcher: CollectingDispatcher, services: list[dict[str, Any]], in_form: bool) -> list[EventType]:
    """Keep them, and say which; how to join where it is one."""
    still_shown = SlotSet("shown_turn", surroundings().turn)  # a few words next are of the same list
    for service in services:
        surroundings().save_service(service["id"])
        surroundings().record("service_saved", listing=service["id"])
    undo = [("Take it off again", f'/choose_service{{"answer":"take_off","service":"{services[0]["id"]}"}}')] if len(services) == 1 else []
    choices = None if in_form else [*AFTER_SAVING, *undo]
    if len(services) > 1:
        say(dispatcher, "utter_saved_several", choices=choices, services=listed([s["name"] for s in services]))
        return [SlotSet("service_in_view", None), still_shown]
    how = how_to_join(services[0]) or "Ask the navigator how to join"
    say(dispatcher, "utter_saved", choices=choices, service=services[0]["name"], how_to_join=how)
    return [SlotSet("service_in_view", services[0]["id"]), still_shown]


def take_off(dispatcher: CollectingDispatcher, message: Reading, slots: dict[str, Any]) -> list[EventType]:
    """The saved ones that are meant. 'The second one' is of those on the screen, or else of the list itself."""
    here, saved = surroundings(), surroundings().saved()
    places = [place for place in pointed_at(message) if 1 <= place <= len(saved) or place == -1]
    by_name = named(message.words, [service for service in map(here.service, saved) if service])
    ids = by_name or [one for one in meant(message, slots) if one in saved] or [saved[p if p < 0 else p - 1] for p in places]
    if not ids and (pointed_at(message) or len(saved) > 1):
        say(dispatcher, "utter_not_on_your_list", choices=off_choices(saved))
        return []
    ids = ids or saved
    names = [service["name"] if service else "it" for service in map(here.service, ids)]
    for listing_id in ids:
        here.unsave_service(listing_id)
    say(dispatcher, "utter_taken_off", service=listed(names))
    return [SlotSet("shown_turn", here.turn)]


def off_choices(saved: list[str]) -> list[Choice]:
    """Which of the saved ones."""
    services = [service for service in map(surroundings().service, saved) if service]
    return [(f"Take off {s['name'][:60]}", f'/choose_service{{"answer":"take_off","service":"{s["id"]}"}}') for s in services]


def show_list(dispatcher: CollectingDispatcher, slots: dict[str, Any], in_form: bool) -> list[EventType]:
    """What was saved, numbered; numbers said next are of this list, and so is 'too far'. An empty one says how to fill it."""
    services = [service for service in map(surroundings().service, surroundings().saved()) if service]
    if not services:
        say(dispatcher, "utter_list_empty")
        return []
    say(dispatcher, "utter_your_list")
    text = "\n".join(short_line(i, service) for i, service in enumerate(services, 1))
    choices = [*one_choices([s["id"] for s in services]), AFTER_SAVING[0], AFTER_SAVING[1]]
    say_text(dispatcher, text, choices=() if in_form else choices, custom={"services": services})
    ids, far = [s["id"] for s in services], dict(zip(slots.get("shown") or [], slots.get("shown_km") or []))  # of those shown last
    return [SlotSet("shown", ids), SlotSet("shown_km", [far.get(one) for one in ids]), SlotSet("shown_turn", surroundings().turn),
            SlotSet("service_in_view", None)]  # fmt: skip


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
