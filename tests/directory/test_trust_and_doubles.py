"""How long a listing is trusted, which two are the same, what an import may not undo, what our own files hold."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from directory_made import REPOSITORY, TODAY, make
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine import Engine

from directory import store
from directory.doubles import find_pairs
from directory.forms import as_cells, read_form
from directory.freshness import load_policy, to_be_asked
from directory.harmless import csv_bytes, harmless, unmasked
from directory.import_csv import import_csv
from directory.places import Places
from directory.quality import faults
from directory.sheet import decode
from directory.template import export_csv
from directory.visibility import Policy

KETTLE = {"name": "Tuesday Kettle", "provider": "The Bellfounder Trust Ltd", "postcode": "LU1 2BG", "phone": "01632 960200"}


def test_the_practices_rules_are_read_and_a_slip_is_named(tmp_path: Path) -> None:
    assert load_policy(REPOSITORY / "programme" / "directory.yml") == load_policy(tmp_path / "none.yml") == Policy()
    file = tmp_path / "directory.yml"
    for text, words in (
        ("hide_after: 3", "hide_after is not a rule"), ("hide_after_months: soon", "needs months"), ("hide_after_months: true", "needs months"),
        ("remind_after_months: 20", "in that order"), ("- a", "one 'name: number' a line"), ("a: [", "is not YAML"),
    ):  # fmt: skip
        file.write_text(text, encoding="utf-8")
        with pytest.raises(ValueError, match=words):
            load_policy(file)
    file.write_text("remind_after_months: 1", encoding="utf-8")
    assert to_be_asked(make(checked_on=date(2026, 10, 1)), TODAY, load_policy(file))
    assert not to_be_asked(make(checked_on=date(2026, 10, 1)), TODAY, Policy())


def test_the_same_service_twice_is_found_and_what_only_looks_so_is_not() -> None:
    one = make("one", **KETTLE)
    again = {"same": make("same", **{**KETTLE, "provider": "Bellfounder Trust", "phone": "+44 1632 960200"}),
             "spelt": make("spelt", **{**KETTLE, "name": "tuesday  KETTLE"})}  # fmt: skip
    other = {
        "branch": make("branch", **{**KETTLE, "postcode": "MK40 1AA"}),
        "class": make("class", **{**KETTLE, "name": "Advice desk", "description": "Help with forms, debts and benefits, by appointment."}),
        "name": make("name", name="Tuesday Kettle", provider="Others", description="Something else altogether happens here."),
    }  # fmt: skip
    for listing in again.values():
        (pair,) = find_pairs([one, listing])
        assert {pair.first, pair.second} == {"one", listing.id} and "same place" in pair.why
    for listing in other.values():
        assert find_pairs([one, listing]) == []
    assert find_pairs([one, again["same"]], apart={("one", "same")}) == []
    assert find_pairs([one, again["same"], again["spelt"]], only={"spelt"})[0].second in ("spelt", "same")


def test_a_hub_with_hundreds_of_listings_makes_no_pairs_by_its_number_alone() -> None:
    assert find_pairs([make(f"n{i}", name=f"Group {i}", phone="01632 960000", description=f"Thing {i} " * 5) for i in range(300)]) == []


def test_an_import_names_doubles_and_keeps_what_a_file_says_nothing_of(engine: Engine, places: Places) -> None:
    stands = make("one", **KETTLE, who_meets_you="Marcia", status="full", suspended="Complaint")
    store.save(engine, stands, by="desk")

    def bring(text: str, **options: object):  # type: ignore[no-untyped-def]
        return import_csv(engine, text.encode(), source="council", places=places, today=TODAY, **options)  # type: ignore[arg-type]

    report = bring("id,name,description,checked_on,phone\none,Tuesday Kettle,New words,2020-01-01,\n")
    after = store.get_listing(engine, "one")
    assert after is not None and report.updated == 1
    assert after == stands.with_changes(description="New words", phone=None, source="council")
    store.update(engine, "one", "desk", latitude=51.879, longitude=-0.414, cost="free", cost_amount=0.0, free_sessions=3)
    placed = store.get_listing(engine, "one")
    assert bring("id,name,description,latitude,longitude,cost\none,Tuesday Kettle,New words,,,free\n").unchanged == 1
    bring("id,name,description,postcode,cost\none,Tuesday Kettle,New words,LU6 3AA,£2\n")
    moved = store.get_listing(engine, "one")
    assert placed is not None and moved is not None and moved.latitude != placed.latitude
    assert (moved.cost_amount, moved.free_sessions) == (2.0, None)
    store.update(engine, "one", "desk", postcode=KETTLE["postcode"])
    twin = bring(f"id,name,description,provider,postcode\ntwin,Tuesday Kettle,New words,{KETTLE['provider']},LU12BG\n", dry_run=True)
    assert twin.doubles == [("one", "twin")] and store.count(engine) == 1


@pytest.mark.parametrize(
    ("data", "encoding"),
    [("Café £2".encode("utf-16"), "utf-16"), ("Café £2".encode("utf-32"), "utf-32"), ("Café £2".encode("cp1252"), "cp1252"),
     ("Café £2, naïve é ü ö ä".encode() + b"\xe9", "utf-8")],
)  # fmt: skip
def test_a_broken_letter_does_not_spoil_the_others(data: bytes, encoding: str) -> None:
    text, name = decode(data)
    assert name == encoding and text.startswith("Café £2")


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "+1|cmd", "-1+cmd|'x'", "\t=1", "=cmd|' /C calc'!A0"])
def test_no_cell_of_ours_runs_in_a_spreadsheet(cell: str) -> None:
    assert harmless(cell) == f"'{cell}" and unmasked(harmless(cell)) == cell
    assert csv_bytes(("a",), [[cell]]).decode("utf-8-sig").splitlines()[1].lstrip('"').startswith("'")


@given(st.text(max_size=40))
def test_what_we_write_begins_with_no_sign_that_runs(text: str) -> None:
    (row,) = list(csv.reader(io.StringIO(csv_bytes(("a",), [[text, "x"]]).decode("utf-8-sig"), newline="")))[1:]
    assert not row[0][:1] or row[0][0] not in "=@\t\r" and (row[0][0] not in "+-" or not any(c.isalpha() for c in row[0]))


def test_our_own_export_comes_back_the_same_signs_and_all(engine: Engine, places: Places) -> None:
    store.save(engine, make("one", description="- tea\n- chat", phone="+44 1632 960200", cost="free", cost_amount=0.0, source="test"), by="test")
    report = import_csv(engine, export_csv(store.all_listings(engine)[1]), source="test", places=places, today=TODAY)
    assert (report.unchanged, report.errors) == (1, [])


def test_a_listing_goes_through_the_form_and_back_unchanged(places: Places) -> None:
    demo = (REPOSITORY / "programme" / "demo" / "listings.csv").read_bytes()
    made = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool)
    store.create_tables(made)
    import_csv(made, demo, source="demo", places=places)
    for listing in store.all_listings(made)[1]:
        read = read_form(as_cells(listing), listing, "desk", places)
        assert read.listing == listing, (listing.id, read.errors)
    moved = read_form({"postcode": "LU6 3AA"}, listing, "desk", places).listing
    assert moved is not None and moved.latitude != listing.latitude, "a position follows its postcode"


def test_faults_of_a_listing_are_named() -> None:
    assert faults(make(needs=("money",), latitude=51.9, longitude=-0.4, phone="01632 960200"), TODAY, Policy()) == []
    tired = make(name="Closed now", description="This group has closed.", accredited_until=date(2026, 12, 1), checked_on=date(2025, 1, 1))
    assert faults(tired, TODAY, Policy()) == ["expiring_30", "hidden_stale", "no_place", "no_need", "no_contact", "dead_looking"]
