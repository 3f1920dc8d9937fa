"""The demo's conversations: what was said and when, what the helper read in it, what was shown, flagged and texted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from assistant.channels.segments import count_segments, to_gsm
from assistant.conversations.events import KINDS
from assistant.demo_month.cast import Someone
from assistant.demo_month.stage import Stage
from assistant.store.tables import (
    conversations,
    declines,
    events,
    messages,
    outbox,
    risk_flags,
    saved_services,
    tasks,
    wellbeing,
)
from directory.service import service_dict

SENDERS = {"P": "patient", "B": "bot", "S": "bot", "N": "navigator", "X": "system"}


class Talk:
    """One conversation, written line by line; `close` puts its row down."""

    def __init__(self, stage: Stage, who: Someone, began: datetime) -> None:
        """Begin it."""
        self.stage, self.who, self.id, self.at, self.seq = stage, who, stage.book.new_id(), began, 0
        self.began, self.patient_id, self.shown, self.safety = began, None, [], {}  # type: datetime, str | None, list[Any], dict[str, Any]
        self.event("conversation_started", channel=who.channel)

    def event(self, kind: str, at: datetime | None = None, **data: Any) -> None:
        """Count it as of now, or of `at`."""
        assert kind in KINDS, kind
        self.stage.book.add(events, at=at or self.at, conversation_id=self.id, practice=self.who.practice, kind=kind, data=data)

    def say(self, who: str, words: str, **extra: Any) -> int:
        """A line of the thread, with the text that carried it where the person writes by text."""
        self.seq += 1
        random, navigator = self.stage.random, self.stage.navigator_for(self.who)
        self.at += timedelta(seconds=random.randint(2, 4) if who in "BS" else random.randint(20, 140))
        text = words.replace("{place}", self.who.outcode).replace("{navigator}", navigator.split()[0])
        services = [service_dict(listing) for listing in extra.pop("services", [])]
        told = {"navigator": navigator.split()[0]} if who == "N" else extra
        self.stage.book.add(
            messages, conversation_id=self.id, seq=self.seq, at=self.at, sender=SENDERS[who], text=text, choices=[], services=services,
            extra=told, answered_at=self.at,
        )  # fmt: skip
        if self.who.channel == "sms" and who != "P":
            self.text(text, reply=True)
        return self.seq

    def text(self, body: str, *, reply: bool, at: datetime | None = None, status: str | None = None) -> None:
        """A text that left some time ago."""
        moment, plain = at or self.at, to_gsm(body)[:600]
        status = status or self.stage.random.choices(["delivered", "sent", "failed"], [92, 6, 2])[0]
        row = self.stage.book.new_id()
        self.stage.book.add(
            outbox, id=row, idempotency_key=f"demo:{row}", conversation_id=self.id, to=self.who.number, body=plain,
            segments=count_segments(plain), reply=reply, status=status, created_at=moment, due_at=moment, attempts=1,
        )  # fmt: skip

    def tell_story(self, *, whole: bool = True) -> None:
        """The person's own story, line by line; some go away before anything is shown."""
        self.event("programme_explained")
        self.event("check_in_started")
        for kind, words in self.who.story.lines:
            if kind == "S" and not whole:
                break
            if kind == "P":
                self.say("P", words, understood=self.stage.reading(self.who.story.needs))
            elif kind == "S":
                self.shown = self.stage.services(self.who.story.needs[0], 3)
                self.say("S", words, services=self.shown)
                self.event("services_shown", listings=[s.id for s in self.shown])
                self.event("check_in_completed", needs=self.who.story.needs)
            else:
                if kind == "N" and not any(k == "handoff" for k in self.safety):
                    self.safety["handoff"] = True
                    self.event("handoff_requested")
                    self.event("handoff_accepted", waited_seconds=self.stage.random.randint(15, 200))
                self.say(kind, words)
        self.safety.pop("handoff", None)
        if not whole:
            return
        if self.shown and self.stage.random.random() < 0.6:
            self.stage.book.add(saved_services, conversation_id=self.id, listing_id=self.shown[0].id, at=self.at)
            self.event("service_saved", listing=self.shown[0].id)

    def odd(self, words: str) -> None:
        """Something the helper did not follow."""
        how = self.stage.random.choice([("faq", 0.21), ("faq", 0.41), ("out_of_scope", 0.74)])
        read: dict[str, Any] = {"intent": how[0], "topic": None, "confidence": how[1], "needs": [], "risks": [], "entities": {}}
        self.say("P", words, understood=read, closest=[["faq/cost", 0.2], ["find_service", 0.18]])
        self.say("B", "Sorry, I did not follow that. You can say it in other words, or ask for a person.")

    def flag(self, words: str) -> None:
        """Something that calls for help: answered by the real routes, flagged, and mostly acknowledged since."""
        guard = self.stage.house.guard
        answer = guard.answer(words, channel=self.who.channel, practice=self.who.practice)
        risks = answer.risks or ["concern_for_other"]
        seq = self.say("P", words, understood={"risks": risks})
        at, random = self.at, self.stage.random
        for reply in answer.replies[:1]:
            self.say("B", reply["text"], risks=risks)
        seen = at + timedelta(minutes=random.choice([2, 3, 4, 6, 9, 14, 22, 45, 130, 700]))
        by = self.stage.staff_id(self.stage.navigator_for(self.who)) if seen < self.stage.now - timedelta(hours=20) and random.random() < 0.93 else None
        self.stage.book.add(
            risk_flags, conversation_id=self.id, practice=self.who.practice, message_seq=seq, at=at, risks=risks,
            acknowledged_by=by, acknowledged_at=seen if by else None,
        )  # fmt: skip
        self.event("risk_flagged", at, risks=risks)
        if by:
            self.event("risk_acknowledged", seen, staff=by, risks=risks, seconds=round((seen - at).total_seconds()))

    def looked_in_vain(self, need: str) -> None:
        """Nothing suitable was found."""
        self.event("unmet_need", needs=[need], place=True)
        done = self.at + timedelta(days=2) if self.stage.random.random() < 0.6 else None
        self.task("unmet_need", f"Looked for: {need.replace('_', ' ')} near {self.who.outcode}.", done)

    def task(self, kind: str, words: str, done: datetime | None = None, at: datetime | None = None) -> None:
        """Something for the team."""
        done = done if done and done < self.stage.now else None
        self.stage.book.add(
            tasks, conversation_id=self.id, practice=self.who.practice, kind=kind, text=words, created_at=at or self.at, done_at=done,
            done_by=self.stage.staff_id(self.stage.navigator_for(self.who)) if done else None, patient_id=self.patient_id,
        )  # fmt: skip

    def no(self, reason: str, stage: str) -> None:
        """A refusal, accepted; what the person told of themselves for the statistics."""
        self.say("P", self.stage.random.choice(["not for me thanks", "no thank you", "i dont think so, sorry", "nah im alright"]))
        self.say("B", "That is fine. Thank you for telling me. The door stays open.")
        told = self.stage.random.random() < 0.7
        self.stage.book.add(
            declines, conversation_id=self.id, practice=self.who.practice, at=self.at, stage=stage, reason=reason,
            age_band=self.who.age_band if told else None, sex=self.who.sex if told else None,
            ethnicity=self.who.ethnicity if told else None, outcode=self.who.outcode if told else None,
        )  # fmt: skip
        self.event("disengaged" if stage == "taking_part" else "declined", reason=reason)

    def feels(self, stage: str, answers: dict[str, Any], at: datetime | None = None) -> None:
        """Answers to the wellbeing questions."""
        self.stage.book.add(wellbeing, conversation_id=self.id, at=at or self.at, stage=stage, answers=answers, patient_id=self.patient_id)
        self.event("wellbeing_recorded", at)

    def close(self) -> None:
        """The conversation's own row."""
        who, by_text = self.who, self.who.channel == "sms"
        known = self.patient_id is not None
        self.stage.book.add(
            conversations, id=self.id, channel=who.channel, practice=who.practice, created_at=self.began, updated_at=self.at,
            state="closed" if self.at < self.stage.now - timedelta(days=20) else "bot", last_seq=self.seq,
            phone=who.number if by_text else None, contact_number=who.number if known or by_text else None,
            person_name=who.name if known else None, safe_to_ring=True if known else None, safe_to_text=True if known else None,
            safe_to_leave_message=self.stage.random.random() < 0.7 if known else None, patient_id=self.patient_id, safety={},
            picture={"needs": who.story.needs, "where": who.outcode, "wishes": {"place": who.outcode}, "shown": [s.id for s in self.shown]},
        )  # fmt: skip
