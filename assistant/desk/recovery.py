"""Recovery codes: ten for a lost phone, shown once, kept as argon2 hashes, each in place of one one-time code."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

import sqlalchemy as sa
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.engine import Connection

from assistant.clock import clock
from assistant.desk import audit
from assistant.desk.hashing import hasher
from assistant.store.staff_tables import staff
from assistant.store.staff_tables import staff_recovery_codes as codes

HOW_MANY = 10
FEW = 3  # so few left are pointed out
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that are mistaken for another when read from paper
_GROUPS = 4
_SHAPE = re.compile(rf"[{_LETTERS}]{{{_GROUPS * 4}}}")
_NOBODYS = hasher.hash(secrets.token_urlsafe(24))


def plain(code: str) -> str:
    """As it is compared: small letters and figures alone, however it was typed from the paper."""
    return re.sub(r"[\s-]", "", code).lower()


def looks_like_one(code: str) -> bool:
    """Whether this is a recovery code by its shape; a one-time code has six figures."""
    return bool(_SHAPE.fullmatch(plain(code)))


def _made() -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(_GROUPS))


@dataclass(frozen=True)
class Fresh:
    """A set of codes before it is kept: hashing takes a while, and no transaction should wait for it."""

    shown: tuple[str, ...]
    hashes: tuple[str, ...]


def fresh_set() -> Fresh:
    """Ten new codes and their hashes. No two begin alike, for the beginning finds the hash."""
    found: dict[str, str] = {}
    while len(found) < HOW_MANY:
        code = _made()
        found.setdefault(code[:4], code)
    shown = tuple(found.values())
    return Fresh(shown, tuple(hasher.hash(plain(code)) for code in shown))


def keep(connection: Connection, staff_id: str, fresh: Fresh, by: str | None = None) -> None:
    """Put a new set in the place of the old one, whose codes stop working. `by`: who asked; None: the server."""
    forget(connection, staff_id)
    for code, hashed in zip(fresh.shown, fresh.hashes, strict=True):
        connection.execute(
            codes.insert().values(staff_id=staff_id, selector=code[:4], code_hash=hashed, made_at=clock.now())
        )
    audit.record(connection, by, "account.codes_made", staff_id)


def forget(connection: Connection, staff_id: str) -> None:
    """Every code of this account stops working."""
    connection.execute(codes.delete().where(codes.c.staff_id == staff_id))


def left(connection: Connection, staff_id: str) -> int:
    """How many codes still work."""
    query = sa.select(sa.func.count()).select_from(codes)
    return int(connection.execute(query.where(codes.c.staff_id == staff_id, codes.c.used_at.is_(None))).scalar_one())


def to_be_made(connection: Connection, staff_id: str) -> bool:
    """Whether a lost phone would lock this person out: no codes are left, and nobody else vouches for them at the sign-in."""
    elsewhere = sa.select(staff.c.oidc_subject).where(staff.c.id == staff_id)
    return left(connection, staff_id) == 0 and connection.execute(elsewhere).scalar() is None


def find(connection: Connection, staff_id: str, code: str) -> tuple[int, str] | None:
    """Id and hash of the unused code that begins like this one."""
    row = connection.execute(
        sa.select(codes.c.id, codes.c.code_hash).where(
            codes.c.staff_id == staff_id, codes.c.selector == plain(code)[:4], codes.c.used_at.is_(None)
        )
    ).first()
    return (row.id, row.code_hash) if row is not None else None


def fits(hashed: str | None, code: str) -> bool:
    """Whether the code is the one of this hash; takes as long where there is none."""
    try:
        return hasher.verify(hashed or _NOBODYS, plain(code)) and hashed is not None
    except (VerificationError, InvalidHashError):
        return False


def use(connection: Connection, code_id: int) -> bool:
    """Mark a code as used; False when somebody was quicker with it."""
    done = connection.execute(
        codes.update().where(codes.c.id == code_id, codes.c.used_at.is_(None)).values(used_at=clock.now())
    )
    return bool(done.rowcount == 1)
