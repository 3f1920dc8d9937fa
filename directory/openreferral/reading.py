"""One service of the standard as the cells of a listing, each with the path it came from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from directory.cells import parse_cost
from directory.importing import PART_OF
from directory.openreferral import ids, own_terms
from directory.openreferral.schedules import read_schedules, unread_days
from directory.openreferral.values import objects, one, text, words

# More places than this of one service are no places to go to one by one.
MOST_PLACES = 50
_WAIT = re.compile(r"\b(\d{1,3})\s*weeks?\b", re.IGNORECASE)
_ONLINE = re.compile(r"\b(?:online|virtual(?:ly)?|remote(?:ly)?|video|zoom|teams)\b", re.IGNORECASE)
# Told by the standard or by HSDS 3.0 beside it, with no column of ours: kept as notes under these headings.
_KEPT = {
    "alert": "alert", "accreditations": "accreditations", "eligibility_description": "eligibility", "licenses": "licences",
    "interpretation_services": "interpreters", "alternate_name": "also called", "assurer_email": "checked by",
}  # fmt: skip


@dataclass
class Told:
    """What a service tells. `cells` are read as a row of the CSV is; `lists` are values one by one; `where` gives paths.

    `blank` are columns that an own attribute says are not known; `ours` whether the service was written by Linkway.
    """

    cells: dict[str, str] = field(default_factory=dict)
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    where: dict[str, str] = field(default_factory=dict)
    blank: set[str] = field(default_factory=set)
    strange: list[tuple[str, str, str, str]] = field(default_factory=list)  # column, path, value, message
    ours: bool = False

    def put(self, column: str, value: str, path: str) -> None:
        """A cell, unless it is empty or known already."""
        if value and not self.cells.get(column):
            self.cells[column], self.where[column] = value, path

    def put_list(self, column: str, values: Sequence[str], path: str) -> None:
        """The values of a column, unless known already."""
        kept = tuple(dict.fromkeys(value for value in values if value))
        if kept and column not in self.lists:
            self.lists[column], self.where[column] = kept, path


def read_service(service: Mapping[str, Any], today: date) -> Iterator[Told]:
    """One listing's cells for each place where the service is given; one in all where none is told."""
    places = [
        (f"service_at_locations[{n}]", at) for n, at in enumerate(objects(service, "service_at_locations")) if _can_be_gone_to(at)
    ]
    identifier = words(service, "id")
    for number, (path, at) in enumerate(places[:MOST_PLACES] or [("", {})]):
        told = _read_at(service, path, at, today)
        if number and identifier:
            own = words(one(at, "location"), "id") or words(at, "id") or str(number + 1)
            told.cells["id"] = f"{identifier}{PART_OF}{own}"[:100]
        if number == 0 and len(places) > MOST_PLACES:
            message = f"It names {len(places)} places: the first {MOST_PLACES} came in."
            told.strange.append(("address", "service_at_locations", "", message))
        yield told


def _can_be_gone_to(at: Mapping[str, Any]) -> bool:
    location = one(at, "location")
    if words(location, "location_type") in ("postal", "virtual"):
        return False
    return bool(objects(location, "addresses")) or text(location.get("latitude")) != ""


def _read_at(service: Mapping[str, Any], path: str, at: Mapping[str, Any], today: date) -> Told:
    told = Told()
    location = one(at, "location")
    _say_what(told, service)
    _say_where(told, service, path, location)
    _say_when(told, service, path, at, location, today)
    _say_cost(told, service, today)
    _say_how(told, service, path, at, location)
    needs, others = own_terms.read_needs(service)
    told.put("needs", ";".join(needs), "attributes")
    values, paths = own_terms.read_columns(service)
    if values:
        _believe_own(told, values, paths)
        told.notes = own_terms.read_notes(service)
    elif others:
        told.notes["tags"] = "; ".join(others)
    return told


def _say_what(told: Told, service: Mapping[str, Any]) -> None:
    """Name, words, status, ages, the day it was checked."""
    identifier = words(service, "id")
    if identifier and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._:~-]{0,99}", identifier):
        told.notes["id"], identifier = identifier, ids.made("theirs", identifier)
    told.put("id", identifier, "id")
    for column, key in (("name", "name"), ("description", "description"), ("status", "status"), ("checked_on", "assured_date")):
        told.put(column, words(service, key), key)
    for column, key in (("min_age", "minimum_age"), ("max_age", "maximum_age")):
        years = words(service, key)
        if re.fullmatch(r"\d+\.\d+", years):  # half years do not matter to grown-ups
            years = str(int(float(years)))
        if column == "max_age" and years.isdigit() and int(years) > 120:
            continue  # 'up to 999' is no limit
        told.put(column, years, key)
    organization = one(service, "organization")
    told.put("provider", words(organization, "name"), "organization.name")
    told.put("url", words(service, "url"), "url")
    told.put("url", words(organization, "website"), "organization.website")
    for key, heading in _KEPT.items():
        if words(service, key):
            told.notes[heading] = words(service, key)


def _say_where(told: Told, service: Mapping[str, Any], path: str, location: Mapping[str, Any]) -> None:
    """Where it is given, not where its provider has an office; how far it reaches; whether it is online."""
    base = f"{path}.location"
    if location:
        addresses = objects(location, "addresses")
        best = next((n for n, a in enumerate(addresses) if words(a, "address_type") != "postal"), 0)
        if addresses:
            address, where = addresses[best], f"{base}.addresses[{best}]"
            lines = [words(location, "name"), words(address, "address_1"), words(address, "address_2")]
            told.put("address", ", ".join(_apart(lines)), f"{where}.address_1")
            told.put("town", words(address, "city"), f"{where}.city")
            told.put("postcode", words(address, "postal_code"), f"{where}.postal_code")
        told.put("address", words(location, "name"), f"{base}.name")
        if text(location.get("latitude")) and text(location.get("longitude")):
            told.put("latitude", text(location.get("latitude")), f"{base}.latitude")
            told.put("longitude", text(location.get("longitude")), f"{base}.longitude")
        offered = [words(a, "description") or words(a, "accessibility") for a in objects(location, "accessibility")]
        told.put_list("access", offered, f"{base}.accessibility")
    areas = [words(a, "name") or words(a, "service_area") or words(a, "description") for a in objects(service, "service_areas")]
    told.put_list("service_area", areas, "service_areas")
    kinds = [words(one(at, "location"), "location_type") for at in objects(service, "service_at_locations")]
    attending = " ".join(words(s, "attending_type") for s in objects(service, "schedules"))
    if "virtual" in kinds or _ONLINE.search(attending):
        told.put("online", "both" if location or set(kinds) - {"virtual", ""} else "yes", "service_at_locations")


def _apart(lines: Sequence[str]) -> list[str]:
    """The lines that the others do not hold already."""
    kept: list[str] = []
    for line in lines:
        if line and not any(line.casefold() in other.casefold() for other in kept):
            kept.append(line)
    return kept


def _say_when(
    told: Told, service: Mapping[str, Any], path: str, at: Mapping[str, Any], location: Mapping[str, Any], today: date
) -> None:
    """The times at this place where it has its own, else the service's."""
    base, found = "schedules", objects(service, "schedules")
    for where, own in ((f"{path}.schedules", objects(at, "schedules")), (f"{path}.location.schedules", objects(location, "schedules"))):
        if own:
            base, found = where, own
            break
    here = words(at, "id")
    of_here = [s for s in found if not here or words(s, "service_at_location_id") in ("", here)]
    times = read_schedules(of_here or found, today)
    told.put("schedule", times.schedule, f"{base}[0].description")
    told.put("days", ";".join(times.days), f"{base}[0].byday")
    told.put("start_time", times.start, f"{base}[0].opens_at")
    told.put("end_time", times.end, f"{base}[0].closes_at")
    for number, schedule in enumerate(found):
        if unread := unread_days(schedule):
            told.strange.append(("days", f"{base}[{number}].byday", unread, "Not a day: write MO,TU,WE,TH,FR,SA,SU."))


def _say_cost(told: Told, service: Mapping[str, Any], today: date) -> None:
    """Every cost that still holds, in words."""
    said = []
    for option in objects(service, "cost_options"):
        until = words(option, "valid_to")[:10]
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", until) and until < today.isoformat():
            continue
        said.append(_cost_in_words(option))
    told.put("cost", "; ".join(dict.fromkeys(part for part in said if part)), "cost_options")
    for key in ("fees_description", "fees"):
        told.put("cost", words(service, key), key)


def _cost_in_words(option: Mapping[str, Any]) -> str:
    amount, about, whom = (words(option, key) for key in ("amount", "amount_description", "option"))
    try:
        pounds = float(amount) if amount else None
    except ValueError:
        pounds = None
    if pounds is not None and (not about or parse_cost(about) != pounds):
        figure = "free" if pounds == 0 else f"£{pounds:.2f}".removesuffix(".00")
        about = f"{figure} {about}".strip()
    return f"{about} ({whom})" if about and whom else about or whom


def _say_how(
    told: Told, service: Mapping[str, Any], path: str, at: Mapping[str, Any], location: Mapping[str, Any]
) -> None:
    """Joining, waiting, languages, and whom to ring or write to: the service's own before the place's, that before the provider's."""
    told.put("how_to_join", words(service, "application_process"), "application_process")
    wait = words(service, "wait_time")
    if match := _WAIT.search(wait):
        told.put("wait_weeks", match[1], "wait_time")
    elif wait:
        told.notes["wait"] = wait
    spoken = [words(one_language, "name") or words(one_language, "code") for one_language in objects(service, "languages")]
    told.put_list("languages", spoken, "languages")
    organization = one(service, "organization")
    holders = [("", service), (f"{path}.", at), (f"{path}.location.", location), ("organization.", organization)]
    for base, holder in holders:
        for number, phone in enumerate(objects(holder, "phones")):
            told.put("phone", words(phone, "number").strip('" '), f"{base}phones[{number}].number")
        told.put("email", words(holder, "email"), f"{base}email")
        for n, contact in enumerate(objects(holder, "contacts")):
            told.put("email", words(contact, "email"), f"{base}contacts[{n}].email")
            for m, phone in enumerate(objects(contact, "phones")):
                told.put("phone", words(phone, "number").strip('" '), f"{base}contacts[{n}].phones[{m}].number")


def _believe_own(told: Told, values: Mapping[str, list[str]], paths: Mapping[str, str]) -> None:
    """What Linkway wrote itself comes before what the standard's fields make of it."""
    told.ours = True
    for column, found in values.items():
        told.cells.pop(column, None)
        told.lists.pop(column, None)
        told.where[column] = paths[column]
        kept = [value for value in found if value]
        if not kept:
            told.blank.add(column)
        elif column in own_terms.LISTS and column not in ("needs", "days"):
            told.lists[column] = tuple(dict.fromkeys(kept))
        else:
            told.cells[column] = ";".join(kept) if column in own_terms.LISTS else kept[0]
