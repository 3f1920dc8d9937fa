"""The forms in which a directory comes and goes: which one a file has, reading it, writing it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import typer

from assistant.house import House

if TYPE_CHECKING:
    from directory.importing import ImportReport, Progress, Way

FORMATS = ("csv", "hsds-json", "hsds-csv", "oruk-feed")


def checked_format(file: str, told: str | None) -> str:
    """The form of `file`, as told or as it looks. Raises typer.BadParameter for one unknown, or for a file that is not there."""
    if told is not None and told not in FORMATS:
        raise typer.BadParameter(f"one of {', '.join(FORMATS)}", param_hint="--format")
    address = urlsplit(file).scheme in ("http", "https")
    form = told or ("oruk-feed" if address else _looks_like(Path(file)))
    if form == "oruk-feed":
        if not address:
            raise typer.BadParameter("a feed is a web address: https://www.example.org/api", param_hint="FILE")
        return form
    path = Path(file)
    if not path.exists():
        raise typer.BadParameter(f"there is no {file}", param_hint="FILE")
    if path.is_dir() and form != "hsds-csv":
        raise typer.BadParameter(f"{file} is a folder: only hsds-csv can be one", param_hint="FILE")
    return form


def _looks_like(path: Path) -> str:
    if path.is_dir() or path.suffix.casefold() == ".zip":
        return "hsds-csv"
    return "hsds-json" if path.suffix.casefold() == ".json" else "csv"


def named_after(file: str) -> str:
    """The source's name when none is told: the file's, or the feed's server."""
    return (urlsplit(file).netloc if "://" in file else Path(file).stem)[:200] or "import"


def import_any(house: House, file: str, form: str, way: Way, progress: Progress) -> ImportReport:
    """Imports `file` in its form."""
    from directory.import_csv import import_csv
    from directory.openreferral.feed_import import import_feed
    from directory.openreferral.fetch import Fetcher
    from directory.openreferral.imports import import_json, import_tables

    assert house.directory is not None
    places = house.directory.places
    if form == "oruk-feed":
        fetcher = Fetcher(contact=house.settings.public_base_url)
        return import_feed(house.engine, file, house.settings.home / "feeds", way, places, progress, fetcher)
    if form == "hsds-csv":
        return import_tables(house.engine, Path(file), way, places, progress)
    data = Path(file).read_bytes()
    if form == "hsds-json":
        return import_json(house.engine, data, way, places, progress)
    return import_csv(
        house.engine, data, source=way.source, dry_run=way.dry_run, replace_source=way.replace_source,
        accredited_by=way.accredited_by, accredited_until=way.accredited_until, progress=progress, places=places,
        today=way.today, policy=way.policy,
    )  # fmt: skip


def exported(house: House, form: str, everything: bool) -> Iterator[bytes]:
    """The directory in pieces, as a CSV or as one page of Open Referral UK."""
    from directory.openreferral.pages import envelope
    from directory.openreferral.writing import service_of
    from directory.template import export_csv

    assert house.directory is not None
    listings = house.directory.listings("staff" if everything else "patient")
    if form == "csv":
        yield export_csv(listings)
        return
    head = envelope([], len(listings), 1, max(1, len(listings)))
    head.update(size=len(listings), empty=not listings)
    del head["contents"]
    yield json.dumps(head, ensure_ascii=False).encode()[:-1] + b', "contents": ['
    for number, listing in enumerate(listings):
        yield (b",\n" if number else b"\n") + json.dumps(service_of(listing, public=not everything), ensure_ascii=False).encode()
    yield b"\n]}\n"
