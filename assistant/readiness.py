"""Is everything in place? The same checks answer /readyz and `linkway doctor`."""

from __future__ import annotations

from fastapi.responses import JSONResponse

from assistant.errors import Unavailable
from assistant.house import House
from assistant.store.database import reading


def parts(house: House) -> dict[str, str]:
    """Each part with 'ready' or what is wrong and how to mend it."""
    found = {"database": "ready", "model": "ready", "directory": "ready", **house.not_ready}
    try:
        with reading(house.engine) as connection:
            connection.exec_driver_sql("SELECT 1")
    except Unavailable as error:
        found["database"] = error.detail
    return found


def readiness(house: House) -> JSONResponse:
    """200 when all is ready, else 503 naming the part."""
    found = parts(house)
    ready = all(state == "ready" for state in found.values())
    return JSONResponse({"ready": ready, "parts": found}, status_code=200 if ready else 503)
