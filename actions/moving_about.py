"""Saying hello, going back, skipping, repeating, starting again and leaving a form, wherever the person is."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import ask_which
from actions.beginning import begin_check_in
from actions.check_in import STEPS as CHECK_IN_STEPS
from actions.check_in import reopened
from actions.comes_and_goes import holds_on
from actions.handover import GO_ON, begin_handover
from actions.offers import ActionPickUpOffer
from actions.reading import Reading
from actions.say import listed, offering, say, say_text
from actions.service_detail import ActionServiceDetail
from actions.step_answers import WISH_STEPS
from actions.stepped_form import leave_form
from actions.suggestions import on_screen, suggest
from actions.summary import change_choices
from actions.surroundings import surroundings
from actions.wishes import NEED_WORDS, add_wishes


class ActionGreet(Action):
    """Hello; to somebody who left the check-in half-way, whether to go on with it."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_greet"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """One question at most."""
        if tracker.get_slot("check_in_paused"):
            say(dispatcher, "utter_greet_again", choices=[*GO_ON, ("Talk to a person", "/talk_to_human")])
            return offering("resume_check_in")
        first_text = surroundings().channel == "sms" and surroundings().turn == 0  # said hello in the welcome
        say(dispatcher, "utter_greet_first" if first_text else "utter_greet")
        return []


class ActionLeaveForm(Action):
    """Closes the active form; remembers a check-in that was cut short."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_leave_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """The answers stay, so that it can be taken up again."""
        left = {"form": tracker.active_loop_name, "turn": surroundings().turn}
        paused = tracker.active_loop_name == "check_in_form" or bool(tracker.get_slot("check_in_paused"))
        return [*leave_form(), SlotSet("left_form", left), SlotSet("check_in_paused", paused)]


class ActionGoBack(Action):
    """'Change what I said' outside the check-in: opens that part again."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_go_back"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """A named part, or a choice of parts, or a correction in the words themselves."""
        message, slots = Reading(tracker), dict(tracker.slots)
        if message.is_choice and (off := message.entities.get("not_wanted")):  # 'I don't need help with computers'
            return without(dispatcher, slots, [str(need) for need in off])
        step = message.first("step")
        if step in CHECK_IN_STEPS:
            events = [SlotSet(str(step), None), *reopened(str(step), slots), SlotSet("summary_ok", None)]
            return [*events, FollowupAction("check_in_form")]
        wishes = add_wishes(slots.get("wishes"), message)
        if wishes != (slots.get("wishes") or {}) and slots.get("shown"):
            return [SlotSet("wishes", wishes), *suggest(dispatcher, {**slots, "wishes": wishes})]
        if not slots.get("what_matters") and not slots.get("needs"):
            say(dispatcher, "utter_nothing_to_go_back_to")
            return []
        say(dispatcher, "utter_what_to_change", choices=change_choices())
        return []


def without(dispatcher: CollectingDispatcher, slots: dict[str, Any], off: list[str]) -> list[EventType]:
    """Needs said away after the check-in go; what was shown for them is looked for anew."""
    left = [need for need in slots.get("needs") or [] if need not in off]
    say(dispatcher, "utter_need_taken_off", needs=listed([NEED_WORDS[need] for need in off if need in NEED_WORDS]))
    events = [SlotSet("needs", left), SlotSet("looking_for", None)]
    if left and slots.get("shown"):
        return [*events, *suggest(dispatcher, {**slots, "needs": left, "looking_for": None})]
    say(dispatcher, "utter_what_next")
    return events


class ActionSkipAhead(Action):
    """A bare reply with no question open: a place or a day still narrows the search; a late choice still counts."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_skip_ahead"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """'LU3' after a list means: nearer to there."""
        here, message, slots = surroundings(), Reading(tracker), dict(tracker.slots)
        if message.step == "queue":
            here.leave_queue()
            say(dispatcher, "utter_left_queue")
            return []
        if message.step == "offer":
            return await ActionPickUpOffer().run(dispatcher, tracker, domain)
        if tracker.active_loop_name:  # a choice of another form: what is asked now stands
            return []
        if message.step == "callback_time" or (message.step == "handover_consent" and message.answer != "no"):
            return begin_handover(dispatcher, tracker, call=message.answer == "callback")
        if slots.get("shown") and message.first("position"):
            return await ActionServiceDetail().run(dispatcher, tracker, domain)
        wishes = add_wishes(slots.get("wishes"), message)
        changed = wishes != (slots.get("wishes") or {})
        late = [SlotSet(message.step, message.answer)] if message.step in WISH_STEPS and message.answer else []
        if message.first("travel") == "bus" and on_screen(slots):  # of places on the screen: near a stop
            wishes["access"] = list(dict.fromkeys([*(wishes.get("access") or []), "bus"]))
            changed = True
        if (changed or late or message.has_wishes) and slots.get("shown"):
            return [*late, SlotSet("wishes", wishes), *suggest(dispatcher, {**slots, "wishes": wishes})]
        if (changed or late) and slots.get("check_in_paused"):
            return [*late, *begin_check_in(dispatcher, tracker)]
        if message.intent == "answer" and message.words and not changed:
            return ask_which(dispatcher, tracker)  # a bare word, and nothing was asked
        say(dispatcher, "utter_what_next")
        return [SlotSet("wishes", wishes)] if changed else []


EXPLAINED = frozenset({"what_matters", "where", "when", "cost", "travel", "access_needs", "company", "wellbeing_offer", "summary_ok",
                       "handover_consent", "callback_time", "call_purpose", "person_name", "contact_number", "safe_to_text"})  # fmt: skip

_OF_ANY_QUESTION = frozenset("what that this mean your please would could there with about again".split())


class ActionRepeatQuestion(Action):
    """In the middle of a form: the question comes again by itself, after what it means in other words, or that it was heard.

    The well-being questions are never explained: their wording is exact (facts/safety.md, 4).
    """

    def name(self) -> str:
        """Rasa's name."""
        return "action_repeat_question"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """The last answer, if one was asked about, in its other words."""
        here, last, message = surroundings(), tracker.get_slot("last_topic") or {}, Reading(tracker)
        if holds_on(message.words):
            say(dispatcher, "utter_take_your_time")
            return []
        if last.get("turn") == here.turn - 1 and not message.is_choice and not of_the_question(message.words):
            say_text(dispatcher, here.answer(str(last["topic"])).text, custom={"topic": last["topic"]})
            return [SlotSet("last_topic", {**last, "turn": here.turn})]
        step = str(tracker.get_slot("requested_slot"))
        say(dispatcher, f"utter_explain_{step}" if step in EXPLAINED else "utter_again_in_form")
        return []


def of_the_question(words: str) -> bool:
    """'What do you mean, safe?' takes up a word of the question below the answer, and so is about the question."""
    asked = " ".join(said["text"] for said in surroundings().last_said()[-1:]).lower()
    return any(len(word) > 3 and word not in _OF_ANY_QUESTION and re.search(rf"\b{word}\b", asked) for word in re.findall(r"[a-z]+", words.lower()))


class ActionRepeat(Action):
    """Says the last thing again: an answer in its other words, anything else as it was, choices and all."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_repeat"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Variants of an answer turn by themselves, so the last topic comes in another wording."""
        here, last = surroundings(), tracker.get_slot("last_topic") or {}
        if holds_on(Reading(tracker).words):
            say(dispatcher, "utter_take_your_time")
            return []
        if last.get("turn") == here.turn - 1:
            say_text(dispatcher, here.answer(str(last["topic"])).text, custom={"topic": last["topic"]})
            return [SlotSet("last_topic", {**last, "turn": here.turn})]
        said = here.last_said()
        if not said:
            say(dispatcher, "utter_nothing_to_repeat")
        for reply in said:
            choices = [(choice["label"], choice["value"]) for choice in reply["choices"]]
            custom = {"services": reply["services"]} if reply["services"] else None
            say_text(dispatcher, reply["text"], choices=choices, custom=custom)
        return []


class ActionStartAgain(Action):
    """A fresh start: slots are emptied, the record of the conversation stays."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_start_again"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Contact details stay: they were given for calls, not for this round of questions."""
        keep = {"person_name", "contact_number", "safe_to_text"}
        say(dispatcher, "utter_starting_again")
        return [*leave_form(), *(SlotSet(slot, None) for slot in tracker.slots if slot not in keep)]
