"""A listing of the directory: every column of the CSV, typed, and its way to and from a JSON document."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, time
from typing import Any

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ONLINE = ("no", "yes", "both")
STATUSES = ("open", "full", "closed", "paused")


@dataclass(frozen=True)
class Listing:
    """One service at one place. None or an empty tuple means not known, which patients see as 'ask'.

    `days` holds names of DAYS; `min_age` and `max_age` are whole years, both inclusive; `cost_amount` is
    pounds a session, 0 when free; `capacity` is 'open', 'limited', 'full' or a number of free places; `suspended`
    says why a person has taken it from patients, which no import takes back; `notes` keeps columns the contract does not
    name.
    """

    id: str
    name: str
    description: str
    provider: str | None = None
    summary: str | None = None
    needs: tuple[str, ...] = ()
    address: str | None = None
    town: str | None = None
    postcode: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    service_area: tuple[str, ...] = ()
    online: str | None = None
    schedule: str | None = None
    days: tuple[str, ...] = ()
    start_time: time | None = None
    end_time: time | None = None
    cost: str | None = None
    cost_amount: float | None = None
    free_sessions: int | None = None
    cost_afterwards: str | None = None
    languages: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    min_age: int | None = None
    max_age: int | None = None
    who_meets_you: str | None = None
    can_bring_someone: str | None = None
    how_to_join: str | None = None
    phone: str | None = None
    email: str | None = None
    url: str | None = None
    capacity: str | None = None
    wait_weeks: int | None = None
    status: str = "open"
    accredited_by: str | None = None
    accredited_on: date | None = None
    accredited_until: date | None = None
    checked_on: date | None = None
    suspended: str | None = None
    source: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)

    def to_document(self) -> dict[str, Any]:
        """A JSON-ready dict of what is known: dates and times as ISO text, tuples as lists, the unknown left
        out."""
        document: dict[str, Any] = {}
        for name in FIELDS:
            value = getattr(self, name)
            if value is None or value == () or value == {}:
                continue
            if isinstance(value, (date, time)):
                value = value.isoformat()
            elif isinstance(value, tuple):
                value = list(value)
            elif isinstance(value, Mapping):
                value = dict(value)
            document[name] = value
        return document

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Listing:
        """The listing that `to_document` wrote; keys it does not know are passed over."""
        values: dict[str, Any] = {}
        for name, value in document.items():
            if name not in _FIELD_SET:
                continue
            if name in _TUPLES:
                value = tuple(value)
            elif name in _DATES and isinstance(value, str):
                value = date.fromisoformat(value)
            elif name in _TIMES and isinstance(value, str):
                value = time.fromisoformat(value)
            values[name] = value
        return cls(**values)

    def content_hash(self) -> str:
        """A digest of everything in the listing, to tell a changed row from an unchanged one."""
        text = json.dumps(self.to_document(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def with_changes(self, **changes: Any) -> Listing:
        """A copy with some fields changed."""
        return replace(self, **changes)

    @property
    def last_checked(self) -> date | None:
        """When somebody last looked at it: the check, or else the accreditation."""
        return self.checked_on or self.accredited_on

    @property
    def somewhere(self) -> bool:
        """Whether it says where to go."""
        placed = self.latitude is not None and self.longitude is not None
        return bool(placed or self.address or self.town or self.postcode)

    @property
    def takes_company(self) -> bool:
        """Whether it says that somebody can be brought along: yes, or in words that do not begin with a no."""
        return self.can_bring_someone is not None and not _NO.match(self.can_bring_someone)

    @property
    def is_free(self) -> bool | None:
        """Whether a first visit costs nothing now (`prices.cost_now` then says for how long); None when that is not known."""
        if self.cost_amount is not None:
            return self.cost_amount == 0 or bool(self.free_sessions)
        return True if self.free_sessions else None


_NO = re.compile(r"\s*(?:no|not|none|never|sorry)\b", re.IGNORECASE)
FIELDS = tuple(f.name for f in fields(Listing))
# The columns of the CSV contract: every field but those the importer fills in itself.
COLUMNS = tuple(name for name in FIELDS if name not in ("source", "notes", "cost_amount", "suspended"))
REQUIRED = ("name", "description")
_FIELD_SET = frozenset(FIELDS)
_TUPLES = frozenset(("needs", "service_area", "days", "languages", "access", "audience"))
_DATES = frozenset(("accredited_on", "accredited_until", "checked_on"))
_TIMES = frozenset(("start_time", "end_time"))
