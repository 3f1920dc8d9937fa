"""A person across the records: their patient's record, every conversation and their number. Never somebody who shares the phone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import phonenumbers
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.errors import BadInput, Conflict, NotFound
from assistant.store.belongings import BELONGINGS, NUMBER, Belonging
from assistant.store.pathway_tables import patients, referrals
from assistant.store.tables import conversations, risk_flags

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Person:
    """`numbers` are theirs alone; a number that somebody else here uses too is in `shared`, and leads to nothing."""

    practice: str
    name: str | None
    patient: Row | None
    conversations: list[Row]
    numbers: frozenset[str]
    shared: frozenset[str]

    @property
    def patient_id(self) -> str | None:
        """The id of the record, if there is one."""
        return str(self.patient.id) if self.patient is not None else None

    @property
    def conversation_ids(self) -> list[str]:
        """Ids of their conversations."""
        return [row.id for row in self.conversations]

    @property
    def reference(self) -> str:
        """What leads back here: the record's id, or the conversation's."""
        return self.patient_id or self.conversation_ids[0]

    @property
    def address(self) -> str:
        """The same as the desk's pages write it."""
        return f"patient/{self.patient_id}" if self.patient_id else f"conversation/{self.conversation_ids[0]}"


def find(connection: Connection, words: str, practice: str | None = None) -> list[Person]:
    """Everybody that `words` may mean: an id, or a number. `practice` None: of every practice."""
    words = words.strip()
    if _ID.fullmatch(words.lower()):
        try:
            found = [by_id(connection, words.lower())]
        except NotFound:
            return []
        return [person for person in found if practice in (None, person.practice)]
    return [person for person in by_number(connection, words) if practice in (None, person.practice)]


def one(connection: Connection, words: str) -> Person:
    """The one person that `words` mean.

    Raises:
        NotFound: nobody. Conflict: several people, named by their ids. BadInput: neither an id nor a number.
    """
    people = find(connection, words)
    if not people:
        raise NotFound("Nobody is found by this. Give a patient's id, a conversation's id or a mobile number.")
    if len(people) > 1:
        ids = ", ".join(person.reference for person in people)
        raise Conflict(f"{len(people)} people use this number. Choose one of them by id: {ids}.")
    return people[0]


def by_id(connection: Connection, given: str) -> Person:
    """The person of a patient's or a conversation's id. Raises NotFound."""
    conversation = connection.execute(sa.select(conversations).where(conversations.c.id == given)).first()
    patient_id = conversation.patient_id if conversation is not None else given
    patient = connection.execute(sa.select(patients).where(patients.c.id == patient_id)).first() if patient_id else None
    if patient is None and conversation is None:
        raise NotFound("There is nobody with this id. They may have been erased.")
    talks = _talks(connection, conversations.c.patient_id == patient.id) if patient is not None else [conversation]
    found = {row.id: row for row in talks}
    for number in _numbers(patient, talks):
        for record, group in _circle(connection, number):
            if patient is None and record is not None and any(row.id == given for row in group):
                return by_id(connection, record.id)  # by name and number it belongs to that record
            if (record.id == patient.id) if patient is not None and record is not None else any(row.id == given for row in group):
                found.update({row.id: row for row in group})
    return _person(connection, patient, sorted(found.values(), key=lambda row: (row.created_at, row.id)))


def by_number(connection: Connection, words: str) -> list[Person]:
    """Who uses this number, mobile or landline.

    Raises:
        BadInput: it is no number of this country.
    """
    try:
        number = phonenumbers.format_number(phonenumbers.parse(words, "GB"), phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException as error:
        raise BadInput("Give a patient's id, a conversation's id, or a number such as 07700 900123.") from error
    return [by_id(connection, record.id if record is not None else talks[0].id) for record, talks in _circle(connection, number)]


def _circle(connection: Connection, number: str) -> list[tuple[Row | None, list[Row]]]:
    """Everybody who uses a number: (record or None, conversations) of each.

    A conversation of no record goes to who has its name at its practice. One without a name goes to the one person
    of the number there; where there are several it stands alone, as households share a phone.
    """
    talks = _talks(connection, _uses(number))
    ids = {row.patient_id for row in talks if row.patient_id}
    records = connection.execute(sa.select(patients).where(sa.or_(patients.c.number == number, patients.c.id.in_(ids)))).all()
    circle: list[tuple[Row | None, list[Row]]] = [
        (row, _talks(connection, conversations.c.patient_id == row.id)) for row in sorted(records, key=lambda row: row.created_at)
    ]
    named: dict[tuple[str, str], list[Row]] = {(row.practice, _plain(row.name)): group for row, group in circle if row is not None}
    loose = [row for row in talks if not row.patient_id]
    for row in sorted(loose, key=lambda row: not row.person_name):  # those with a name first
        key = (row.practice, _plain(row.person_name))
        here = [group for (practice, _), group in named.items() if practice == row.practice]
        if key not in named and not key[1] and len(here) == 1:
            here[0].append(row)
        elif key in named and (key[1] or len(here) == 1):
            named[key].append(row)
        else:
            group = [row]
            circle.append((None, group))
            named.setdefault(key, group)
    return circle


def _talks(connection: Connection, condition: Any) -> list[Row]:
    query = sa.select(conversations).where(condition)
    return list(connection.execute(query.order_by(conversations.c.created_at, conversations.c.id)).all())


def _plain(name: str | None) -> str:
    return (name or "").strip().casefold()


def _numbers(patient: Row | None, talks: list[Row]) -> set[str]:
    given = {row.phone for row in talks} | {row.contact_number for row in talks}
    return {number for number in given | {patient.number if patient is not None else None} if number}


def rows_of(connection: Connection, person: Person) -> dict[str, list[Row]]:
    """Table's name -> the person's rows, for every belonging; a row that names somebody else too is theirs alone if ours."""
    return {
        belonging.table.name: connection.execute(
            sa.select(belonging.table).where(mine(connection, belonging, person)).order_by(*belonging.table.primary_key.columns)
        ).all()
        for belonging in BELONGINGS
    }


def mine(connection: Connection, belonging: Belonging, person: Person) -> sa.sql.ColumnElement[bool]:
    """The condition of this person's rows in one table."""
    table = belonging.table
    if table is patients:
        return table.c.id == (person.patient_id or "")
    if table is conversations:
        return table.c.id.in_(person.conversation_ids)
    ways: list[Any] = []
    if belonging.chat_column is not None:
        ways.append(belonging.chat_column.in_(person.conversation_ids))
    if belonging.patient_column is not None and person.patient_id:
        ways.append(belonging.patient_column == person.patient_id)
    if belonging.referral_column is not None and person.patient_id:
        theirs = sa.select(referrals.c.id).where(referrals.c.patient_id == person.patient_id)
        ways.append(belonging.referral_column.in_(theirs))
    for column in belonging.columns(NUMBER):
        # A text or a STOP that names no conversation is known by its number alone.
        alone = sa.true() if belonging.chat_column is None else belonging.chat_column.is_(None)
        ways.append(sa.and_(alone, column.in_(person.numbers)))
    return sa.or_(sa.false(), *ways)


def why_kept(connection: Connection, person: Person) -> list[str]:
    """In plain words, what keeps this person's data from being erased; nothing: it may go."""
    reasons = []
    if person.patient is not None and person.patient.held:
        reasons.append("There is a safeguarding hold.")
    waits = sa.select(risk_flags.c.id).where(
        risk_flags.c.conversation_id.in_(person.conversation_ids), risk_flags.c.acknowledged_at.is_(None)
    )
    if connection.execute(waits.limit(1)).first() is not None:
        reasons.append("A safety flag waits to be acknowledged.")
    return reasons


def _person(connection: Connection, patient: Row | None, talks: list[Row]) -> Person:
    numbers = _numbers(patient, talks)
    shared = {number for number in numbers if _others_use(connection, number, patient, talks)}
    name = patient.name if patient is not None else next((row.person_name for row in talks if row.person_name), None)
    practice = patient.practice if patient is not None else talks[0].practice
    return Person(practice, name, patient, talks, frozenset(numbers - shared), frozenset(shared))


def _uses(number: str) -> sa.sql.ColumnElement[bool]:
    return sa.or_(conversations.c.phone == number, conversations.c.contact_number == number)


def _others_use(connection: Connection, number: str, patient: Row | None, talks: list[Row]) -> bool:
    """Whether a record or a conversation of somebody else names this number."""
    patient_id = patient.id if patient is not None else ""
    record = sa.select(patients.c.id).where(patients.c.number == number, patients.c.id != patient_id)
    theirs = sa.select(conversations.c.id).where(_uses(number), conversations.c.id.not_in([row.id for row in talks]))
    return any(connection.execute(query.limit(1)).first() is not None for query in (record, theirs))
