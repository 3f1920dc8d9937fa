"""A navigator leaves: cases, tasks and coming calls go to a colleague in one step, and patients are told the new name.

Staff turnover is what most often held programmes back (Pescheny 2018, implementation): nothing may be left without an owner.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import clock
from assistant.conversations import people, records
from assistant.conversations.diary import spoken
from assistant.errors import BadInput, Conflict
from assistant.pathway import caseload_words as words
from assistant.pathway import patients as people_of
from assistant.pathway import telling
from assistant.pathway.adding import end_of_working_day
from assistant.pathway.caseload import navigators, note_change
from assistant.store.pathway_tables import patients
from assistant.store.tables import callbacks, conversations, tasks

if TYPE_CHECKING:
    from assistant.house import House


@dataclass(frozen=True)
class Left:
    """What somebody has: open cases, tasks to do, calls to come, and conversations they are in now."""

    cases: list[Row]
    tasks: list[Row]
    calls: list[Row]
    live: int

    @property
    def nothing(self) -> bool:
        """Nothing that would be without an owner; a live conversation goes back into the queue by itself."""
        return not (self.cases or self.tasks or self.calls)

    def in_words(self) -> str:
        """'3 open cases, 1 task and 2 coming calls'."""
        counts = ((len(self.cases), "open case"), (len(self.tasks), "task"), (len(self.calls), "coming call"))
        parts = [f"{count} {what}{'' if count == 1 else 's'}" for count, what in counts if count]
        return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts) or "nothing"


@dataclass(frozen=True)
class Moved:
    """What came of it: how many of each were moved, patients told (by text), and calls whose time was taken."""

    cases: int
    tasks: int
    calls: int
    told: int
    clashes: int


def left_with(connection: Connection, person: Row) -> Left:
    """What would be without an owner if this person went."""
    calls = sa.select(callbacks, conversations.c.person_name).join(conversations, conversations.c.id == callbacks.c.conversation_id)
    practices = callbacks.c.practice == person.practice if person.practice else sa.true()
    live = sa.select(sa.func.count()).select_from(conversations)
    return Left(
        connection.execute(
            sa.select(patients).where(patients.c.navigator_id == person.id, patients.c.status == "open").order_by(patients.c.name)
        ).all(),
        connection.execute(sa.select(tasks).where(tasks.c.owner_id == person.id, tasks.c.done_at.is_(None)).order_by(tasks.c.due_at)).all(),
        connection.execute(
            calls.where(
                callbacks.c.navigator == person.name, callbacks.c.status == "booked", callbacks.c.starts_at >= clock.now(), practices
            ).order_by(callbacks.c.starts_at)
        ).all(),
        connection.execute(live.where(conversations.c.staff_id == person.id, conversations.c.state == "live")).scalar_one(),
    )


def hand_over(connection: Connection, house: House, leaver: Row, to: Row, by: str | None) -> Moved:
    """Everything of `leaver` is `to`'s, closed cases too, so that who comes back reaches somebody. Twice does nothing more.

    Raises:
        BadInput: `to` is the leaver, has left, has no cases in this role, or does not see every practice concerned.
    """
    left = left_with(connection, leaver)
    _may_have(connection, leaver, to, {row.practice for row in (*left.cases, *left.tasks, *left.calls)})
    connection.execute(patients.update().where(patients.c.navigator_id == leaver.id).values(navigator_id=to.id))
    connection.execute(tasks.update().where(tasks.c.owner_id == leaver.id, tasks.c.done_at.is_(None)).values(owner_id=to.id))
    clashes = [call for call in left.calls if not _take_call(connection, call, to)]
    clashed = {call.id for call in clashes}
    told, spoken_to = 0, set()
    for case in left.cases:
        change = note_change(connection, case.id, "handed_over", by, before=leaver.id, now=to.id)
        talk = way_to(connection, case.id)
        if talk is not None:
            calls = [call for call in left.calls if call.id not in clashed and call.conversation_id == talk.id]
            told += telling.tell(connection, house, talk, _new_name(house, talk, leaver, to, calls), f"navigator:{change}") == "text"
            spoken_to.add(talk.id)
    for call in left.calls:
        talk = records.load(connection, call.conversation_id)
        if call.id in clashed:
            told += telling.tell(
                connection, house, talk, words.call_cannot_be_kept(spoken(call.starts_at)), f"clash:{call.id}", choices=[telling.BOOK_A_CALL]
            ) == "text"  # fmt: skip
            _ring_instead(connection, call, to)
        elif talk.id not in spoken_to:
            told += telling.tell(connection, house, talk, _new_name(house, talk, leaver, to, [call]), f"navigator:{call.id}") == "text"
            spoken_to.add(talk.id)
    return Moved(len(left.cases), len(left.tasks), len(left.calls) - len(clashes), told, len(clashes))


def way_to(connection: Connection, patient_id: str) -> Row | None:
    """The conversation to tell a patient in: the newest that can be texted, else the newest; None when there is none."""
    talks = people_of.conversations_of(connection, patient_id)
    return next((talk for talk in talks if telling.text_number(connection, talk)), talks[0] if talks else None)


def _may_have(connection: Connection, leaver: Row, to: Row, practices: set[str]) -> None:
    if to.id == leaver.id:
        raise BadInput("Choose a colleague to hand over to.", field="to")
    if to.id not in {row.id for row in navigators(connection, None)}:
        raise BadInput("Hand over to a navigator or manager who can sign in.", field="to")
    if to.practice is not None and practices - {to.practice}:
        raise BadInput("Hand over to somebody who sees every practice these cases are of.", field="to")


def _take_call(connection: Connection, call: Row, to: Row) -> bool:
    """False when the colleague has a call at that time: the database keeps one call a time for each navigator."""
    with connection.begin_nested() as savepoint:
        try:
            connection.execute(callbacks.update().where(callbacks.c.id == call.id).values(navigator=to.name, changed_at=clock.now()))
            return True
        except sa.exc.IntegrityError:
            savepoint.rollback()
    return False


def _ring_instead(connection: Connection, call: Row, to: Row) -> None:
    """The call is let go, kindly; the colleague has a task, should the patient not pick another time."""
    connection.execute(callbacks.update().where(callbacks.c.id == call.id).values(status="cancelled", changed_at=clock.now()))
    text = f"{call.person_name or 'A patient'} had a call with a colleague who has left, at a time you are booked. Agree on another."
    people.add_task(connection, call.conversation_id, call.practice, people.CALL_REQUEST, text)
    newest = sa.select(sa.func.max(tasks.c.id)).where(tasks.c.conversation_id == call.conversation_id).scalar_subquery()
    connection.execute(
        tasks.update().where(tasks.c.id == newest).values(owner_id=to.id, due_at=end_of_working_day(1), patient_id=call.patient_id)
    )


def _new_name(house: House, talk: Row, leaver: Row, to: Row, calls: list[Row]) -> str:
    practice = house.programme.practice(talk.practice)
    when = spoken(calls[0].starts_at) if calls else ""
    return words.new_navigator(practice.name, leaver.name.split()[0], to.name, when)


def check(left: Left, name: str) -> None:
    """Raises Conflict, saying what would be left without an owner."""
    if not left.nothing:
        raise Conflict(
            f"{name} still has {left.in_words()}. Hand them over with --to USERNAME, or say --leave-without-owner to close the account all the same."
        )
