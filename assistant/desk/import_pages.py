"""Importing a file at the desk: a dry run that shows what would change, then 'do it'. The file is gone afterwards."""

from __future__ import annotations

from datetime import timezone
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Depends, File, Form, Path, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.engine import Row

from assistant.clock import clock
from assistant.desk import audit, csrf
from assistant.desk.listing_pages import HERE, SignedIn, policy_of, ready, signature
from assistant.desk.pages import HEADERS, DeskRoute, page
from assistant.desk.roles import Staff
from assistant.errors import BadInput, Conflict, NotFound
from assistant.house import House, TheHouse
from assistant.logs import log
from assistant.store.database import transaction
from directory import uploads
from directory.cells import CellError, parse_date
from directory.template import template_csv

router = APIRouter(prefix=f"{HERE}/import", route_class=DeskRoute, include_in_schema=False)
Writer = Annotated[Staff, Depends(csrf.writer)]
UploadId = Annotated[str, Path(max_length=36)]
MOST_BYTES = 19 * 1024 * 1024  # the console takes 20 MB in all; more goes by the command line
QUICK_BYTES = 200_000  # read at once; a longer file while the page says how far it is
FILE_SAID = "Choose a file of rows: CSV from a spreadsheet, a council or another directory."


@router.get("")
def import_page(request: Request, who: SignedIn) -> HTMLResponse:
    """Choose a file."""
    who.need("listings")
    return _ask(request, who)


def _ask(request: Request, who: Staff, fault: BadInput | None = None, typed: dict[str, str] | None = None) -> HTMLResponse:
    status = fault.status if fault else 200
    return page(request, "directory/import.html", who, status=status, title="Import a file", fault=fault, typed=typed or {})


@router.get("/template.csv")
def template(who: SignedIn) -> Response:
    """The template that providers and councils fill in."""
    who.need("directory")
    headers = {**HEADERS, "Content-Disposition": 'attachment; filename="listings-template.csv"'}
    return Response(template_csv(), media_type="text/csv; charset=utf-8", headers=headers)


@router.post("")
def bring(
    request: Request, house: TheHouse, who: Writer, work: BackgroundTasks,
    file: Annotated[UploadFile | None, File()] = None,
    source: Annotated[str, Form(max_length=300)] = "", replace: Annotated[str, Form(max_length=1)] = "",
    accredited_by: Annotated[str, Form(max_length=300)] = "", accredited_until: Annotated[str, Form(max_length=40)] = "",
) -> Response:  # fmt: skip
    """Put the file by and read it. Nothing in the directory changes."""
    who.need("listings")
    ready(house)
    typed = {"source": source, "replace": replace, "accredited_by": accredited_by, "accredited_until": accredited_until}
    try:
        options = _options(source, replace, accredited_by, accredited_until, file.filename if file else "")
        data = file.file.read(MOST_BYTES + 1) if file is not None else b""
        if not data:
            raise BadInput(f"There is nothing in it. {FILE_SAID}", field="file")
        if len(data) > MOST_BYTES:
            raise BadInput("The file is over 19 MB. Split it, or bring it in with `linkway directory import`.", field="file")
    except BadInput as error:
        return _ask(request, who, error, typed)
    name = (file.filename if file else "") or "file"
    number = uploads.keep(house.engine, data, name.replace("\x00", "")[-200:], options, signature(who), clock.now())
    if len(data) <= QUICK_BYTES:
        _work(house, number, True)
    else:
        work.add_task(_work, house, number, True)
    return RedirectResponse(f"{HERE}/import/{number}", status_code=303, headers=HEADERS)


def _options(source: str, replace: str, by: str, until: str, filename: str | None) -> dict[str, Any]:
    named = " ".join((source or (filename or "").rsplit(".", 1)[0]).replace("\x00", "").split())
    if not named or len(named) > 190:
        raise BadInput("Name where the file is from, in up to 190 characters, such as Luton Council.", field="source")
    options: dict[str, Any] = {"source": named, "replace_source": named if replace else None}
    body = " ".join(by.replace("\x00", "").split())
    if len(body) > 200:
        raise BadInput("Keep the name of the body to 200 characters.", field="accredited_by")
    if until.strip() and not body:
        raise BadInput("Say who accredits them, or leave the last day empty.", field="accredited_by")
    if body:
        options["accredited_by"] = body
        try:
            options["accredited_until"] = parse_date(until).isoformat() if until.strip() else None
        except CellError as error:
            raise BadInput(str(error), field="accredited_until") from error
    return options


def _work(house: House, number: str, dry_run: bool) -> None:
    directory = ready(house)
    try:
        uploads.work(house.engine, number, dry_run, directory.places, policy_of(house), clock.today(), clock.now)
    except Exception as error:  # a cell may be quoted in the message: only its kind is logged
        log.error("an import failed", error=type(error).__name__)
        return
    if not dry_run:
        directory.refresh()  # what was brought in is encoded here, beside the pages


@router.get("/{number}")
def look(request: Request, house: TheHouse, who: SignedIn, number: UploadId) -> HTMLResponse:
    """How far it is; what would change; what has changed."""
    who.need("listings")
    row = _upload(house, number)
    silent = clock.now() - row.moved_at.replace(tzinfo=timezone.utc) > uploads.SILENT
    state = "stopped" if row.state in ("reading", "doing") and silent else row.state
    return page(
        request, "directory/import_report.html", who, title="Import a file", row=row, state=state, report=row.report or {},
        options=row.options, shown=uploads.SHOWN, busy=state in ("reading", "doing"), names=_names(house, row),
    )  # fmt: skip


def _names(house: House, row: Row) -> dict[str, str]:
    ids = {one for pair in (row.report or {}).get("doubles", []) for one in pair}
    found = {one: ready(house).get(one, viewer="staff") for one in list(ids)[:100]}
    return {one: match.listing.name for one, match in found.items() if match is not None}


@router.post("/{number}/do")
def do_it(house: TheHouse, who: Writer, number: UploadId, work: BackgroundTasks) -> Response:
    """Bring it in. Pressed twice, it is done once."""
    who.need("listings")
    row = _upload(house, number)
    if uploads.begin(house.engine, number, clock.now()):
        with transaction(house.engine) as connection:
            audit.record(connection, who.id, "listings.imported", number)
        work.add_task(_work, house, number, False)
    elif row.state not in ("doing", "done"):
        raise Conflict("This file is no longer here. Choose it again.")
    return RedirectResponse(f"{HERE}/import/{number}", status_code=303, headers=HEADERS)


@router.post("/{number}/drop")
def drop(house: TheHouse, who: Writer, number: UploadId) -> Response:
    """Not this file."""
    who.need("listings")
    uploads.drop(house.engine, number)
    return RedirectResponse(f"{HERE}/import", status_code=303, headers=HEADERS)


def _upload(house: House, number: str) -> Row:
    try:
        return uploads.upload(house.engine, number.replace("\x00", ""))
    except KeyError as error:
        raise NotFound("This file is no longer here: it was thrown away, or a day has gone by. Choose it again.") from error


def forget_old_uploads(house: House) -> int:
    """A timed pass: files that were put by and left lying go after a day."""
    return uploads.forget_old(house.engine, clock.now())
