"""A call or a first meeting for somebody who stands at the desk or is on the phone: by reception where the practice allows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.conversations import diary, records
from assistant.desk import audit, booking
from assistant.desk.roles import Staff
from assistant.errors import NotAllowed
from assistant.pathway import adding, caseload, patients

if TYPE_CHECKING:
    from assistant.house import House
    from assistant.programme import Practice

PURPOSE = "a first talk about what could help"
NEEDED = {"name": "Give the person's name."}


def may_book(who: Staff, practice: Practice) -> bool:
    """Navigators always; reception where `reception_books` of programme.yml says yes."""
    return who.may("conversations") or (who.may("calls") and practice.reception_books)


def need(who: Staff, practice: Practice) -> None:
    """Raises NotAllowed, with whom to ask."""
    if not may_book(who, practice):
        raise NotAllowed("Reception does not book calls at this practice. Ask a navigator, or your manager.")


def checked(fields: dict[str, Any], demo: bool) -> dict[str, Any]:
    """The person as the form tells of them.

    Raises:
        adding.Wrong: names each field that is missing or cannot be used.
    """
    faults: dict[str, str] = {}
    values: dict[str, Any] = {}
    try:
        values = adding.checked(fields, demo, NEEDED)
    except adding.Wrong as error:
        faults = error.faults
    if fields.get("kind") == diary.CALL:
        if not str(fields.get("number") or "").strip():
            faults = {**faults, "number": "A call needs a number. Or book a meeting."}
        elif not faults and values["safe_to_ring"] is not True:
            faults = {"safe_to_ring": "Ask them first: is it safe to ring this number? If not, book a meeting."}
    if fields.get("consent") != "yes":
        faults = {**faults, "consent": "Ask them first. Then tick that they agree."}
    if faults:
        raise adding.Wrong(faults)
    return values


def book(
    connection: Connection, house: House, who: Staff, practice: Practice, fields: dict[str, Any], values: dict[str, Any] | None, moved: Row | None
) -> tuple[Row, str]:
    """Book it for the person of `values`, or move the call `moved`; the call, and how they were told (telling.reach).

    Raises:
        BadInput, Conflict: see booking.book_for.
    """
    row = records.load(connection, moved.conversation_id, lock=True) if moved is not None else _theirs(connection, who, practice, values or {})
    standing = booking.standing_for(connection, row)
    purpose = str(fields.get("purpose") or "") if who.may("conversations") else ""
    starts_at, _, navigator = str(fields.get("slot") or "").partition("|")
    call, how = booking.book_in(
        connection, house, who, row, kind=str(fields.get("kind") or ""), starts_at=starts_at, navigator=navigator,
        place=str(fields.get("place") or ""), purpose=purpose or (standing.purpose if standing is not None else PURPOSE),
    )  # fmt: skip
    caseload.looked_after(connection, row, caseload.navigator_named(connection, practice.slug, call.navigator))
    return call, how


def _theirs(connection: Connection, who: Staff, practice: Practice, values: dict[str, Any]) -> Row:
    """Their conversation: of the record that this number and name are of, or of a new one."""
    if connection.dialect.name != "sqlite":  # the same form twice makes one record
        key = f"{practice.slug} {values['number']} {values['name']}"
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": f"desk {key}"})
    patient_id = patients.named(connection, practice.slug, values["number"], values["name"])
    if patient_id is None:
        patient_id = patients.create(connection, practice.slug, "reception" if who.role == "receptionist" else "other", **values)
        caseload.note_change(connection, patient_id, "added", who.id, consent=True)
        audit.record(connection, who.id, "patient.added", patient_id)
    else:
        _told_now(connection, patients.load(connection, patient_id), values)
    talks = patients.conversations_of(connection, patient_id)
    if talks:
        return talks[0]
    conversation_id = adding.begin_at_desk(connection, practice.slug, values)
    patients.link(connection, conversation_id, patient_id)
    return records.load(connection, conversation_id)


def _told_now(connection: Connection, row: Row, values: dict[str, Any]) -> None:
    """What was not known of them is filled in, and a no holds; a yes never takes back a no: that is a navigator's to do."""
    told = {way: values[way] for way in patients.WAYS if values[way] is not None and (getattr(row, way) is None or values[way] is False)}
    if told:
        patients.update(connection, row.id, **told)
        patients.pass_on(connection, patients.load(connection, row.id), list(told))
