"""Who is at the other end of a conversation, as patients are told: the state, the navigator, the place in the queue."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.conversations import records, typing
from assistant.house import House
from assistant.store.staff_tables import staff

TEAM = "from the team"  # whoever is not among the programme's navigators


def state_of(connection: Connection, house: House, row: Row) -> dict[str, Any]:
    """`state`; with `navigator` and `navigator_role` when live, with `queue_place` (1 is next) when waiting."""
    if row.state == "live" and row.staff_id:
        name = connection.execute(sa.select(staff.c.name).where(staff.c.id == row.staff_id)).scalar()
        if name:
            return {"state": "live", "navigator": name, "navigator_role": _role(house, row.practice, name)}
    if row.state == "waiting":
        return {"state": "waiting", "queue_place": records.queue_place(connection, row.id)}
    return {"state": row.state}


def who_writes(connection: Connection, row: Row) -> dict[str, Any]:
    """`typing`: the first name of the navigator who is writing just now; nothing when nobody is."""
    if row.state != "live" or not row.staff_id or not typing.is_writing(connection, row.id, typing.STAFF):
        return {}
    name = connection.execute(sa.select(staff.c.name).where(staff.c.id == row.staff_id)).scalar()
    return {"typing": name.split()[0]} if name else {}


def _role(house: House, practice: str, name: str) -> str:
    """The job as the programme names it, in the middle of a sentence."""
    known = house.programme.practices.get(practice)  # none when the practice has left the programme
    for navigator in known.navigators if known else []:
        if navigator.name == name:
            return str(navigator.role)[:1].lower() + str(navigator.role)[1:]
    return TEAM
