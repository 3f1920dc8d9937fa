"""The referrals of a practice by what needs doing; one with its steps, its letter and its news; and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.engine import Connection, Row

from assistant.clock import clock
from assistant.desk import audit, csrf, sessions
from assistant.desk import referrals as listed
from assistant.desk.accounts import names_by_id
from assistant.desk.pages import HEADERS, ROOT, DeskRoute, is_htmx, page
from assistant.desk.roles import Staff
from assistant.errors import BadInput
from assistant.house import House, TheHouse
from assistant.pathway import patients, provider_answers, referrals, referrer_news
from assistant.pathway import sessions as session_counts
from assistant.pathway.referral_letters import (
    BRING,
    CONSENT,
    DECLINED,
    REACH,
    STOPPED,
    email_of,
    letter,
    link_for,
    mailto,
    mobile_of,
    seen_by_provider,
)
from assistant.pathway.referral_steps import conversation_of, free_left, marked, steps_of
from assistant.providers import view
from assistant.store.database import transaction
from assistant.store.pathway_tables import referrals as table

router = APIRouter(prefix=f"{ROOT}/referrals", route_class=DeskRoute, include_in_schema=False)
SignedIn = Annotated[Staff, Depends(sessions.signed_in)]
Writer = Annotated[Staff, Depends(csrf.writer)]
Id = Annotated[str, Path(max_length=36)]
Short = Annotated[str, Form(max_length=40)]
Words = Annotated[str, Form(max_length=400)]
DONE = {
    "made": "Referred. The patient is told. Now send the letter to the service.",
    "withdrawn": "Taken back. The link works no more, and the patient is told.",
    "reopened": "Open again. If it was taken back before, send the new link.",
    "closed": "Closed. You can undo this for a week.",
    "session": "Noted. Noted wrongly? Note the same day again.",
    "accepted": "Noted. The patient is told.",
    "declined": "Noted. The patient is told kindly, and offered others.",
    "news": "Kept. The referrer's news is settled.",
}
BY: dict[str | None, str] = {"provider": "the service", "patient": "the patient", None: "by itself"}


@router.get("")
def referrals_page(
    request: Request,
    house: TheHouse,
    who: SignedIn,
    show: Annotated[str, Query(max_length=10)] = "",
    q: Annotated[str, Query(max_length=80)] = "",
    mine: Annotated[str, Query(max_length=3)] = "",
    practice: Annotated[str, Query(max_length=64)] = "",
) -> HTMLResponse:
    """Names of patients: opening it is audited."""
    with transaction(house.engine) as connection:
        groups = listed.listed(connection, who, q.replace("\x00", "").strip(), bool(mine), practice)
        news = referrer_news.waiting(connection, who.sees(table.c.practice))
        audit.record(connection, who.id, "referrals.read", who.practice)
    practices = {slug: one.name for slug, one in house.programme.practices.items()} if who.practice is None else {}
    return page(
        request, "referrals/list.html", who, title="Referrals", groups=groups, GROUPS=listed.GROUPS, show=show, q=q, mine=mine,
        practice=practice, practices=practices, news=len(news), ENDED=referrals.ENDED, total=sum(map(len, groups.values())),
    )  # fmt: skip


@router.get("/news")
def news_page(request: Request, house: TheHouse, who: SignedIn) -> HTMLResponse:
    """What referrers have not been told yet."""
    who.need("conversations")
    with transaction(house.engine) as connection:
        rows = referrer_news.waiting(connection, who.sees(table.c.practice))
        people = {row.patient_id: patients.load(connection, row.patient_id) for row in rows}
        audit.record(connection, who.id, "referrals.read", who.practice)
    return page(
        request, "referrals/news.html", who, title="News for referrers", rows=rows, people=people, WHY_NOT=referrer_news.WHY_NOT,
        by_itself=bool(house.settings.referrer_url), mailto=_news_mail, TURNS=NEWS_TURNS,
    )  # fmt: skip


NEWS_TURNS = {"accepted": "The service said yes", "declined": "The service said no", "attended": "The first session", "closed": "The end"}


def _news_mail(contact: str | None, body: str) -> str:
    address = email_of(contact)
    return mailto(address, "News of a person you referred", body) if address else ""


def _view(connection: Connection, house: House, who: Staff, row: Row) -> dict[str, Any]:
    names: dict[Any, str] = dict(names_by_id(connection))
    names.update(BY)
    patient = patients.load(connection, row.patient_id)
    link = link_for(house, row)
    chasing = marked(connection, row.id, "silent") is not None
    subject, words = letter(house, row, link, chasing)
    email, number = email_of(row.provider_contact), mobile_of(row.provider_contact)
    return {
        "row": row, "patient": patient, "group": listed.group_of(row), "left": free_left(row), "names": names, "link": link,
        "subject": subject, "letter": words, "chasing": chasing, "mailto": mailto(email, subject, words) if email else "",
        "by_text": listed.text_state(connection, row) if number else "",
        "steps": [(step, listed.step_words(step), names.get(step.by, "")) for step in steps_of(connection, row.id) if step.kind != "began"],
        "news": referrer_news.of_referral(connection, row.id), "can_reopen": referrals.can_reopen(row),
        "seen": view.person(seen_by_provider(house, row), row.status != "sent"), "today": clock.today().isoformat(),
        "begun": row.made_at.date().isoformat(), "practice": house.programme.practice(row.practice).name,
    }  # fmt: skip


@router.get("/{referral_id}")
def referral_page(request: Request, house: TheHouse, who: SignedIn, referral_id: Id, done: str = "") -> HTMLResponse:
    """One referral: where it stands, what to do, what happened."""
    with transaction(house.engine) as connection:
        row = listed.referral_for(connection, who, referral_id)
        listed.note(connection, who, "read", row.id)
        values = _view(connection, house, who, row)
    return page(
        request, "referrals/referral.html", who, title=f"Referral: {row.service}", notice=DONE.get(done, ""), **values, GROUPS=listed.GROUPS,
        REACH=REACH, CONSENT=CONSENT, STOPPED=STOPPED, DECLINED=DECLINED, BRING=BRING, ENDED=referrals.ENDED,
        TURNS=NEWS_TURNS, WHY_NOT=referrer_news.WHY_NOT,
    )  # fmt: skip


@router.get("/{referral_id}/letter")
def letter_page(request: Request, house: TheHouse, who: SignedIn, referral_id: Id) -> HTMLResponse:
    """The letter alone, to print."""
    with transaction(house.engine) as connection:
        row = listed.referral_for(connection, who, referral_id)
        listed.note(connection, who, "letter", row.id)
        values = _view(connection, house, who, row)
    return page(request, "referrals/letter.html", who, title="Letter to the service", words=values["letter"], back=f"{ROOT}/referrals/{row.id}")


@router.get("/{referral_id}/news/{turn}")
def news_letter(request: Request, house: TheHouse, who: SignedIn, referral_id: Id, turn: Annotated[str, Path(max_length=12)]) -> HTMLResponse:
    """News for the referrer, to print."""
    with transaction(house.engine) as connection:
        row = listed.referral_for(connection, who, referral_id)
        listed.note(connection, who, "read", row.id)
        found = [one for one in referrer_news.of_referral(connection, row.id) if one.turn == turn]
    if not found:
        raise BadInput("There is no such news of this referral.", field="turn")
    return page(request, "referrals/letter.html", who, title="News for the referrer", words=found[0].body, back=f"{ROOT}/referrals/{row.id}")


def _act(request: Request, house: House, who: Staff, referral_id: str, action: str, act: Callable[[Connection, Row], object]) -> Response:
    """Do it in one transaction, with its line in the audit, and go back to the referral."""
    with transaction(house.engine) as connection:
        row = listed.referral_for(connection, who, referral_id, lock=True)
        act(connection, row)
        listed.note(connection, who, action, row.id)
        told = conversation_of(connection, row)
    if told is not None:
        house.notifier.nudge(told.id)
    house.notifier.nudge("")
    house.wake_outbox()
    address = f"{ROOT}/referrals/{referral_id}?done={action}"
    if is_htmx(request):  # a fault stays beside the form; what is done shows the page anew
        return Response(status_code=204, headers={**HEADERS, "HX-Redirect": address})
    return RedirectResponse(address, status_code=303, headers=HEADERS)


@router.post("/{referral_id}/withdraw")
def withdraw(request: Request, house: TheHouse, who: Writer, referral_id: Id) -> Response:
    """Take it back before the service has answered."""
    return _act(request, house, who, referral_id, "withdrawn", lambda c, row: referrals.withdraw(c, house, row, who.id))


@router.post("/{referral_id}/reopen")
def reopen(request: Request, house: TheHouse, who: Writer, referral_id: Id) -> Response:
    """Undo an end."""
    return _act(request, house, who, referral_id, "reopened", lambda c, row: referrals.reopen(c, house, row, who.id))


@router.post("/{referral_id}/close")
def close(request: Request, house: TheHouse, who: Writer, referral_id: Id, ended: Short = "", reason: Short = "") -> Response:
    """End it, with a reason where they stopped."""
    return _act(
        request, house, who, referral_id, "closed", lambda c, row: referrals.close(c, house, row, ended, reason or None, who.id)
    )


@router.post("/{referral_id}/session")
def session(request: Request, house: TheHouse, who: Writer, referral_id: Id, day: Short = "", came: Short = "") -> Response:
    """One session: came, or did not."""
    try:
        on = date.fromisoformat(day)
    except ValueError as error:
        raise BadInput("Choose the day of the session.", field="day") from error
    if came not in ("yes", "no"):
        raise BadInput("Say whether they came.", field="came")
    return _act(
        request, house, who, referral_id, "session",
        lambda c, row: session_counts.record(c, house, row, on, came == "yes", who.id),
    )  # fmt: skip


@router.post("/{referral_id}/accept")
def accepted_by_phone(
    request: Request, house: TheHouse, who: Writer, referral_id: Id,
    meets: Words = "", bring: Short = "", day: Short = "", time: Short = "", place: Words = "",
) -> Response:  # fmt: skip
    """The service said yes, or another day, to a navigator."""
    agreed = provider_answers.meeting(day, time, meets, place, bring)
    return _act(
        request, house, who, referral_id, "accepted",
        lambda c, row: provider_answers.accept(c, house, row, agreed, who.id),
    )  # fmt: skip


@router.post("/{referral_id}/decline")
def declined_by_phone(request: Request, house: TheHouse, who: Writer, referral_id: Id, reason: Short = "", why: Words = "") -> Response:
    """The service said no to a navigator."""
    return _act(
        request, house, who, referral_id, "declined",
        lambda c, row: provider_answers.decline(c, house, row, reason, why, who.id),
    )  # fmt: skip


@router.post("/{referral_id}/news")
def settle_news(request: Request, house: TheHouse, who: Writer, referral_id: Id, turn: Short = "", why_not: Short = "") -> Response:
    """Sent, or a reason why not."""
    return _act(
        request, house, who, referral_id, "news", lambda c, row: referrer_news.settle(c, row, turn, who.id, why_not or None)
    )


