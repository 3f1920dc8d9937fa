"""The team's cases: who becomes one and when, what they told kept up to date, whose case it is, closed and opened again."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import clock
from assistant.conversations import records
from assistant.errors import BadInput, Conflict
from assistant.pathway import patients, taxonomy
from assistant.store.pathway_tables import patient_changes, patient_notes
from assistant.store.pathway_tables import patients as table
from assistant.store.staff_tables import staff
from assistant.store.tables import callbacks

NOTHING = (None, "", "no", "skipped", "not_needed")
CONTACT = {"name": "person_name", "number": "contact_number", **{way: way for way in patients.WAYS}}
MOST_NOTE = 4000


def note_change(connection: Connection, patient_id: str, kind: str, by: str | None, *, other: str | None = None, **data: Any) -> int:
    """Keep what was done to a case, with what an undo needs; the number of the change."""
    row = dict(patient_id=patient_id, other_id=other, at=clock.now(), by=by, kind=kind, data=data)
    return int(connection.execute(patient_changes.insert().values(**row)).inserted_primary_key[0])


def looked_after(connection: Connection, conversation: Row, navigator_id: str | None = None) -> str:
    """There is something to look after in this conversation (a takeover, a call, a referral): the patient's id.

    The case goes to `navigator_id` when nobody has it yet: whoever had it before stays the person's own navigator
    (Pescheny 2018: ongoing support by the same person keeps people coming). A closed case opens again.
    """
    again = records.load(connection, conversation.id, lock=True)  # two processes make one patient, not two
    patient_id = patients.of_conversation(connection, again)
    told(connection, patient_id, again)
    row = patients.load(connection, patient_id)
    if row.status == "closed":
        _open(connection, row, None)
    if navigator_id and not row.navigator_id:
        patients.update(connection, patient_id, navigator_id=navigator_id)
    return patient_id


def joins(connection: Connection, patient_id: str, call_id: str) -> None:
    """This call is this person's."""
    connection.execute(callbacks.update().where(callbacks.c.id == call_id).values(patient_id=patient_id))


def told(connection: Connection, patient_id: str, conversation: Row) -> None:
    """Take what the person told the helper into their record: what is missing is filled in, a no to a way of contact holds.

    A yes never takes back a no that came from elsewhere: anybody may type a name and a number into a chat.
    """
    row, values = patients.load(connection, patient_id), {}
    for ours, theirs in CONTACT.items():
        given = getattr(conversation, theirs)
        if given is None or given == "":
            continue
        if getattr(row, ours) is None or given is False:
            values[ours] = given
    picture = conversation.picture or {}
    for key, given in (("access", access_of(picture)), ("needs", list(picture.get("needs") or []))):
        if new := [item for item in given if item not in (getattr(row, key) or [])]:
            values[key] = [*(getattr(row, key) or []), *new]
    languages = (picture.get("wishes") or {}).get("language") or []
    if languages and not row.language:
        values["language"] = str(languages[0])[:40]
    values = {key: value for key, value in values.items() if value != getattr(row, key)}
    if values:
        patients.update(connection, patient_id, **values)
    patients.hold_to_no(connection, patient_id)


def access_of(picture: dict[str, Any]) -> list[str]:
    """What the person said they need to take part: their answer and what they told in passing, each once."""
    wishes, answer = picture.get("wishes") or {}, picture.get("access_needs")
    languages = set(wishes.get("language") or ())
    parts = str(answer).split(", ") if answer not in NOTHING else []
    told_so = [*parts, *(wishes.get("access") or ()), *(wishes.get("moves") or ())]
    return [part for part in dict.fromkeys(str(part)[:60] for part in told_so) if part not in languages]


def navigator_named(connection: Connection, practice: str, name: str) -> str | None:
    """The id of the open account of the navigator patients know by this name."""
    return connection.execute(
        sa.select(staff.c.id)
        .where(staff.c.name == name, staff.c.disabled_at.is_(None), sa.or_(staff.c.practice == practice, staff.c.practice.is_(None)))
        .order_by(staff.c.created_at)
        .limit(1)
    ).scalar()


def navigators(connection: Connection, practice: str | None) -> list[Row]:
    """Open accounts that can have cases: navigators and managers of the practice, or of every practice."""
    query = sa.select(staff).where(staff.c.role.in_(("navigator", "manager")), staff.c.disabled_at.is_(None))
    if practice is not None:
        query = query.where(sa.or_(staff.c.practice == practice, staff.c.practice.is_(None)))
    return connection.execute(query.order_by(staff.c.name, staff.c.username)).all()


def assign(connection: Connection, patient: Row, navigator_id: str, by: str) -> None:
    """Give the case to a navigator.

    Raises:
        BadInput: nobody who can have this practice's cases.
    """
    if navigator_id not in {row.id for row in navigators(connection, patient.practice)}:
        raise BadInput("Choose a navigator of this practice.", field="navigator")
    if navigator_id == patient.navigator_id:
        return
    patients.update(connection, patient.id, navigator_id=navigator_id)
    note_change(connection, patient.id, "assigned", by, before=patient.navigator_id, now=navigator_id)


def close(connection: Connection, patient: Row, ending: str, by: str) -> None:
    """Close the case; `ending` is 'completed', 'moved', 'other', or 'disengaged:REASON' or 'declined:REASON' of the taxonomy.

    Raises:
        BadInput: an ending that is none.
        Conflict: closed already.
    """
    ended, _, reason = ending.partition(":")
    if ending not in taxonomy.ENDINGS:
        raise BadInput("Choose how it ended.", field="ending")
    won = connection.execute(
        table.update()
        .where(table.c.id == patient.id, table.c.status == "open")
        .values(status="closed", ended=ended, end_reason=reason or None, closed_at=clock.now(), updated_at=clock.now())
    ).rowcount
    if not won:
        raise Conflict("This case was closed already.")
    note_change(connection, patient.id, "closed", by, ended=ended, reason=reason or None)


def reopen(connection: Connection, patient: Row, by: str) -> None:
    """Open a closed case again. Raises Conflict when it is open."""
    if patient.status != "closed":
        raise Conflict("This case is open.")
    _open(connection, patient, by)


def _open(connection: Connection, row: Row, by: str | None) -> None:
    values = dict(status="open", ended=None, end_reason=None, closed_at=None)
    patients.update(connection, row.id, **values)
    note_change(connection, row.id, "reopened", by, ended=row.ended, reason=row.end_reason)


def add_note(connection: Connection, patient_id: str, staff_id: str, text: str) -> None:
    """A private note on the person, 1 to 4,000 characters.

    Raises:
        BadInput: empty or too long.
    """
    words = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not 1 <= len(words) <= MOST_NOTE:
        raise BadInput(f"Write a note of 1 to {MOST_NOTE:,} characters.", field="note")
    connection.execute(patient_notes.insert().values(patient_id=patient_id, staff_id=staff_id, at=clock.now(), text=words))
