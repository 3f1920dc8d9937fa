"""Which practice a page works for: the account's own, or one chosen by whoever sees them all."""

from __future__ import annotations

from assistant.desk.roles import Staff
from assistant.house import House


def chosen(house: House, who: Staff, given: str = "") -> str:
    """The account's practice; else the chosen one, or the programme's first. Raises NotFound for one unknown."""
    return str(house.programme.practice(who.practice or given or next(iter(house.programme.practices))).slug)


def limit_of(house: House, who: Staff) -> int | None:
    """Most open cases a navigator is meant to have, where the programme sets it and the account sees one practice."""
    limits = {practice.caseload_limit for slug, practice in house.programme.practices.items() if who.practice in (None, slug)}
    return next(iter(limits)) if len(limits) == 1 else None
