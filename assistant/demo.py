"""The demo practice: its directory, a navigator's account, and secrets made on the spot. Never in a real installation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import sqlalchemy as sa

from assistant.clock import clock
from assistant.desk.accounts import NewAccount, add_staff
from assistant.house import House
from assistant.store.database import reading, transaction
from assistant.store.staff_tables import staff
from directory.import_csv import ImportReport, import_csv
from directory.store import all_listings

WRITTEN_ON = date(2026, 11, 21)  # the dates in the demo's CSV are as of this day
DATE_COLUMNS = ("accredited_on", "accredited_until", "checked_on")
SOURCE = "demo"
USERNAME = "amina"


def demo_csv(folder: Path, today: date) -> bytes:
    """The demo's listings with their dates moved on, so that what was fresh on the day of writing is fresh today."""
    import csv
    import io

    rows = list(csv.DictReader((folder / "demo" / "listings.csv").read_text(encoding="utf-8-sig").splitlines()))
    shift = max(today - WRITTEN_ON, timedelta())
    for row in rows:
        for column in DATE_COLUMNS:
            if row.get(column):
                row[column] = (date.fromisoformat(row[column]) + shift).isoformat()
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def ensure_directory(house: House, progress: Callable[[int, int], None] | None = None) -> ImportReport | None:
    """Import the demo's listings into an empty directory."""
    if all_listings(house.engine)[1]:
        return None
    data = demo_csv(house.settings.programme_dir, clock.today())
    return import_csv(house.engine, data, source=SOURCE, progress=progress)


def ensure_navigator(house: House) -> NewAccount | None:
    """The demo navigator's sign-in, made at the first start; None when there is one already."""
    with reading(house.engine) as connection:
        if connection.execute(sa.select(staff.c.id).limit(1)).first():
            return None
    navigator = house.programme.practice().navigator
    with transaction(house.engine) as connection:
        return add_staff(connection, USERNAME, navigator.name, "navigator", None)
