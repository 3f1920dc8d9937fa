"""Who comes back reaches the same navigator: their name is said, their times come first, and who has left is not offered.

Ongoing support by one named person keeps people coming (Pescheny 2018, BJGP Open; Woodall 2018); many never learn the
name (Moore 2022), so a practice without a named navigator is told so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.pathway import patients
from assistant.store.pathway_tables import patients as patients_table
from assistant.store.staff_tables import staff

if TYPE_CHECKING:
    from assistant.programme import Practice, Programme


def of(connection: Connection, conversation: Row) -> str | None:
    """The name of the navigator who has this person's case and still works here; None for a new person."""
    patient_id = patients.known(connection, conversation)
    if patient_id is None:
        return None
    return connection.execute(
        sa.select(staff.c.name)
        .join(patients_table, patients_table.c.navigator_id == staff.c.id)
        .where(patients_table.c.id == patient_id, staff.c.disabled_at.is_(None))
    ).scalar()


def first(connection: Connection, practice: Practice, conversation: Row) -> Practice:
    """The practice as this person knows it: their own navigator is the one named, where patients are told of them at all."""
    name = of(connection, conversation) if conversation.patient_id or conversation.contact_number else None
    own = [navigator for navigator in practice.navigators if navigator.name == name]
    if not own or practice.navigators[0] is own[0]:
        return practice
    return practice.copy(update={"navigators": [*own, *(n for n in practice.navigators if n is not own[0])]})


def alone(practice: Practice, name: str) -> Practice:
    """The practice with one navigator: for the times that are theirs."""
    return practice.copy(update={"navigators": [n for n in practice.navigators if n.name == name]})


def still_here(connection: Connection, practice: Practice) -> Practice:
    """Without navigators whose account was closed; all of them where nobody else is left, so that calls can be booked."""
    accounts = connection.execute(sa.select(staff.c.name, staff.c.disabled_at)).all()
    gone = {row.name for row in accounts if row.disabled_at} - {row.name for row in accounts if not row.disabled_at}
    here = [navigator for navigator in practice.navigators if navigator.name not in gone]
    return practice.copy(update={"navigators": here}) if gone and here else practice


def missing(connection: Connection, programme: Programme, slug: str | None = None) -> list[str]:
    """A line for each practice (or the one) where none of the navigators named to patients can sign in."""
    names = set(connection.execute(sa.select(staff.c.name).where(staff.c.disabled_at.is_(None))).scalars())
    return [
        f"{practice.name} has no named navigator: nobody of {', '.join(n.name for n in practice.navigators)} can sign in. "
        "Patients are told a name that nobody answers to. Put who covers it into programme.yml."
        for practice in programme.practices.values()
        if slug in (None, practice.slug) and not names & {navigator.name for navigator in practice.navigators}
    ]
