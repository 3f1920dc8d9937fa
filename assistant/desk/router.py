"""Everything of the console to put into the app: `app.include_router(desk_router)` and `mount_files(app)`."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response

from assistant.desk import (
    account_pages,
    at_the_desk_pages,
    booking_pages,
    call_pages,
    canned_pages,
    case_pages,
    conversation_pages,
    directory_list_pages,
    directory_pages,
    doubles_pages,
    editing_pages,
    handing_pages,
    import_pages,
    inbox_pages,
    leaving_pages,
    listing_form_pages,
    listing_pages,
    live,
    managing_pages,
    oidc_pages,
    outcome_pages,
    oversight_pages,
    own_account_pages,
    patient_pages,
    privacy_pages,
    quality_pages,
    referral_form_pages,
    referral_pages,
    report_pages,
    signpost_pages,
    task_pages,
)
from assistant.desk.pages import ROOT, DeskRoute, static_files
from assistant.errors import NotFound

desk_router = APIRouter()
for part in (
    account_pages.router,
    oidc_pages.router,
    own_account_pages.router,
    managing_pages.router,
    live.router,
    inbox_pages.router,
    task_pages.router,
    patient_pages.router,
    case_pages.router,
    leaving_pages.router,
    signpost_pages.router,
    at_the_desk_pages.router,
    call_pages.router,
    canned_pages.router,
    handing_pages.router,
    booking_pages.router,
    referral_form_pages.router,
    referral_pages.router,
    directory_pages.router,
    directory_pages.api,
    directory_list_pages.router,
    listing_form_pages.router,
    import_pages.router,
    quality_pages.router,
    doubles_pages.router,
    listing_pages.router,
    oversight_pages.router,
    report_pages.router,
    outcome_pages.router,
    editing_pages.router,
    privacy_pages.router,
    conversation_pages.router,
):
    desk_router.include_router(part)

_nowhere = APIRouter(prefix=ROOT, route_class=DeskRoute, include_in_schema=False)


@_nowhere.get("/{address:path}")
def no_such_page(request: Request, address: str) -> Response:
    """An address of the console that is none, said as a page."""
    raise NotFound("There is no such page in the console.")


def mount_files(app: FastAPI) -> None:
    """Styles and scripts under /navigator/static, then the page for addresses that are none. After `desk_router`."""
    app.mount(f"{ROOT}/static", static_files(), name="desk-static")
    app.include_router(_nowhere)
