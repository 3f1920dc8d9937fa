"""The public directory: accredited, in-date, open listings only."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query

from assistant.channels.web_models import PROBLEMS, Found, Service
from assistant.errors import BadInput, NotFound, Unavailable
from assistant.house import House, TheHouse
from directory import search
from directory.search import Directory

router = APIRouter(prefix="/api/v1/directory", tags=["directory"])
Days = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Words = Annotated[list[str], Query(max_items=8)]


def directory_of(house: House) -> Directory:
    """The directory, or a plain word that it is not there."""
    if house.directory is None:
        raise Unavailable("The directory cannot be searched just now. Please try again later.")
    return house.directory


def checked(values: list[str], field: str, longest: int = 60) -> tuple[str, ...]:
    """Short words only."""
    for value in values:
        if not value.strip() or len(value) > longest:
            raise BadInput(f"{field}: use words of 1 to {longest} characters.", field=field)
    return tuple(value.strip() for value in values)


@router.get("/search", response_model=Found, response_model_exclude_unset=True,
            responses={k: PROBLEMS[k] for k in (422, 503)})  # fmt: skip
def find(
    house: TheHouse,
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
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> dict[str, Any]:
    """Search; `relaxed` names filters that were loosened because nothing matched all of them."""
    try:
        query = search.Query(
            text=q.replace("\x00", ""),
            needs=checked(need, "need"),
            near=near,
            within_km=within_km,
            day=tuple(day) or None,
            time=time,
            cost_free=cost == "free",
            access=checked(access, "access"),
            languages=checked(language, "language"),
            audience=checked(audience, "audience"),
            age=age,
            online=online,
            bring_someone=bring_someone,
            wait_weeks=wait_weeks,
            places=places,
            limit=limit,
            offset=offset,
        )
        result = directory_of(house).search(query)
    except ValueError as error:
        raise BadInput(str(error)) from error
    return {
        "total": result.total,
        "results": [match.as_service() for match in result.matches],
        "relaxed": list(result.relaxed),
        "found": result.found,
    }


@router.get("/services/{listing_id}", response_model=Service, response_model_exclude_unset=True,
            responses={k: PROBLEMS[k] for k in (404, 422, 503)})  # fmt: skip
def one(house: TheHouse, listing_id: Annotated[str, Path(max_length=100)]) -> dict[str, Any]:
    """One service, if patients may see it."""
    match = directory_of(house).get(listing_id.replace("\x00", ""), viewer="patient")
    if match is None:
        raise NotFound("There is no such service, or it is not open to patients just now.")
    return match.as_service()
