"""The directory for staff: every listing, hidden ones with the reason, as a page and as the contract's JSON."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from assistant.channels.web_models import PROBLEMS
from assistant.desk import sessions
from assistant.desk.pages import ROOT, DeskRoute, fragment, is_htmx, page, templates
from assistant.desk.roles import Staff
from assistant.errors import BadInput, Unavailable
from assistant.house import House, TheHouse
from directory import search
from directory.needs import load_needs
from directory.records import STATUSES
from directory.visibility import Hidden

router = APIRouter(prefix=f"{ROOT}/directory", route_class=DeskRoute, include_in_schema=False)
api = APIRouter(prefix="/api/v1/staff/directory", tags=["staff"])
SignedIn = Annotated[Staff, Depends(sessions.signed_in)]
Words = Annotated[list[str], Query(max_items=8)]
Days = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
PAGE = 20
ANY_STATUS = tuple(dict.fromkeys([*STATUSES, *(reason.value for reason in Hidden)]))
STATUS_WORDS = {
    "open": "Open", "full": "Full", "closed": "Closed", "paused": "Paused", "unaccredited": "Not accredited",
    "lapsed": "Accreditation ended", "stale": "Not checked for too long",
}  # fmt: skip
RELAXED_WORDS = {
    "near": "distance", "within_km": "distance", "day": "day", "time": "time of day", "cost": "free only",
    "cost_free": "free only", "access": "access", "languages": "language", "language": "language",
    "audience": "who it is for", "age": "age", "online": "online", "needs": "need", "need": "need",
}  # fmt: skip


def _find(house: House, **wanted: Any) -> search.SearchResult:
    """Search as staff.

    Raises:
        Unavailable: the directory is not loaded.
        BadInput: a day, time or status that is none.
    """
    if house.directory is None:
        raise Unavailable("The directory cannot be searched just now. Please try again later.")
    if wanted.get("status") and wanted["status"] not in ANY_STATUS:
        raise BadInput(f"Choose one of: {', '.join(ANY_STATUS)}.", field="status")
    for name in ("needs", "access", "languages", "audience"):
        for value in wanted.get(name) or ():
            if not value.strip() or len(value) > 60:
                raise BadInput(f"{name}: use words of 1 to 60 characters.", field=name)
    try:
        return house.directory.search(search.Query(viewer="staff", **wanted))
    except ValueError as error:
        raise BadInput(str(error)) from error


@api.get("/search", responses={code: PROBLEMS[code] for code in (401, 403, 422, 503) if code in PROBLEMS})
def staff_search(
    house: TheHouse,
    who: SignedIn,
    q: Annotated[str, Query(max_length=500, description="What is needed, in any words.")] = "",
    near: Annotated[str | None, Query(max_length=60, description="Outcode, postcode or place.")] = None,
    within_km: Annotated[float | None, Query(gt=0, le=500)] = None,
    need: Words = [],  # noqa: B006 - FastAPI copies it
    day: Annotated[list[Days], Query(max_items=7)] = [],  # noqa: B006
    time: Annotated[str | None, Query(max_length=10, description="morning, afternoon, evening or HH:MM")] = None,
    cost: Literal["free"] | None = None,
    access: Words = [],  # noqa: B006
    language: Words = [],  # noqa: B006
    audience: Words = [],  # noqa: B006
    age: Annotated[int | None, Query(ge=0, le=120)] = None,
    online: bool | None = None,
    status: Annotated[str | None, Query(max_length=20, description=f"One of {', '.join(ANY_STATUS)}.")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> dict[str, Any]:
    """For signed-in staff: all statuses, each with `status`, and with `hidden` and `hidden_reason` where patients see nothing."""
    who.need("directory")
    result = _find(
        house, text=q.replace("\x00", ""), needs=tuple(need), near=near, within_km=within_km, day=tuple(day) or None,
        time=time, cost_free=cost == "free", access=tuple(access), languages=tuple(language),
        audience=tuple(audience), age=age, online=online, status=status, limit=limit, offset=offset,
    )  # fmt: skip
    return {
        "total": result.total,
        "results": [match.as_staff_service() for match in result.matches],
        "relaxed": list(result.relaxed),
        "found": result.found,
    }


@router.get("")
def directory_page(
    request: Request,
    house: TheHouse,
    who: SignedIn,
    q: Annotated[str, Query(max_length=500)] = "",
    near: Annotated[str, Query(max_length=60)] = "",
    need: Annotated[str, Query(max_length=60)] = "",
    day: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun", ""] = "",
    cost: Literal["free", ""] = "",
    online: Literal["yes", "no", ""] = "",
    status: Annotated[str, Query(max_length=20)] = "",
    start: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> HTMLResponse:
    """Search with filters. Nothing asked shows everything there is, a page at a time."""
    who.need("directory")
    result = _find(
        house, text=q.strip().replace("\x00", ""), near=near.strip() or None, needs=(need,) if need else (),
        day=day or None, cost_free=cost == "free", online={"yes": True, "no": False}.get(online),
        status=status or None, limit=PAGE, offset=start,
    )  # fmt: skip
    asked = {"q": q, "near": near, "need": need, "day": day, "cost": cost, "online": online, "status": status}
    values: dict[str, Any] = {
        "asked": asked,
        "result": result,
        "services": [match.as_staff_service() for match in result.matches],
        "relaxed": list(dict.fromkeys(RELAXED_WORDS.get(name, name) for name in result.relaxed)),
        "start": start,
        "step": PAGE,
        "link": {key: value for key, value in asked.items() if value},
        "STATUS_WORDS": STATUS_WORDS,
    }
    if is_htmx(request):
        return fragment(templates.get_template("directory/_results.html").render(**values))
    return page(request, "directory/directory.html", who, title="Directory", needs=load_needs(), **values)
