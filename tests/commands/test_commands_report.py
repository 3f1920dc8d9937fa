"""`linkway report` and `linkway demo`: a month of invented life is made once, and reported in three forms."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from done import Linkway

from assistant.conversations import messages, records
from assistant.desk.accounts import hasher
from assistant.reports.board import SECTIONS
from assistant.store.database import open_engine, reading, transaction
from assistant.store.demo_tables import demo_rows
from assistant.store.pathway_tables import signposts
from assistant.store.staff_tables import staff
from assistant.store.tables import conversations


def test_a_report_of_nothing_is_honest(linkway: Linkway) -> None:
    done = linkway("report", "--format", "csv")
    assert done.code == 0 and "Nothing in these dates yet." in done.out and "Nothing in these dates yet." in done.err
    told = json.loads(linkway("report", "--json", "--practice", "wardown-park", "--from", "2026-01-01").out)
    assert [section["id"] for section in told["sections"]] == list(SECTIONS) and told["practice"] == "wardown-park"


@pytest.mark.parametrize(
    ("arguments", "fix"),
    [(("--from", "soon"), "year-month-day"), (("--practice", "nowhere"), "wardown-park"), (("--from", "2026-02-01", "--to", "2026-01-01"), "after the last")],
)
def test_what_cannot_be_says_why(linkway: Linkway, arguments: tuple[str, ...], fix: str) -> None:
    done = linkway("report", *arguments)
    assert done.code == 1 and fix in done.err and "Traceback" not in done.err
    assert linkway("report", "--format", "pdf").code == 2


def test_the_demos_month(linkway: Linkway, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One test, for making it takes seconds: made, there already, made again beside a real conversation, reported, refused."""
    made = linkway("demo")
    assert made.code == 0 and "Everybody in them is invented" in made.err and "henry" in made.err and "/navigator/reports" in made.err
    engine = open_engine(f"sqlite:///{home / 'linkway.db'}")
    with transaction(engine) as connection:
        real, _ = records.begin(connection, channel="web", practice="wardown-park")
        messages.append(connection, real, "patient", "I am real", answered=True)

    def count(table: sa.Table) -> int:
        with reading(engine) as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())

    first = count(conversations), count(demo_rows)
    again = linkway("demo")
    assert "there already" in again.err and (count(conversations), count(demo_rows)) == first
    assert linkway("demo", "--again").code == 0 and count(conversations) == first[0], "the real one stays, none is twice"
    with reading(engine) as connection:
        assert connection.execute(sa.select(conversations.c.id).where(conversations.c.id == real)).first() is not None
        numbers = connection.execute(sa.select(conversations.c.contact_number).where(conversations.c.contact_number.is_not(None))).scalars().all()
        roles = {row.username: row.practice for row in connection.execute(sa.select(staff))}
        assert not hasher.check_needs_rehash(connection.execute(sa.select(staff.c.password_hash)).scalars().first())
    assert numbers and all(number.startswith("+447700900") for number in numbers)
    assert {roles[name] for name in ("amina", "grace", "joanne", "henry")} == {"wardown-park", "stopsley-green"}
    told = json.loads(linkway("report", "--json").out)
    empty = [table["id"] for section in told["sections"] for table in section["tables"] if not table["rows"]]
    assert empty == [], "every plot has something to show"
    rows = {table["id"]: table["rows"] for section in told["sections"] for table in section["tables"]}
    assert len(rows["waits"]) == 2, "waits for a call, and for a person in the chat"
    assert all(row[5] < row[6] for row in rows["outcomes"]), "every answer moved for somebody"
    with reading(engine) as connection:
        given = sa.select(signposts.c.practice, staff.c.practice).join(staff, staff.c.id == signposts.c.staff_id)
        assert {here == theirs for here, theirs in connection.execute(given)} == {True}, "staff hand out lists where they work"
    page = linkway("report", "--practice", "stopsley-green").out
    assert page.startswith("<!doctype html>") and "<svg" in page and "<script" not in page and "http://www.w3.org/2000/svg" in page
    assert len(list(csv.reader(io.StringIO(linkway("report", "--format", "csv").out)))) > 150
    monkeypatch.setenv("LINKWAY_DEMO", "false")
    refused = linkway("demo", "--again")
    assert refused.code == 1 and "real patients" in refused.err and count(conversations) == first[0]
