"""The world as a turn's actions reach it: everything they do happens on the turn's own transaction."""

from __future__ import annotations

import itertools
import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from actions.surroundings import AnswerText, BookedCall, CallTime
from assistant.clock import clock
from assistant.conversations import calendar_file, diary, people, records
from assistant.conversations.events import record_event
from assistant.conversations.standing import how_many_answered
from assistant.pathway import caseload, own_navigator, patients
from assistant.pathway.numbers import is_mobile, usable_number
from assistant.secret import secret_key
from assistant.store.staff_tables import presence
from assistant.store.tables import messages
from directory.for_whom import for_whom
from directory.search import Query, SearchResult

if TYPE_CHECKING:
    from assistant.house import House
    from assistant.programme import Practice, Programme

# What a `next` of an answer may name beside topics, and how it is offered.
NEXT_ACTIONS = {
    "start_check_in": "Help me find support",
    "find_service": "Find a group or service",
    "talk_to_human": "Talk to a person",
    "book_callback": "Book a call",
    "manage_appointment": "My call or appointment",
    "report_no_contact": "Nobody has been in touch",
}
PRESENT_FOR = timedelta(seconds=60)  # of a console's last heartbeat


def answer_for(programme: Programme, practice: Practice, topic: str, channel: str, variant: int) -> AnswerText:
    """A topic's words, with what may follow as choices."""
    answer = programme.answers[topic]
    follow = []
    for name in answer.next or []:
        if name in NEXT_ACTIONS:
            follow.append((NEXT_ACTIONS[name], f"/{name}"))
        elif name in programme.answers:
            follow.append((programme.answers[name].question, f'/faq{{"topic":"{name}"}}'))
    return AnswerText(
        text=programme.answer_text(topic, practice, "sms" if channel == "sms" else "web", variant),
        question=answer.question,
        next=tuple(follow),
        offer=answer.offer,
        risk=answer.risk,
    )


def named(service: dict[str, Any]) -> str:
    """Its name, and the group it is for: 'Ladies Only Swim (for women)'."""
    group = for_whom(service)
    return f"{service['name']} ({group[:1].lower()}{group[1:]})" if group else str(service["name"])


class TurnSurroundings:
    """actions.surroundings.Surroundings, on one conversation and one connection."""

    def __init__(self, house: House, connection: Connection, conversation: Row, answered: int | None = None) -> None:
        """Look up what most turns need. `answered`: how many of the patient's messages were so far, where it is known."""
        self._house, self._connection, self._row = house, connection, conversation
        ours = house.programme.practice(conversation.practice)
        self._practice = own_navigator.first(connection, ours, conversation)
        self.channel: str = conversation.channel
        self.state: str = conversation.state
        self.facts = house.programme.facts(ours.slug) if self._practice is ours else self._practice.facts()
        self.person_name = conversation.person_name
        self.contact_number = conversation.contact_number
        self.safe_to_text = conversation.safe_to_text
        self.no_capture = bool((conversation.safety or {}).get("no_capture"))
        self.turn = how_many_answered(connection, conversation.id) if answered is None else answered
        self.today = clock.today()
        self.texts: list[str] = []  # lists to be texted; the turn puts them into the outbox

    @property
    def by_referral_only(self) -> bool:
        """Looked up when asked: a patient of the team was referred by somebody, or is known already."""
        return not self._practice.self_referral and patients.known(self._connection, self._row) is None

    def answer(self, topic: str) -> AnswerText:
        """Variants turn with the conversation's length, so that it does not repeat itself."""
        return answer_for(self._house.programme, self._practice, topic, self.channel, self._row.last_seq)

    def search(self, query: Query) -> SearchResult:
        """Always as a patient: hidden listings cannot be asked for."""
        if self._house.directory is None:
            raise RuntimeError("the directory is not ready")
        return self._house.directory.search(replace(query, viewer="patient"), fresh=False)

    def service(self, listing_id: str) -> dict[str, Any] | None:
        """The contract's Service, or None when a patient may not see it (any more)."""
        if self._house.directory is None:
            return None
        match = self._house.directory.get(listing_id, viewer="patient", fresh=False)
        return match.as_service() if match else None

    def saved(self) -> list[str]:
        """Ids, first saved first."""
        return people.saved(self._connection, self._row.id)

    def save_service(self, listing_id: str) -> None:
        """Once, however often."""
        people.save_service(self._connection, self._row.id, listing_id)

    def unsave_service(self, listing_id: str) -> None:
        """Off the list."""
        people.unsave_service(self._connection, self._row.id, listing_id)

    def last_said(self) -> list[dict[str, Any]]:
        """The newest replies before the message of now."""
        newest = self._connection.execute(
            sa.select(messages)
            .where(messages.c.conversation_id == self._row.id, messages.c.answered_at.is_not(None) | (messages.c.sender != "patient"))
            .order_by(messages.c.seq.desc())
            .limit(8)
        ).all()
        rows = list(itertools.takewhile(lambda row: row.sender == "bot", newest))[::-1]
        return [{"text": row.text, "choices": row.choices or [], "services": row.services or []} for row in rows]

    def send_list(self, number: str | None) -> str:
        """By text in a text conversation; on the web the page to print, with its own way to text it."""
        if self.channel == "sms":
            services = [s for s in (self.service(i) for i in self.saved()) if s]
            lines = [f"{named(s)}: {s['contact'] or s['how_to_join'] or 'ask the navigator'}" for s in services]
            self.texts.append("Your list: " + " / ".join(lines))
            return "texted"
        return f"page:{self._house.settings.public_base_url}/chat/list"

    def navigator_is_there(self) -> bool:
        """In hours, not a bank holiday, and a console open at this practice within the last minute."""
        if not diary.working_time(self._practice, clock.local()):
            return False
        query = sa.select(presence.c.staff_id).where(
            presence.c.seen_at >= clock.now() - PRESENT_FOR,
            sa.or_(presence.c.practice == self._row.practice, presence.c.practice.is_(None)),
        )
        return self._connection.execute(query.limit(1)).first() is not None

    def request_handoff(self, reason: str) -> int:
        """Into the queue, once."""
        moved = records.change_state(self._connection, self._row.id, "bot", "waiting", waiting_since=clock.now())
        if moved:
            self.state = "waiting"
            self.record("handoff_requested")
        return records.queue_place(self._connection, self._row.id)

    def queue_place(self) -> int:
        """Counted now."""
        return records.queue_place(self._connection, self._row.id)

    def leave_queue(self) -> None:
        """Back to the bot; nothing happens when a navigator was quicker."""
        if records.change_state(self._connection, self._row.id, "waiting", "bot", waiting_since=None):
            self.state = "bot"

    def call_times(self, limit: int = 4, every: bool = False) -> list[CallTime]:
        """From the diary; those of the person's own navigator first, all in the order of time where every one is wanted."""
        before = diary.booked_call(self._connection, self._row.id)  # a meeting is moved to a time long enough for one
        kind = before.kind if before is not None else diary.CALL
        practice = own_navigator.still_here(self._connection, self._practice)
        free = diary.free_slots(self._connection, practice, limit=limit, spread=not every, kind=kind)
        own = own_navigator.of(self._connection, self._row)
        if own and not every:
            with_own = diary.free_slots(self._connection, own_navigator.alone(practice, own), limit=limit, kind=kind)
            free = [*with_own, *(slot for slot in free if slot not in with_own)][:limit] if with_own else free
        return [CallTime(start, diary.spoken(start), navigator) for start, navigator in free]

    def book_call(self, starts_at: datetime, purpose: str) -> BookedCall | None:
        """In this transaction: if the turn fails, so does the booking. Whoever has a call is somebody to look after."""
        practice = own_navigator.still_here(self._connection, self._practice)
        call = diary.book(self._connection, self._row.id, practice, starts_at, purpose)
        if call is not None:
            own = caseload.navigator_named(self._connection, self._row.practice, call.navigator)
            patient_id = caseload.looked_after(self._connection, self._row, own)
            caseload.joins(self._connection, patient_id, call.id)
        return _as_call(call)

    def booked_call(self) -> BookedCall | None:
        """The call to come."""
        return _as_call(diary.booked_call(self._connection, self._row.id))

    def calendar_link(self, call_id: str) -> str:
        """See conversations/calendar_file.py."""
        settings = self._house.settings
        return calendar_file.address(settings.public_base_url, call_id, secret_key(settings))

    def cancel_call(self) -> bool:
        """Cancel it."""
        return diary.cancel(self._connection, self._row.id)

    def had_call(self) -> bool:
        """Booked or asked for once, whatever became of it."""
        here = self._connection, self._row.id
        return diary.had_call(*here) or people.ever_asked_for_call(*here)

    def ask_for_call(self, text: str) -> None:
        """For the team, to be asked about and taken back later."""
        self.add_task(people.CALL_REQUEST, text)

    def call_asked_for(self) -> bool:
        """A task of that kind that nobody has done yet."""
        return people.call_asked_for(self._connection, self._row.id)

    def take_back_call_request(self, why: str) -> bool:
        """Done, as the desk sees it; the task says why."""
        return people.take_back_call_request(self._connection, self._row.id, why)

    def met_navigator(self) -> bool:
        """Taken over, whether or not much was said."""
        return people.met_navigator(self._connection, self._row.id)

    def set_person(self, **values: Any) -> None:
        """On the conversation."""
        for name, value in values.items():
            setattr(self, name, value)
        records.update(self._connection, self._row.id, **values)
        if self._row.patient_id:
            caseload.told(self._connection, self._row.patient_id, records.load(self._connection, self._row.id))

    def valid_number(self, text: str) -> str | None:
        """See `usable_number`."""
        return usable_number(text, self._house.settings.demo)

    def can_be_texted(self, number: str) -> bool:
        """See `is_mobile`."""
        return is_mobile(number)

    def record_decline(self, **values: Any) -> None:
        """Begin or complete the record."""
        people.record_decline(self._connection, self._row.id, self._row.practice, **values)

    def withdraw_decline(self) -> None:
        """The record and its count."""
        people.withdraw_decline(self._connection, self._row.id)

    def record_wellbeing(self, answers: dict[str, Any]) -> None:
        """Keep and count."""
        people.record_wellbeing(self._connection, self._row.id, answers)
        self.record("wellbeing_recorded")

    def record(self, event: str, **data: Any) -> None:
        """Count."""
        record_event(self._connection, event, self._row.id, self._row.practice, **data)

    def add_task(self, kind: str, text: str) -> None:
        """For the team."""
        people.add_task(self._connection, self._row.id, self._row.practice, kind, text)

    def tell_missing(self, what: str, more: str) -> None:
        """For the team."""
        people.tell_missing(self._connection, self._row.id, self._row.practice, what, more)

    def stop_texts(self, stopped: bool) -> None:
        """For this person's number, where there is one."""
        if self.contact_number:
            people.stop_texts(self._connection, self.contact_number, stopped)
            self.record("messages_stopped", stopped=stopped)


def _as_call(row: Row | None) -> BookedCall | None:
    if row is None:
        return None
    label = diary.spoken(row.starts_at)
    return BookedCall(row.id, row.starts_at, label, row.navigator, row.purpose, row.kind, row.place or "")


class Alone(TurnSurroundings):
    """For `rasa run actions`: programme and directory are real, what is kept goes with the process."""

    def __init__(self) -> None:
        """A home of its own with the demo's listings; only the encoder's graph is shared."""
        from assistant.demo import ensure_directory
        from assistant.opening import open_house
        from assistant.settings import get_settings

        settings = get_settings()
        self._home = tempfile.TemporaryDirectory(prefix="linkway-shell-")
        home = Path(self._home.name)
        (settings.home / "encoder").mkdir(parents=True, exist_ok=True)
        (home / "encoder").symlink_to((settings.home / "encoder").resolve())
        house = open_house(settings.copy(update={"home": home, "database_url": ""}))
        ensure_directory(house)
        if house.directory is not None:
            house.directory.refresh()
        connection = house.engine.connect()
        conversation_id, _ = records.begin(connection, channel="web", practice=house.programme.practice().slug)
        super().__init__(house, connection, records.load(connection, conversation_id))
        self._turn = itertools.count()

    def answer(self, topic: str) -> AnswerText:
        """Another variant each time."""
        return answer_for(self._house.programme, self._practice, topic, self.channel, next(self._turn))
