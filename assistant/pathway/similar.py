"""Other services like the one a person was referred to: by the directory's own search, as a patient sees it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.house import House
from assistant.logs import log
from assistant.store.pathway_tables import patients
from directory.search import Query

MOST = 3


def near(connection: Connection, house: House, referral: Row) -> str:
    """Where the search starts: the patient's part of the postcode, else the practice's."""
    known = connection.execute(sa.select(patients.c.outcode).where(patients.c.id == referral.patient_id)).scalar()
    return known or str(house.programme.practice(referral.practice).outcode)


def services(house: House, referral: Row, start: str, *, free: bool, fresh: bool) -> list[dict[str, Any]]:
    """Up to three, nearest in meaning; none where the directory is down. `fresh` False inside a transaction (see Directory.search)."""
    if house.directory is None:
        return []
    query = Query(
        text=referral.service, needs=(referral.need,) if referral.need else (), near=start, cost_free=free,
        exclude_ids=(referral.listing_id,), limit=MOST,
    )  # fmt: skip
    try:
        found = house.directory.search(query, fresh=fresh)
    except Exception as error:  # what is told then says less, and is told
        log.error("similar services not found", error=type(error).__name__)
        return []
    if free and "cost_free" in found.relaxed:
        return []
    return [match.as_service() for match in found.matches]


def afterwards(house: House, referral: Row, *, fresh: bool) -> str | None:
    """What the service costs when the free sessions end; None where nobody knows."""
    try:
        match = house.directory.get(referral.listing_id, viewer="staff", fresh=fresh) if house.directory else None
    except Exception as error:
        log.error("listing not read", error=type(error).__name__)
        return None
    return match.listing.cost_afterwards if match else None
