"""What people decide about listings, on both databases: decisions, merging and its way back, reports, uploads, the new column."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from assistant.store.database import reading, transaction
from assistant.store.migrate import migrate
from directory import asking, doubles, merging, reports, store, taking_back, trust, uploads
from directory.places import Places
from directory.records import Listing
from directory.visibility import Policy

NOW, TODAY = datetime(2026, 11, 23, 10, 0, tzinfo=timezone.utc), date(2026, 11, 23)
ONE = Listing("one", "Tea", "Tea and a chat", provider="Trust", postcode="LU1 2BG", phone="01632 960200", checked_on=date(2026, 1, 1))
TWO = ONE.with_changes(id="two", cost="£1", cost_amount=1.0, suspended="Complaint")


@pytest.fixture
def shelf(engine: Engine) -> Engine:
    for listing in (ONE, TWO):
        store.save(engine, listing, by="test")
    return engine


def decision(listing_id: str = "one", why: str = "") -> trust.Decision:
    return trust.Decision(listing_id, "Grace", NOW, TODAY, why)


def test_a_decision_is_written_with_who_when_and_why_and_taken_back(shelf: Engine) -> None:
    with transaction(shelf) as connection:
        number = trust.accredit(connection, decision(why="Papers seen"), "Panel", None, Policy())
    line = store.history(shelf, "one")[0]
    assert (line["id"], line["action"], line["by"], line["why"], line["at"]) == (number, "accredited", "Grace", "Papers seen", datetime(2026, 11, 23, 10))
    assert store.get_listing(shelf, "one").accredited_until == date(2027, 11, 23)  # type: ignore[union-attr]
    with transaction(shelf) as connection:
        assert number is not None and taking_back.take_back(connection, number, "Grace", NOW) == "one"
    assert store.get_listing(shelf, "one") == ONE
    with pytest.raises(KeyError), transaction(shelf) as connection:
        trust.lift(connection, decision("nobody"))


def test_a_change_based_on_an_older_state_is_refused(shelf: Engine) -> None:
    seen = ONE.content_hash()
    with transaction(shelf) as connection:
        store.changed_in(connection, "one", "Amina", expect=seen, cost="free")
    with pytest.raises(store.ChangedMeanwhile) as caught, transaction(shelf) as connection:
        store.changed_in(connection, "one", "Colin", expect=seen, cost="£9")
    assert caught.value.now.cost == "free" and store.get_listing(shelf, "one").cost == "free"  # type: ignore[union-attr]


def test_a_merge_keeps_the_suspension_leads_on_and_is_undone(shelf: Engine) -> None:
    with transaction(shelf) as connection:
        merging.merge(connection, "one", "two", ["cost"], "Grace", NOW)
    merged = store.get_listing(shelf, "one")
    assert merged is not None and (merged.cost, merged.cost_amount, merged.suspended) == ("£1", 1.0, "Complaint")
    with reading(shelf) as connection:
        assert store.moved(connection) == {"two": "one"} and [row.old_id for row in merging.merged_lately(connection)] == ["two"]
    with transaction(shelf) as connection:
        assert merging.unmerge(connection, "two", "Grace", NOW)
    assert (store.get_listing(shelf, "one"), store.get_listing(shelf, "two")) == (ONE, TWO)
    with reading(shelf) as connection:
        assert store.moved(connection) == {}


def test_pairs_apart_reports_and_letters_are_kept_once(shelf: Engine) -> None:
    with transaction(shelf) as connection:
        for _ in range(2):
            doubles.keep_apart(connection, "two", "one", "Grace", NOW)
            asking.note_asked(connection, "one", "Grace", NOW)
        assert [reports.report(connection, "one", "Wrong day", "", NOW) for _ in range(2)] == [True, False]
        assert doubles.said_apart(connection) == {("one", "two")} and reports.count_open(connection) == 1
        number = reports.open_reports(connection, "one")[0].id
        assert [reports.settle(connection, number, "resolved", "Grace", NOW) for _ in range(2)] == [True, False]
        assert [reports.open_again(connection, number) for _ in range(2)] == [True, False]
        flood = [reports.report(connection, "one", f"Wrong {n}", "", NOW) for n in range(reports.MOST_OPEN + 5)]
        assert flood.count(True) == reports.MOST_OPEN - 1
        now, waiting = asking.due(connection, [ONE], TODAY, Policy())
        assert not now and waiting[0].times == 1
        asking.note_answer(connection, "one", NOW)
        assert asking.due(connection, [ONE], TODAY, Policy())[0][0].times == 0


def test_an_upload_is_done_once_and_its_file_goes(shelf: Engine) -> None:
    data = b"id,name,description\nthree,Three,Chat\n"
    number = uploads.keep(shelf, data, "three.csv", {"source": "council"}, "Grace", NOW)
    where = (shelf, number)
    assert not uploads.begin(*where, NOW), "not before it was read"
    uploads.work(*where, True, Places.load(), Policy(), TODAY, lambda: NOW)
    assert uploads.upload(*where).report["added"] == 1 and store.count(shelf) == 2
    assert [uploads.begin(*where, NOW) for _ in range(2)] == [True, False]
    uploads.drop(*where)
    uploads.work(*where, False, Places.load(), Policy(), TODAY, lambda: NOW)
    row = uploads.upload(*where)
    assert (row.state, row.here, store.count(shelf)) == ("done", False, 3)


def test_a_database_from_before_gets_the_column_for_why(engine: Engine) -> None:
    with transaction(engine) as connection:
        connection.exec_driver_sql("ALTER TABLE listing_changes DROP COLUMN why")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0009'")
    migrate(engine)
    assert "why" in {column["name"] for column in sa.inspect(engine).get_columns("listing_changes")}
