"""The dialogue as the rest of the house sees it: a message in, replies and a reading of the message out."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection

from assistant.dialogue.light import stand_in_for_tensorflow

stand_in_for_tensorflow()

from rasa.core.agent import Agent  # noqa: E402 - after the stand-in
from rasa.core.channels.channel import UserMessage  # noqa: E402
from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered  # noqa: E402
from rasa.shared.core.trackers import DialogueStateTracker  # noqa: E402

from actions.about_the_call import put_right  # noqa: E402
from actions.about_the_questions import plainly_meant  # noqa: E402
from actions.about_what_is_shown import settled  # noqa: E402
from actions.beside_the_wish import WISHES_FOR_A_PERSON, beside_the_wish  # noqa: E402
from actions.handover import waiting_choices  # noqa: E402
from actions.meant_here import meant_here  # noqa: E402
from actions.say import buttons  # noqa: E402
from actions.suggestions import on_screen  # noqa: E402
from actions.surroundings import Surroundings  # noqa: E402
from actions.surroundings import current as current_surroundings  # noqa: E402
from assistant.dialogue.action_endpoint import InProcessActions, make_action_calls_cheap  # noqa: E402
from assistant.dialogue.channel import TurnChannel  # noqa: E402
from assistant.dialogue.cheaper_rasa import make_rasa_cheaper  # noqa: E402
from assistant.dialogue.locks import AsyncioLockStore  # noqa: E402
from assistant.dialogue.trackers import TransactionTrackerStore, current_connection  # noqa: E402
from assistant.dialogue.words import PracticeWords  # noqa: E402

CLOSEST = 3  # readings kept of a message that was not read well
# Confidences are true to life (benchmarks/understanding.py): below this a reading is likelier wrong than right.
SURE = 0.5


@dataclass
class Said:
    """What came of one message: the bot's replies, how the message was read, and the slots afterwards."""

    replies: list[dict[str, Any]]
    understood: dict[str, Any]
    slots: dict[str, Any] = field(default_factory=dict)
    active_form: str | None = None


class Dialogue:
    """A loaded Rasa model with our stores and actions around it."""

    def __init__(self, model: Path) -> None:
        """Load `model`.

        Raises:
            rasa.exceptions.ModelNotFound: no model there.
        """
        make_action_calls_cheap()
        make_rasa_cheaper()
        self.trackers = TransactionTrackerStore(Domain.empty())
        self._agent = Agent(
            action_endpoint=InProcessActions(), lock_store=AsyncioLockStore(), generator=PracticeWords()
        )
        # Around the fail-safe wrapper, which would reply although nothing was saved.
        self._agent.tracker_store = self.trackers
        self._agent.load_model(str(model))
        self.model = model

    async def talk(
        self, connection: Connection, conversation_id: str, channel: str, text: str, tracked: int | None = None
    ) -> Said:
        """Take one message through Rasa inside `connection`'s transaction. `tracked`: how many events it keeps, where known.

        Raises:
            ActionFailed: an action raised; roll back and say so.
        """
        output = TurnChannel(channel)
        token = current_connection.set(connection)
        if tracked is not None:
            self.trackers.counted(connection, conversation_id, tracked)
        try:
            slots, form = await self._as_it_stands(conversation_id)
            text = plainly_meant(text, slots, form)
            parse = await self._agent.parse_message(text)
            if here := current_surroundings.get(None):
                # What stands on the screen decides before the classifier's guess; where it does not, what stands booked.
                read = settled(text, dict(parse), slots, form, on_screen(slots), here.saved, partial(offered, here), partial(shown_now, here, slots))
                if read["intent"] == parse["intent"]:
                    read = put_right(read, form, here)
                parse = read if read["intent"] != parse["intent"] else meant_here(read, slots, form, here, on_screen(slots))
                parse = await self._with_needs(dict(parse), here)
            message = UserMessage(text, output, conversation_id, input_channel=channel, parse_data=parse)
            await self._agent.handle_message(message)
            tracker = await self.trackers.retrieve(conversation_id)
        except BaseException:
            self.trackers.forget(conversation_id)
            raise
        finally:
            current_connection.reset(token)
        assert tracker is not None, "Rasa saved no tracker"
        understood = reading_of(tracker.latest_message.parse_data if tracker.latest_message else {})
        if not missed(tracker, understood):
            understood["closest"] = []
        if here and here.state == "waiting" and tracker.active_loop_name is None:
            keep_ways_out(output.replies, channel)
        return Said(
            replies=output.replies,
            understood=understood,
            slots=tracker.current_slot_values(),
            active_form=tracker.active_loop_name,
        )

    async def _with_needs(self, parse: dict[str, Any], here: Surroundings) -> dict[str, Any]:
        """A wish for a person with the needs of what is told beside it, and no others: 'talk to someone' is no loneliness."""
        text = str(parse.get("text") or "")
        if text.startswith("/") or (parse.get("intent") or {}).get("name") not in WISHES_FOR_A_PERSON:
            return parse
        told = beside_the_wish(text, here.facts.get("navigator_name", ""))
        beside = await self._agent.parse_message(told) if told else {}
        reading = parse.get("reading") or {}
        heard = [need for need in reading.get("needs") or [] if told and need != "loneliness"]
        needs = list(dict.fromkeys([*heard, *((beside.get("reading") or {}).get("needs") or [])]))
        return {**parse, "reading": {**reading, "needs": needs}}

    async def _as_it_stands(self, conversation_id: str) -> tuple[dict[str, Any], str | None]:
        """Slots, and the form that waits for an answer. One open before a navigator came is set aside, not asked on with."""
        tracker, here = await self.trackers.retrieve(conversation_id), current_surroundings.get(None)
        if tracker is None:
            return {}, None
        form = tracker.active_loop_name
        if form is not None and here is not None and here.met_navigator():
            paused = form == "check_in_form" or bool(tracker.get_slot("check_in_paused"))
            for event in (ActiveLoop(None), SlotSet("requested_slot", None), SlotSet("offer", None), SlotSet("check_in_paused", paused)):
                tracker.update(event)
            await self.trackers.save(tracker)
        return tracker.current_slot_values(), tracker.active_loop_name

    async def understand(self, text: str) -> dict[str, Any]:
        """How `text` is read on its own; makes no conversation."""
        return reading_of(await self._agent.parse_message(text))

    def forget(self, conversation_id: str) -> None:
        """Drop what is kept in memory of a conversation (rolled back, or erased)."""
        self.trackers.forget(conversation_id)


def keep_ways_out(replies: list[dict[str, Any]], channel: str) -> None:
    """In the queue the last reply leads out of it too, since choices go when more is said; by text there is room for no more."""
    if not replies:
        return
    last, ways = replies[-1], buttons(waiting_choices())
    asked_for = {"/talk_to_human", *(way["payload"] for way in ways)}
    own = [choice for choice in last.get("buttons") or [] if choice["payload"] not in asked_for]
    if channel == "sms" and not (last.get("custom") or {}).get("services"):
        own = []
    last["buttons"] = [*own, *ways]


def offered(here: Surroundings) -> list[str]:
    """The payloads of the choices below the newest reply."""
    return [choice["value"] for said in here.last_said()[-1:] for choice in said["choices"]]


def shown_now(here: Surroundings, slots: dict[str, Any]) -> list[dict[str, Any]]:
    """The services on the screen that may still be seen."""
    return [service for service in map(here.service, slots.get("shown") or []) if service]


def reading_of(parse: dict[str, Any]) -> dict[str, Any]:
    """Rasa's parse as `{intent, topic, confidence, needs, reason, entities, closest}`, ids of the taxonomy.

    `closest` holds up to three `[finest label, probability]`, likeliest first; nothing for a pressed choice. It is for
    the editors' page: the callers keep it out of what patients and gateways are sent.
    """
    intent = parse.get("intent") or {}
    entities: dict[str, Any] = {}
    for entity in parse.get("entities") or []:
        values = entities.setdefault(entity["entity"], [])
        if entity.get("value") not in values:
            values.append(entity.get("value"))
    reading = parse.get("reading") or {}
    return {
        "intent": reading.get("intent") or intent.get("name"),
        "topic": reading.get("topic"),
        "confidence": round(float(intent.get("confidence") or 0.0), 3),
        "needs": list(reading.get("needs") or []),
        "reason": reading.get("reason"),
        "entities": entities,
        "closest": closest_of(reading.get("ranking") or []),
    }


def closest_of(ranking: list[tuple[str, float]]) -> list[list[Any]]:
    """The likeliest things it could have been about; that it is none of our business names nothing to learn."""
    return [[label, chance] for label, chance in ranking if label != "out_of_scope"][:CLOSEST]


def missed(tracker: DialogueStateTracker, understood: dict[str, Any]) -> bool:
    """Whether the newest message was not read well: not followed, read with little confidence, or none of our business.

    Never for what is typed into a form: names, numbers and postcodes stand there, and their reading does not matter.
    """
    first = None  # what the message led to; later in a turn Rasa runs action_not_understood for want of a rule
    events = reversed(tracker.events)
    for event in events:
        if isinstance(event, UserUttered):
            break
        if isinstance(event, ActionExecuted):
            first = event.action_name
    well = understood["intent"] != "out_of_scope" and understood["confidence"] >= SURE
    if not understood["closest"] or (well and first != "action_not_understood"):
        return False
    loop = next((event for event in events if isinstance(event, ActiveLoop)), None)  # as it was before the message
    return loop is None or loop.name is None
