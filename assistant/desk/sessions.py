"""Signing in and staying signed in: sessions live in the database, the browser holds only a random token."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

import pyotp
import sqlalchemy as sa
from argon2.exceptions import InvalidHashError, VerificationError
from fastapi import Request
from sqlalchemy.engine import Connection, Engine, Row
from starlette.responses import Response

from assistant.clock import clock
from assistant.desk import audit, presence
from assistant.desk.accounts import find, hasher
from assistant.desk.roles import Staff
from assistant.errors import NotSignedIn
from assistant.house import house_of
from assistant.settings import Settings
from assistant.store.database import reading, transaction
from assistant.store.staff_tables import staff, staff_sessions

MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
TOUCH_EVERY = timedelta(seconds=30)  # how finely 'last seen' is kept, to spare a write with every click
CODE_SECONDS = 30
WRONG = (
    "That did not match. Check your username and password, wait for the next code, and try again. "
    "After five tries that do not match, an account is locked for 15 minutes."
)
# Unknown usernames are checked against this, so that they take as long as known ones.
_NOBODY = hasher.hash(secrets.token_urlsafe(24))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def cookie_name(settings: Settings) -> str:
    """Over https the browser itself holds the cookie to this host and path."""
    return "__Host-linkway_staff" if _secure(settings) else "linkway_staff"


def _secure(settings: Settings) -> bool:
    return settings.public_base_url.startswith("https://")


def set_cookie(response: Response, settings: Settings, token: str) -> None:
    """HttpOnly, SameSite=Lax, gone with the browser; Secure when the server is reached over https."""
    response.set_cookie(
        cookie_name(settings), token, path="/", httponly=True, samesite="lax", secure=_secure(settings)
    )


def clear_cookie(response: Response, settings: Settings) -> None:
    """Take the cookie back."""
    response.delete_cookie(
        cookie_name(settings), path="/", httponly=True, samesite="lax", secure=_secure(settings)
    )


def _password_fits(row: Row | None, password: str) -> bool:
    """Takes as long for nobody as for somebody."""
    try:
        return hasher.verify(row.password_hash if row else _NOBODY, password) and row is not None
    except (VerificationError, InvalidHashError):
        return False


def _code_step(row: Row | None, code: str) -> int | None:
    """The 30-second step `code` belongs to (this one, the one before or after), or None."""
    given = "".join(character for character in code if character.isascii() and character.isdigit())
    totp = pyotp.TOTP(row.totp_secret if row else pyotp.random_base32())
    now = int(clock.now().timestamp()) // CODE_SECONDS
    # All three are compared, whichever fits: the time taken says nothing.
    fits = [step for step in (now - 1, now, now + 1) if hmac.compare_digest(totp.generate_otp(step), given)]
    return fits[0] if fits and row is not None else None


def sign_in(engine: Engine, username: str, password: str, code: str) -> str:
    """Check all three and open a session; the token for the cookie.

    Raises:
        NotSignedIn: anything did not fit, the account is locked or closed; always in the same words.
    """
    with reading(engine) as connection:
        row = find(connection, username)
    # Outside the transaction: hashing takes long, and patients' turns must not wait for it.
    password_fits, step = _password_fits(row, password), _code_step(row, code)
    token = None
    with transaction(engine) as connection:
        if row is not None:
            token = _decide(connection, row.id, password_fits, step)
        if token is None:
            audit.record(connection, None, "sign_in.failed", row.id if row is not None else None)
    if token is None:
        raise NotSignedIn(WRONG)
    return token


def _decide(connection: Connection, staff_id: str, password_fits: bool, step: int | None) -> str | None:
    """The account as it is now, under the lock: a token, or None with the failure counted."""
    query = sa.select(staff).where(staff.c.id == staff_id)
    row = connection.execute(query if connection.dialect.name == "sqlite" else query.with_for_update()).first()
    now = clock.now()
    if row is None or row.disabled_at is not None or (row.locked_until is not None and row.locked_until > now):
        return None
    # A code works once: its step must be later than the last one used.
    if password_fits and step is not None and step > row.totp_last_step:
        connection.execute(
            staff.update()
            .where(staff.c.id == staff_id)
            .values(totp_last_step=step, failed_sign_ins=0, locked_until=None)
        )
        return _open(connection, row)
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


def _open(connection: Connection, row: Row) -> str:
    token, csrf, now = secrets.token_urlsafe(32), secrets.token_urlsafe(24), clock.now()
    connection.execute(
        staff_sessions.insert().values(
            token_hash=_digest(token), staff_id=row.id, csrf=csrf, created_at=now, last_seen_at=now
        )
    )
    who = Staff(row.id, row.username, row.name, row.role, row.practice, csrf, _digest(token))
    if who.may("conversations"):
        presence.seen(connection, who)
    audit.record(connection, row.id, "sign_in")
    return token


def sign_out(connection: Connection, who: Staff) -> None:
    """End this session; with the person's last one their presence goes too."""
    connection.execute(
        staff_sessions.update().where(staff_sessions.c.token_hash == who.session).values(ended_at=clock.now())
    )
    others = connection.execute(
        sa.select(staff_sessions.c.token_hash).where(
            staff_sessions.c.staff_id == who.id, staff_sessions.c.ended_at.is_(None)
        )
    ).first()
    if others is None:
        presence.leave(connection, who.id)
    audit.record(connection, who.id, "sign_out")


def _current(connection: Connection, settings: Settings, token: str) -> tuple[Row, Staff] | None:
    """Session row and person, if the token still counts."""
    session = connection.execute(
        sa.select(staff_sessions).where(
            staff_sessions.c.token_hash == _digest(token), staff_sessions.c.ended_at.is_(None)
        )
    ).first()
    if session is None:
        return None
    now = clock.now()
    idle = now - session.last_seen_at >= timedelta(minutes=settings.staff_idle_minutes)
    old = now - session.created_at >= timedelta(hours=settings.staff_absolute_hours)
    row = connection.execute(sa.select(staff).where(staff.c.id == session.staff_id)).first()
    if idle or old or row is None or row.disabled_at is not None:
        return None
    return session, Staff(row.id, row.username, row.name, row.role, row.practice, session.csrf, session.token_hash)


def watching(request: Request) -> Staff:
    """FastAPI dependency for what a page does by itself: the signed-in person, without counting as activity.

    Raises:
        NotSignedIn: no sign-in, or it ran out.
    """
    house = house_of(request)
    token = request.cookies.get(cookie_name(house.settings), "")
    if token:
        with reading(house.engine) as connection:
            found = _current(connection, house.settings, token)
        if found is not None:
            request.state.session_seen_at = found[0].last_seen_at
            return found[1]
    raise NotSignedIn("Please sign in." if not token else "Your sign-in has ended. Please sign in again.")


def signed_in(request: Request) -> Staff:
    """FastAPI dependency: the signed-in person; what they do keeps the sign-in alive and shows them as present.

    Raises:
        NotSignedIn: no sign-in, or it ran out.
    """
    who = watching(request)
    if clock.now() - request.state.session_seen_at >= TOUCH_EVERY:
        with transaction(house_of(request).engine) as connection:
            touch(connection, who)
    return who


def touch(connection: Connection, who: Staff) -> None:
    """The person did something: the idle time starts again."""
    connection.execute(
        staff_sessions.update().where(staff_sessions.c.token_hash == who.session).values(last_seen_at=clock.now())
    )
    if who.may("conversations"):
        presence.seen(connection, who)
