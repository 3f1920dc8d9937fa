"""The directory as an Open Referral UK feed (HSDS-UK 3.0): open to anybody, what patients may see and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import JSONResponse, Response

from assistant.channels.web_directory import directory_of
from assistant.channels.web_models import PROBLEMS
from assistant.errors import BadInput, NotFound
from assistant.house import TheHouse
from directory.openreferral import at_locations, pages

router = APIRouter(prefix="/openreferral", tags=["open referral"])
# The standard wants open GET calls that any website's script may make.
OPEN = {"Access-Control-Allow-Origin": "*"}
Page = Annotated[int, Query(ge=1, le=1_000_000)]
PerPage = Annotated[int, Query(ge=1, le=pages.LARGEST_PAGE)]
Age = Annotated[float | None, Query(ge=0, le=200)]
Moment = Annotated[str | None, Query(max_length=8, description="HH:MM")]
Identifier = Annotated[str, Path(max_length=100)]
Term = Annotated[str | None, Query(max_length=100)]
UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "As it was: nothing is sent"}}


def answer(request: Request, mark: str, make: Callable[[], Any]) -> Response:
    """What `make` gives, or 304 for whoever has it already."""
    headers = {**OPEN, "ETag": f'"{mark}"', "Cache-Control": "public, max-age=300"}
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if f'"{mark}"' in known:
        return Response(status_code=304, headers=headers)
    return JSONResponse(make(), headers=headers)


def moment(text: str | None, field: str) -> time | None:
    """A time of the day. Raises BadInput for what is none."""
    try:
        return time.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadInput(f"{field}: write a time as 14:30.", field=field) from error


@router.get("/", responses={code: PROBLEMS[code] for code in (422,)})
def about(request: Request) -> Response:
    """The version of the standard, its profile, and where this is described."""
    address = str(request.url_for("openapi"))
    return JSONResponse({"version": pages.VERSION, "profile": pages.PROFILE, "openapi_url": address}, headers=OPEN)


def asked_for(
    search: Annotated[str, Query(max_length=200, description="Words that all stand in it.")] = "",
    taxonomy_term_id: Term = None,
    taxonomy_id: Term = None,
    minimum_age: Age = None,
    maximum_age: Age = None,
    start_time: Moment = None,
    end_time: Moment = None,
    day: Annotated[str | None, Query(max_length=10, description="MO, TU, WE, TH, FR, SA or SU")] = None,
) -> pages.Asked:
    """The filters that services and their places share. Raises BadInput for a time or a day that is none."""
    asked = pages.Asked(
        search.replace("\x00", ""), minimum_age, maximum_age, moment(start_time, "start_time"), moment(end_time, "end_time"),
        day, taxonomy_id, taxonomy_term_id,
    )  # fmt: skip
    try:
        asked.weekday  # noqa: B018 - raises for a word that is no day
    except ValueError as error:
        raise BadInput(str(error), field="day") from error
    return asked


Filters = Annotated[pages.Asked, Depends(asked_for)]


@router.get("/services", responses={**UNCHANGED, **{code: PROBLEMS[code] for code in (422, 503)}})
def services(request: Request, house: TheHouse, asked: Filters, page: Page = 1, per_page: PerPage = pages.PAGE_SIZE) -> Response:
    """A page of services, each in full."""
    directory = directory_of(house)
    return answer(request, pages.content_mark(directory), lambda: pages.services_page(directory, asked, page, per_page))


@router.get("/services/{service_id}", responses={**UNCHANGED, **{code: PROBLEMS[code] for code in (404, 422, 503)}})
def service(request: Request, house: TheHouse, service_id: Identifier) -> Response:
    """One service by its UUID (or by the id it has here), if patients may see it."""
    directory = directory_of(house)
    found = pages.one_service(directory, service_id.replace("\x00", ""))
    if found is None:
        raise NotFound("There is no such service, or it is not open to patients just now.")
    return answer(request, pages.content_mark(directory), lambda: found)


@router.get("/service_at_locations", responses={**UNCHANGED, **{code: PROBLEMS[code] for code in (422, 503)}})
def service_at_locations(
    request: Request,
    house: TheHouse,
    asked: Filters,
    page: Page = 1,
    per_page: PerPage = pages.PAGE_SIZE,
    postcode: Annotated[str | None, Query(max_length=60, description="Only services that serve it. An outcode will do.")] = None,
    proximity: Annotated[float | None, Query(gt=0, le=1_000_000, description="Only so many metres from the postcode.")] = None,
) -> Response:
    """A page of the places where services are given, each with its service."""
    directory = directory_of(house)
    near = directory.places.locate(postcode.replace("\x00", "")) if postcode and postcode.strip() else None
    if near is None and postcode and postcode.strip():
        raise BadInput("postcode: we know no such postcode. Write it as LU1 2AB, or LU1.", field="postcode")
    if near is None and proximity is not None:
        raise BadInput("proximity: say from which postcode.", field="proximity")
    km = None if proximity is None else proximity / 1000
    return answer(
        request, pages.content_mark(directory), lambda: at_locations.page_of(directory, asked, page, per_page, near, km)
    )


@router.get("/service_at_locations/{place_id}", responses={**UNCHANGED, **{code: PROBLEMS[code] for code in (404, 422, 503)}})
def service_at_location(request: Request, house: TheHouse, place_id: Identifier) -> Response:
    """One of them."""
    directory = directory_of(house)
    found = at_locations.one(directory, place_id)
    if found is None:
        raise NotFound("There is no such service at a location, or it is not open to patients just now.")
    return answer(request, pages.content_mark(directory), lambda: found)


@router.get("/taxonomies", responses={422: PROBLEMS[422]})
def taxonomies(page: Page = 1, per_page: PerPage = pages.PAGE_SIZE) -> Response:
    """The taxonomies used."""
    return _listed(pages.taxonomies(), page, per_page)


@router.get("/taxonomies/{taxonomy_id}", responses={code: PROBLEMS[code] for code in (404, 422)})
def taxonomy(taxonomy_id: Identifier) -> Response:
    """One taxonomy."""
    return _one(pages.taxonomies(), taxonomy_id)


@router.get("/taxonomy_terms", responses={422: PROBLEMS[422]})
def taxonomy_terms(page: Page = 1, per_page: PerPage = pages.PAGE_SIZE, taxonomy_id: Term = None) -> Response:
    """Their terms: the needs, and the columns that the standard has no place for."""
    return _listed(pages.taxonomy_terms(taxonomy_id), page, per_page)


@router.get("/taxonomy_terms/{term_id}", responses={code: PROBLEMS[code] for code in (404, 422)})
def taxonomy_term(term_id: Identifier) -> Response:
    """One term."""
    return _one(pages.taxonomy_terms(), term_id)


def _listed(found: list[dict[str, Any]], page: int, per_page: int) -> Response:
    shown = found[(page - 1) * per_page : page * per_page]
    return JSONResponse(pages.envelope(shown, len(found), page, per_page), headers=OPEN)


def _one(found: list[dict[str, Any]], identifier: str) -> Response:
    for one in found:
        if one["id"] == identifier.casefold():
            return JSONResponse(one, headers=OPEN)
    raise NotFound("There is none with this id.")
