"""The calendar file of a call, fetched with the signed address that the confirmation gives."""

from __future__ import annotations

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from assistant.conversations.calendar_file import CONTENT_TYPE, calendar_file, call_at
from assistant.errors import LinkwayError
from assistant.house import House
from assistant.store.database import reading
from assistant.web.context import PageContext
from assistant.web.pages import render_error

HEADERS = {
    "Content-Disposition": 'attachment; filename="appointment.ics"', "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex",
}  # fmt: skip


def calendar_router(house: House, context: PageContext) -> APIRouter:
    """`/calendar/{key}.ics`, for the app."""
    router = APIRouter(include_in_schema=False)

    @router.get("/calendar/{key}.ics")
    def calendar(request: Request, key: str = Path(..., max_length=80)) -> Response:
        """A booked call or meeting: who, when and where, never what it is about. A page says when it is there no more."""
        try:
            with reading(house.engine) as connection:
                call = call_at(connection, key, context.secret)
            body = calendar_file(call, house.programme.practice(call.practice))
        except LinkwayError as error:
            return render_error(request, context, error)
        return Response(body, media_type=CONTENT_TYPE, headers=HEADERS)

    return router
