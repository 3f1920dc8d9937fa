"""Staff accounts: made, reset and disabled by the command line or a manager; a password (argon2) and a one-time code (TOTP) each."""

from __future__ import annotations

import re
import secrets
import uuid
from dataclasses import dataclass, field

import pyotp
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import clock
from assistant.desk import audit, recovery
from assistant.desk.hashing import hasher
from assistant.desk.roles import ROLES
from assistant.errors import BadInput, Conflict, NotFound
from assistant.store.staff_tables import presence, staff, staff_sessions

ISSUER = "Linkway"
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,78}[a-z0-9]")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that are mistaken for another when read from paper


@dataclass(frozen=True)
class NewAccount:
    """What a person needs to sign in. Shown once: only a hash of the password is kept."""

    username: str
    name: str
    role: str
    practice: str | None
    password: str = field(repr=False)
    totp_secret: str = field(repr=False)
    otpauth_uri: str = field(repr=False)  # for an authenticator app


def make_password() -> str:
    """Sixteen letters and figures in four groups: about 79 bits."""
    groups = ["".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4)]
    return "-".join(groups)


def _credentials(username: str) -> tuple[str, str, str]:
    password, secret = make_password(), pyotp.random_base32()
    return password, secret, otpauth(username, secret)


def otpauth(username: str, secret: str) -> str:
    """The address an authenticator app takes a secret from."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)


def current_code(totp_secret: str) -> str:
    """The one-time code of this moment: for the demo's printed sign-in, and for tests."""
    return pyotp.TOTP(totp_secret).at(clock.now())


def find(connection: Connection, username: str) -> Row | None:
    """The account of this username, in any case of letters."""
    return connection.execute(sa.select(staff).where(staff.c.username == username.strip().lower())).first()


def _existing(connection: Connection, username: str) -> Row:
    row = find(connection, username)
    if row is None:
        raise NotFound(f"There is no account '{username}'. Check the spelling.", field="username")
    return row


def add_staff(
    connection: Connection, username: str, name: str, role: str, practice: str | None = None, by: str | None = None
) -> NewAccount:
    """Make an account. `practice` is a slug; None: every practice (the caller checks that the slug exists).

    `by` is the id of whoever makes it, for the audit; None: the command line.

    Raises:
        BadInput: a username, name or role that cannot be used.
        Conflict: the username is taken.
    """
    username, name = username.strip().lower(), " ".join(name.split())
    if not _USERNAME.fullmatch(username):
        raise BadInput("Use 3 to 80 small letters, figures, dots, hyphens or underscores.", field="username")
    if not 1 <= len(name) <= 120:
        raise BadInput("Give the name patients will see, up to 120 characters.", field="name")
    if role not in ROLES:
        raise BadInput(f"Choose one of: {', '.join(ROLES)}.", field="role")
    if find(connection, username) is not None:
        raise Conflict(f"There is an account '{username}' already.", field="username")
    password, secret, uri = _credentials(username)
    staff_id = str(uuid.uuid4())
    connection.execute(
        staff.insert().values(
            id=staff_id, username=username, name=name, role=role, practice=practice, totp_secret=secret,
            password_hash=hasher.hash(password), totp_last_step=0, failed_sign_ins=0, created_at=clock.now(),
        )
    )  # fmt: skip
    audit.record(connection, by, "account.added", staff_id)
    return NewAccount(username, name, role, practice, password, secret, uri)


def end_sessions(connection: Connection, staff_id: str) -> None:
    """Sign the person out everywhere, and let go of their place at the desk."""
    connection.execute(
        staff_sessions.update()
        .where(staff_sessions.c.staff_id == staff_id, staff_sessions.c.ended_at.is_(None))
        .values(ended_at=clock.now())
    )
    connection.execute(presence.delete().where(presence.c.staff_id == staff_id))


def disable_staff(connection: Connection, username: str, by: str | None = None) -> None:
    """Close an account and sign it out everywhere. Their live conversations go back to the queue (desk/watch.py).

    Raises NotFound for an unknown username. Closing twice is no error.
    """
    row = _existing(connection, username)
    connection.execute(
        staff.update().where(staff.c.id == row.id, staff.c.disabled_at.is_(None)).values(disabled_at=clock.now())
    )
    end_sessions(connection, row.id)
    audit.record(connection, by, "account.disabled", row.id)


def reset_staff(connection: Connection, username: str, by: str | None = None) -> NewAccount:
    """A new password and a new code secret, unlocked and opened again; the old ones, recovery codes and every sign-in end.

    Raises NotFound for an unknown username.
    """
    row = _existing(connection, username)
    password, secret, uri = _credentials(row.username)
    connection.execute(
        staff.update()
        .where(staff.c.id == row.id)
        .values(
            password_hash=hasher.hash(password), totp_secret=secret, totp_last_step=0,
            failed_sign_ins=0, locked_until=None, disabled_at=None,
        )
    )  # fmt: skip
    recovery.forget(connection, row.id)
    end_sessions(connection, row.id)
    audit.record(connection, by, "account.reset", row.id)
    return NewAccount(row.username, row.name, row.role, row.practice, password, secret, uri)


def link_staff(connection: Connection, username: str, *, email: str | None, issuer: str, subject: str | None) -> None:
    """Who may open this account through the issuer: a verified address, a subject, or (with neither) nobody.

    Raises:
        NotFound: an unknown username. BadInput: a subject without an issuer in the settings. Conflict: another has it.
    """
    row = _existing(connection, username)
    if subject and not issuer:
        raise BadInput("Set LINKWAY_OIDC_ISSUER first: a subject means something only with its issuer.", field="subject")
    values = {"email": email.strip().lower() if email else None, "oidc_subject": f"{issuer} {subject}" if subject else None}
    for column, value in values.items():
        same = sa.select(staff.c.id).where(staff.c[column] == value, staff.c.id != row.id)
        if value and connection.execute(same).first() is not None:
            raise Conflict("Another account is linked to that already.", field=column)
    connection.execute(staff.update().where(staff.c.id == row.id).values(**values))
    audit.record(connection, None, "account.linked", row.id)


def list_staff(connection: Connection) -> list[Row]:
    """Every account, by name."""
    return connection.execute(sa.select(staff).order_by(staff.c.name, staff.c.username)).all()


def names_by_id(connection: Connection) -> dict[str, str]:
    """Staff id -> name, people who have left included."""
    return {row.id: row.name for row in connection.execute(sa.select(staff.c.id, staff.c.name))}
