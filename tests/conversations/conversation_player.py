"""Plays a transcript: what patients and navigators do, on the real turn, and what the bot said to it."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from conversation_script import Line

from assistant.channels.sms import inbound
from assistant.clock import LONDON, clock
from assistant.conversations import diary, messages, records
from assistant.conversations.welcome import welcome
from assistant.desk import presence, takeover
from assistant.desk.roles import Staff
from assistant.house import House
from assistant.store.database import reading, transaction
from assistant.store.tables import outbox

SECONDS = 20  # between two messages
AMINA = Staff("amina-id", "amina", "Amina Yusuf", "navigator", None, "", "")


@dataclass
class Person:
    """Somebody talking to us: a web chat, or a phone."""

    channel: str
    phone: str = ""
    conversation: str = ""
    replies: list[dict[str, Any]] = field(default_factory=list)  # all that was said to the last message
    texts: list[str] = field(default_factory=list)  # texts put on their way by it
    questions: int = 0  # asked so far


class Player:
    """A play of one transcript. `at` is the person talking now."""

    def __init__(self, house: House) -> None:
        """Nobody has come yet; the practice is the first of programme.yml."""
        self.house = house
        self.people: dict[str, Person] = {}
        self.at = Person("web")
        self.amina_here = False  # a console of hers is open
        self._texts_in = 0
        self.dialogue: list[str] = []  # what was said, for the reader of a failure

    async def do(self, line: Line) -> bool:
        """Do what the line says, if it is something to do; whether it was."""
        doing = {
            "patient": self.says, "choose": self.chooses, "person": self.turns_to, "clock": self.sets_clock,
            "later": self.waits, "navigator": self.navigator, "navigator says": self.navigator_says, "taken": self.taken,
        }.get(line.word)  # fmt: skip
        if doing is None:
            return False
        done = doing(line.rest)
        if asyncio.iscoroutine(done):
            await done
        return True

    def turns_to(self, who: str) -> None:
        """'Bea', 'Bea by text': the lines that follow are hers."""
        name, _, by = who.partition(" by ")
        if name not in self.people:
            self.people[name] = Person("sms" if by == "text" else "web", phone=f"+44770090080{len(self.people)}")
        self.at = self.people[name]
        self.dialogue.append(f"-- {name}")

    def _arrive(self) -> None:
        """A web chat begins with the welcome; a phone's first text begins its own."""
        if not self.people:
            self.turns_to("Ann")
        if self.at.conversation or self.at.channel == "sms":
            return
        with transaction(self.house.engine) as connection:
            practice = self.house.programme.practice().slug
            self.at.conversation, _ = records.begin(connection, channel="web", practice=practice)
            welcome(connection, self.house, self.at.conversation, "web", practice)

    async def says(self, text: str) -> None:
        """What a person types. '<< 2000 letters of ...>>' repeats words up to that length."""
        self._arrive()
        if long := re.fullmatch(r"<<\s*(\d+) letters of (.+?)\s*>>", text):
            size = int(long[1])
            text = (long[2] + " ") * (size // len(long[2]) + 1)
            text = text[:size].rstrip().ljust(size, "x")
        await self._send(text, None)

    async def chooses(self, label: str) -> None:
        """A button pressed, however long ago it was shown."""
        self._arrive()
        with reading(self.house.engine) as connection:
            offered = {name: value for value, name in messages.offered_values(connection, self.at.conversation).items()}
        found = [name for name in offered if name == label] or [name for name in offered if name.startswith(label)]
        assert found, f"nobody offered {label!r}; offered were {list(offered)}"
        await self._send(found[-1], offered[found[-1]])

    async def _send(self, text: str, payload: str | None) -> None:
        person, turns = self.at, self.house.turns
        assert turns is not None
        clock.shift(seconds=SECONDS)
        if self.amina_here:
            self.navigator("present")
        if person.channel == "sms":
            await self._text(text)
            return
        with transaction(self.house.engine) as connection:
            seq = messages.append(connection, person.conversation, "patient", text, payload=payload)
        await turns.answer(person.conversation)
        self._hear(seq, 0)

    async def _text(self, text: str) -> None:
        """As a gateway delivers it: stored, service words answered, the turn in the background awaited."""
        person = self.at
        self._texts_in += 1
        with reading(self.house.engine) as connection:
            row = records.find_by_phone(connection, person.phone)
            before = row.last_seq if row else 0
            sent = len(connection.execute(outbox.select().where(outbox.c.to == person.phone)).all())
        await inbound.receive(self.house, provider="generic", provider_id=f"t{self._texts_in}", sender=person.phone,
                              text=text, sent_at=None)  # fmt: skip
        while inbound._turns:
            await asyncio.gather(*inbound._turns)
        with reading(self.house.engine) as connection:
            row = records.find_by_phone(connection, person.phone)
        assert row is not None
        person.conversation = row.id
        self._hear(before + 1, sent)

    def _hear(self, after: int, sent: int) -> None:
        with reading(self.house.engine) as connection:
            said = [messages.as_message(m) for m in messages.since(connection, self.at.conversation, after - 1)]
            order = outbox.c.created_at
            texts = connection.execute(outbox.select().where(outbox.c.to == self.at.phone).order_by(order)).all()
        said = [m for m in said if m["seq"] >= after]
        self.at.replies = [m for m in said if m["from"] != "patient"]
        self.at.texts = [t.body for t in texts[sent:] if t.status != "stopped"]
        self.at.questions += any("?" in m["text"] for m in self.at.replies)
        self.dialogue += [f"{m['from']:>9}: {m['text']}" + (f"   [{' | '.join(c['label'] for c in m['choices'])}]"
                          if m["choices"] else "") + (f"   {m['understood']}" if m.get("understood") else "") for m in said]  # fmt: skip

    def sets_clock(self, moment: str) -> None:
        """'2026-11-23 21:30', as a clock on a wall in England shows it."""
        clock.set(datetime.strptime(moment, "%Y-%m-%d %H:%M").replace(tzinfo=LONDON))

    def waits(self, long: str) -> None:
        """'3 days', '20 minutes'."""
        count, unit = long.split()
        clock.shift(**{unit if unit.endswith("s") else f"{unit}s": int(count)})

    def navigator(self, does: str) -> None:
        """present, away, takes over, hands back, closes."""
        with transaction(self.house.engine) as connection:
            self.amina_here = does != "away"
            if does == "away":
                presence.leave(connection, AMINA.id)
                return
            presence.seen(connection, AMINA)
            if does == "present":
                return
            act = {"takes over": takeover.claim, "hands back": takeover.hand_back, "closes": takeover.close}[does]
            act(connection, AMINA, self.at.conversation)
        self._hear_desk()

    def navigator_says(self, text: str) -> None:
        """In the conversation she has taken over."""
        with transaction(self.house.engine) as connection:
            takeover.reply(connection, AMINA, self.at.conversation, text)
        self._hear_desk()

    def _hear_desk(self) -> None:
        if not self.at.conversation:
            return
        with reading(self.house.engine) as connection:
            newest = messages.since(connection, self.at.conversation)[-1]
        self.at.replies = [messages.as_message(newest)]
        self.dialogue.append(f"{newest.sender:>9}: {newest.text}")

    def taken(self, label: str) -> None:
        """Somebody else books the time shown as `label` a moment before: 'Tuesday 24 November at 9am'."""
        with transaction(self.house.engine) as connection:
            practice = self.house.programme.practice()
            start = next(s for s, _ in diary.slots(practice) if diary.spoken(s) == label)
            other, _ = records.begin(connection, channel="web", practice=practice.slug)
            assert diary.book(connection, other, practice, start, "another person's call") is not None
