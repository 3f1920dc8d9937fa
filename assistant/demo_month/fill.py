"""Filling the demo's month: staff, people, signposts; once, again on wish, and never in a real installation."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.clock import clock
from assistant.demo import ensure_directory
from assistant.demo_month.cast import SEED, people, read_script
from assistant.demo_month.notebook import Notebook, is_there, take_away
from assistant.demo_month.stage import Stage
from assistant.demo_month.way import way_of
from assistant.desk.accounts import NewAccount, add_staff, find, reset_staff
from assistant.errors import Conflict
from assistant.house import House
from assistant.store.database import reading, transaction
from assistant.store.pathway_tables import signposts
from assistant.store.staff_tables import staff
from assistant.store.tables import callbacks
from directory.records import Listing
from directory.store import all_listings

A_PRACTICE = 130  # people each
RECEPTION = {"wardown-park": ("rita", "Rita Lane"), "stopsley-green": ("sam", "Sam Porter")}
MANAGERS = {"wardown-park": ("grace", "Grace Obi"), "stopsley-green": ("henry", "Henry Vale")}


@dataclass(frozen=True)
class Filled:
    """`rows` written, 0 when the month was there already; `accounts` made or, with `again`, given new passwords."""

    rows: int
    accounts: list[NewAccount]
    usernames: list[str]


def fill(house: House, *, again: bool = False) -> Filled:
    """Make the month, as of now.

    Raises:
        Conflict: this is a real installation (LINKWAY_DEMO is false): nothing invented goes near real patients.
    """
    if not house.settings.demo:
        raise Conflict("This installation is for real patients (LINKWAY_DEMO=false). The demo's month is not made here.")
    ensure_directory(house)
    with reading(house.engine) as connection:
        listings = [listing for listing in all_listings(house.engine)[1] if listing.status in ("open", "active")]
        there = _there(connection)
    usernames = [name for pair in _wanted(house) for name in [pair[0]]]
    if there and not again:
        return Filled(0, [], usernames)
    with transaction(house.engine) as connection:
        if is_there(connection):
            take_away(connection)
        accounts = _accounts(connection, house, again)
        rows = _play(connection, house, listings)
    return Filled(rows, accounts, usernames)


def _there(connection: Connection) -> bool:
    from assistant.store.demo_tables import demo_rows

    if not sa.inspect(connection).has_table(demo_rows.name):
        return False
    return connection.execute(sa.select(demo_rows.c.n).limit(1)).first() is not None


def _wanted(house: House) -> list[tuple[str, str, str, str]]:
    """(username, name, role, practice) of each practice's navigators, as programme.yml names them, a receptionist and a manager."""
    out = []
    for slug, practice in house.programme.practices.items():
        for navigator in practice.navigators:
            out.append((navigator.name.split()[0].lower(), navigator.name, "navigator", slug))
        username, name = RECEPTION.get(slug, (f"reception.{slug}", "Robin Hill"))
        out.append((username, name, "receptionist", slug))
        username, name = MANAGERS.get(slug, (f"manager.{slug}", "Morgan Vale"))
        out.append((username, name, "manager", slug))
    return out


def _accounts(connection: Connection, house: House, again: bool) -> list[NewAccount]:
    """Those that are not there yet; with `again` all of them get a new sign-in, since nobody can look up the old."""
    made = []
    for username, name, role, practice in _wanted(house):
        if find(connection, username) is None:
            made.append(add_staff(connection, username, name, role, practice))
        elif again:
            made.append(reset_staff(connection, username))
    return made


def _play(connection: Connection, house: House, listings: list[Listing]) -> int:
    random = Random(SEED)
    book = Notebook(connection, random)
    names = {row.name: row.id for row in connection.execute(sa.select(staff.c.id, staff.c.name).order_by(staff.c.created_at))}
    held = connection.execute(sa.select(callbacks.c.navigator, callbacks.c.starts_at).where(callbacks.c.status == "booked"))
    stage = Stage(house, book, random, clock.now(), names, listings, {(row.navigator, row.starts_at) for row in held})
    script = read_script(house.settings.programme_dir)
    for place, practice in enumerate(house.programme.practices):
        for n, who in enumerate(people(script, practice, A_PRACTICE, place * A_PRACTICE, random)):
            way_of(stage, who, n, script)
        _signposts(stage, practice)
    return book.write()


def _signposts(stage: Stage, practice: str) -> None:
    """Short lists that staff gave out, more and more of them."""
    by = [stage.staff[name] for _, name, _, slug in _wanted(stage.house) if slug == practice]
    for days in range(84):
        for _ in range(stage.random.choices([0, 1, 2, 3], [5, 4, 2, 1 if days < 40 else 0])[0]):
            need = stage.random.choice(["loneliness", "money", "physical_activity", "low_mood", "caring", "food"])
            stage.book.add(
                signposts, practice=practice, staff_id=stage.random.choice(by), at=stage.days_ago(days + 0.5),
                how=stage.random.choice(["print", "print", "text"]), needs=[need],
                listings=[listing.id for listing in stage.services(need, stage.random.randint(1, 3))],
            )  # fmt: skip


