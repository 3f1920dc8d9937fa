"""What a manager does with colleagues' accounts: see, add, change, reset, close. Of their own practice, and never their own."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import clock
from assistant.desk import accounts, audit, recovery
from assistant.desk.roles import ROLES, Staff
from assistant.errors import BadInput, Conflict, NotAllowed, NotFound
from assistant.pathway import handing_over
from assistant.store.staff_tables import staff, staff_sessions

WITH_CASES = ("navigator", "manager")  # the roles that look after people
OWN = "This is your own account: ask another manager, or change what you may under My account."


def of_manager(connection: Connection, who: Staff) -> list[dict[str, Any]]:
    """The accounts this manager looks after, open ones first."""
    who.need("oversight")
    seen = dict(
        connection.execute(
            sa.select(staff_sessions.c.staff_id, sa.func.max(staff_sessions.c.last_seen_at)).group_by(staff_sessions.c.staff_id)
        ).all()
    )
    rows = connection.execute(sa.select(staff).where(who.sees(staff.c.practice)).order_by(staff.c.name, staff.c.username)).all()
    shown = [described(row, seen.get(row.id)) for row in rows]
    return sorted(shown, key=lambda one: one["state"] == "closed")


def described(row: Row, seen: Any = None) -> dict[str, Any]:
    """An account as the pages show it."""
    locked = row.locked_until is not None and row.locked_until > clock.now()
    state = "closed" if row.disabled_at is not None else "locked" if locked else "open"
    return {"row": row, "state": state, "seen": seen}


def one(connection: Connection, who: Staff, staff_id: str) -> Row:
    """The account, if this manager looks after it.

    Raises:
        NotAllowed: no manager. NotFound: no such account, or of another practice; the two cannot be told apart.
    """
    who.need("oversight")
    row = connection.execute(sa.select(staff).where(staff.c.id == staff_id, who.sees(staff.c.practice))).first()
    if row is None:
        raise NotFound("There is no such account here.")
    return row


def practices_for(who: Staff, slugs: list[str]) -> list[str | None]:
    """The practices this manager may give an account; None is every practice."""
    return [who.practice] if who.practice is not None else [*slugs, None]


def chosen_practice(who: Staff, given: str, slugs: list[str]) -> str | None:
    """The practice of a form. Raises BadInput for one this manager may not give."""
    practice = given or None
    if practice not in practices_for(who, slugs):
        raise BadInput("Choose a practice of the list.", field="practice")
    return practice


def add(connection: Connection, who: Staff, username: str, name: str, role: str, practice: str | None) -> accounts.NewAccount:
    """Make an account. Raises as `accounts.add_staff`."""
    who.need("oversight")
    return accounts.add_staff(connection, username, name, role, practice, by=who.id)


def change(connection: Connection, who: Staff, staff_id: str, name: str, role: str, practice: str | None, email: str) -> None:
    """Another name, role, practice or address for signing in elsewhere. The person's sign-ins end: powers change at once.

    Raises:
        BadInput: a name, role or address that cannot be used. Conflict: the address is another account's, or with the
            new role or practice cases, tasks or calls would be without an owner.
    """
    row, name = _others(connection, who, staff_id), " ".join(name.split())
    email = email.strip().lower()
    if not 1 <= len(name) <= 120:
        raise BadInput("Give the name patients will see, up to 120 characters.", field="name")
    if role not in ROLES:
        raise BadInput(f"Choose one of: {', '.join(ROLES)}.", field="role")
    if email and (len(email) > 254 or email.count("@") != 1 or email.startswith("@") or email.endswith("@") or " " in email):
        raise BadInput("Write an e-mail address like name@nhs.net, or leave it empty.", field="email")
    taken = sa.select(staff.c.id).where(staff.c.email == email, staff.c.id != row.id)
    if email and connection.execute(taken).first() is not None:
        raise Conflict("Another account has that e-mail address.", field="email")
    if role not in WITH_CASES or practice not in (None, row.practice):
        _nothing_left(connection, row)
    unbound = {} if (row.email or "") == email else {"oidc_subject": None}
    connection.execute(
        staff.update().where(staff.c.id == row.id).values(name=name, role=role, practice=practice, email=email or None, **unbound)
    )
    if (row.role, row.practice) != (role, practice):
        accounts.end_sessions(connection, row.id)
    audit.record(connection, who.id, "account.changed", row.id)


def reset(connection: Connection, who: Staff, staff_id: str) -> accounts.NewAccount:
    """A new password and key; the old ones, recovery codes and sign-ins end. Opens a closed account again."""
    return accounts.reset_staff(connection, _others(connection, who, staff_id).username, by=who.id)


def close(connection: Connection, who: Staff, staff_id: str) -> None:
    """Nobody signs in with it any more. Conversations they have go back into the queue.

    Raises:
        Conflict: cases, tasks or calls would be without an owner.
    """
    row = _others(connection, who, staff_id)
    _nothing_left(connection, row)
    accounts.disable_staff(connection, row.username, by=who.id)


def codes_left(connection: Connection, row: Row) -> int:
    """Of the person's recovery codes."""
    return recovery.left(connection, row.id)


def _nothing_left(connection: Connection, row: Row) -> None:
    """Nobody's cases are dropped by a press on this page: they are handed over first."""
    left = handing_over.left_with(connection, row)
    if not left.nothing:
        raise Conflict(f"{row.name} still has {left.in_words()}. Hand them over first, under 'A navigator leaves'.")


def _others(connection: Connection, who: Staff, staff_id: str) -> Row:
    row = one(connection, who, staff_id)
    if row.id == who.id:
        raise NotAllowed(OWN)
    return row
