"""The manner all our forms share: skip, go back, correct, answer out of turn, or ask something else half-way.

Rasa's form asks for the first slot without a value. `run` decides what the message was: an answer to the question
asked, an answer to another one, a wish to skip or go back, or something else, in which case nothing is returned, the
form steps aside, and the rules in nlu_data/rules/ answer and come back to it.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction

from actions.reading import Reading
from actions.say import say

SKIPPED = "skipped"
NOT_NEEDED = "not_needed"

# Intents the rules answer while a form waits. An answer to the question asked always comes first.
STEPS_ASIDE = frozenset(
    """faq thank greet goodbye start_again repeat talk_to_human book_callback manage_appointment report_no_contact
    decline_programme stop_taking_part stop_messages start_messages give_feedback clinical_question surgery_admin
    professional_enquiry chitchat out_of_scope more_results reject_results choose_service ask_service_detail
    find_service start_check_in""".split()
)
OF_SERVICES = frozenset({"more_results", "reject_results", "choose_service"})
CERTAIN = 0.9
SURE = 0.6  # below this a free-text question takes the message as its answer


class SteppedForm(FormValidationAction):
    """Subclasses name the form and its steps, and say how a step reads a message."""

    form = ""
    steps: tuple[str, ...] = ()
    free_text: frozenset[str] = frozenset()  # steps any words answer
    stays_with: frozenset[str] = frozenset()  # intents this form handles itself

    def name(self) -> str:
        """Rasa's name for a form's validation action."""
        return f"validate_{self.form}"

    def needed(self, step: str, slots: dict[str, Any]) -> bool:
        """Does `step` apply, given what is known?"""
        return True

    def read(self, step: str, message: Reading, slots: dict[str, Any], asked: bool) -> Any:
        """The value `message` gives `step`, or None. `asked`: it is the question on the table."""
        raise LookupError(f"{self.form} does not say how to read {step}")

    def keep(self, step: str, value: Any, slots: dict[str, Any]) -> list[EventType]:
        """Further events of a value just given (wishes, say)."""
        return []

    def reopened(self, step: str, slots: dict[str, Any]) -> list[EventType]:
        """Further events of a step that is asked again: what followed from its old answer goes."""
        return []

    def heard(
        self, dispatcher: CollectingDispatcher, asked: str, given: dict[str, Any], slots: dict[str, Any]
    ) -> None:
        """Say back what was heard, where that helps."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Rasa calls this on every message while the form is active."""
        slots, message = dict(tracker.slots), Reading(tracker)
        asked = slots.get("requested_slot")
        if asked is None:
            return self.next_question(slots, [])
        if message.intent == "go_back" and message.intent not in self.stays_with:
            return self.go_back(dispatcher, asked, message, slots)
        given = self.answers(asked, message, slots)
        if not given and self.steps_aside(asked, message):
            return []
        if not given and message.intent == "skip" and message.step in (None, asked):
            given = {asked: SKIPPED}
        if not given:
            return self.not_followed(dispatcher, asked, message, slots)
        return self.take(dispatcher, asked, given, slots)

    def take(
        self, dispatcher: CollectingDispatcher, asked: str, given: dict[str, Any], slots: dict[str, Any]
    ) -> list[EventType]:
        """Keep what was given, say what was heard, and go on to the next question."""
        events: list[EventType] = []
        for step, value in given.items():
            slots[step] = value
            events.append(SlotSet(step, value))
            kept = self.keep(step, value, slots)
            slots.update({e["name"]: e["value"] for e in kept if e.get("event") == "slot"})
            events += kept
        self.heard(dispatcher, asked, given, slots)
        return self.next_question(slots, [*events, SlotSet("misses", 0)])

    def answers(self, asked: str, message: Reading, slots: dict[str, Any]) -> dict[str, Any]:
        """Every step the message answers; the one asked first."""
        if message.step in self.steps and message.step != asked:
            # A choice of an earlier question, pressed late: it answers that one, and skipping it again is nothing new.
            value = None if message.intent == "skip" else self.read(message.step, message, slots, asked=True)
            return {} if value is None else {message.step: value}
        if message.step and message.step not in self.steps:
            return {}
        if self.asks_something(asked, message) and self.steps_aside(asked, message):
            return {}
        value = self.read(asked, message, slots, asked=True)
        given = {} if value is None else {asked: value}
        if message.is_choice or (not given and self.steps_aside(asked, message) and not message.tells_wish):
            return given
        for step in self.steps:
            if step != asked and (other := self.read(step, message, slots, asked=False)) is not None:
                given[step] = other
        return given

    @staticmethod
    def of_services(message: Reading) -> bool:
        """'Save the second one', plainly said: about services, whatever was asked."""
        of_them = message.intent in OF_SERVICES or message.intent == "ask_service_detail"
        plainly = "position" in message.entities or (not message.is_choice and message.answer in ("list", "take_off"))
        return of_them and message.confidence >= CERTAIN and plainly

    def asks_something(self, asked: str, message: Reading) -> bool:
        """A question of the person's own, which is no answer even where any words would do."""
        plainly = message.intent == "faq" and message.confidence >= CERTAIN and not message.needs and asked in self.free_text
        plainly = plainly or self.of_services(message)
        return plainly or (message.is_question and message.confidence >= SURE)

    def steps_aside(self, asked: str, message: Reading) -> bool:
        """Is this for the rules rather than an answer?"""
        if message.step and message.step not in self.steps:
            return True  # a choice of another form's
        if message.intent in OF_SERVICES and not message.shown and not message.is_choice:
            return self.of_services(message)  # otherwise nothing was shown that could be meant
        if message.intent in self.stays_with or message.intent not in STEPS_ASIDE:
            return False
        return asked not in self.free_text or message.is_choice or message.confidence >= SURE

    def next_question(self, slots: dict[str, Any], events: list[EventType]) -> list[EventType]:
        """Settle which steps apply, and ask for the first that is open; none open ends the form."""
        for step in self.steps:
            applies, value = self.needed(step, slots), slots.get(step)
            if not applies and value is None:
                slots[step] = NOT_NEEDED
                events.append(SlotSet(step, NOT_NEEDED))
            elif applies and value == NOT_NEEDED:
                slots[step] = None
                events.append(SlotSet(step, None))
        following = next((s for s in self.steps if slots.get(s) is None), None)
        return [*events, SlotSet("requested_slot", following)]

    def go_back(
        self, dispatcher: CollectingDispatcher, asked: str, message: Reading, slots: dict[str, Any]
    ) -> list[EventType]:
        """Open the step named by a choice, or the one answered last, again."""
        named = message.first("step")
        done = [s for s in self.steps if slots.get(s) not in (None, NOT_NEEDED)]
        before = [s for s in done if self.steps.index(s) < self.steps.index(asked)] if asked in self.steps else done
        target = named if named in self.steps else (before[-1] if before else asked)
        corrected = {} if message.is_choice else self.answers_elsewhere(message, slots)
        if corrected:
            return self.take(dispatcher, asked, corrected, slots)
        return self.open_again(dispatcher, target, slots)

    def open_again(self, dispatcher: CollectingDispatcher, step: str, slots: dict[str, Any]) -> list[EventType]:
        """Ask `step` again; what followed from its old answer goes."""
        say(dispatcher, "utter_going_back")
        events = [SlotSet(step, None), SlotSet("misses", 0), *self.reopened(step, slots)]
        slots[step] = None
        return self.next_question(slots, events)

    def answers_elsewhere(self, message: Reading, slots: dict[str, Any]) -> dict[str, Any]:
        """Steps a correction such as 'no, LU3 not LU2' answers by itself."""
        values = {step: self.read(step, message, slots, asked=False) for step in self.steps}
        return {step: value for step, value in values.items() if value is not None}

    def not_followed(
        self, dispatcher: CollectingDispatcher, asked: str, message: Reading, slots: dict[str, Any]
    ) -> list[EventType]:
        """Explain the question once; the second time go on, so that nobody is held at a question."""
        misses = int(slots.get("misses") or 0)
        if message.step not in (None, asked):  # a choice of a question that is past: the question of now stands
            return self.stay(asked, misses)
        if not misses and message.intent == "affirm":  # 'yes, that's right' to what was read back
            say(dispatcher, "utter_good")
            return self.stay(asked, 1)
        if misses:
            say(dispatcher, "utter_moving_on")
            slots[asked] = SKIPPED
            return self.next_question(slots, [SlotSet(asked, SKIPPED), SlotSet("misses", 0)])
        say(dispatcher, "utter_not_followed_in_form")
        return self.stay(asked, misses + 1)

    @staticmethod
    def stay(asked: str, misses: int = 0) -> list[EventType]:
        """The question stands. Rasa takes a form that sets no slot of its own for one that was rejected."""
        return [SlotSet("misses", misses), SlotSet("requested_slot", asked)]


def leave_form() -> list[EventType]:
    """Events that close whatever form is active."""
    return [ActiveLoop(None), SlotSet("requested_slot", None)]
