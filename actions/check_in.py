"""The light needs check-in: what matters, how it could suit, optional wellbeing questions, a summary to correct."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.about_person import hard_to_get_about
from actions.changing import leaves_it, step_to_change
from actions.comes_and_goes import has_had_enough
from actions.meant_here import REFUSALS, says_no_plainly
from actions.reading import Reading
from actions.say import listed, say
from actions.step_answers import NO_PREFERENCE, WISH_STEPS, read_wish, with_odd_words
from actions.stepped_form import NOT_NEEDED, SKIPPED, SteppedForm
from actions.summary import spoken
from actions.surroundings import surroundings
from actions.told_needs import (
    SURE_OF_A_NEED,
    TELLS_NEEDS,
    condole,
    new_needs,
    read_back_just_now,
    surely_told,
    taken_off,
)
from actions.wellbeing import LONELINESS, ONS4, read_lonely, read_score
from actions.wishes import NEED_WORDS, add_wishes

# At the summary these agree; as a first word of something longer they do not.
THAT_IS_IT = re.compile(r"(?:(?:yes|no|nah),? )?(?:that'?s|it'?s|thats|its) (?:all )?(?:it|right|all|correct|fine|me|the lot|ok|okay|good)\W*$")
INSTEAD = re.compile(r"[,;]|\b(?:but|just|instead|rather)\b")  # 'not computers, just company'
STEPS = ("what_matters", *WISH_STEPS, "wellbeing_offer", *ONS4, *LONELINESS, "summary_ok")
PLAINLY_NO = 0.85
YES = ("affirm",)
NO = ("deny", "skip")
ODD = frozenset({"out_of_scope", "chitchat"})
A_FEW_WORDS = 4
WILLING = re.compile(r"^(?:i (?:am|'m|would be)|i'?m|im) (?:quite |very |perfectly )?(?:willing|happy|glad|prepared)\b|^(?:go on then|if you (?:like|want|must)|(?:i )?do(?:n'?t| not) mind(?: answering)?)\b")
OF_IT_ALL = re.compile(r"\b(?:not interested|leave me|forget (?:it|this)|any of (?:this|it)|all this|whole (?:thing|lot)|programme|groups?|stop (?:this|it|now)|waste)\b")
ENOUGH_WORDS = 300  # letters of wishes kept for the search
# 'No' is no answer to these, so after a read-back it is to that.
NOT_ANSWERED_BY_NO = frozenset({"where", "when"})


class ValidateCheckInForm(SteppedForm):
    """Reads answers of the check-in."""

    form = "check_in_form"
    steps = STEPS
    free_text = frozenset({"what_matters"})
    stays_with = frozenset({"find_service", "describe_need", "start_check_in"})

    def needed(self, step: str, slots: dict[str, Any]) -> bool:
        """The wellbeing questions only when they were welcome."""
        return slots.get("wellbeing_offer") == "yes" if step in ONS4 or step in LONELINESS else True

    def read(self, step: str, message: Reading, slots: dict[str, Any], asked: bool) -> Any:
        """Wishes by their entities whenever they are told; the rest only when asked."""
        if step == "what_matters":
            return read_what_matters(message, asked)
        if step in WISH_STEPS:
            return read_wish(step, message, slots, asked)
        if not asked:
            return None
        if step in ONS4:
            return read_score(message)
        if step in LONELINESS:
            return read_lonely(step, message)
        if message.answer in ("yes", "no"):
            return message.answer if step == "wellbeing_offer" or message.answer == "yes" else None
        if step == "wellbeing_offer":
            return welcomes_questions(message)
        if THAT_IS_IT.match(message.words.lower()):
            return "yes"
        return "yes" if message.intent in (*YES, "more_results") and not message.needs else None

    def steps_aside(self, asked: str, message: Reading) -> bool:
        """'No, she wants company, not exercise' puts something right; only a plain no ends the check-in."""
        putting_right = message.is_correction or message.has_wishes or "not_wanted" in message.entities
        if message.intent == "decline_programme" and putting_right and message.confidence < PLAINLY_NO:
            return False
        if asked in WISH_STEPS and message.intent != "describe_need" and not message.is_question and hard_to_get_about(message.words):
            return False  # 'I use a stick': noted, whatever advice it sounds like asking for
        if asked == "wellbeing_offer" and turns_down_these(message):
            return False
        if asked in WISH_STEPS and message.intent in REFUSALS and not message.is_choice and not says_no_plainly(message.words):
            if any(read_wish(step, message, {}, asked=step == asked) for step in WISH_STEPS):
                return False  # 'I used to drive, not any more. The bus': no to a car is no to nothing else
        if asked in WISH_STEPS and message.intent in ODD and not message.is_question and 0 < len(message.words.split()) <= A_FEW_WORDS:
            return False  # 'purple': asked once more, then left; answering it as small talk would ask for ever
        return super().steps_aside(asked, message)

    def reopened(self, step: str, slots: dict[str, Any]) -> list[EventType]:
        """Asked again, what matters and the wishes begin from nothing."""
        return reopened(step, slots)

    def heard(
        self, dispatcher: CollectingDispatcher, asked: str, given: dict[str, Any], slots: dict[str, Any]
    ) -> None:
        """What was told for another question is said back, so that nobody wonders whether it was heard."""
        others = [spoken(given[step]) for step in given if step != asked and step in WISH_STEPS]
        if others and asked != "what_matters":  # after a long story the summary says it all
            say(dispatcher, "utter_noted", noted=listed(others))

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Let the steps read the message, then gather the needs and wishes in it."""
        message, asked = Reading(tracker), tracker.get_slot("requested_slot")
        if asked and not message.is_choice and asked != "what_matters" and has_had_enough(message.words):
            return self.no_more(dispatcher, dict(tracker.slots))
        off = taken_off(message.words, list(tracker.get_slot("needs") or []), read_back_just_now(dict(tracker.slots))) if asked else []
        if off:
            return self.without(dispatcher, asked, message, off, dict(tracker.slots))
        if asked and asked not in (*ONS4, *LONELINESS) and not self.asks_something(asked, message):
            condole(dispatcher, message, tracker.get_slot("needs"))
        events = self.put_right(dispatcher, asked, message, dict(tracker.slots)) if asked and message.words else None
        if events is None:
            events = await super().run(dispatcher, tracker, domain)
        if not events or not asked or (message.step and message.step not in STEPS):
            return events
        set_now = {e["name"]: e["value"] for e in events if e.get("event") == "slot"}
        held = {**tracker.slots, **set_now}
        extra: list[EventType] = []
        wishes = wishes_after(message, held, set_now)
        if wishes != (held.get("wishes") or {}):
            extra.append(SlotSet("wishes", wishes))
        before = list(held.get("needs") or [])
        answered = asked in WISH_STEPS and any(set_now.get(step) is not None for step in WISH_STEPS)
        needs = new_needs(message, asked, held, answered)
        if needs is not None:
            added = needs[len(before) :] if needs[: len(before)] == before and asked != "what_matters" else []
            said = added if before and added else needs  # later on only what is new: a 'no' is then to that alone
            extra += [SlotSet("needs", needs), SlotSet("read_back", {"turn": surroundings().turn, "needs": said})]
            say(dispatcher, "utter_needs_added" if said is added else "utter_needs_heard", needs=listed([NEED_WORDS[n] for n in said]))
        return [*events, *extra]

    def no_more(self, dispatcher: CollectingDispatcher, slots: dict[str, Any]) -> list[EventType]:
        """Every question that is left is skipped, the summary too: whoever has had enough is shown what there is."""
        say(dispatcher, "utter_no_more_questions")
        left = {step: SKIPPED for step in STEPS if slots.get(step) is None}
        left |= {step: NOT_NEEDED for step in (*ONS4, *LONELINESS) if slots.get(step) is None}
        left |= {"wellbeing_offer": slots.get("wellbeing_offer") or "no", "summary_ok": "yes"}
        return [*(SlotSet(step, value) for step, value in left.items()), SlotSet("misses", 0), SlotSet("requested_slot", None)]

    def put_right(
        self, dispatcher: CollectingDispatcher, asked: str, message: Reading, slots: dict[str, Any]
    ) -> list[EventType] | None:
        """What is said of an earlier answer or of what was read back, whatever is asked now; None when it is neither."""
        which_one = asked == "summary_ok" and slots.get("changing") == surroundings().turn - 1
        if which_one and leaves_it(message.words):
            say(dispatcher, "utter_left_as_it_is")
            return self.take(dispatcher, asked, {asked: "yes"}, slots)
        if message.rejects and not message.needs and not message.has_wishes and read_back_just_now(slots):
            return self.misread(dispatcher, asked, slots)
        step = step_to_change(message.words, naming=which_one)
        told = self.read(step, message, slots, asked=False) if step else None
        if step is None or (told is None and slots.get(step) in (None, NOT_NEEDED) and not which_one):
            return None  # nothing was answered yet that could be changed
        return self.open_again(dispatcher, step, slots) if told is None else self.take(dispatcher, asked, {step: told}, slots)

    def without(
        self, dispatcher: CollectingDispatcher, asked: str, message: Reading, off: list[str], slots: dict[str, Any]
    ) -> list[EventType]:
        """Needs said away go; what the same words ask for instead is taken. With none left, what matters is asked anew."""
        held = list(slots.get("needs") or [])
        other = INSTEAD.search(message.words.lower()) and message.confidence >= SURE_OF_A_NEED
        instead = [need for need in message.needs if other and need not in (*off, *held)]
        left = [*(need for need in held if need not in off), *instead]
        say(dispatcher, "utter_need_taken_off", needs=listed([NEED_WORDS[need] for need in off]))
        if not left:
            events = [SlotSet("what_matters", None), *self.reopened("what_matters", slots)]
            return self.next_question({**slots, "what_matters": None}, events)
        told = add_wishes(slots.get("wishes"), message)
        wishes = {key: value for key, value in told.items() if key != "online" or value == (slots.get("wishes") or {}).get("online")}
        events = [SlotSet("needs", left), SlotSet("wishes", wishes)]  # 'not the computers bit' says nothing of being online
        if instead:
            say(dispatcher, "utter_needs_added", needs=listed([NEED_WORDS[need] for need in instead]))
            events.append(SlotSet("read_back", {"turn": surroundings().turn, "needs": instead}))
        return [*events, *self.stay(asked)]

    def misread(self, dispatcher: CollectingDispatcher, asked: str, slots: dict[str, Any]) -> list[EventType]:
        """What was read back last is taken out again; when nothing else was told, what matters is asked anew."""
        say(dispatcher, "utter_got_it_wrong")
        wrong = read_back_just_now(slots)
        kept = [need for need in slots.get("needs") or [] if need not in wrong]
        if kept:
            return [SlotSet("needs", kept), *self.stay(asked)]
        events = [SlotSet("what_matters", None), *self.reopened("what_matters", slots)]
        return self.next_question({**slots, "what_matters": None}, events)

    def not_followed(
        self, dispatcher: CollectingDispatcher, asked: str, message: Reading, slots: dict[str, Any]
    ) -> list[EventType]:
        """A need told in the middle is taken, and the question stays; 'no' is to what was read back, or no wish."""
        if new_needs(message, asked, slots) and (surely_told(message) or message.is_correction):
            return [*searched_by(message, slots), *self.stay(asked)]
        if message.intent in ("deny", "reject_results") or message.answer == "no":
            if asked == "summary_ok":  # its question asks what to change instead
                return [SlotSet("changing", surroundings().turn), *self.stay(asked)]
            if asked in NOT_ANSWERED_BY_NO and read_back_just_now(slots):
                return self.misread(dispatcher, asked, slots)
            if asked in NO_PREFERENCE:
                return self.take(dispatcher, asked, {asked: NO_PREFERENCE[asked]}, slots)
        if asked == "summary_ok" and (message.needs or message.has_wishes):
            return self.stay(asked)
        if message.intent in TELLS_NEEDS and surely_told(message) and not message.has_wishes and asked in (*WISH_STEPS, "wellbeing_offer"):
            say(dispatcher, "utter_heard")  # 'is there one where they play cards': of a need that is known
            return [*searched_by(message, slots), *self.stay(asked)]
        if asked in WISH_STEPS and (told := hard_to_get_about(message.words)):
            say(dispatcher, "utter_noted", noted=listed(told))  # among the wishes, where `run` puts it
            return self.stay(asked)
        odd = asked in WISH_STEPS and message.intent not in ("affirm", "skip") and not surroundings().no_capture
        kept = with_odd_words(slots.get("wishes"), message.words) if odd else slots.get("wishes")
        events = super().not_followed(dispatcher, asked, message, slots)
        return [*events, SlotSet("wishes", kept)] if kept != slots.get("wishes") else events


def welcomes_questions(message: Reading) -> str | None:
    """Yes or no to the optional questions. 'Why do you want to know how happy I am. No' turns down these, and not the whole thing."""
    if message.intent in YES or (not message.is_question and WILLING.search(message.words.lower())):
        return "yes"
    return "no" if message.intent in NO or turns_down_these(message) else None


def turns_down_these(message: Reading) -> bool:
    """A no that names nothing of the whole programme."""
    return message.intent in REFUSALS and not message.is_choice and not OF_IT_ALL.search(message.words.lower())


def wishes_after(message: Reading, held: dict[str, Any], set_now: dict[str, Any]) -> dict[str, Any]:
    """The wishes with the message's own in them. An answer given anew takes the place of what its question held before."""
    before = dict(held.get("wishes") or {})
    for step, kinds in WISH_STEPS.items():
        replaces = step == message.step or (set_now.get(step) is not None and step_to_change(message.words) == step)
        in_words = set_now.get(step) is not None and not any(kind in message.entities for kind in kinds)
        if step == "access_needs" and set_now.get(step) == NO_PREFERENCE[step]:
            continue  # nothing more is needed: what was told in passing stays
        for kind in kinds if replaces or in_words else ():
            before.pop(kind, None)
    wishes = add_wishes(before, message)
    if set_now.get("where") not in (None, SKIPPED) and "place" not in message.entities:
        wishes["place"] = str(set_now["where"])  # 'LU1, I can't drive', when asked
    return wishes


def searched_by(message: Reading, slots: dict[str, Any]) -> list[EventType]:
    """'Swimming maybe', 'where they play dominoes', told in the middle: what is looked for goes by these words too."""
    if message.intent not in TELLS_NEEDS or not message.words:
        return []
    return [SlotSet("search_words", f"{slots.get('search_words') or ''} {message.words}".strip()[-ENOUGH_WORDS:])]


def read_what_matters(message: Reading, asked: bool) -> str | None:
    """Free words, when asked; out of turn the needs alone are gathered."""
    if not asked:
        return None
    if message.is_choice:
        return message.answer
    return None if message.intent in ("skip", "deny", "affirm") else message.words or None


def reopened(step: str, slots: dict[str, Any]) -> list[EventType]:
    """What followed from a step's old answer is dropped: needs of what matters, the wishes of a wish."""
    if step == "what_matters":
        return [SlotSet("needs", []), SlotSet("search_words", None)]
    wishes = dict(slots.get("wishes") or {})
    kept = {key: value for key, value in wishes.items() if key not in WISH_STEPS.get(step, ())}
    return [SlotSet("wishes", kept)] if kept != wishes else []
