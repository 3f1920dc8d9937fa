"""Signing in and staying signed in: sessions live in the database, the browser holds only a random token."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

import sqlalchemy as sa
from fastapi import Request
from sqlalchemy.engine import Connection, Engine, Row
from starlette.responses import Response

from assistant.clock import clock
from assistant.desk import audit, presence, proving
from assistant.desk.accounts import find
from assistant.desk.roles import Staff
from assistant.errors import NotFresh, NotSignedIn
from assistant.house import house_of
from assistant.settings import Settings
from assistant.store.database import reading, transaction
from assistant.store.staff_tables import staff, staff_sessions

FRESH_FOR = timedelta(minutes=5)  # after password and code, for exports and changes of accounts
TOUCH_EVERY = timedelta(seconds=30)  # how finely 'last seen' is kept, to spare a write with every click
WRONG = (
    "That did not match. Check your username and password, wait for the next code, and try again. "
    "After five tries that do not match, an account is locked for 15 minutes."
)


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


def sign_in(engine: Engine, username: str, password: str, code: str) -> str:
    """Check all three and open a session; the token for the cookie. A recovery code may stand for the one-time code.

    Raises:
        NotSignedIn: anything did not fit, the account is locked or closed; always in the same words.
    """
    with reading(engine) as connection:
        row = find(connection, username)
    # Outside the transaction: hashing takes long, and patients' turns must not wait for it.
    proof = proving.prove(engine, row, password, code)
    token = None
    with transaction(engine) as connection:
        if row is not None and (account := proving.accept(connection, row.id, proof)) is not None:
            token = open_session(connection, account)
        if token is None:
            audit.record(connection, None, "sign_in.failed", row.id if row is not None else None)
    if token is None:
        raise NotSignedIn(WRONG)
    return token


def confirm(engine: Engine, who: Staff, password: str, code: str) -> None:
    """Password and code once more: for `FRESH_FOR` this session may export and change accounts.

    Raises:
        NotSignedIn: they did not fit; wrong tries count as those of signing in.
    """
    with reading(engine) as connection:
        row = find(connection, who.username)
    proof = proving.prove(engine, row, password, code)
    with transaction(engine) as connection:
        confirmed = proving.accept(connection, who.id, proof) is not None
        if confirmed:
            mark_confirmed(connection, who.session)
        audit.record(connection, who.id, "sign_in.confirmed" if confirmed else "sign_in.failed", who.id)
    if not confirmed:
        raise NotSignedIn(WRONG)


def mark_confirmed(connection: Connection, session: str) -> None:
    """This session's person has just proved who they are."""
    connection.execute(
        staff_sessions.update().where(staff_sessions.c.token_hash == session).values(confirmed_at=clock.now())
    )


def open_session(connection: Connection, row: Row, via: str | None = None) -> str:
    """A new session of this account; the token for the cookie. `via`: 'oidc' where an issuer vouched for them."""
    token, csrf, now = secrets.token_urlsafe(32), secrets.token_urlsafe(24), clock.now()
    connection.execute(
        staff_sessions.insert().values(
            token_hash=_digest(token), staff_id=row.id, csrf=csrf, created_at=now, last_seen_at=now,
            confirmed_at=now, via=via,
        )
    )  # fmt: skip
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
            request.state.confirmed_at, request.state.via = found[0].confirmed_at, found[0].via
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


def fresh(request: Request) -> Staff:
    """FastAPI dependency of whatever leaves the house or changes an account: as `signed_in`, and lately confirmed.

    A page that is asked for comes after the confirmation by itself; a form has to be sent once more (see DeskRoute),
    so pages with such forms depend on this too. Writes depend on `csrf.fresh_writer`.

    Raises:
        NotSignedIn: as `signed_in`. NotFresh: password and code were last given more than `FRESH_FOR` ago.
    """
    who = signed_in(request)
    be_fresh(request)
    return who


def be_fresh(request: Request) -> None:
    """Raises NotFresh unless the person behind this request has lately given password and code."""
    confirmed_at = request.state.confirmed_at
    if confirmed_at is None or clock.now() - confirmed_at >= FRESH_FOR:
        raise NotFresh("Give your password and code once more. Nothing was done yet.")


def touch(connection: Connection, who: Staff) -> None:
    """The person did something: the idle time starts again."""
    connection.execute(
        staff_sessions.update().where(staff_sessions.c.token_hash == who.session).values(last_seen_at=clock.now())
    )
    if who.may("conversations"):
        presence.seen(connection, who)
