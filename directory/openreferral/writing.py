"""A listing as a service of HSDS-UK 3.0, so that reading it again gives the same listing.

What the standard has a place for stands there. Then the service is read back, and every column that would not return as it
was is written once more as an attribute of our own (`own_terms`): nothing is lost, whatever a listing holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from directory.openreferral import ids, own_terms
from directory.openreferral.listings import listings_of
from directory.openreferral.schedules import write_schedules
from directory.places import Places
from directory.records import FIELDS, Listing

_STATUS = {"open": "active", "full": "active", "closed": "inactive", "paused": "temporarily closed"}
_NOWHERE = Places({}, {}, [])
# What the id of a service at its place, and online, is made of.
AT, AT_ONLINE = "at", "at online"


def service_of(listing: Listing, public: bool = True) -> dict[str, Any]:
    """The service, fully nested. `public` leaves out notes, which may hold what a provider told the practice alone."""
    service = _standard(listing)
    identifier = service["id"]
    attributes = own_terms.need_attributes(listing, identifier)
    attributes += own_terms.column_attributes(listing, identifier, (own_terms.MARK,))
    if not public:
        attributes += own_terms.note_attributes(listing, identifier)
    service["attributes"] = attributes
    told: list[str] = []
    # More than once, for one column may be read from another: no cost, and what it costs is not known either.
    while lost := [column for column in _lost(listing, service) if column not in told]:
        told += lost
        service["attributes"] = attributes + own_terms.column_attributes(listing, identifier, told)
    return service


def _lost(listing: Listing, service: Mapping[str, Any]) -> list[str]:
    """The columns that do not come back as they were; all of them where the service could not be read at all."""
    columns = [name for name in FIELDS if name not in (*own_terms.PRIVATE, own_terms.MARK)]
    # Read on the first day there is: nothing of it has run out.
    (outcome,) = listings_of(service, listing.source, _NOWHERE, date.min)
    if outcome.listing is None:
        return columns
    back = outcome.listing
    return [name for name in columns if getattr(back, name) != getattr(listing, name)]


def _standard(listing: Listing) -> dict[str, Any]:
    """What has a place in the standard, or in HSDS 3.0 beside it (phones, languages' names, joining and waiting)."""
    identifier = ids.service_id(listing.id)
    told: dict[str, Any] = {
        "id": identifier,
        "name": listing.name,
        "description": listing.description,
        "status": _STATUS.get(listing.status, "inactive"),
        "url": listing.url,
        "email": listing.email,
        "minimum_age": listing.min_age,
        "maximum_age": listing.max_age,
        "assured_date": listing.checked_on.isoformat() if listing.checked_on else None,
        "accreditations": _accreditation(listing),
        "application_process": listing.how_to_join,
        "wait_time": None if listing.wait_weeks is None else f"{listing.wait_weeks} weeks",
    }
    service = {key: value for key, value in told.items() if value is not None}
    lists = {
        "schedules": write_schedules(listing, identifier),
        "service_areas": [
            {"id": ids.made(identifier, "area", part), "service_id": identifier, "name": part, "service_area": part}
            for part in listing.service_area
        ],
        "service_at_locations": _locations(listing, identifier),
        "languages": [
            {"id": ids.made(identifier, "language", name), "service_id": identifier, "name": name} for name in listing.languages
        ],
        "cost_options": _costs(listing, identifier),
        "phones": [{"id": ids.made(identifier, "phone"), "service_id": identifier, "number": listing.phone}] if listing.phone else [],
    }
    service.update({key: value for key, value in lists.items() if value})
    if listing.provider:
        own = ids.made("organization", listing.provider)
        service["organization"] = {"id": own, "name": listing.provider, "description": listing.provider}
    return service


def _accreditation(listing: Listing) -> str | None:
    if not listing.accredited_by:
        return None
    until = f", until {listing.accredited_until.isoformat()}" if listing.accredited_until else ""
    return f"Accredited by {listing.accredited_by}{until}."


def _costs(listing: Listing, service: str) -> list[dict[str, Any]]:
    if listing.cost is None and listing.cost_amount is None:
        return []
    option: dict[str, Any] = {"id": ids.made(service, "cost"), "service_id": service}
    if listing.cost_amount is not None:
        option["amount"] = listing.cost_amount
    if listing.cost is not None:
        option["amount_description"] = listing.cost
    return [option]


def _locations(listing: Listing, service: str) -> list[dict[str, Any]]:
    """Where it can be gone to, and 'virtual' where it can be joined from home."""
    found = []
    placed = listing.latitude is not None and listing.longitude is not None
    if listing.somewhere:
        own = ids.made(service, "location")
        location: dict[str, Any] = {"id": own, "location_type": "physical"}
        if placed:
            location.update(latitude=listing.latitude, longitude=listing.longitude)
        if listing.address or listing.town or listing.postcode:
            location["addresses"] = [
                {
                    "id": ids.made(service, "address"), "location_id": own, "address_1": listing.address or "",
                    "city": listing.town or "", "state_province": "", "postal_code": listing.postcode or "", "country": "GB",
                    "address_type": "physical",
                }
            ]  # fmt: skip
        if listing.access:
            location["accessibility"] = [
                {"id": ids.made(service, "access", value), "location_id": own, "description": value} for value in listing.access
            ]
        found.append({"id": ids.made(service, AT), "service_id": service, "location_id": own, "location": location})
    if listing.online in ("yes", "both"):
        own = ids.made(service, "online")
        virtual = {"id": own, "location_type": "virtual"}
        found.append({"id": ids.made(service, AT_ONLINE), "service_id": service, "location_id": own, "location": virtual})
    return found
