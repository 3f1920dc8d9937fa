"""The one tree of errors, and the one place where they become answers (RFC 9457 problem details).

LinkwayError
 |- BadInput           422, or what it says: names the field and the fix
 |   |- TooLarge       413
 |   `- TooMany        429
 |- NotAllowed         403
 |   |- NotSignedIn    401
 |   `- NotFresh       403: signed in, and asked to say so again first
 |- NotFound           404
 |- Conflict           409: somebody else was first
 `- Unavailable        503: a part is down; nothing was lost
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException


class LinkwayError(Exception):
    """Base of all our errors; `detail` is a sentence for a person, `field` what it is about."""

    status = 500
    title = "Something went wrong"

    def __init__(self, detail: str, field: str | None = None, **extra: Any) -> None:
        """Keep what a caller needs to mend the request."""
        super().__init__(detail)
        self.detail, self.field, self.extra = detail, field, extra


class BadInput(LinkwayError):
    """The request cannot be used as it is."""

    status, title = 422, "That could not be used"


class TooLarge(BadInput):
    """More bytes than we take."""

    status, title = 413, "Too large"


class TooMany(BadInput):
    """Too often in a short time."""

    status, title = 429, "Too many requests"


class NotAllowed(LinkwayError):
    """Known, but not permitted."""

    status, title = 403, "Not allowed"


class NotSignedIn(NotAllowed):
    """No valid token or sign-in."""

    status, title = 401, "Not signed in"


class NotFresh(NotAllowed):
    """Signed in, but too long ago for what leaves the house or changes an account."""

    title = "Please confirm that it is you"


class NotFound(LinkwayError):
    """No such thing, or not yours."""

    status, title = 404, "Not found"


class Conflict(LinkwayError):
    """Somebody else was first, or the state has moved on."""

    status, title = 409, "Conflict"


class Unavailable(LinkwayError):
    """A part is down; try again."""

    status, title = 503, "Not available just now"


def problem(status: int, title: str, detail: str, **extra: Any) -> JSONResponse:
    """A problem-details answer."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **extra}
    headers = {"Retry-After": "30"} if status in (429, 503) else None
    return JSONResponse(body, status_code=status, media_type="application/problem+json", headers=headers)


def _field(location: tuple[Any, ...]) -> str:
    """'body.text' from pydantic's location."""
    return ".".join(str(part) for part in location if part != "__root__") or "body"


def _fault(error: dict[str, Any]) -> dict[str, str]:
    """Field and fix from one of pydantic's; where a body is no JSON, its place is a character and no field."""
    if error["type"] == "value_error.jsondecode":
        return {"field": "body", "fix": "send JSON in UTF-8"}
    return {"field": _field(tuple(error["loc"])), "fix": str(error["msg"])}


def install(app: FastAPI) -> None:
    """Register the handlers on `app`."""

    @app.exception_handler(LinkwayError)
    async def ours(_: Request, error: LinkwayError) -> JSONResponse:
        extra = dict(error.extra)
        if error.field:
            extra["field"] = error.field
        return problem(error.status, error.title, error.detail, **extra)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        faults = [_fault(e) for e in error.errors()]
        first = faults[0] if faults else {"field": "body", "fix": "check the request"}
        return problem(
            422, "That could not be used", f"{first['field']}: {first['fix']}", field=first["field"], errors=faults
        )

    @app.exception_handler(Exception)
    async def ours_to_mend(_: Request, error: Exception) -> JSONResponse:
        return problem(500, "Something went wrong", "Something went wrong on our side. Please try again.")

    @app.exception_handler(HTTPException)
    async def http(_: Request, error: HTTPException) -> JSONResponse:
        answer = problem(error.status_code, "Not possible", str(error.detail))
        for name, value in (error.headers or {}).items():
            answer.headers[name] = value
        return answer
