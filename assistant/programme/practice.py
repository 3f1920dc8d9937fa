"""One GP surgery's settings (programme/programme.yml), and the facts that its answers are filled with."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Optional

from pydantic import BaseModel, Field, conint, conlist, constr, validator

from assistant.programme.contacts import Contact
from assistant.programme.hours import (
    WEEKDAYS,
    Span,
    Week,
    is_open,
    join_words,
    parse_span,
    parse_week,
    week_words,
)
from assistant.programme.reading import fill

Words = constr(strip_whitespace=True, min_length=1)
Phone = constr(regex=r"^\+?\d[\d ]{9,15}$")
Slug = constr(regex=r"^[a-z0-9]+(-[a-z0-9]+)*$")
Address = constr(regex=r"^https?://\S+$")
# Settings that stand in an answer as sentences of their own.
SENTENCES = ("cost_rule", "self_referral_rule", "age_limit", "food_help", "out_of_hours_text")


class _Strict(BaseModel):
    """A misspelt key is a fault, not a setting silently ignored."""

    class Config:
        """Settings never change after loading."""

        extra = "forbid"
        allow_mutation = False


class Navigator(_Strict):
    """A person patients will meet."""

    name: Words = Field(description="First and last name, as patients say it.")  # type: ignore[valid-type]
    role: Words = Field(description="The name of the job.")  # type: ignore[valid-type]
    days: conlist(str, min_items=1) = Field(  # type: ignore[valid-type]
        description='Weekdays on site, like ["monday", "friday"].'
    )
    phone: Phone = Field(description="The number the first call comes from.")  # type: ignore[valid-type]
    languages: conlist(Words, min_items=1) = Field(description="Languages spoken.")  # type: ignore[valid-type]
    bio: Words = Field(description="One or two short, friendly sentences.")  # type: ignore[valid-type]

    @validator("days", each_item=True)
    def _weekday(cls, value: str) -> str:
        if value not in WEEKDAYS:
            raise ValueError(f"'{value}' is not a weekday in small letters")
        return value

    def days_words(self) -> str:
        """'Monday, Tuesday and Thursday', in the order of the week."""
        return join_words([day.capitalize() for day in WEEKDAYS if day in self.days])


class MeetingPlace(_Strict):
    """A room, or another way, to meet the navigator."""

    name: Words = Field(description="The room, or 'By phone'.")  # type: ignore[valid-type]
    access: Words = Field(description="What a person needs to know to get in.")  # type: ignore[valid-type]


Days = constr(regex=r"^[1-9]\d{0,4} days$")


class Kept(_Strict):
    """How long each kind of data is kept beside the chat (`chat_retention`). All have defaults; docs/operations.md says why."""

    texts: Days = Field(default="30 days", description="Words and number of a text message that was sent.")  # type: ignore[valid-type]
    drafts: Days = Field(  # type: ignore[valid-type]
        default="365 days", description="Lines and questions of patients that editors kept."
    )
    closed_records: Days = Field(  # type: ignore[valid-type]
        default="730 days", description="A closed patient's record, with referrals and outcomes."
    )
    counts: Days = Field(  # type: ignore[valid-type]
        default="1825 days", description="Refusals and events, counted without the person."
    )
    audit: Days = Field(default="2190 days", description="Who opened and changed what.")  # type: ignore[valid-type]

    def days(self, kind: str) -> int:
        """Days of one kind."""
        return int(getattr(self, kind).split()[0])


class Practice(_Strict):
    """A practice with the shared settings merged in. A person is told the description when one is missing."""

    slug: Slug = Field(description="Short name in web addresses: small letters, hyphens.")  # type: ignore[valid-type]
    name: Words = Field(description="The name patients know.")  # type: ignore[valid-type]
    phone: Phone = Field(description="The number patients ring.")  # type: ignore[valid-type]
    address: Words = Field(description="The street address.")  # type: ignore[valid-type]
    outcode: constr(regex=r"^[A-Z]{1,2}\d[A-Z\d]?$") = Field(  # type: ignore[valid-type]
        description="First half of the postcode."
    )
    website: Address = Field(description="The practice's website.")  # type: ignore[valid-type]
    privacy_url: Address = Field(description="The page on how data is used.")  # type: ignore[valid-type]
    complaints_contact: Words = Field(  # type: ignore[valid-type]
        description="Who takes complaints, and how. Follows the word 'contact'."
    )
    opening_hours: Week = Field(description="When the doors are open, for each weekday.")
    navigators: conlist(Navigator, min_items=1) = Field(  # type: ignore[valid-type]
        description="The people patients will meet. While a post is empty, name who covers it."
    )
    meeting_places: conlist(MeetingPlace, min_items=1) = Field(  # type: ignore[valid-type]
        description="Where and how people meet the navigator."
    )

    programme_name: Words = Field(description="What the programme is called.")  # type: ignore[valid-type]
    nation: Words = Field(description="Part of the UK, like England.")  # type: ignore[valid-type]
    area: Words = Field(description="The area served.")  # type: ignore[valid-type]
    session_limit: conint(ge=1, le=99) = Field(  # type: ignore[valid-type]
        description="Most sessions with one service, a number."
    )
    cost_rule: Words = Field(description="What a service costs. Full sentences.")  # type: ignore[valid-type]
    self_referral_rule: Words = Field(  # type: ignore[valid-type]
        description="Who may refer themselves, and how. Full sentences."
    )
    age_limit: Words = Field(description="The ages it is for. Full sentences.")  # type: ignore[valid-type]
    first_appt_length: Words = Field(description="Like '45 minutes'.")  # type: ignore[valid-type]
    wait_time: Words = Field(description="How soon most people hear, like '10 working days'.")  # type: ignore[valid-type]
    provider_silence_days: conint(ge=1, le=60) = Field(  # type: ignore[valid-type]
        description="Working days of silence before a provider is chased, a number."
    )
    chat_retention: constr(regex=r"^[1-9]\d{0,3} days$") = Field(  # type: ignore[valid-type]
        description="How long a chat is kept, like '90 days'."
    )
    kept: Kept = Field(default=Kept(), description="How long other kinds of data are kept, each like '90 days'.")
    flag_minutes: conint(ge=1, le=480) = Field(  # type: ignore[valid-type]
        default=15, description="Minutes in team hours before an urgent safety flag alerts everybody again."
    )
    safeguarding_duty_mobile: constr(regex=r"^(|(\+44|0)7[\d ]{9,13})$") = Field(  # type: ignore[valid-type]
        default="", description="A mobile that is texted when a safety flag waits; empty for none."
    )
    team_hours: Week = Field(description="When the team reads messages, for each weekday.")
    texts_allowed: Span = Field(description='When reminders may be sent, like "08:00-20:00".')
    out_of_hours_text: Words = Field(  # type: ignore[valid-type]
        description="What is said when nobody is there. Full sentences."
    )
    food_help: Words = Field(description="Help with food the team can give. Full sentences.")  # type: ignore[valid-type]
    council_homeless_phone: Words = Field(  # type: ignore[valid-type]
        description="The council's homeless team, with the number for nights."
    )
    council_adult_phone: Phone = Field(  # type: ignore[valid-type]
        description="The council's adult safeguarding team."
    )
    council_children_phone: Phone = Field(description="The council's children's services.")  # type: ignore[valid-type]
    edt_phone: Phone = Field(description="The council's emergency duty team.")  # type: ignore[valid-type]
    # What may be left out: none set, and open to all.
    caseload_limit: Optional[conint(ge=1, le=999)] = Field(  # type: ignore[valid-type]  # noqa: UP007 - pydantic 1
        None, description="Most open cases a navigator should have, a number."
    )
    self_referral: bool = Field(True, description="Whether people may ask for a navigator themselves, yes or no.")
    reception_books: bool = Field(False, description="Whether reception may book calls for people at the desk, yes or no.")
    raw_contacts: dict[str, Contact] = Field(repr=False)

    @validator("opening_hours", "team_hours", pre=True)
    def _week(cls, value: Any) -> Week:
        return parse_week(value)

    @validator("team_hours")
    def _somebody_reads(cls, value: Week) -> Week:
        if not any(value.values()):
            raise ValueError("the team must read messages on at least one day")
        return value

    @validator("texts_allowed", pre=True)
    def _span(cls, value: Any) -> Span:
        return parse_span(value)

    @validator(*SENTENCES)
    def _ends(cls, value: str) -> str:
        if value[-1] not in ".?!":
            raise ValueError("end it with a full stop; it stands in an answer as its own sentence")
        return value

    @property
    def chat_retention_days(self) -> int:
        """Days a chat is kept before `linkway retention run` deletes it."""
        return int(self.chat_retention.split()[0])

    @property
    def navigator(self) -> Navigator:
        """The navigator named in the answers: the first in the list."""
        return self.navigators[0]

    def facts(self) -> dict[str, str]:
        """Every placeholder a text may hold, filled: local facts by key, contacts by id.

        Raises KeyError naming an unknown placeholder inside a setting; load_programme reports these first.
        """
        plain = {
            "practice_name": self.name,
            "practice_phone": self.phone,
            "practice_address": self.address,
            "practice_website": self.website,
            "navigator_name": self.navigator.name,
            "navigator_role": self.navigator.role,
            "navigator_days": self.navigator.days_words(),
            "service_hours": week_words(self.team_hours),
            "opening_hours": week_words(self.opening_hours),
            "session_limit": str(self.session_limit),
        }
        same = (
            "programme_name area first_appt_length wait_time chat_retention privacy_url complaints_contact "
            "council_homeless_phone council_adult_phone council_children_phone edt_phone"
        ).split()
        plain.update({key: getattr(self, key) for key in same})
        plain.update({id_: fill(row.contact, plain) for id_, row in self.raw_contacts.items()})
        # Sentences may hold plain facts, such as {session_limit}, but not one another: no loops to untangle.
        return {**plain, **{key: fill(getattr(self, key), plain) for key in SENTENCES}}

    def fill(self, text: str) -> str:
        """`text` with every {placeholder} filled. Raises KeyError naming one that is not known."""
        return fill(text, self.facts())

    def contact(self, contact_id: str) -> Contact:
        """One contact with this practice's numbers in it. Raises KeyError for an id not in contacts.csv."""
        row = self.raw_contacts[contact_id]
        return row.copy(update={"contact": fill(row.contact, self.facts())})

    def shown_contacts(self) -> list[Contact]:
        """The contacts patients of this practice may be shown, filled, in the file's order."""
        return [self.contact(i) for i, row in self.raw_contacts.items() if row.shown_in(self.nation)]

    def team_here(self, at: datetime) -> bool:
        """Whether the team reads messages at local time `at` (bank holidays are for the caller to know)."""
        return is_open(self.team_hours, at)

    def texts_may_go(self, at: datetime) -> bool:
        """Whether a reminder may be texted at local time `at`; replies to a patient always may."""
        return self.texts_allowed[0] <= at.time() < self.texts_allowed[1]
