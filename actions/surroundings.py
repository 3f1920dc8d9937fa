"""What an action can reach: the practice's words, the directory, the diary. The turn puts it in place.

Actions stay ignorant of the database and the web. In the service, assistant/surroundings.py works on the turn's own
transaction, so that what an action does is kept together with what it says. Under `rasa run actions` (for
`rasa shell`) the class named by LINKWAY_SURROUNDINGS stands in, with nothing to keep.
"""

from __future__ import annotations

import importlib
import os
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Protocol

from directory.search import Query, SearchResult


@dataclass(frozen=True)
class AnswerText:
    """A topic's answer for this practice and channel, and what may follow it."""

    text: str
    question: str = ""
    next: tuple[tuple[str, str], ...] = ()  # label, payload
    offer: str | None = None
    risk: str | None = None


@dataclass(frozen=True)
class CallTime:
    """A time the navigator can ring: `label` as a person says it."""

    starts_at: datetime
    label: str
    navigator: str


@dataclass(frozen=True)
class BookedCall:
    """A call that stands in the diary."""

    id: str
    starts_at: datetime
    label: str
    navigator: str
    purpose: str
    kind: str = "call"  # or meeting
    place: str = ""  # of a meeting: the room


class Surroundings(Protocol):
    """Everything an action may ask of, or do to, the world."""

    channel: str
    facts: dict[str, str]
    state: str
    person_name: str | None
    contact_number: str | None
    safe_to_text: bool | None
    turn: int  # how many messages of the person were answered before this one
    today: date  # as the calendar on a wall in England shows it
    no_capture: bool  # the person said they are under 16: ask for no name and no number

    @property
    def by_referral_only(self) -> bool:
        """The practice takes no self-referrals, and nobody has referred this person yet."""

    def answer(self, topic: str) -> AnswerText:
        """The answer to one of the topics, local facts filled in."""

    def search(self, query: Query) -> SearchResult:
        """Accredited, current, open listings only."""

    def service(self, listing_id: str) -> dict[str, Any] | None:
        """One listing as the contract's Service, if a patient may still see it."""

    def saved(self) -> list[str]:
        """Ids of the saved services."""

    def save_service(self, listing_id: str) -> None:
        """Keep a service for this person and for the navigator."""

    def unsave_service(self, listing_id: str) -> None:
        """Take it off again."""

    def last_said(self) -> list[dict[str, Any]]:
        """What the bot said to the message before: text, choices (label, value) and services of each."""

    def send_list(self, number: str | None) -> str:
        """Text the saved services, or give the address of the page to print: 'texted', 'page:<url>', 'unsafe'."""

    def navigator_is_there(self) -> bool:
        """In hours, and somebody signed in and present now."""

    def request_handoff(self, reason: str) -> int:
        """Put the conversation in the queue; the place in it, from 1."""

    def leave_queue(self) -> None:
        """Back to the bot before anybody took it."""

    def queue_place(self) -> int:
        """The place in the queue, from 1; 0 when not in it."""

    def call_times(self, limit: int = 4, every: bool = False) -> list[CallTime]:
        """Free times, soonest first: spread over the days, or `every` one there is."""

    def book_call(self, starts_at: datetime, purpose: str) -> BookedCall | None:
        """Book, moving an earlier booking of this person; None when the time has just gone."""

    def booked_call(self) -> BookedCall | None:
        """This person's call or meeting that is still to come."""

    def calendar_link(self, call_id: str) -> str:
        """The signed address of its calendar file."""

    def cancel_call(self) -> bool:
        """Cancel it; False when there was none."""

    def had_call(self) -> bool:
        """Whether a call of this person's was booked or asked for before, whatever became of it."""

    def ask_for_call(self, text: str) -> None:
        """Put a wish for a call that has no time or number yet before the team."""
        ...

    def call_asked_for(self) -> bool:
        """Whether a call was asked for without a time, or without a number, and still waits for the team."""

    def take_back_call_request(self, why: str) -> bool:
        """Off the team's list, with why; False when nothing was on it."""

    def met_navigator(self) -> bool:
        """Whether a navigator had the conversation since the bot last said something."""

    def set_person(self, **values: Any) -> None:
        """Keep person_name, contact_number, safe_to_ring, safe_to_text, safe_to_leave_message."""

    def valid_number(self, text: str) -> str | None:
        """A number that can be rung, as E.164, or None; not every one can be texted."""

    def can_be_texted(self, number: str) -> bool:
        """Whether it is a mobile: a text to a landline may be read aloud to whoever picks up."""

    def record_decline(self, **values: Any) -> None:
        """Make or complete the one decline record of this conversation (stage, reason, age_band, ...)."""

    def withdraw_decline(self) -> None:
        """Take the newest decline record back: no refusal was meant."""

    def record_wellbeing(self, answers: dict[str, Any]) -> None:
        """Keep the answers to ONS4 and the loneliness questions."""

    def record(self, event: str, **data: Any) -> None:
        """Count a life event of the taxonomy."""

    def add_task(self, kind: str, text: str) -> None:
        """Leave a note for the team to act on."""

    def tell_missing(self, what: str, more: str) -> None:
        """Put before the team what the directory does not have, once for each `what`; `more` tells of the wish."""

    def stop_texts(self, stopped: bool) -> None:
        """Remember STOP or START for this number."""


current: ContextVar[Surroundings] = ContextVar("surroundings")


def surroundings() -> Surroundings:
    """The turn's surroundings, or the stand-alone ones under Rasa's own action server."""
    try:
        return current.get()
    except LookupError:
        return _alone()


@lru_cache(maxsize=1)
def _alone() -> Surroundings:
    """Made once a process: Rasa's servers answer each call in a context of its own."""
    module, _, name = os.environ.get("LINKWAY_SURROUNDINGS", "assistant.surroundings:Alone").partition(":")
    stand_in: Surroundings = getattr(importlib.import_module(module), name)()
    return stand_in
