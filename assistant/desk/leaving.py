"""A colleague leaves: who may hand over what, from the command line or the manager's page, and the account closed with it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.desk import accounts, audit
from assistant.desk.roles import Staff
from assistant.errors import NotFound
from assistant.house import House
from assistant.pathway import handing_over
from assistant.pathway.handing_over import Moved
from assistant.store.staff_tables import staff


def disable(connection: Connection, username: str, leave: bool) -> None:
    """Close an account that has nothing, or (`leave`) whatever it has.

    Raises:
        NotFound: no such account.
        Conflict: cases, tasks or calls would be without an owner; says how many.
    """
    person = _named(connection, username)
    if not leave:
        handing_over.check(handing_over.left_with(connection, person), person.name)
    accounts.disable_staff(connection, username)


def hand_over_and_disable(connection: Connection, house: House, username: str, to: str) -> Moved:
    """Everything to a colleague, then close the account. Raises NotFound for either name, BadInput as `hand_over`."""
    leaver, colleague = _named(connection, username), _named(connection, to)
    moved = handing_over.hand_over(connection, house, leaver, colleague, None)
    audit.record(connection, None, "account.handed_over", f"{leaver.id}>{colleague.id}"[:80])
    accounts.disable_staff(connection, username)
    return moved


def team(connection: Connection, who: Staff) -> list[Row]:
    """Colleagues this manager sees, who have left included: some may have left cases behind."""
    who.need("oversight")
    query = sa.select(staff).where(staff.c.role.in_(("navigator", "manager")))
    if who.practice is not None:
        query = query.where(staff.c.practice == who.practice)
    return connection.execute(query.order_by(staff.c.disabled_at.is_not(None), staff.c.name, staff.c.username)).all()


def colleague(connection: Connection, who: Staff, staff_id: str) -> Row:
    """One of them. Raises NotFound for none, or another practice's."""
    row = next((row for row in team(connection, who) if row.id == staff_id), None)
    if row is None:
        raise NotFound("There is no such colleague here.")
    return row


def hand_over(connection: Connection, house: House, who: Staff, leaver: Row, to: Row, close: bool) -> Moved:
    """From the manager's page; `close` ends the leaver's sign-in too. Raises BadInput as `handing_over.hand_over`."""
    moved = handing_over.hand_over(connection, house, leaver, to, who.id)
    audit.record(connection, who.id, "account.handed_over", f"{leaver.id}>{to.id}"[:80])
    if close and leaver.disabled_at is None:
        accounts.disable_staff(connection, leaver.username)
    return moved


def in_words(moved: Moved) -> str:
    """What came of it, in a sentence or two."""
    words = f"Handed over: {moved.cases} open cases, {moved.tasks} tasks, {moved.calls} coming calls. {moved.told} patients told by text."
    if moved.clashes:
        words += f" {moved.clashes} calls could not be kept: the patient was offered another time, and there is a task for each."
    return words


def _named(connection: Connection, username: str) -> Row:
    row = accounts.find(connection, username)
    if row is None:
        raise NotFound(f"There is no account '{username}'. Check the spelling.", field="username")
    return row
