"""Who did what: one's own lines for everybody, the practice's for managers; and the help page."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.engine import Connection, Row

from assistant.clock import LONDON, clock
from assistant.desk import audit, sessions
from assistant.desk.accounts import list_staff
from assistant.desk.pages import HEADERS, ROOT, DeskRoute, page
from assistant.desk.roles import Staff
from assistant.desk.wording import ACTIONS
from assistant.errors import BadInput
from assistant.house import TheHouse
from assistant.store.database import reading, transaction
from assistant.store.pathway_tables import patients
from assistant.store.staff_tables import audit as audit_table
from assistant.store.tables import conversations

router = APIRouter(prefix=ROOT, route_class=DeskRoute, include_in_schema=False)
SignedIn = Annotated[Staff, Depends(sessions.signed_in)]
PAGE = 100
DAYS_SHOWN = 7
MOST_IN_FILE = 100_000
ELSEWHERE = "Somebody of another practice"


def colleagues(connection: Connection, who: Staff) -> dict[str, str]:
    """Id -> name of those whose lines this person may read: a manager's practice and who sees every practice, else only their own."""
    rows = [row for row in list_staff(connection) if who.practice is None or row.practice in (None, who.practice)]
    return {row.id: row.name for row in rows if who.may("oversight") or row.id == who.id}


def _whose(connection: Connection, who: Staff, person: str) -> Any:
    """SQL: the lines this person may read, of `person` where one is chosen.

    A manager answers for the practice's people, so reads what anybody did with them too: the server, and who sees every
    practice. What those do elsewhere is not theirs to read.
    """
    names = colleagues(connection, who)
    chosen = [person] if person in names else list(names)
    own = {row.id for row in list_staff(connection) if who.practice is None or row.practice == who.practice}
    people = [one for one in chosen if one in own]
    # A failed sign-in stands under nobody; its subject is the account it was tried on.
    theirs = sa.or_(
        audit_table.c.staff_id.in_(people),
        sa.and_(audit_table.c.staff_id.is_(None), audit_table.c.subject.in_(people)),
    )
    if not who.may("oversight"):
        return theirs
    ours = sa.true() if who.practice is None else sa.or_(
        *(audit_table.c.subject.in_(sa.select(table.c.id).where(table.c.practice == who.practice)) for table in (conversations, patients))
    )  # fmt: skip
    return sa.or_(theirs, sa.and_(ours, audit_table.c.staff_id == person) if person in names else ours)


def lines(
    connection: Connection,
    whose: Any,
    *,
    since: datetime,
    until: datetime,
    action: str,
    subject: str = "",
    start: int = 0,
    limit: int = PAGE + 1,
) -> list[Row]:
    """Audit lines that `whose` lets through, newest first; one more than a page, so that the next page is known to exist.

    `subject` is the id of what they were about, or its beginning as the pages show it.
    """
    query = sa.select(audit_table).where(whose, audit_table.c.at >= since, audit_table.c.at < until)
    if action:
        query = query.where(audit_table.c.action == action)
    if subject:
        query = query.where(audit_table.c.subject.startswith(subject, autoescape=True))
    return connection.execute(query.order_by(audit_table.c.id.desc()).offset(start).limit(limit)).all()


def _wanted(whose: Any, action: str, subject: str, first: str, last: str) -> dict[str, Any]:
    """What was asked for, as `lines` takes it, and the days."""
    today = clock.today()
    begin, end = _day(first, today - timedelta(days=DAYS_SHOWN - 1), "first"), _day(last, today, "last")
    return {
        "whose": whose,
        "action": action,
        "subject": subject.strip().lower(),
        "since": datetime.combine(begin, time(), tzinfo=LONDON),
        "until": datetime.combine(end + timedelta(days=1), time(), tzinfo=LONDON),
    }


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
    subject: Annotated[str, Query(max_length=80)] = "",
    start: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> HTMLResponse:
    """The audit to read, with whether its chain is whole."""
    broken = seal = None
    if who.may("oversight"):
        with reading(house.engine) as connection:  # the whole chain: outside the write, so that nobody waits for it
            broken, seal = audit.verify(connection), audit.seal(connection)
    with transaction(house.engine) as connection:
        names = colleagues(connection, who)
        wanted = _wanted(_whose(connection, who, person), action, subject, first, last)
        found = lines(connection, **wanted, start=start)
        audit.record(connection, who.id, "activity.read", person if person in names else None)
    return page(
        request, "activity.html", who, title="Who did what", names=names, lines=found[:PAGE], more=len(found) > PAGE,
        broken=broken, seal=seal, person=person, action=action, subject=subject, start=start,
        first=wanted["since"].date(), last=(wanted["until"] - timedelta(days=1)).date(), step=PAGE, all_actions=ACTIONS, elsewhere=ELSEWHERE,
    )  # fmt: skip


@router.get("/activity.csv")
def activity_file(
    house: TheHouse,
    who: Annotated[Staff, Depends(sessions.fresh)],
    person: Annotated[str, Query(max_length=36)] = "",
    action: Annotated[str, Query(max_length=40)] = "",
    first: Annotated[str, Query(max_length=10)] = "",
    last: Annotated[str, Query(max_length=10)] = "",
    subject: Annotated[str, Query(max_length=80)] = "",
) -> Response:
    """The same lines as a file, with their seals; to take it is a line itself."""
    who.need("oversight")
    with transaction(house.engine) as connection:
        names = colleagues(connection, who)
        found = lines(connection, **_wanted(_whose(connection, who, person), action, subject, first, last), limit=MOST_IN_FILE)
        audit.record(connection, who.id, "activity.exported", person if person in names else None)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["line", "when", "who", "action", "what", "about", "hash"])
    for line in found:
        name = names.get(line.staff_id, "" if line.staff_id is None else ELSEWHERE)
        writer.writerow([line.id, line.at.isoformat(), _in_cell(name), line.action, ACTIONS.get(line.action, ""), line.subject or "", line.hash])
    headers = {**HEADERS, "Content-Disposition": 'attachment; filename="who-did-what.csv"'}
    return Response("\ufeff" + out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _in_cell(text: str) -> str:
    """A name that a spreadsheet would take for a formula is shown as the text it is."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text


@router.get("/help")
def help_page(request: Request, house: TheHouse, who: SignedIn) -> HTMLResponse:
    """A first morning, in one page."""
    return page(request, "help.html", who, title="Help", idle=house.settings.staff_idle_minutes)
