"""Who did what: one's own lines for everybody, the practice's for managers; and the help page."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.engine import Connection, Row

from assistant.clock import LONDON, clock
from assistant.desk import audit, sessions
from assistant.desk.accounts import list_staff
from assistant.desk.pages import ROOT, DeskRoute, page
from assistant.desk.roles import Staff
from assistant.desk.wording import ACTIONS
from assistant.errors import BadInput
from assistant.house import TheHouse
from assistant.store.database import reading, transaction
from assistant.store.staff_tables import audit as audit_table

router = APIRouter(prefix=ROOT, route_class=DeskRoute, include_in_schema=False)
SignedIn = Annotated[Staff, Depends(sessions.signed_in)]
PAGE = 100
DAYS_SHOWN = 7


def colleagues(connection: Connection, who: Staff) -> dict[str, str]:
    """Id -> name of those whose lines this person may read: a manager's practice, otherwise only their own."""
    rows = [row for row in list_staff(connection) if who.practice is None or row.practice == who.practice]
    return {row.id: row.name for row in rows if who.may("oversight") or row.id == who.id}


def lines(
    connection: Connection, people: list[str], *, since: datetime, until: datetime, action: str, start: int
) -> list[Row]:
    """Audit lines of `people`, newest first; one more than a page, so that the next page is known to exist."""
    # A failed sign-in stands under nobody; its subject is the account it was tried on.
    theirs = sa.or_(
        audit_table.c.staff_id.in_(people),
        sa.and_(audit_table.c.staff_id.is_(None), audit_table.c.subject.in_(people)),
    )
    query = sa.select(audit_table).where(theirs, audit_table.c.at >= since, audit_table.c.at < until)
    if action:
        query = query.where(audit_table.c.action == action)
    return connection.execute(query.order_by(audit_table.c.id.desc()).offset(start).limit(PAGE + 1)).all()


def _day(text: str, default: date, field: str) -> date:
    try:
        return date.fromisoformat(text) if text else default
    except ValueError as error:
        raise BadInput("Write the date as year-month-day, like 2026-11-24.", field=field) from error


@router.get("/activity")
def activity(
    request: Request,
    house: TheHouse,
    who: SignedIn,
    person: Annotated[str, Query(max_length=36)] = "",
    action: Annotated[str, Query(max_length=40)] = "",
    first: Annotated[str, Query(max_length=10)] = "",
    last: Annotated[str, Query(max_length=10)] = "",
    start: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> HTMLResponse:
    """The audit to read, with whether its chain is whole."""
    today = clock.today()
    begin = _day(first, today - timedelta(days=DAYS_SHOWN - 1), "first")
    end = _day(last, today, "last")
    broken = seal = None
    if who.may("oversight"):
        with reading(house.engine) as connection:  # the whole chain: outside the write, so that nobody waits for it
            broken, seal = audit.verify(connection), audit.seal(connection)
    with transaction(house.engine) as connection:
        names = colleagues(connection, who)
        people = [person] if person in names else list(names)
        found = lines(
            connection, people, action=action, start=start,
            since=datetime.combine(begin, time(), tzinfo=LONDON),
            until=datetime.combine(end + timedelta(days=1), time(), tzinfo=LONDON),
        )  # fmt: skip
        audit.record(connection, who.id, "activity.read", person if person in names else None)
    return page(
        request, "activity.html", who, title="Who did what", names=names, lines=found[:PAGE], more=len(found) > PAGE,
        broken=broken, seal=seal, person=person, action=action, first=begin, last=end, start=start, step=PAGE,
        all_actions=ACTIONS,
    )  # fmt: skip


@router.get("/help")
def help_page(request: Request, house: TheHouse, who: SignedIn) -> HTMLResponse:
    """A first morning, in one page."""
    return page(request, "help.html", who, title="Help", idle=house.settings.staff_idle_minutes)
