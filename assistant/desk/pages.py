"""How the desk's pages are made: templates, headers, parts that update themselves, and errors a person can act on."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.routing import APIRoute
from fastapi.templating import Jinja2Templates
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from assistant.desk import wording
from assistant.desk.menu import directory_pages, menu_for
from assistant.desk.roles import Staff
from assistant.errors import BadInput, LinkwayError, NotFresh, NotSignedIn, Unavailable
from assistant.logs import log

HERE = Path(__file__).parent
ROOT = "/navigator"
# No inline script or style anywhere; htmx is told in base.html to do without both.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
CHANGED = "desk-changed"  # the event that makes a page's parts look again

templates = Jinja2Templates(directory=HERE / "templates")
templates.env.trim_blocks = templates.env.lstrip_blocks = True
templates.env.filters.update(
    ago=wording.ago, at=wording.day_and_time, day_name=wording.day_name, clock_time=wording.clock_time,
    risks=wording.risks_in_words, phone=wording.phone, safe_to=wording.safe_to, has_begun=wording.has_begun,
    groupby_day=wording.by_day, uk_date=wording.uk_date, miles=wording.miles, with_start=wording.with_start,
    need_options=wording.need_options, person=wording.person, query=urlencode,
    day_only=wording.day_only, iso_day=wording.iso_day, within_miles=wording.within_miles, utc=wording.as_utc,
    need_words=wording.need_words, as_query=wording.as_query, in_london=wording.in_london,
)  # fmt: skip
templates.env.globals.update(
    root=ROOT, STATES=wording.STATES, CHANNELS=wording.CHANNELS, SENDERS=wording.SENDERS, TASKS=wording.TASKS,
    CALL_STATUS=wording.CALL_STATUS, ACTIONS=wording.ACTIONS, menu_for=menu_for, directory_pages=directory_pages,
)  # fmt: skip


class DeskFiles(StaticFiles):
    """Styles and scripts; checked again before use, so that an update reaches open consoles at the next page."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """A path that no file can have (a NUL in it) is not there, rather than a fault of ours."""
        return super().lookup_path(path) if "\x00" not in path else ("", None)

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Add the caching header."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


def static_files() -> StaticFiles:
    """For `app.mount("/navigator/static", static_files(), name="desk-static")`."""
    return DeskFiles(directory=HERE / "static")


def is_htmx(request: Request) -> bool:
    """Whether htmx asks for a piece of the page it is on."""
    return request.headers.get("hx-request") == "true"


def page(request: Request, template: str, who: Staff | None, status: int = 200, **values: Any) -> HTMLResponse:
    """A whole page."""
    context = {"who": who, "here": request.url.path, **values}
    return templates.TemplateResponse(request, template, context, status_code=status, headers=HEADERS)


def said(request: Request, back: str, words: str) -> Response:
    """The answer to a write: htmx gets the words for the notice line and looks again; a plain form goes back."""
    if not is_htmx(request):
        return RedirectResponse(back, status_code=303, headers=HEADERS)
    body = templates.get_template("_notice.html").render(words=words, error=False)
    return HTMLResponse(body, headers={**HEADERS, "HX-Trigger": CHANGED})


class Parts:
    """Pieces of a page that update themselves: sent again only when what they show has changed."""

    def __init__(self, rendered: Mapping[str, str]) -> None:
        """Name -> HTML whose outermost element has the id `part-name`."""
        self.html = {name: Markup(html) for name, html in rendered.items()}
        self.digests = {name: hashlib.sha256(html.encode()).hexdigest()[:12] for name, html in rendered.items()}

    def changed(self, request: Request) -> str:
        """Out-of-band HTML of the parts whose digest is not the one the page sent as `seen-name`."""
        out = []
        for name, html in self.html.items():
            if request.query_params.get(f"seen-{name}") != self.digests[name]:
                # Markup would escape the attribute's quotes; the template's own output is plain text here.
                mark = f'id="part-{name}"'
                out.append(str(html).replace(mark, f'{mark} hx-swap-oob="true"', 1))
        return "\n".join(out)


def render_parts(files: Mapping[str, str], /, **values: Any) -> Parts:
    """Parts from {name: template file}, all with the same values."""
    return Parts({name: templates.get_template(file).render(**values) for name, file in files.items()})


def fragment(html: str) -> HTMLResponse:
    """A piece for htmx."""
    return HTMLResponse(html, headers=HEADERS)


class DeskRoute(APIRoute):
    """Turns errors into a page, or into the notice line of the page htmx works on; missing sign-ins into the sign-in."""

    def get_route_handler(self) -> Callable[..., Any]:
        """FastAPI's hook around one route."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                response: Response = await handle(request)
                return response
            except NotSignedIn as error:
                if request.url.path.rstrip("/").endswith("/sign-in"):
                    return failed(request, error)
                return to_sign_in(request)
            except NotFresh:
                return to_confirm(request)
            except LinkwayError as error:
                return failed(request, error)
            except RequestValidationError as error:
                faults = error.errors()
                where = str(faults[0]["loc"][-1]).replace("_", " ") if faults else "The form"
                return failed(request, BadInput(f"{where}: {faults[0]['msg'] if faults else 'please check it'}."))
            except HTTPException:
                raise
            except Exception as error:
                # The message may hold what a patient wrote (a statement's parameters): only its kind is logged.
                log.error("desk page failed", error=type(error).__name__)
                return failed(request, Unavailable("Something went wrong on our side. Nothing was lost; please try again."))

        return guarded


def to_sign_in(request: Request) -> Response:
    """To the sign-in, and afterwards back here; htmx moves the whole page there."""
    # A form: its page is where one goes on. The heartbeat and 'is writing' are sent by the page itself.
    sent = request.method != "GET" and not request.url.path.endswith(("/presence", "/typing"))
    back = _came_from(request) if sent or is_htmx(request) else request.url.path
    asked = {**({"next": back} if back not in ("", ROOT, f"{ROOT}/") else {}), **({"lost": "1"} if sent else {})}
    address = f"{ROOT}/sign-in" + (f"?{urlencode(asked)}" if asked else "")
    if is_htmx(request):
        return Response(status_code=401, headers={**HEADERS, "HX-Redirect": address})
    return RedirectResponse(address, status_code=303, headers=HEADERS)


def _came_from(request: Request) -> str:
    """The page whose form or script asked."""
    page_of = urlsplit(request.headers.get("hx-current-url") or request.headers.get("referer", ""))
    return page_of.path + (f"?{page_of.query}" if page_of.query else "")


def to_confirm(request: Request) -> Response:
    """To the page that asks for password and code again, and afterwards to what was asked for.

    A form that was sent was not acted on: its own page is where one goes on, to send it once more.
    """
    if request.method == "GET" and not is_htmx(request):
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    else:
        back = _came_from(request)
    address = f"{ROOT}/confirm?{urlencode({'next': back})}"
    if is_htmx(request):
        return Response(status_code=403, headers={**HEADERS, "HX-Redirect": address})
    return RedirectResponse(address, status_code=303, headers=HEADERS)


def failed(request: Request, error: LinkwayError) -> Response:
    """An error in words: in the notice line for htmx, as a page otherwise."""
    if is_htmx(request):
        body = templates.get_template("_notice.html").render(words=error.detail, error=True)
        headers = {**HEADERS, "HX-Retarget": "#notice", "HX-Reswap": "innerHTML", "HX-Trigger": CHANGED}
        return HTMLResponse(body, status_code=error.status, headers=headers)
    return page(request, "error.html", None, error.status, title=error.title, detail=error.detail)
