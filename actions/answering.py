"""Answers from the programme's own words, and the kind ways of not knowing."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.appointments import ActionManageAppointment
from actions.handover import call_choices, waiting_choices
from actions.reading import Reading, asks_first
from actions.say import Choice, offer_open, offering, say, say_text
from actions.service_detail import ActionServiceDetail
from actions.step_answers import read_wish
from actions.stepped_form import CERTAIN, SKIPPED
from actions.suggestions import ActionRejectResults, on_screen, search_anew
from actions.surroundings import surroundings
from actions.wishes import add_wishes

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
ABOUT_A_CALL = frozenset({"change_appointment", "cancel", "check_my_referral", "missed_call"})  # topics that a booked call answers
ABOUT_SERVICES = frozenset({"cost", "activities_free", "getting_there", "bring_someone", "childcare", "wheelchair_access",
                            "deaf_access", "interpreter", "first_appointment", "where_we_meet"})  # fmt: skip
_WHY = re.compile(r"(?:(?:and )?what(?:'?s| is| are)? (?:that|this|it|they|those|these) (?:for|to do with (?:it|you|anything))|(?:but )?(?:why|y|how come)(?: (?:do|are|would|d'?) ?(?:you|u|ya|yous))?(?: need| ask| want| asking)?(?: to know)?(?: this| that| for| it| me)*)\W*$")
ABOUT_YOU = ("age_band", "sex", "ethnicity", "decline_outcode")  # the optional questions after a no
ALWAYS_A_WISH = ("language", "access", "audience")
TOLD_BESIDE = (*ALWAYS_A_WISH, "place", "day", "day_not", "part_of_day", "time")
COMPLAINTS = frozenset({"navigator_concern", "complain", "data_complaint", "give_feedback"})
HOW_LONG = frozenset({"appointment_length", "waiting_time", "navigator_not_called"})
LOST: list[Choice] = [("Talk to a person", "/talk_to_human"), ("What can you do?", "/chitchat"),
                      ("Find help near me", "/start_check_in")]  # fmt: skip


class ActionAnswerTopic(Action):
    """Answers an faq topic, and offers what may follow."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_answer_topic"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """The topic comes from the reading or from a pressed choice."""
        message, here = Reading(tracker), surroundings()
        topic = message.first("topic") or message.topic
        in_form = tracker.active_loop_name is not None
        if in_form and _WHY.match(message.words.lower()):
            say(dispatcher, f"utter_why_{tracker.active_loop_name}")
            return []
        if topic is None:
            say(dispatcher, "utter_what_next")
            return []
        if offer_open(tracker.get_slot("offer")) == "more_results" and not message.is_question and message.has_wishes:
            return await ActionRejectResults().run(dispatcher, tracker, domain)  # what did not suit, as was asked
        booked = topic in ABOUT_A_CALL and not in_form and here.booked_call()
        if booked and message.first("appointment"):
            return await ActionManageAppointment().run(dispatcher, tracker, domain)
        if topic in ABOUT_SERVICES and on_screen(tracker.slots) and not message.is_choice and not in_form:
            return await ActionServiceDetail().run(dispatcher, tracker, domain)
        if topic in HOW_LONG and here.state == "waiting" and not in_form:
            say(dispatcher, "utter_already_waiting", choices=waiting_choices(), place=here.queue_place())
            return []
        answer = here.answer(str(topic))
        follow = () if in_form else call_choices() if booked else answer.next
        say_text(dispatcher, answer.text, choices=follow, custom={"topic": topic})
        if topic in COMPLAINTS and message.words and not message.is_question:  # said, not asked about
            here.add_task("feedback", message.words)
            say(dispatcher, "utter_words_passed_on")
        if str(topic) in ("what_is_it", "kinds_of_help"):
            here.record("programme_explained")
        told = [SlotSet("last_topic", {"topic": topic, "turn": here.turn}), *told_beside(message, tracker)]
        return [*told, *offering(answer.offer)] if answer.offer and not in_form else told


def told_beside(message: Reading, tracker: Tracker) -> list[EventType]:
    """What a question to a form tells besides: 'any in Bengali?' is a wish, 'weekdays, can they pick her up?' an answer too.

    Whoever says no and then asks this and that is answered, and the questions about them are over.
    """
    slots = dict(tracker.slots)
    if tracker.active_loop_name == "decline_form":
        if slots.get("requested_slot") == "decline_reason":
            return []
        return questions_over(slots) if slots.get("misses") else [SlotSet("misses", 1)]  # they come once more, and no more
    if tracker.active_loop_name is None or not any(kind in message.entities for kind in TOLD_BESIDE):
        return []
    wishes = SlotSet("wishes", add_wishes(slots.get("wishes"), message))
    if tracker.active_loop_name != "check_in_form" or asks_first(message.words):
        return [wishes] if any(kind in message.entities for kind in ALWAYS_A_WISH) else []
    steps = [step for step in ("where", "when") if slots.get(step) is None]
    answers = {step: read_wish(step, message, slots, asked=False) for step in steps}
    return [wishes, *(SlotSet(step, value) for step, value in answers.items() if value)]


def questions_over(slots: dict[str, Any]) -> list[EventType]:
    """The optional questions after a no that are left, as not answered."""
    left = {step: SKIPPED for step in ABOUT_YOU if slots.get(step) is None}
    return [SlotSet("decline_more", slots.get("decline_more") or "no"), *(SlotSet(step, value) for step, value in left.items())]


class ActionOutOfScope(Action):
    """Not our business; but where a need was heard in it, a search is the kinder guess."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_out_of_scope"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """What it knows about, and the ways on."""
        message = Reading(tracker)
        if message.needs and message.confidence < CERTAIN:
            return search_anew(dispatcher, tracker)
        say(dispatcher, "utter_out_of_scope")
        return []


class ActionNotUnderstood(Action):
    """One short either-or question naming the two readings, then a person; never a loop.

    Rasa also runs this when no rule fits. Then the turn has had its answer, and all that is left is to listen:
    left to itself the policy would come back here until its limit of ten actions, and stay stuck.
    """

    def name(self) -> str:
        """Rasa's name."""
        return "action_not_understood"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Counts how often in a row it happened."""
        if Reading(tracker).latest_action != "action_listen":
            return [FollowupAction("action_listen")]
        return [*ask_which(dispatcher, tracker), FollowupAction("action_listen")]


def ask_which(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """The two likeliest readings put as one question; the second time in a row a person is offered."""
    message, turn = Reading(tracker), surroundings().turn
    before = tracker.get_slot("misunderstood") or {}
    again = before.get("turn") == turn - 1
    counted = SlotSet("misunderstood", {"turn": turn})
    options = list(dict.fromkeys(o for o in (option(label) for label, _ in message.ranking) if o))[:2]
    if again or len(options) < 2:
        say(dispatcher, "utter_not_understood_again" if again else "utter_not_understood", choices=LOST)
        return [counted, *offering("talk_to_human")]
    choices = [*options, ("Neither, talk to a person", "/talk_to_human")]
    first, second = (label.rstrip("?.") for label, _ in options)
    say(dispatcher, "utter_either_or", choices=choices, first=first, second=second)
    return [counted, *offering("pick_one", choices=choices)]


def option(label: str) -> Choice | None:
    """A reading as a choice."""
    intent, _, detail = label.partition("/")
    if intent == "faq" and detail:
        question = surroundings().answer(detail).question
        return (question[:75], f'/faq{{"topic":"{detail}"}}')
    return INTENT_WORDS.get(intent)
