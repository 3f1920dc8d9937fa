"""Proving who one is: a password with a one-time code or a recovery code; wrong tries are counted and lock for a while."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

import pyotp
import sqlalchemy as sa
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.engine import Connection, Engine, Row

from assistant.clock import clock
from assistant.desk import audit, recovery
from assistant.desk.hashing import hasher
from assistant.store.database import reading
from assistant.store.staff_tables import staff

MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
CODE_SECONDS = 30
# Unknown usernames are checked against this, so that they take as long as known ones.
_NOBODY = hasher.hash(secrets.token_urlsafe(24))


@dataclass(frozen=True)
class Proof:
    """What was given, compared: nothing is decided before the account is looked at under its lock."""

    password_fits: bool
    step: int | None  # the 30-second step of a one-time code
    recovery_id: int | None  # a recovery code's row


def prove(engine: Engine, row: Row | None, password: str, code: str) -> Proof:
    """Compare both; the time it takes says nothing. Hashing is slow, so never in a write transaction."""
    password_fits, step = _password_fits(row, password), code_step(row.totp_secret if row else None, code)
    recovery_id = None
    if recovery.looks_like_one(code):
        found = None
        if row is not None:
            with reading(engine) as connection:
                found = recovery.find(connection, row.id, code)
        if recovery.fits(found[1] if found else None, code) and found:
            recovery_id = found[0]
    return Proof(password_fits, step, recovery_id)


def accept(connection: Connection, staff_id: str, proof: Proof) -> Row | None:
    """The account as it is now, if the proof holds: its code is used up. None: the failure is counted."""
    query = sa.select(staff).where(staff.c.id == staff_id)
    row = connection.execute(query if connection.dialect.name == "sqlite" else query.with_for_update()).first()
    now = clock.now()
    if row is None or row.disabled_at is not None or (row.locked_until is not None and row.locked_until > now):
        return None
    if proof.password_fits and _second_step(connection, row, proof):
        connection.execute(staff.update().where(staff.c.id == staff_id).values(failed_sign_ins=0, locked_until=None))
        return row
    failures = row.failed_sign_ins + 1
    locked = failures >= MOST_FAILURES
    connection.execute(
        staff.update()
        .where(staff.c.id == staff_id)
        .values(failed_sign_ins=0 if locked else failures, locked_until=now + LOCKED_FOR if locked else None)
    )
    if locked:
        audit.record(connection, None, "account.locked", staff_id)
    return None


def _second_step(connection: Connection, row: Row, proof: Proof) -> bool:
    """A code works once: a one-time code's step must be later than the last one used."""
    if proof.step is not None and proof.step > row.totp_last_step:
        connection.execute(staff.update().where(staff.c.id == row.id).values(totp_last_step=proof.step))
        return True
    if proof.recovery_id is not None and recovery.use(connection, proof.recovery_id):
        audit.record(connection, row.id, "account.code_used", row.id)
        return True
    return False


def _password_fits(row: Row | None, password: str) -> bool:
    """Takes as long for nobody as for somebody."""
    try:
        return hasher.verify(row.password_hash if row else _NOBODY, password) and row is not None
    except (VerificationError, InvalidHashError):
        return False


def code_step(totp_secret: str | None, code: str) -> int | None:
    """The 30-second step `code` belongs to (this one, the one before or after), or None."""
    given = "".join(character for character in code if character.isascii() and character.isdigit())
    totp = pyotp.TOTP(totp_secret or pyotp.random_base32())
    now = int(clock.now().timestamp()) // CODE_SECONDS
    # All three are compared, whichever fits: the time taken says nothing.
    fits = [step for step in (now - 1, now, now + 1) if hmac.compare_digest(totp.generate_otp(step), given)]
    return fits[0] if fits and totp_secret is not None else None
