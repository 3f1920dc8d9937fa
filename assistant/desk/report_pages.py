"""Reports for managers: one page with every plot and table, each table as CSV, and the monthly newsletter to print."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import HTMLResponse, Response

from assistant.clock import clock
from assistant.desk import audit, sessions
from assistant.desk.pages import HEADERS, ROOT, DeskRoute, page, templates
from assistant.desk.roles import Staff
from assistant.errors import BadInput, NotFound
from assistant.house import House, TheHouse
from assistant.reports import board
from assistant.reports.newsletter import newsletter
from assistant.reports.scope import Scope, month_scope, scope_of, shortcuts
from assistant.reports.table import as_csv, in_words
from assistant.store.database import reading, transaction

HERE = f"{ROOT}/reports"
router = APIRouter(prefix=HERE, route_class=DeskRoute, include_in_schema=False)
SignedIn = Annotated[Staff, Depends(sessions.signed_in)]
Day = Annotated[str, Query(max_length=10)]
First = Annotated[str, Query(alias="from", max_length=10)]
Last = Annotated[str, Query(alias="to", max_length=10)]
PracticeSlug = Annotated[str, Query(max_length=64)]
Name = Annotated[str, Path(max_length=40)]
templates.env.filters["cell"] = in_words


def practice_for(house: House, who: Staff, asked: str) -> str | None:
    """The practice a report is of: one's own, or for somebody of every practice the one asked for, or all (None).

    Raises:
        NotFound: another practice's, or one that is none; the two cannot be told apart.
    """
    if who.practice is not None:
        if asked not in ("", who.practice):
            raise NotFound("There is no such practice here.")
        return who.practice
    return house.programme.practice(asked).slug if asked else None


def query_of(scope: Scope, **more: str) -> str:
    """The address's part after '?' for this scope."""
    return urlencode({"from": scope.first.isoformat(), "to": scope.last.isoformat(), "practice": scope.practice or "", **more})


@router.get("")
def reports_page(
    request: Request, house: TheHouse, who: SignedIn, first: First = "", last: Last = "", practice: PracticeSlug = ""
) -> HTMLResponse:
    """Everything of these dates. A date that is none is said above the form, and nothing is lost."""
    who.need("oversight")
    slug, fault = practice_for(house, who, practice), ""
    try:
        scope = scope_of(first, last, slug)
    except BadInput as error:
        scope, fault = scope_of("", "", slug), error.detail
    with reading(house.engine) as connection:
        sections = board.report(connection, house, scope)
    with transaction(house.engine) as connection:
        audit.record(connection, who.id, "reports.read", slug)
    quick = [(words, query_of(Scope(span.first, span.last, slug)), (span.first, span.last) == (scope.first, scope.last)) for words, span in shortcuts()]
    return page(
        request, "reports/reports.html", who, 422 if fault else 200, title="Reports", sections=sections, scope=scope, fault=fault,
        quick=quick, query=query_of(scope), practices=_choices(house, who), whose=board.about(house, scope)[0][1], today=clock.today(),
    )  # fmt: skip


@router.get("/newsletter")
def newsletter_page(
    request: Request, house: TheHouse, who: SignedIn, month: Annotated[str, Query(max_length=7)] = "", practice: PracticeSlug = ""
) -> HTMLResponse:
    """One page of a month; the month before this one unless another is asked for."""
    who.need("oversight")
    scope = month_scope(month, practice_for(house, who, practice) or house.programme.practice().slug)
    with reading(house.engine) as connection:
        letter = newsletter(connection, house, scope)
    with transaction(house.engine) as connection:
        audit.record(connection, who.id, "newsletter.read", scope.practice)
    return page(
        request, "reports/newsletter.html", who, title=f"Newsletter, {letter.month}", letter=letter, scope=scope,
        practices=_choices(house, who),
    )  # fmt: skip


@router.get("/{section_id}/{table_id}.csv")
def table_csv(
    house: TheHouse, who: SignedIn, section_id: Name, table_id: Name, first: First = "", last: Last = "", practice: PracticeSlug = ""
) -> Response:
    """One table, to go on with in a spreadsheet."""
    who.need("oversight")
    scope = scope_of(first, last, practice_for(house, who, practice))
    with reading(house.engine) as connection:
        table = board.one_table(connection, house, scope, section_id, table_id)
    with transaction(house.engine) as connection:
        audit.record(connection, who.id, "report.exported", table.id)
    name = f"linkway-{table.id}-{scope.first.isoformat()}-{scope.last.isoformat()}.csv"
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(as_csv(table, board.about(house, scope)), media_type="text/csv; charset=utf-8", headers=headers)


def _choices(house: House, who: Staff) -> list[tuple[str, str]]:
    """Practices to choose from: none for somebody who has one."""
    return [] if who.practice else [(slug, practice.name) for slug, practice in house.programme.practices.items()]
