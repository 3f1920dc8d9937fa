"""Adding a patient whom a GP or somebody else sends, and mending what is known of a person."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import LONDON, clock
from assistant.conversations import people, records
from assistant.conversations.diary import bank_holidays
from assistant.errors import BadInput, Conflict
from assistant.pathway import patients, taxonomy
from assistant.pathway.caseload import note_change
from assistant.pathway.numbers import is_mobile, usable_number
from assistant.store.pathway_tables import patients as table
from assistant.store.tables import conversations, events, tasks
from directory.needs import load_needs

# (field, most characters, words) of what is written freely.
TEXTS = {"name": (120, "name"), "referred_by": (120, "who referred them"), "referrer_contact": (200, "how to reach the referrer"),
         "reason": (2000, "why"), "reach": (200, "how and when to reach them"), "language": (40, "language"),
         "ethnicity": (40, "ethnicity"), "outcode": (4, "first half of the postcode")}  # fmt: skip
NEEDED = {"name": "Give the person's name.", "referred_by": "Say who referred them.", "reason": "Say why they were referred.",
          "reach": "Say how and when they are best reached."}  # fmt: skip
FIRST_CALL_DAYS = 2  # working days in which somebody new is rung first


class Wrong(BadInput):
    """What of a form cannot be used; `faults` names each field and how to mend it."""

    def __init__(self, faults: dict[str, str]) -> None:
        """In words too, for who sees no form."""
        super().__init__(" ".join(faults.values()), field=next(iter(faults), None))
        self.faults = faults


def checked(form: dict[str, Any], demo: bool, needed: dict[str, str]) -> dict[str, Any]:
    """The form's values as they are kept.

    Raises:
        Wrong: names each field that is missing, too long or none of its choices.
    """
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name, (most, words) in TEXTS.items():
        text = " ".join(str(form.get(name) or "").replace("\x00", "").split()) if name != "reason" else str(form.get(name) or "").strip()
        if name in needed and not text:
            faults[name] = needed[name]
        elif len(text) > most:
            faults[name] = f"Keep {words} to {most:,} characters."
        values[name] = text or None
    values["outcode"] = values["outcode"].upper() if values["outcode"] else None
    number = str(form.get("number") or "").strip()
    values["number"] = usable_number(number, demo) if number else None
    if number and values["number"] is None:
        faults["number"] = "This is not a UK phone number. Check the figures."
    for way in patients.WAYS:
        values[way] = {"yes": True, "no": False}.get(str(form.get(way) or ""))
    if values["safe_to_text"] and not (values["number"] and is_mobile(values["number"])):
        faults.setdefault("safe_to_text", "Texts go to mobiles only: a landline may read them aloud. Choose No.")
    values["access"] = [part.strip()[:60] for part in str(form.get("access") or "").replace(";", ",").split(",") if part.strip()][:12]
    values["needs"] = [need for need in form.get("needs") or [] if need in {known.id for known in load_needs()}]
    for name, known in (("age_band", taxonomy.AGE_BANDS), ("sex", taxonomy.SEXES)):
        values[name] = form.get(name) if form.get(name) in known else None
    if faults:
        raise Wrong(faults)
    return values


def duplicates(connection: Connection, practice: str, name: str | None, number: str | None, but: str = "") -> list[Row]:
    """People of the practice who may be this one: the same number first, then the same name."""
    same_name = sa.func.lower(table.c.name) == (name or "").lower()
    fits = sa.or_(table.c.number == number, same_name) if number else same_name
    rows = connection.execute(
        sa.select(table).where(table.c.practice == practice, table.c.id != but, fits).order_by(table.c.created_at.desc()).limit(10)
    ).all()
    return sorted(rows, key=lambda row: row.number != number or not number)


def add(connection: Connection, practice: str, by: str, navigator_id: str | None, source: str, values: dict[str, Any]) -> str:
    """Make the patient, the conversation that holds what we tell them, and a task for the first call; the patient's id.

    Raises:
        BadInput: a source that is none.
    """
    if source not in taxonomy.SOURCES:
        raise BadInput("Choose who referred them.", field="source")
    patient_id = patients.create(connection, practice, source, navigator_id=navigator_id, **values)
    conversation_id = begin_at_desk(connection, practice, values)
    patients.link(connection, conversation_id, patient_id)
    note_change(connection, patient_id, "added", by, source=source, consent=True)
    people.add_task(connection, conversation_id, practice, people.CALL_REQUEST,
                    f"First call to {values['name']}. Reach them: {values['reach']}. Why: {values['reason']}")  # fmt: skip
    connection.execute(
        tasks.update()
        .where(tasks.c.conversation_id == conversation_id)
        .values(patient_id=patient_id, owner_id=navigator_id, due_at=end_of_working_day(FIRST_CALL_DAYS))
    )
    return patient_id


def begin_at_desk(connection: Connection, practice: str, values: dict[str, Any]) -> str:
    """A conversation nobody began by writing: calls hang on it, and it holds what the team tells the person.

    It opens with no token and counts as no chat.
    """
    conversation_id, _ = records.begin(connection, channel="desk", practice=practice)
    kept = {"person_name": values.get("name"), "contact_number": values.get("number"), "token_hash": None,
            **{way: values.get(way) for way in patients.WAYS}}  # fmt: skip
    records.update(connection, conversation_id, **kept)
    connection.execute(events.delete().where(events.c.conversation_id == conversation_id))
    return conversation_id


def edit(connection: Connection, patient: Row, by: str, seen: str, values: dict[str, Any]) -> list[str]:
    """Put new values in and pass contact and safety on to the person's conversations; the names of what changed.

    Raises:
        Conflict: somebody changed the record since this page was opened (`seen` is its `updated_at`).
    """
    if seen != patient.updated_at.isoformat():
        raise Conflict("Somebody changed this record while you had it open. Look at it again, then make your change.")
    changed = {key: value for key, value in values.items() if value != getattr(patient, key)}
    if not changed:
        return []
    patients.update(connection, patient.id, **changed)
    passed_on = {"number": "contact_number", "name": "person_name", **{way: way for way in patients.WAYS}}
    theirs = {passed_on[key]: value for key, value in changed.items() if key in passed_on and (value is not None or key != "name")}
    if theirs:
        connection.execute(conversations.update().where(conversations.c.patient_id == patient.id).values(**theirs))
    note_change(connection, patient.id, "edited", by, fields=sorted(changed))
    return sorted(changed)


def end_of_working_day(days: int) -> datetime:
    """Five in the afternoon, so many working days from today (bank holidays of England left out)."""
    day = clock.today()
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5 and day not in bank_holidays(day.year)
    return datetime.combine(day, time(17), tzinfo=LONDON)
