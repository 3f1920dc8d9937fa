"""What people change of their own account: password, authenticator app, recovery codes, sign-ins elsewhere."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import pyotp
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import clock
from assistant.desk import accounts, audit
from assistant.desk.hashing import hasher
from assistant.desk.proving import code_step
from assistant.desk.roles import Staff
from assistant.errors import BadInput, Conflict
from assistant.secret import secret_key
from assistant.settings import Settings
from assistant.store.staff_tables import staff, staff_sessions

SHORTEST, LONGEST = 12, 200
# NCSC: length and not being easy to guess count, mixtures of signs do not.
_GUESSED_FIRST = ("password", "123456", "qwerty", "letmein", "linkway", "welcome", "surgery", "practice")


def checked_password(who: Staff, new: str, again: str) -> str:
    """The new password, if it will do.

    Raises:
        BadInput: too short or long, easy to guess, or typed differently the second time.
    """
    plain = new.casefold()
    if not SHORTEST <= len(new) <= LONGEST:
        raise BadInput(f"Use {SHORTEST} characters or more. Three or four ordinary words in a row do well.", field="new")
    if any(sign in plain for sign in (*_GUESSED_FIRST, who.username)) or len(set(plain)) < 6:
        raise BadInput("That is easy to guess. Use three or four words that have nothing to do with your work.", field="new")
    if new != again:
        raise BadInput("The two are not the same. Type the new password twice.", field="again")
    return new


def change_password(connection: Connection, who: Staff, hashed: str) -> None:
    """Keep the new hash; every other sign-in of this account ends."""
    connection.execute(staff.update().where(staff.c.id == who.id).values(password_hash=hashed))
    end_others(connection, who)
    audit.record(connection, who.id, "account.password_changed", who.id)


def hash_password(new: str) -> str:
    """Slow: outside any transaction."""
    return hasher.hash(new)


def new_app(settings: Settings, who: Staff) -> dict[str, str]:
    """A new authenticator secret to show and try; nothing is kept until a code of it is given back with `seal`."""
    secret = pyotp.random_base32()
    groups = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    return {"secret": secret, "groups": groups, "seal": _seal(settings, who, secret), "uri": accounts.otpauth(who.username, secret)}


def shown_again(settings: Settings, who: Staff, secret: str, seal: str) -> dict[str, str]:
    """The same secret once more, after a code that did not fit. Raises Conflict for one we did not make."""
    if not hmac.compare_digest(_seal(settings, who, secret).encode(), seal.encode("utf-8", "replace")):
        raise Conflict("This page was open too long. Begin again with a new key.")
    groups = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    return {"secret": secret, "groups": groups, "seal": seal, "uri": accounts.otpauth(who.username, secret)}


def change_app(connection: Connection, settings: Settings, who: Staff, secret: str, seal: str, code: str) -> None:
    """From now on codes come from the new app; every other sign-in ends.

    Raises:
        BadInput: the code is not of the new app. Conflict: the secret is not one that this sign-in was shown.
    """
    shown_again(settings, who, secret, seal)
    step = code_step(secret, code)
    if step is None:
        raise BadInput("That code is not of the new key. Wait for the next code in the app and try again.", field="code")
    connection.execute(staff.update().where(staff.c.id == who.id).values(totp_secret=secret, totp_last_step=step))
    end_others(connection, who)
    audit.record(connection, who.id, "account.app_changed", who.id)


def _seal(settings: Settings, who: Staff, secret: str) -> str:
    """For this sign-in alone, so that a secret of somebody else's making is never taken."""
    content = f"linkway.app.{who.session}.{secret}".encode()
    return hmac.new(secret_key(settings).encode(), content, hashlib.sha256).hexdigest()


def end_others(connection: Connection, who: Staff) -> None:
    """Sign this person out everywhere but here."""
    connection.execute(
        staff_sessions.update()
        .where(
            staff_sessions.c.staff_id == who.id, staff_sessions.c.token_hash != who.session, staff_sessions.c.ended_at.is_(None)
        )
        .values(ended_at=clock.now())
    )


def end_everywhere(connection: Connection, who: Staff) -> None:
    """Here too."""
    accounts.end_sessions(connection, who.id)
    audit.record(connection, who.id, "account.ended_sign_ins", who.id)


def sign_ins(connection: Connection, who: Staff, limit: int = 20) -> list[Row]:
    """This person's newest sign-ins, the newest first."""
    query = sa.select(staff_sessions).where(staff_sessions.c.staff_id == who.id)
    return connection.execute(query.order_by(staff_sessions.c.created_at.desc()).limit(limit)).all()


def still_open(row: Any, idle_minutes: int, absolute_hours: int) -> bool:
    """Whether that sign-in still counts."""
    now = clock.now()
    idle = (now - row.last_seen_at).total_seconds() >= idle_minutes * 60
    old = (now - row.created_at).total_seconds() >= absolute_hours * 3600
    return row.ended_at is None and not idle and not old
