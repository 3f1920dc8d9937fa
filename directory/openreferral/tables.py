"""HSDS as tables: a folder or a zip of CSV files, put together into the services they describe."""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from directory.openreferral.json_files import Record
from directory.openreferral.values import AT
from directory.sheet import MOST_BYTES, UnreadableFile, read_records

Row = dict[str, Any]
MOST_TABLES = 60
# The standard names the files in the plural; its own examples name some of them in the singular.
_NAMES = {
    "services": ("services", "service"), "organizations": ("organizations", "organization"),
    "locations": ("locations", "location"), "service_at_locations": ("service_at_locations", "service_at_location"),
    "addresses": ("addresses", "address", "physical_addresses", "postal_addresses"), "phones": ("phones", "phone"),
    "contacts": ("contacts", "contact"), "schedules": ("schedules", "schedule"), "languages": ("languages", "language"),
    "cost_options": ("cost_options", "cost_option"), "service_areas": ("service_areas", "service_area"),
    "accessibility": ("accessibility", "accessibilities", "accessibility_for_disabilities"),
    "attributes": ("attributes", "attribute", "service_attributes"),
    "taxonomy_terms": ("taxonomy_terms", "taxonomy_term"), "taxonomies": ("taxonomies", "taxonomy"),
}  # fmt: skip
# What hangs on what: the parts of a table's rows, and by which column they point to it.
_OF_SERVICE = ("schedules", "languages", "cost_options", "service_areas", "phones", "contacts")
_OF_LOCATION = ("addresses", "accessibility", "phones", "schedules", "contacts")
_OF_PLACE = ("phones", "schedules", "contacts")


def read_tables(path: Path) -> list[Record]:
    """The services of a folder or zip of CSV files. Raises UnreadableFile when there is no table of services, or it is too big."""
    files = _of_zip(path) if path.is_file() else _of_folder(path)
    tables = {name: _table(files, spellings) for name, spellings in _NAMES.items()}
    if not tables["services"]:
        raise UnreadableFile("There is no services.csv with rows in it: HSDS tables need one.")
    services = _put_together(tables)
    return [Record(number, str(service[AT]), service) for number, service in enumerate(services, start=1)]


def _of_folder(path: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    total = 0
    for file in sorted(path.glob("*.csv"))[:MOST_TABLES]:
        total += file.stat().st_size
        if total > MOST_BYTES:
            raise UnreadableFile("The tables are over 200 MB together: split them.")
        found[file.stem.casefold()] = file.read_bytes()
    return found


def _of_zip(path: Path) -> dict[str, bytes]:
    """The CSV files of a zip, in whatever folder of it; read in memory, never written out, never more than is allowed."""
    found: dict[str, bytes] = {}
    left = MOST_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            inside = [entry for entry in archive.infolist() if entry.filename.casefold().endswith(".csv")]
            for entry in inside[:MOST_TABLES]:
                name = entry.filename.replace("\\", "/").split("/")[-1]
                if name.startswith("."):  # what a Mac adds
                    continue
                with archive.open(entry) as handle:
                    data = handle.read(left + 1)  # what it says of its size is not to be believed
                left -= len(data)
                if left < 0:
                    raise UnreadableFile("The tables are over 200 MB together: split them.")
                found.setdefault(name[:-4].casefold(), data)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise UnreadableFile(f"The zip cannot be opened ({error}): make it again, without a password.") from error
    return found


def _table(files: Mapping[str, bytes], spellings: Sequence[str]) -> list[Row]:
    """The rows of a table that may be in several files; a row with an id that was there already is passed over."""
    rows: list[Row] = []
    seen: set[str] = set()
    for name in spellings:
        if name not in files:
            continue
        try:
            _, _, records = read_records(files[name])
        except UnreadableFile:
            continue  # an empty table
        headers = ["_".join(cell.strip().casefold().split()) for cell in records[0]]
        for number, record in enumerate(records[1:], start=2):
            cells = {header: cell for header, cell in zip(headers, record, strict=False) if cell.strip()}
            if not cells or cells.get("id", "") in seen:
                continue
            seen |= {cells["id"]} if "id" in cells else set()
            rows.append({**cells, AT: f"{name}.csv row {number}"})
    return rows


def _by(rows: Sequence[Row], column: str) -> dict[str, list[Row]]:
    """Rows by what they point to."""
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.get(column):
            groups[str(row[column])].append(row)
    return groups


def _put_together(tables: Mapping[str, list[Row]]) -> list[Row]:
    """Each service with everything that points to it."""
    contacts = tables["contacts"]
    for contact in contacts:
        contact["phones"] = _by(tables["phones"], "contact_id").get(str(contact.get("id")), [])
    locations = {str(row.get("id")): row for row in tables["locations"]}
    for name in _OF_LOCATION:
        groups = _by(tables[name], "location_id")
        for key, location in locations.items():
            # A schedule of a service at a location names both: it is the service's.
            location[name] = [row for row in groups.get(key, []) if not row.get("service_id")]
    places = tables["service_at_locations"]
    for place in places:
        place["location"] = locations.get(str(place.get("location_id")), {})
        for name in _OF_PLACE:
            place[name] = [r for r in _by(tables[name], "service_at_location_id").get(str(place.get("id")), [])]
    organizations = {str(row.get("id")): row for row in tables["organizations"]}
    for name in ("phones", "contacts"):
        for key, group in _by(tables[name], "organization_id").items():
            if key in organizations:
                organizations[key][name] = group
    parts = {name: _by(tables[name], "service_id") for name in (*_OF_SERVICE, "service_at_locations")}
    parts["service_at_locations"] = _by(places, "service_id")
    attributes = _by(_with_terms(tables), "link_id")
    for service in tables["services"]:
        key = str(service.get("id"))
        for name, groups in parts.items():
            service[name] = groups.get(key, [])
        service["attributes"] = attributes.get(key, []) + _by(tables["attributes"], "service_id").get(key, [])
        if str(service.get("organization_id")) in organizations:
            service["organization"] = organizations[str(service["organization_id"])]
    return tables["services"]


def _with_terms(tables: Mapping[str, list[Row]]) -> list[Row]:
    names = {str(row.get("id")): row.get("name", "") for row in tables["taxonomies"]}
    terms = {str(row.get("id")): row for row in tables["taxonomy_terms"]}
    for own in terms.values():
        own.setdefault("taxonomy", names.get(str(own.get("taxonomy_id")), ""))
    for attribute in tables["attributes"]:
        attribute["taxonomy_term"] = terms.get(str(attribute.get("taxonomy_term_id")), {})
    return tables["attributes"]
