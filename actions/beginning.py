"""How a check-in begins, from a choice, from a need told or after something came between."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.about_what_is_shown import plain
from actions.check_in import STEPS
from actions.meant_here import undoes
from actions.reading import Reading
from actions.say import listed, say
from actions.step_answers import WISH_STEPS, in_passing
from actions.stepped_form import NOT_NEEDED, SKIPPED, leave_form
from actions.surroundings import surroundings
from actions.told_needs import SURE_OF_A_NEED, TELLS_NEEDS, condole, misheard
from actions.wishes import NEED_WORDS, add_wishes, tells_kind


class ActionBeginCheckIn(Action):
    """Starts the check-in, with everything the person has said already filled in."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_begin_check_in"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Explain in one line, fill in what is known, hand over to the form."""
        return begin_check_in(dispatcher, tracker)


def begin_check_in(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """Events that start the check-in from whatever was just said, or take it up where it was left."""
    message, slots = Reading(tracker), dict(tracker.slots)
    undone = take_back_refusal(dispatcher, message, slots)
    wishes = add_wishes(slots.get("wishes"), message)
    before = list(slots.get("needs") or [])
    sure = message.confidence >= SURE_OF_A_NEED  # otherwise it is asked what matters, and nothing is put into anybody's mouth
    heard = [need for need in message.needs if need not in misheard(message, message.needs)]
    told_needs = heard if message.intent in (*TELLS_NEEDS, "start_check_in") and sure else []
    needs = list(dict.fromkeys([*before, *told_needs]))
    events: list[EventType] = [*undone, *leave_form(), SlotSet("wishes", wishes), SlotSet("needs", needs), SlotSet("misses", 0),
                               SlotSet("check_in_paused", None), SlotSet("looking_for", None)]  # fmt: skip
    resumed = any(slots.get(step) not in (None, NOT_NEEDED) for step in STEPS)
    says_it = sure and (bool(message.needs) or tells_kind(message))  # 'help me find support' does not say what matters
    if message.intent in ("describe_need", "find_service") and len(message.words.split()) > 3 and says_it:
        told = slots.get("what_matters")
        words = f"{told} {message.words}" if told and told != SKIPPED else message.words
        events.append(SlotSet("what_matters", words[:1000]))
    elif slots.get("what_matters") is None and needs:
        events.append(SlotSet("what_matters", message.words[:1000] or listed([NEED_WORDS[n] for n in needs])))
    for step, kinds in WISH_STEPS.items():
        told_wishes = [wishes[k] for k in kinds if wishes.get(k)]
        if slots.get(step) is None and told_wishes and not (step == "access_needs" and in_passing(wishes)):
            flat = [str(x) for v in told_wishes for x in (v if isinstance(v, list) else [v])]
            flat = [f"not {x}" if x in (wishes.get("day_not") or ()) else x for x in flat]
            events.append(SlotSet(step, ", ".join(flat)))
    events.append(SlotSet("summary_ok", None))
    if message.intent != "describe_need":  # action_hear_need has said so
        condole(dispatcher, message, before)
    if resumed and needs == before:
        say(dispatcher, "utter_check_in_resumes")
    elif not resumed:
        surroundings().record("check_in_started")
        say(dispatcher, "utter_check_in_begins")
    if needs != before:
        say(dispatcher, "utter_needs_heard", needs=listed([NEED_WORDS[n] for n in needs]))
        events.append(SlotSet("read_back", {"turn": surroundings().turn, "needs": needs}))
    return [*events, FollowupAction("check_in_form")]


def take_back_refusal(dispatcher: CollectingDispatcher, message: Reading, slots: dict[str, Any]) -> list[EventType]:
    """What undoes a refusal that was heard where none was meant, its record with it; nothing where none was."""
    if not message.words or not undoes(plain(message.words), slots, surroundings().turn):
        return []
    surroundings().withdraw_decline()
    say(dispatcher, "utter_refusal_undone")
    return [SlotSet("decline_stage", None), SlotSet("declined_turn", None), SlotSet("decline_reason", None), SlotSet("decline_more", None)]
