"""The provider's pages under /provider/. Opening one never changes anything: mail scanners open links. Writes are safe to send twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.routing import APIRoute
from sqlalchemy.engine import Connection, Row

from assistant.channels.limits import Limits, address_of
from assistant.clock import clock
from assistant.errors import BadInput, LinkwayError, NotFound, Unavailable
from assistant.house import House, TheHouse
from assistant.logs import log
from assistant.pathway import provider_answers, provider_links, sessions
from assistant.pathway.provider_answers import PROVIDER
from assistant.pathway.referral_letters import link_for, seen_by_provider
from assistant.pathway.referral_steps import conversation_of, free_left, load, steps_of
from assistant.providers import view
from assistant.secret import secret_key
from assistant.store.database import reading, transaction
from assistant.web.headers import page_headers

GONE = "This referral was taken back, or a newer link was sent. Use the newest letter or text. There is nothing else to do."
DONE = {
    "accepted": "Thank you. We have told the person. Keep this page: it is where you tell us how it goes.",
    "changed": "Thank you. We have told the person of the change.",
    "declined": "Thank you for telling us. We will look for something else with the person.",
    "session": "Thank you. It is noted.",
    "stopped": "Thank you. We have noted that they stopped. We keep in touch with them.",
    "finished": "Thank you. We have noted that they finished.",
    "same": "Thank you. We had this already.",
}
TITLES = {409: "This has changed meanwhile", 422: "Please check one thing", 429: "Please wait a minute", 503: "Not just now"}
Token = Annotated[str, Path(max_length=200)]
Short = Annotated[str, Form(max_length=20)]
Words = Annotated[str, Form(max_length=400)]


class Gone(LinkwayError):
    """An older version of a link."""

    status, title = 410, "This link does not work any more"


class ProviderRoute(APIRoute):
    """Limits by network address, and turns errors into a page that says what to do."""

    def get_route_handler(self) -> Callable[..., Any]:
        """FastAPI's hook around one route."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                limits: Limits = request.app.state.limits
                limits.provider.take(address_of(request))
                response: Response = await handle(request)
                return response
            except LinkwayError as error:
                return failed(error)
            except RequestValidationError:
                return failed(BadInput("Something in the form was too long. Go back, and make it shorter."))
            except Exception as error:  # its message may hold what was typed: only its kind is logged
                log.error("provider page failed", error=type(error).__name__)
                return failed(Unavailable("Something went wrong on our side. Nothing was lost. Please try again."))

        return guarded


router = APIRouter(prefix="/provider", route_class=ProviderRoute, include_in_schema=False)


def shown(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page with the headers of all of them."""
    headers = {**page_headers(), "X-Robots-Tag": "noindex, nofollow"}
    return HTMLResponse(view.html(template, **values), status_code=status, headers=headers)


def failed(error: LinkwayError) -> HTMLResponse:
    """What is wrong, and what to do."""
    return shown("message.html", error.status, title=TITLES.get(error.status, error.title), detail=error.detail)


def _referral(connection: Connection, house: House, token: str, *, lock: bool = False) -> Row:
    """The referral behind a link.

    Raises:
        BadLink, OldLink: see provider_links. Gone: erased, or a newer link was made.
    """
    link = provider_links.read(token, secret_key(house.settings))
    try:
        row = load(connection, link.referral_id, lock=lock)
    except NotFound:
        raise Gone(GONE) from None
    if row.link_version != link.version:
        raise Gone(GONE)
    return row


@router.get("/{token}")
def referral_page(request: Request, house: TheHouse, token: Token, done: str = "") -> HTMLResponse:
    """The referral as it stands."""
    return _page(house, token, notice=DONE.get(done, ""))


def _page(house: House, token: str, status: int = 200, **values: Any) -> HTMLResponse:
    with reading(house.engine) as connection:
        row = _referral(connection, house, token)
        noted = [step for step in steps_of(connection, row.id) if step.kind in (sessions.CAME, sessions.MISSED)]
    accepted = row.status in ("accepted", "attending")
    seen = seen_by_provider(house, row)
    return shown(
        "referral.html", status, row=row, seen=seen, person=view.person(seen, accepted), token=token, left=free_left(row), late=row.answer_by <= clock.now(),
        noted=sorted(noted, key=lambda step: str(step.data.get("day"))), today=clock.today().isoformat(),
        begun=row.made_at.date().isoformat(), **{"notice": "", "fault": None, "given": {}, **values},
    )  # fmt: skip


def _write(house: House, token: str, given: dict[str, str], act: Callable[[Connection, Row], str]) -> Response:
    """Do it, then show the page again by a GET; a fault in the form is said beside the form, and nothing typed is lost."""
    try:
        with transaction(house.engine) as connection:
            row = _referral(connection, house, token, lock=True)
            done = act(connection, row)
            row = load(connection, row.id)
            conversation = conversation_of(connection, row)
    except BadInput as error:
        return _page(house, token, error.status, fault=error, given=given)
    if conversation is not None:
        house.notifier.nudge(conversation.id)
    house.notifier.nudge("")
    house.wake_outbox()
    # From a yes on the link lives longer: sessions are told of by it for months.
    address = link_for(house, row).rsplit("/", 1)[-1] if done == "accepted" else token
    return RedirectResponse(f"/provider/{address}?done={done}", status_code=303, headers=page_headers())


@router.post("/{token}/accept")
def accept(
    house: TheHouse, token: Token, who: Words = "", bring: Short = "", day: Short = "", time: Short = "", place: Words = ""
) -> Response:
    """Yes; afterwards another day, place or person."""
    given = {"form": "accept", "who": who, "bring": bring, "day": day, "time": time, "place": place}

    def act(connection: Connection, row: Row) -> str:
        agreed = provider_answers.meeting(day, time, who, place, bring)
        return provider_answers.accept(connection, house, row, agreed, PROVIDER)

    return _write(house, token, given, act)


@router.post("/{token}/decline")
def decline(house: TheHouse, token: Token, reason: Short = "", why: Words = "") -> Response:
    """No, and why."""
    given = {"form": "decline", "reason": reason, "why": why}
    return _write(
        house, token, given, lambda connection, row: provider_answers.decline(connection, house, row, reason, why, PROVIDER)
    )


@router.post("/{token}/session")
def session(house: TheHouse, token: Token, day: Short = "", came: Short = "") -> Response:
    """One session: came, or did not."""

    def act(connection: Connection, row: Row) -> str:
        if came not in ("yes", "no"):
            raise BadInput("Say whether they came.", field="came")
        try:
            on = date.fromisoformat(day)
        except ValueError as error:
            raise BadInput("Choose the day of the session.", field="session_day") from error
        done = sessions.record(connection, house, row, on, came == "yes", PROVIDER)
        return "same" if done == "same" else "session"

    return _write(house, token, {"form": "session", "day": day, "came": came}, act)


@router.post("/{token}/stopped")
def stopped(house: TheHouse, token: Token, reason: Annotated[str, Form(max_length=32)] = "") -> Response:
    """They have stopped coming, and why; or they have finished."""

    def act(connection: Connection, row: Row) -> str:
        if row.status == "closed":
            return "same"
        if reason == "finished":
            sessions.complete(connection, house, row, PROVIDER)
            return "finished"
        sessions.stopped(connection, house, row, reason, PROVIDER)
        return "stopped"

    return _write(house, token, {"form": "stopped", "reason": reason}, act)
