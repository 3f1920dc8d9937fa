"""A turn: one patient message answered in one transaction, whatever the channel.

stored (durable) -> safety screen -> who holds the conversation? a navigator: to the desk; the bot: Rasa -> replies.
Replies, tracker events, state and outbox rows are one commit. A process that dies half-way leaves the message
unanswered in the database, and `recover` answers it at the next start: nothing is lost and nothing is said twice.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from sqlalchemy.engine import Connection, Row

from actions.surroundings import current as current_surroundings
from assistant.channels.outbox import queue_reply
from assistant.conversations import messages, people, records
from assistant.conversations.choices import chosen_payload, for_rasa, own_button, question_kind
from assistant.conversations.events import record_event
from assistant.conversations.picture import picture_of
from assistant.logs import log
from assistant.safety.guard import SafetyAnswer, may_answer_topic
from assistant.store.database import reading, transaction
from assistant.store.locks import ProcessLocks
from assistant.surroundings import TurnSurroundings

if TYPE_CHECKING:
    from assistant.house import House

Reply = dict[str, Any]


class Turns:
    """Answers conversations, one message at a time each."""

    def __init__(self, house: House) -> None:
        """`house.dialogue` may come later: until then the apology and the safety routes stand."""
        self._house = house
        self._guard = house.guard
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._processes = ProcessLocks(house.engine)

    async def answer(self, conversation_id: str) -> None:
        """Answer every message of this conversation that has none yet; safe to call any number of times."""
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        async with lock, self._processes.hold(conversation_id):
            while True:
                with reading(self._house.engine) as connection:
                    waiting = messages.unanswered(connection, conversation_id)
                if not waiting:
                    return
                await self._answer_one(conversation_id, waiting[0])

    async def recover(self) -> int:
        """Answer what a stopped process left; the number of conversations."""
        with reading(self._house.engine) as connection:
            left = messages.conversations_with_unanswered(connection)
        for conversation_id in left:
            await self.answer(conversation_id)
        return len(left)

    async def _answer_one(self, conversation_id: str, message: Row) -> None:
        """One turn. A part that fails costs the patient an apology with the contacts, never the message."""
        try:
            await self._refresh_directory()
            with transaction(self._house.engine) as connection:
                await self._turn(connection, conversation_id, message)
        except (Exception, asyncio.CancelledError) as error:
            self._roll_back(conversation_id)
            if isinstance(error, asyncio.CancelledError):
                raise
            self._apologise(conversation_id, message, error)
        except BaseException as error:
            self._roll_back(conversation_id)
            if type(error).__name__ != "ActionFailed":
                raise
            self._apologise(conversation_id, message, error)
        self._house.notifier.nudge(conversation_id)
        self._house.wake_outbox()

    async def _refresh_directory(self) -> None:
        """Take in what changed in the directory before the turn's transaction, which holds the lock loading needs."""
        directory = self._house.directory
        if directory is not None and directory.stale:
            await asyncio.to_thread(directory.refresh)

    def _roll_back(self, conversation_id: str) -> None:
        """Rasa's tracker in memory has seen what the database has not."""
        if self._house.dialogue is not None:
            self._house.dialogue.forget(conversation_id)

    async def _turn(self, connection: Connection, conversation_id: str, message: Row) -> None:
        row = records.load(connection, conversation_id, lock=True)
        offered = messages.last_offered(connection, conversation_id)
        form = (row.picture or {}).get("form")
        payload = message.payload or chosen_payload(offered, message.text) or own_button(message.text, form)
        safety = self._screened(row, message.text, payload, question_kind(offered))
        values = self._keep_safety(connection, row, message.seq, safety)
        replies: list[Reply] = list(safety.replies)
        understood: dict[str, Any] = {}
        if safety.stops or row.state == "live":
            understood = await self._understood(message.text, payload)
            if may_answer_topic(safety, understood.get("topic")):
                replies[0] = {**replies[0], "text": f"{replies[0]['text']}\n\n{self._topic(row, understood['topic'])}"}
        else:
            if row.state == "closed":
                records.change_state(connection, conversation_id, "closed", "bot", staff_id=None)
                row = records.load(connection, conversation_id)
            said, understood, values["picture"] = await self._ask_rasa(connection, row, for_rasa(message.text, payload))
            replies = beside(replies, said, understood)
            if safety.footer and replies:
                replies[-1] = {**replies[-1], "text": f"{replies[-1]['text']}\n\n{safety.footer}"}
        if values:
            records.update(connection, conversation_id, **values)
        sender = "system" if row.state == "live" else "bot"
        self._say(connection, row, sender, replies)
        # What was not read well is kept for the editors, beside what patients are sent; nothing a person or a safety
        # route took care of.
        closest = understood.pop("closest", [])
        ours = not (safety.stops or safety.risks or row.state == "live")
        extra = {"understood": {**understood, "risks": safety.risks}, **({"closest": closest} if closest and ours else {})}
        messages.mark_answered(connection, conversation_id, message.seq, **extra)

    def _screened(self, row: Row, text: str, payload: str | None, question: str | None) -> SafetyAnswer:
        return self._guard.answer(
            text, channel=row.channel, practice=row.practice, state=row.safety, chosen=payload, question=question,
            in_form=bool((row.picture or {}).get("form")), safe_to_text=row.safe_to_text,
        )  # fmt: skip

    def _keep_safety(self, connection: Connection, row: Row, seq: int, safety: SafetyAnswer) -> dict[str, Any]:
        """Put the message before the team, and return the columns to change."""
        if safety.failed:
            log.error("safety screen failed", conversation=row.id)
        if safety.alert:
            people.flag_risk(connection, row.id, row.practice, seq, safety.risks)
        if safety.risks:
            record_event(connection, "risk_flagged", row.id, row.practice, risks=safety.risks)
        values: dict[str, Any] = {}
        if safety.state != (row.safety or {}):
            values["safety"] = safety.state
        if safety.safe_to_text is not None:
            values["safe_to_text"] = safety.safe_to_text
        return values

    async def _understood(self, text: str, payload: str | None) -> dict[str, Any]:
        """The reading of a message that is not the bot's to answer; nothing when there is no model."""
        if self._house.dialogue is None or payload:
            return {}
        try:
            return await self._house.dialogue.understand(for_rasa(text, None))
        except Exception as error:
            log.error("understanding failed", error=type(error).__name__)
            return {}

    def _topic(self, row: Row, topic: str) -> str:
        return self._house.programme.answer_text(topic, row.practice, "sms" if row.channel == "sms" else "web")

    async def _ask_rasa(
        self, connection: Connection, row: Row, text: str
    ) -> tuple[list[Reply], dict[str, Any], dict[str, Any]]:
        """Rasa's replies, its reading and the picture for the desk."""
        if self._house.dialogue is None:
            raise RuntimeError("the dialogue model is not loaded")
        here = TurnSurroundings(self._house, connection, row)
        token = current_surroundings.set(here)
        try:
            said = await self._house.dialogue.talk(connection, row.id, row.channel, text)
        finally:
            current_surroundings.reset(token)
        replies = [as_reply(reply) for reply in said.replies] + [{"text": text} for text in here.texts]
        replies = joined([reply for reply in replies if reply["text"] or reply.get("services")])
        if not replies:
            # Rasa's ten-action breaker ends a turn quietly; the patient must not be met with silence.
            log.error("empty turn", conversation=row.id)
            raise RuntimeError("the dialogue said nothing")
        return replies, said.understood, picture_of(said.slots, said.active_form)

    def _say(self, connection: Connection, row: Row, sender: str, replies: list[Reply]) -> None:
        """Store the replies, and hand them to the outbox where the channel is a phone."""
        stored = []
        for reply in replies:
            seq = messages.append(connection, row.id, sender, **reply)
            stored.append({"seq": seq, "text": reply["text"], "choices": reply.get("choices") or [],
                           "services": reply.get("services") or []})  # fmt: skip
        if row.channel == "sms" and stored:
            queue_reply(connection, row, stored, key_prefix=row.id)

    def _apologise(self, conversation_id: str, message: Row, error: BaseException) -> None:
        """A transaction of its own, without Rasa: plain words, the contacts, and a note for the team."""
        log.error("turn failed", conversation=conversation_id, error=type(error).__name__)
        with transaction(self._house.engine) as connection:
            row = records.load(connection, conversation_id, lock=True)
            safety = self._screened(row, message.text, message.payload, None)
            values = self._keep_safety(connection, row, message.seq, safety)
            if values:
                records.update(connection, conversation_id, **values)
            if not safety.stops:
                people.add_task(connection, conversation_id, row.practice, "message", message.text)
            replies = safety.replies or [apology(self._house, row)]
            self._say(connection, row, "bot", replies)
            messages.mark_answered(connection, conversation_id, message.seq, understood={"risks": safety.risks})


def apology(house: House, row: Row) -> Reply:
    """Said when a part of us fails; needs nothing but the programme's facts."""
    facts = house.programme.facts(row.practice)
    return {
        "text": (
            "Sorry, something on our side is not working just now. Your message is kept, and I have passed it to the "
            f"team at {facts['practice_name']}. You can ring them on {facts['practice_phone']}. "
            f"If it is urgent, call NHS {facts['nhs_111']}. If a life is in danger, call {facts['emergency_999']}."
        )
    }


def beside(first: list[Reply], said: list[Reply], understood: dict[str, Any]) -> list[Reply]:
    """Rasa's replies after the screen's one plain line; a fuller answer to a medical question takes its place."""
    if not first or not said:
        return first or said
    if understood.get("intent") == "clinical_question" and set(first[0].get("risks") or []) == {"medication_clinical"}:
        return [{**said[0], "risks": first[0]["risks"], "contacts": first[0]["contacts"]}, *said[1:]]
    return [*first, *said]


def as_reply(reply: dict[str, Any]) -> Reply:
    """A Rasa reply as keyword arguments of `messages.append`."""
    custom = reply.get("custom") or {}
    out: Reply = {"text": reply["text"]}
    if reply.get("buttons"):
        out["choices"] = [{"label": b["title"], "value": b["payload"]} for b in reply["buttons"]]
    if custom.get("services"):
        out["services"] = custom["services"]
    if custom.get("topic"):
        out["topic"] = custom["topic"]
    return out


def joined(replies: list[Reply]) -> list[Reply]:
    """Plain lead-in lines become part of the message they lead to, so that a turn reads as one thing."""
    out: list[Reply] = []
    for reply in replies:
        plain_before = out and not out[-1].keys() - {"text"}
        if plain_before:
            out[-1] = {**reply, "text": f"{out[-1]['text']}\n\n{reply['text']}".strip()}
        else:
            out.append(reply)
    return out


__all__ = ["SafetyAnswer", "Turns", "apology", "as_reply", "beside", "joined"]
