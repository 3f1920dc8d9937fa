"""Answers from the programme's own words, and the kind ways of not knowing."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.reading import Reading
from actions.say import Choice, say, say_text
from actions.surroundings import surroundings

# What a reading is called when two are put to the person to choose from.
INTENT_WORDS = {
    "describe_need": ("Get help with something", "/start_check_in"),
    "find_service": ("Find a group or service", "/find_service"),
    "start_check_in": ("Start with a few questions", "/start_check_in"),
    "talk_to_human": ("Talk to a person", "/talk_to_human"),
    "book_callback": ("Book a call", "/book_callback"),
    "manage_appointment": ("Change or cancel a call", "/manage_appointment"),
    "report_no_contact": ("Nobody has been in touch", "/report_no_contact"),
    "decline_programme": ("I do not want this", "/decline_programme"),
    "stop_taking_part": ("I want to stop going", "/stop_taking_part"),
    "give_feedback": ("Say how it went", "/give_feedback"),
    "clinical_question": ("A medical question", "/clinical_question"),
    "surgery_admin": ("Something for the surgery", "/surgery_admin"),
    "stop_messages": ("Stop the texts", "/stop_messages"),
}


class ActionAnswerTopic(Action):
    """Answers an faq topic, and offers what may follow."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_answer_topic"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """The topic comes from the reading or from a pressed choice."""
        message = Reading(tracker)
        topic = message.first("topic") or message.topic
        if topic is None:
            say(dispatcher, "utter_what_next")
            return []
        answer = surroundings().answer(str(topic))
        in_form = tracker.active_loop_name is not None
        say_text(dispatcher, answer.text, choices=() if in_form else answer.next, custom={"topic": topic})
        if str(topic) in ("what_is_it", "kinds_of_help"):
            surroundings().record("programme_explained")
        if answer.offer and not in_form:
            return [SlotSet("offer", {"kind": answer.offer}), SlotSet("last_topic", topic)]
        return [SlotSet("last_topic", topic)]


class ActionNotUnderstood(Action):
    """One short either-or question naming the two readings, then a person; never a loop."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_not_understood"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Counts how often in a row it happened."""
        message = Reading(tracker)
        times = int(tracker.get_slot("misunderstood") or 0)
        options = [o for o in (self.option(label) for label, _ in message.ranking) if o][:2]
        if times >= 1 or len(options) < 2 or options[0][1] == options[1][1]:
            say(dispatcher, "utter_not_understood",
                choices=[("Talk to a person", "/talk_to_human"), ("What can you do?", "/chitchat"),
                         ("Find help near me", "/start_check_in")])  # fmt: skip
            return [SlotSet("misunderstood", times + 1), SlotSet("offer", {"kind": "talk_to_human"})]
        choices = [*options, ("Neither, talk to a person", "/talk_to_human")]
        say(dispatcher, "utter_either_or", choices=choices, first=options[0][0], second=options[1][0])
        return [SlotSet("misunderstood", times + 1)]

    @staticmethod
    def option(label: str) -> Choice | None:
        """A reading as a choice."""
        intent, _, detail = label.partition("/")
        if intent == "faq" and detail:
            question = surroundings().answer(detail).question
            return (question[:75], f'/faq{{"topic":"{detail}"}}')
        return INTENT_WORDS.get(intent)
