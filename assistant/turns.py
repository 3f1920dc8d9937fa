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
from assistant.channels import outbox_rows, texting
from assistant.channels.outbox import queue_reply, was_queued
from assistant.channels.sms import opt_outs, silenced
from assistant.channels.web_state import state_of
from assistant.conversations import messages, people, records
from assistant.conversations.choices import (
    chosen_payload,
    for_rasa,
    own_button,
    question_kind,
    thumb_in_words,
)
from assistant.conversations.events import record_event
from assistant.conversations.picture import picture_of
from assistant.conversations.standing import standing
from assistant.logs import log
from assistant.pathway import after_session, closing, referral_words
from assistant.safety.answer import SafetyAnswer
from assistant.safety.guard import may_answer_topic
from assistant.store.database import reading, transaction
from assistant.store.locks import ProcessLocks
from assistant.surroundings import TurnSurroundings
from assistant.turn_replies import Reply, apology, as_reply, beside, joined, without_choices

if TYPE_CHECKING:
    from assistant.house import House

CALLS = frozenset({"talk_to_human", "book_callback"})  # readings that are a request for a person


class DirectoryChanged(Exception):
    """The listings must be loaded anew before the turn."""


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
            waiting = await self._answer_one(conversation_id)
            # One that comes meanwhile brings a call of its own, which waits at the lock.
            for message in waiting:
                await self._answer_one(conversation_id, message)

    async def recover(self) -> int:
        """Answer what a stopped process left; the number of conversations."""
        with reading(self._house.engine) as connection:
            left = messages.conversations_with_unanswered(connection)
        for conversation_id in left:
            await self.answer(conversation_id)
        return len(left)

    async def _answer_one(self, conversation_id: str, message: Row | None = None, fresh: bool = False) -> list[Row]:
        """One turn, of `message` or of the first that waits; what waits behind it. `fresh`: the directory was looked at.

        A part that fails costs the patient an apology with the contacts, never the message.
        """
        behind: list[Row] = []
        texts = True
        try:
            with transaction(self._house.engine) as connection:
                if message is None:
                    message, *behind = messages.unanswered(connection, conversation_id) or (None,)
                if message is None:
                    return []
                directory = self._house.directory
                row = standing(connection, conversation_id, listings=directory is not None)
                # Loading listings waits for the lock that the turn holds: it is done between two transactions.
                if directory is not None and not fresh and directory.number != (row.listings or 0):
                    raise DirectoryChanged
                await self._turn(connection, row, message)
                texts = was_queued(connection)
        except DirectoryChanged:
            await self._refresh_directory()
            return [*await self._answer_one(conversation_id, message, fresh=True), *behind]
        except (Exception, asyncio.CancelledError) as error:
            self._roll_back(conversation_id)
            if isinstance(error, asyncio.CancelledError) or message is None:
                raise
            self._apologise(conversation_id, message, error)
        except BaseException as error:
            self._roll_back(conversation_id)
            if type(error).__name__ != "ActionFailed" or message is None:
                raise
            self._apologise(conversation_id, message, error)
        self._house.notifier.nudge(conversation_id)
        if texts:
            self._house.wake_outbox()
        return behind

    async def _refresh_directory(self) -> None:
        """Take in what changed in the directory before the turn's transaction, which holds the lock loading needs."""
        try:
            assert self._house.directory is not None
            await asyncio.to_thread(self._house.directory.refresh)
        except Exception as error:  # the listings last loaded go on being searched
            log.error("directory not refreshed", error=type(error).__name__)

    def _roll_back(self, conversation_id: str) -> None:
        """Rasa's tracker in memory has seen what the database has not."""
        if self._house.dialogue is not None:
            self._house.dialogue.forget(conversation_id)

    async def _turn(self, connection: Connection, row: Row, message: Row) -> None:
        conversation_id, stood = row.id, row
        offered = list(row.newest_choices or [])
        if (message.extra or {}).get("from_web"):
            offered = texting.texted_choices(connection, conversation_id, offered)
        form = (row.picture or {}).get("form")
        payload = message.payload or chosen_payload(offered, message.text) or own_button(message.text, form)
        safety = self._screened(connection, row, thumb_in_words(message.text), payload, question_kind(offered))
        was_silent = row.channel == "sms" and opt_outs.stopped(connection, row.phone)
        understood: dict[str, Any] = {}
        if safety.stops or row.state == "live" or was_silent or safety.state.get("active"):
            understood = await self._understood(message.text, payload)
        if not safety.stops and row.state != "live" and _refuses(row, safety, understood):
            safety = self._guard.refused(message.text, channel=row.channel, practice=row.practice, state=safety.state)
        if values := self._keep_safety(connection, row, message.seq, safety):
            records.update(connection, conversation_id, **values)
            row = records.load(connection, conversation_id)
        held = was_silent and not (safety.stops or safety.failed or understood.get("intent") == "start_messages")
        replies = self._with_topic(row, safety, understood)
        about = (row, message.text, payload, offered)
        if row.state == "live" or held or (safety.stops and not safety.take_up):
            if held and row.state != "live":
                silenced.tell(connection, self._house, row)
            if row.state == "live" and (payload or "").startswith(referral_words.PREFIX):
                after_session.answer(connection, self._house, *about)  # kept; the navigator who is there does the talking
        elif (told := None if safety.take_up else after_session.answer(connection, self._house, *about)) is not None:
            if row.state == "closed":
                records.change_state(connection, conversation_id, "closed", "bot", staff_id=None)
            understood = {"intent": "answer", "topic": None, "confidence": 1.0, "needs": [], "entities": {}}
            replies = beside(replies, told, understood)
        else:
            if row.state == "closed":
                records.change_state(connection, conversation_id, "closed", "bot", staff_id=None)
                row = records.load(connection, conversation_id)
            said = None
            if not safety.take_up:
                before = (stood.newest_seq or 0) < message.seq  # else another message was answered since this one came
                asked = (stood.newest_extra or {}).get("asks") if before else texting.waits_for(connection, row, message.seq)
                said = texting.answer(connection, self._house, row, message, payload, asked)
                if said is None:
                    said = closing.heard(connection, self._house, row, message.text, payload, offered)
            if said is None:
                words = await self._to_take_up(safety.take_up) if safety.take_up else for_rasa(message.text, payload)
                said, understood, picture = await self._ask_rasa(connection, row, stood, words)
                if picture != row.picture:
                    records.update(connection, conversation_id, picture=picture)
                said = [*said, *closing.after_aside(connection, self._house, row, offered, said, picture.get("form"))]
            replies = [*without_choices(replies), *said] if safety.take_up else beside(replies, said, understood)
            if safety.footer and replies:
                replies[-1] = {**replies[-1], "text": f"{replies[-1]['text']}\n\n{safety.footer}"}
        sender = "system" if row.state == "live" else "bot"
        self._say(connection, row, sender, [] if held else replies, answers_them=not held)
        # Kept for the editors: what was not read well, and no person or safety route took care of.
        closest = understood.pop("closest", [])
        ours = not (safety.stops or safety.risks or row.state == "live")
        extra = {"understood": {**understood, "risks": safety.risks}, **({"closest": closest} if closest and ours else {})}
        messages.mark_answered(connection, message, **extra)

    def _screened(
        self, connection: Connection, row: Row, text: str, payload: str | None, question: str | None
    ) -> SafetyAnswer:
        navigator = state_of(connection, self._house, row).get("navigator", "") if row.state == "live" else ""
        return self._guard.answer(
            text, channel=row.channel, practice=row.practice, state=row.safety, chosen=payload, question=question,
            in_form=bool((row.picture or {}).get("form")), safe_to_text=row.safe_to_text, desk=row.state,
            navigator=navigator,
        )  # fmt: skip

    def _with_topic(self, row: Row, safety: SafetyAnswer, understood: dict[str, Any]) -> list[Reply]:
        """The screen's replies, with a question of privacy answered: under its own words, or alone after a repeat."""
        replies, topic = list(safety.replies), understood.get("topic")
        if not (safety.stops and replies and may_answer_topic(safety, topic)) or row.state == "live":
            return replies
        answer = self._topic(row, str(topic))
        if safety.repeat and row.channel != "sms":
            safety.state.pop("asked_safe", None)  # a 'yes' now would be to the answer, not to the question of before
            replies[0] = {**replies[0], "text": answer}
        else:
            asked = self._house.programme.answers[str(topic)].question
            replies[0] = {**replies[0], "text": f"{replies[0]['text']}\n\nYou may also ask: {asked}\n{answer}"}
        return replies

    async def _to_take_up(self, words: str) -> str:
        """What Rasa is given for a request that came with something more urgent: itself when it is read as one."""
        read = await self._understood(words, None)
        return for_rasa(words, None if read.get("intent") in CALLS else "/book_callback")

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
        self, connection: Connection, row: Row, stood: Row, text: str
    ) -> tuple[list[Reply], dict[str, Any], dict[str, Any]]:
        """Rasa's replies, its reading and the picture for the desk."""
        if self._house.dialogue is None:
            raise RuntimeError("the dialogue model is not loaded")
        here = TurnSurroundings(self._house, connection, row, stood.answered)
        token = current_surroundings.set(here)
        try:
            said = await self._house.dialogue.talk(connection, row.id, row.channel, text, stood.tracked)
        finally:
            current_surroundings.reset(token)
        replies = [as_reply(reply) for reply in said.replies] + [{"text": text} for text in here.texts]
        replies = joined([reply for reply in replies if reply["text"] or reply.get("services")])
        if not replies:
            # Rasa's ten-action breaker ends a turn quietly; the patient must not be met with silence.
            log.error("empty turn", conversation=row.id)
            raise RuntimeError("the dialogue said nothing")
        return replies, said.understood, picture_of(said.slots, said.active_form)

    def _say(
        self, connection: Connection, row: Row, sender: str, replies: list[Reply], *, answers_them: bool = True
    ) -> None:
        """Store the replies, and hand them to the outbox where the channel is a phone.

        `answers_them`: after a STOP too they go, since they answer what was just written: help, or that texts end.
        """
        stored = [
            {"seq": seq, "text": reply["text"], "choices": reply.get("choices") or [], "services": reply.get("services") or []}
            for seq, reply in zip(messages.append_all(connection, row.id, sender, replies), replies)
        ]
        if row.channel == "sms" and stored:
            after_stop = answers_them and opt_outs.stopped(connection, row.phone)
            queue_reply(connection, row, stored, key_prefix=f"{outbox_rows.STOP_KEY if after_stop else ''}{row.id}")

    def _apologise(self, conversation_id: str, message: Row, error: BaseException) -> None:
        """A transaction of its own, without Rasa: plain words, the contacts, and a note for the team."""
        log.error("turn failed", conversation=conversation_id, error=type(error).__name__)
        with transaction(self._house.engine) as connection:
            row = records.load(connection, conversation_id, lock=True)
            safety = self._screened(connection, row, message.text, message.payload, None)
            values = self._keep_safety(connection, row, message.seq, safety)
            if values:
                records.update(connection, conversation_id, **values)
            if not safety.stops:
                people.add_task(connection, conversation_id, row.practice, "message", message.text)
            replies = safety.replies or [apology(self._house, row)]
            self._say(connection, row, "bot", replies, answers_them=bool(safety.replies))
            messages.mark_answered(connection, message, understood={"risks": safety.risks})


def _refuses(row: Row, safety: SafetyAnswer, understood: dict[str, Any]) -> bool:
    """A no to it all while safety mode lasts: no reason is asked then, and no record of a refusal made."""
    in_form = bool((row.picture or {}).get("form"))
    return bool(safety.state.get("active")) and not in_form and understood.get("intent") == "decline_programme"


__all__ = ["SafetyAnswer", "Turns", "apology", "as_reply", "beside", "joined"]
