"""Services in a JSON file, in whichever of the standard's forms it has: a page, a list, one service, an organisation with its services."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from directory.openreferral.values import objects
from directory.sheet import MOST_BYTES, UnreadableFile, decode

# The standard requires a status of every service; a service without one is known by its parts.
_TELLING = ("status", "service_at_locations", "schedules", "cost_options", "service_areas", "organization_id", "organization")


@dataclass(frozen=True)
class Record:
    """One record of a file: `path` says where it stands, `number` which it is. `service` is None for what is no object."""

    number: int
    path: str
    service: Mapping[str, Any] | None


def read_json(data: bytes) -> list[Record]:
    """The services of a file, whatever else is in it as records without one. Raises UnreadableFile, naming the place, when it is no JSON or holds no services."""
    if len(data) > MOST_BYTES:
        raise UnreadableFile("The file is over 200 MB: split it into smaller ones.")
    try:
        document = json.loads(decode(data)[0])
    except (json.JSONDecodeError, RecursionError) as error:
        where = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise UnreadableFile(f"This is no JSON{where}: export it again, or choose another --format.") from error
    found = list(_services("$", document))
    if not found:
        raise UnreadableFile("There are no services in it: it needs a list of services, or a page with contents.")
    return [Record(number, path, service if is_service(service) else None) for number, (path, service) in enumerate(found, start=1)]


def is_service(value: Mapping[str, Any] | None) -> bool:
    """Whether it looks like one: an organisation or a taxonomy's term has an id, a name and a description too."""
    return value is not None and any(key in value for key in _TELLING)


def _services(path: str, value: Any, organization: Mapping[str, Any] | None = None) -> Iterator[tuple[str, Mapping[str, Any] | None]]:
    if isinstance(value, list):
        for number, item in enumerate(value):
            if isinstance(item, list):
                yield f"{path}[{number}]", None
            else:
                yield from _services(f"{path}[{number}]", item, organization)
    elif not isinstance(value, Mapping):
        yield path, None
    elif isinstance(value.get("contents"), list):
        yield from _services(f"{path}.contents", value["contents"])
    elif isinstance(value.get("services"), list):
        own = {key: part for key, part in value.items() if key != "services"} if "id" in value or "name" in value else None
        yield from _services(f"{path}.services", value["services"], own)
    elif objects(value, "service") and "location" in value:  # a service at a location
        service = objects(value, "service")[0]
        at = {key: part for key, part in value.items() if key != "service"}
        yield f"{path}.service", {**service, "service_at_locations": [at]}
    elif organization is not None and not objects(value, "organization"):
        yield path, {**value, "organization": organization}
    else:
        yield path, value
