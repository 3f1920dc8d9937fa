"""Forged requests are refused: a write must come from our own page (browser headers) and carry the session's token."""

from __future__ import annotations

import hmac
import secrets
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from assistant.desk.roles import Staff
from assistant.desk.sessions import be_fresh, signed_in, watching
from assistant.errors import NotAllowed
from assistant.house import house_of

HEADER = "X-CSRF-Token"
FIELD = "csrf"
SIGN_IN_COOKIE = "linkway_sign_in"
_REFUSED = "This did not come from the console's own page. Reload the page and try again."


def from_our_page(request: Request) -> None:
    """Sec-Fetch-Site when the browser sends it, else Origin; a request with neither is refused.

    Raises:
        NotAllowed: the request was made by another site, or nobody says by whom.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise NotAllowed(_REFUSED)
        return
    ours = {request.headers.get("host", ""), urlsplit(house_of(request).settings.public_base_url).netloc}
    if not origin or urlsplit(origin).netloc not in ours:
        raise NotAllowed(_REFUSED)


def _same(given: str, expected: str) -> bool:
    return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())


async def _given(request: Request) -> str:
    """The token in htmx's header, or in the form's hidden field."""
    if HEADER in request.headers:
        return request.headers[HEADER]
    value = (await request.form()).get(FIELD, "")
    return value if isinstance(value, str) else ""


async def writer(request: Request, who: Annotated[Staff, Depends(signed_in)]) -> Staff:
    """FastAPI dependency of every write: the signed-in person, on a request that is truly theirs.

    Raises:
        NotSignedIn: no sign-in.
        NotAllowed: from elsewhere, or without the session's token.
    """
    from_our_page(request)
    if not _same(await _given(request), who.csrf):
        raise NotAllowed(_REFUSED)
    return who


async def fresh_writer(request: Request, who: Annotated[Staff, Depends(writer)]) -> Staff:
    """As `writer`, for changes of accounts and for exports: password and code were given in the last minutes.

    Raises:
        NotFresh: they were not; the person is asked for them and sends the form again.
    """
    be_fresh(request)
    return who


async def heartbeat(request: Request, who: Annotated[Staff, Depends(watching)]) -> Staff:
    """As `writer`, for what the page sends by itself: it does not count as activity."""
    from_our_page(request)
    if not _same(await _given(request), who.csrf):
        raise NotAllowed(_REFUSED)
    return who


def fresh_sign_in_token() -> str:
    """For the sign-in form, where there is no session yet: the same value in a cookie and in the form."""
    return secrets.token_urlsafe(24)


async def sign_in_form(request: Request) -> None:
    """FastAPI dependency of the sign-in. Raises NotAllowed for a form that is not ours."""
    from_our_page(request)
    if not _same(await _given(request), request.cookies.get(SIGN_IN_COOKIE, "")):
        raise NotAllowed("This sign-in page was open too long. Load it again and sign in.")
