"""Saying no: accepted in one kind sentence, the reason asked once and optional, a record made, the door left open."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.about_what_is_shown import plain
from actions.answering import ABOUT_YOU, ask_which, questions_over
from actions.meant_here import says_no_plainly, undoes
from actions.reading import Reading
from actions.saved_list import ActionChooseService
from actions.say import offer_open, say
from actions.stepped_form import NOT_NEEDED, SKIPPED, SteppedForm, leave_form
from actions.suggestions import ActionRejectResults
from actions.surroundings import surroundings

AGE_BANDS = ((16, 24, "16-24"), (25, 44, "25-44"), (45, 64, "45-64"), (65, 79, "65-79"), (80, 120, "80+"))
SPOKEN = {
    "sex": {"female": "female", "woman": "female", "lady": "female", "male": "male", "man": "male", "non": "other",
            "trans": "other", "other": "other"},
    "ethnicity": {"asian": "asian", "indian": "asian", "pakistani": "asian", "bangladeshi": "asian", "chinese": "asian",
                  "black": "black", "african": "black", "caribbean": "black", "mixed": "mixed", "white": "white",
                  "english": "white", "british": "white", "irish": "white", "polish": "white", "arab": "other", "other": "other"},
}  # fmt: skip
NO_REASONS = {"no_need_felt": "I do not need it", "already_supported": "I have support already",
              "wants_medical_help": "I wanted medical help", "not_now": "Not the right time",
              "travel": "Getting there or cost", "prefer_not_to_say": "I would rather not say"}  # fmt: skip
STOP_REASONS = {"not_for_me": "It was not for me", "unwelcoming": "I did not feel welcome", "provider_no_contact": "Nobody got back to me",
                "travel": "Getting there or cost", "health": "My health", "got_better": "I feel better now",
                "prefer_not_to_say": "I would rather not say"}  # fmt: skip
SURE_OF_IT_WITH_A_WISH = 0.85
SURE_OF_A_NO = 0.5  # a no is recorded and ends things, so a weak reading of one is asked about first
SURE_WITHOUT_A_NO = 0.8
_SAYS_NO_AT_ALL = re.compile(
    r"\b(?:no|nah|nope|not|never|none|nothing|stop\w*|quit\w*|leav\w+|left|rather|enough|waste\w*|busy|fine|already|pass|without|cancel\w*|out|off|done|forget|rubbish|useless|better|manage\w*|too|hate|sick|scrap|drop\w*|"
    r"only|doubt|give|given|giving|another time|later|decline\w*|refuse\w*|think about|withdraw\w*|changed my mind|ill|cannot|opt)\b|n'?t\b"
)
STEPS = ("decline_reason", "decline_more", *ABOUT_YOU)


class ValidateDeclineForm(SteppedForm):
    """Reads the reason and, if the person likes, four things for the statistics."""

    form = "decline_form"
    steps = STEPS
    free_text = frozenset({"decline_reason"})
    stays_with = frozenset({"decline_programme", "stop_taking_part", "goodbye", "thank"})

    def needed(self, step: str, slots: dict[str, Any]) -> bool:
        """The four only after a yes."""
        return step not in ABOUT_YOU or slots.get("decline_more") == "yes"

    def read(self, step: str, message: Reading, slots: dict[str, Any], asked: bool) -> Any:
        """A pressed choice, a reason recognised, or the words."""
        if not asked:
            return None
        if message.intent == "thank" and step in ("decline_reason", "decline_more"):
            return "prefer_not_to_say" if step == "decline_reason" else "no"
        if message.answer is not None:
            return message.answer
        if step == "decline_reason":
            return reason_told(message)
        if step == "decline_more":
            if message.reason:  # told after all
                surroundings().record_decline(reason=message.reason)
            return {"affirm": "yes", "deny": "no", "skip": "no", "decline_programme": "no"}.get(message.intent)
        if message.intent in ("deny", "skip"):
            return SKIPPED
        if step == "decline_outcode":
            return outcode(str(message.first("place") or ""))
        return among(step, message)

    def answers(self, asked: str, message: Reading, slots: dict[str, Any]) -> dict[str, Any]:
        """A goodbye or another no ends it: nothing more is asked of somebody who is leaving."""
        if undoes(plain(message.words), slots, surroundings().turn):
            return {}  # no reason: the rules leave the form with it
        no_again = message.intent in ("decline_programme", "stop_taking_part") and message.is_choice and not message.step
        if message.intent != "goodbye" and not no_again:
            return super().answers(asked, message, slots)
        left = {"decline_reason": "prefer_not_to_say", "decline_more": "no"} if asked not in ABOUT_YOU else {}
        left |= {step: SKIPPED for step in ABOUT_YOU if asked in ABOUT_YOU}
        return {step: value for step, value in left.items() if slots.get(step) is None}

    def asks_something(self, asked: str, message: Reading) -> bool:
        """'I wanted tablets' is a reason, and no question about them."""
        return not (asked == "decline_reason" and wanted_medicine(message)) and super().asks_something(asked, message)

    def steps_aside(self, asked: str, message: Reading) -> bool:
        """As above."""
        return not (asked == "decline_reason" and wanted_medicine(message)) and super().steps_aside(asked, message)

    def not_followed(
        self, dispatcher: CollectingDispatcher, asked: str, message: Reading, slots: dict[str, Any]
    ) -> list[EventType]:
        """Whoever said no, and says something else to the four questions, is not asked them again."""
        if asked == "decline_reason" or message.is_choice:
            return super().not_followed(dispatcher, asked, message, slots)
        return [*questions_over(slots), SlotSet("requested_slot", None)]

    def keep(self, step: str, value: Any, slots: dict[str, Any]) -> list[EventType]:
        """Into the record as soon as it is told."""
        if step in (*ABOUT_YOU, "decline_reason") and value not in (SKIPPED, NOT_NEEDED):
            surroundings().record_decline(**{step.replace("decline_", ""): value})
        return []


def wanted_medicine(message: Reading) -> bool:
    """Told, not asked: that something from the doctor was hoped for."""
    return message.topic == "wanted_medicine" and not message.is_question


def reason_told(message: Reading) -> str | None:
    """A reason of the taxonomy, 'other' for one in the person's own words, or that they would rather not say."""
    if message.intent in ("deny", "skip"):
        return "prefer_not_to_say"
    if message.intent == "report_no_contact":
        surroundings().add_task("no_contact", message.words)
        return "provider_no_contact"
    if message.intent == "clinical_question" or wanted_medicine(message):  # 'I want a proper doctor to treat it'
        return "wants_medical_help"
    return message.reason or ("other" if message.words and message.intent not in ("affirm", "go_back") else None)


def outcode(place: str) -> str | None:
    """The first half of a postcode, which is all that is kept."""
    first = place.upper().split(" ")[0][:4]
    return first if any(c.isdigit() for c in first) else None


def among(step: str, message: Reading) -> str | None:
    """One of the question's own answers in the person's words: 'I am 52', 'white', 'woman'."""
    words = message.words.lower()
    if step == "age_band":
        figures = [int(figure) for figure in re.findall(r"\d+", words)]
        band = next((band for low, high, band in AGE_BANDS if figures and low <= figures[-1] <= high), None)
        return band if len(figures) <= 2 else None
    return next((value for word, value in SPOKEN[step].items() if re.search(rf"\b{word}", words)), None)


class ActionBeginDecline(Action):
    """Accepts the no, makes the record, then asks why, once."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_begin_decline"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """The stage is where in the conversation the person said no."""
        message, here = Reading(tracker), surroundings()
        again = tracker.get_slot("decline_stage")
        if message.first("share"):  # 'text me the list' has been read as wanting out
            return await ActionChooseService().run(dispatcher, tracker, domain)
        if offer_open(tracker.get_slot("offer")) == "more_results" and message.reason and message.intent != "stop_taking_part":
            return await ActionRejectResults().run(dispatcher, tracker, domain)  # said what was wrong with them, as asked
        unsure = message.has_wishes and message.intent != "stop_taking_part"  # 'Bengali is better' is a wish
        plainly = again or (message.reason and says_no_plainly(message.words))
        if message.confidence < SURE_WITHOUT_A_NO and message.words and not again and not _SAYS_NO_AT_ALL.search(plain(message.words)):
            return ask_which(dispatcher, tracker)  # 'my daughter put me on to this' has no no in it
        if message.confidence < (SURE_OF_IT_WITH_A_WISH if unsure else 0.0 if plainly else SURE_OF_A_NO):
            return ask_which(dispatcher, tracker)
        stopping = message.intent == "stop_taking_part"
        if again:
            return accepted_again(dispatcher, tracker, stopping)
        stage = stage_of(tracker, stopping)
        here.record_decline(stage=stage, reason=message.reason)
        here.record("disengaged" if stopping else "declined", reason=message.reason or "")
        if here.state == "waiting":
            here.leave_queue()
        say(dispatcher, "utter_stopping_accepted" if stopping else "utter_decline_accepted")
        events = [*leave_form(), SlotSet("misses", 0), SlotSet("check_in_paused", None), SlotSet("declined_turn", here.turn),
                  SlotSet("decline_stage", "stop" if stopping else "no")]  # fmt: skip
        if message.reason:
            # The reason was told: asking again would be pressing. The door stays open, nothing more is asked.
            say(dispatcher, "utter_door_open")
            return events
        return [*events, *(SlotSet(step, None) for step in STEPS), FollowupAction("decline_form")]


def accepted_again(dispatcher: CollectingDispatcher, tracker: Tracker, stopping: bool) -> list[EventType]:
    """A second no is accepted and asked nothing: the record of the first stands. A reason told now completes it."""
    here, message = surroundings(), Reading(tracker)
    plainly_stopping = stopping and tracker.get_slot("decline_stage") != "stop" and message.confidence >= SURE_OF_IT_WITH_A_WISH
    if plainly_stopping:  # to leave what was begun is another thing than not to begin
        here.record_decline(stage=stage_of(tracker, stopping), reason=message.reason)
        here.record("disengaged", reason=message.reason or "")
    elif message.reason and tracker.get_slot("decline_reason") in (None, SKIPPED, "prefer_not_to_say"):
        here.record_decline(reason=message.reason)
    if here.state == "waiting":
        here.leave_queue()
    say(dispatcher, "utter_decline_accepted_again")
    stage = [SlotSet("decline_stage", "stop")] if plainly_stopping else []
    return [*leave_form(), SlotSet("misses", 0), SlotSet("check_in_paused", None), *stage]


def stage_of(tracker: Tracker, stopping: bool) -> str:
    """Where the no was said. The form it was said in has been left by now, and noted by action_leave_form."""
    if stopping:
        return "taking_part"
    left = tracker.get_slot("left_form") or {}
    if left.get("turn") == surroundings().turn:
        return str(left["form"]).replace("_form", "")
    return "suggestions" if tracker.get_slot("shown") else "offer"


class ActionAskReason(Action):
    """The reason, with likely ones to pick from: others for stopping than for not starting."""

    def name(self) -> str:
        """Rasa's name: the question of the first step."""
        return "action_ask_decline_form_decline_reason"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Six choices, of which one is not to say."""
        reasons = STOP_REASONS if tracker.get_slot("decline_stage") == "stop" else NO_REASONS
        choices = [(label, f'/answer{{"answer":"{reason}","step":"decline_reason"}}') for reason, label in reasons.items()]
        say(dispatcher, "utter_why_not", choices=choices)
        return []


class ActionSubmitDecline(Action):
    """Thanks, and the door left open."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_submit_decline"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Nothing more is asked."""
        say(dispatcher, "utter_decline_done")
        return []
