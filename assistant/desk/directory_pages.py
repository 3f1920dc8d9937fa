"""The directory for staff: every listing, hidden ones with the reason, as a page and as the contract's JSON."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from assistant.channels.web_models import PROBLEMS
from assistant.desk import sessions
from assistant.desk.listing_map import plan_of
from assistant.desk.listing_words import ANY_STATUS, FILTER_CHOICES, KM_A_MILE, MILES, STATUS_WORDS, WAITS
from assistant.desk.pages import ROOT, DeskRoute, fragment, is_htmx, page, templates
from assistant.desk.roles import Staff
from assistant.errors import BadInput, Unavailable
from assistant.house import House, TheHouse
from assistant.store.database import reading
from directory import search
from directory.needs import load_needs
from directory.reports import count_open

router = APIRouter(prefix=f"{ROOT}/directory", route_class=DeskRoute, include_in_schema=False)
api = APIRouter(prefix="/api/v1/staff/directory", tags=["staff"])
SignedIn = Annotated[Staff, Depends(sessions.signed_in)]
Words = Annotated[list[str], Query(max_items=8)]
Key = Annotated[str, Query(max_length=60)]
Days = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
PAGE = 20
RELAXED_WORDS = {
    "near": "distance", "within_km": "distance", "day": "day", "time": "time of day", "cost": "free only",
    "cost_free": "free only", "access": "access", "languages": "language", "language": "language",
    "audience": "who it is for", "age": "age", "online": "online", "needs": "need", "need": "need",
    "bring": "bringing someone", "wait": "wait", "places": "free places",
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
    bring_someone: bool = False,
    wait_weeks: Annotated[int | None, Query(ge=0, le=520, description="At most.")] = None,
    places: Annotated[bool, Query(description="It says it has free ones.")] = False,
    status: Annotated[str | None, Query(max_length=20, description=f"One of {', '.join(ANY_STATUS)}.")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> dict[str, Any]:
    """For signed-in staff: all statuses, each with `status`, and with `hidden` and `hidden_reason` where patients see nothing."""
    who.need("directory")
    result = _find(
        house, text=q.replace("\x00", ""), needs=tuple(need), near=near, within_km=within_km, day=tuple(day) or None,
        time=time, cost_free=cost == "free", access=tuple(access), languages=tuple(language),
        audience=tuple(audience), age=age, online=online, bring_someone=bring_someone, wait_weeks=wait_weeks, places=places, status=status,
        limit=limit, offset=offset,
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
    near: Key = "",
    miles: Annotated[str, Query(max_length=3, regex=r"^[0-9]*$")] = "",
    need: Key = "",
    day: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun", ""] = "",
    time: Literal["morning", "afternoon", "evening", ""] = "",
    cost: Literal["free", ""] = "",
    online: Literal["yes", "no", ""] = "",
    access: Key = "",
    language: Key = "",
    audience: Key = "",
    age: Annotated[str, Query(max_length=3, regex=r"^\s*[0-9]*\s*$")] = "",
    bring: Literal["yes", ""] = "",
    wait: Annotated[str, Query(max_length=3, regex=r"^[0-9]*$")] = "",
    places: Literal["yes", ""] = "",
    status: Annotated[str, Query(max_length=20)] = "",
    conversation: Annotated[str, Query(max_length=36)] = "",
    start: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> HTMLResponse:
    """Search with filters. Nothing asked shows everything there is, a page at a time.

    `conversation` is the one it was opened from: a short list can be sent there.
    """
    who.need("directory")
    years = int(age) if age.strip() else None
    if years is not None and years > 120:
        raise BadInput("Write an age from 0 to 120.", field="age")
    within = int(miles) * KM_A_MILE if miles and int(miles) else None
    result = _find(
        house, text=q.strip().replace("\x00", ""), near=near.strip() or None, within_km=within, needs=(need,) if need else (),
        day=day or None, time=time or None, cost_free=cost == "free", online={"yes": True, "no": False}.get(online),
        access=(access,) if access else (), languages=(language,) if language else (), audience=(audience,) if audience else (),
        age=years, bring_someone=bring == "yes", wait_weeks=int(wait) if wait else None, places=places == "yes", status=status or None, limit=PAGE, offset=start,
    )  # fmt: skip
    asked = {
        "q": q, "near": near, "miles": miles, "need": need, "day": day, "time": time, "cost": cost, "online": online, "access": access,
        "language": language, "audience": audience, "age": age.strip(), "bring": bring, "wait": wait, "places": places, "status": status, "conversation": conversation,
    }  # fmt: skip
    gazetteer = getattr(house.directory, "places", None)
    link = {key: value for key, value in asked.items() if value}
    values: dict[str, Any] = {
        "asked": asked,
        "result": result,
        "services": [match.as_staff_service() for match in result.matches],
        "relaxed": list(dict.fromkeys(RELAXED_WORDS.get(name, name) for name in result.relaxed)),
        "start": start,
        "step": PAGE,
        "link": link,
        "search_query": urlencode(link),
        "STATUS_WORDS": STATUS_WORDS,
        "plan": plan_of(result.matches, start + 1, result.place, gazetteer) if gazetteer else None,
        "conversation": conversation,
    }
    if is_htmx(request):
        return fragment(templates.get_template("directory/_results.html").render(**values))
    with reading(house.engine) as connection:
        waiting = count_open(connection)
    few = sum(1 for name in ("miles", "time", "access", "language", "audience", "age", "bring", "wait", "places") if asked[name])
    return page(
        request, "directory/directory.html", who, title="Directory", needs=load_needs(), choices=FILTER_CHOICES, miles_choices=MILES, waits=WAITS,
        more_open=bool(few), reports_waiting=waiting, **values,
    )  # fmt: skip
