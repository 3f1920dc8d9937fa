"""Importing what councils send: encodings, delimiters, bad cells, doubles, replacing a source, vouching."""

from __future__ import annotations

from datetime import date, time

import pytest
from directory_made import REPOSITORY, TODAY, make
from sqlalchemy.engine import Engine

from directory import store
from directory.import_csv import ImportReport, import_csv
from directory.places import Places
from directory.records import COLUMNS
from directory.sheet import open_sheet
from directory.template import export_csv, template_csv

GOOD = "name,description,postcode\nTea & Talk,Tea and a chat,LU1 1AA\n"


def bring(engine: Engine, places: Places, data: str | bytes, **options: object) -> ImportReport:
    raw = data.encode() if isinstance(data, str) else data
    return import_csv(engine, raw, source="test", places=places, today=TODAY, **options)  # type: ignore[arg-type]


def only(engine: Engine) -> dict[str, object]:
    (listing,) = store.all_listings(engine)[1]
    return {name: getattr(listing, name) for name in (*COLUMNS, "notes", "cost_amount", "source")}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_encoding_and_delimiter_gives_the_same_listing(
    engine: Engine, places: Places, encoding: str, delimiter: str
) -> None:
    rows = [
        ["NAME", "Description", "Cost", "Days"],
        ["Café Olé", "Tea, cake; and a chat", "£2.50", "Mon;Wed"],
    ]
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    report = bring(engine, places, text.encode(encoding))
    assert (report.added, report.errors) == (1, [])
    listing = only(engine)
    assert listing["name"] == "Café Olé" and listing["description"] == "Tea, cake; and a chat"
    assert listing["cost_amount"] == 2.5 and listing["days"] == ("mon", "wed")


def test_rows_that_no_patient_will_see_are_named_with_the_reason(engine: Engine, places: Places) -> None:
    report = bring(engine, places, GOOD)
    ((why, ids),) = report.hidden.items()
    assert report.added == 1 and ids[0].startswith("tea-talk") and why.startswith("No accreditation")
    vouched = bring(engine, places, GOOD, accredited_by="Panel", accredited_until=TODAY.replace(year=TODAY.year + 1))
    assert vouched.hidden == {}


def test_the_template_imports_whole_and_exports_the_same(engine: Engine, places: Places) -> None:
    report = bring(engine, places, template_csv())
    assert (report.added, report.errors, report.warnings, report.unknown_columns) == (1, [], [], [])
    listing = only(engine)
    assert listing["start_time"] == time(10, 30) and listing["accredited_until"] == date(2027, 1, 4)
    assert listing["latitude"] is not None, "placed by its postcode"
    stored = store.all_listings(engine)[1]
    again = bring(engine, places, export_csv(stored))
    assert (again.unchanged, again.errors) == (1, [])


def test_bad_cells_are_named_by_row_and_column_with_the_fix_and_good_rows_stay(
    engine: Engine, places: Places
) -> None:
    header = (
        "id,name,description,latitude,longitude,accredited_until,min_age,max_age,start_time,days,status\n"
    )
    data = header + (
        "a,Good,Fine,,,,,,,,\n"
        "b,Far,Fine,151.9,-0.4,,,,,,\n"
        "c,Date,Fine,,,31/02/2027,,,,,\n"
        "d,Ages,Fine,,,,30,20,,,\n"
        "e,,No name,,,,,,,,\n"
        "f,Time,Fine,,,,,,25:99,,\n"
        "g,Day,Fine,,,,,,,Blursday,\n"
        "a,Double,Fine,,,,,,,,\n"
        "h,Status,Fine,,,,,,,,perhaps\n"
        "i j,Id,Fine,,,,,,,,\n"
        "k,Half,Fine,51.9,,,,,,,\n"
        "l,Also good,Fine,,,,,,,,open\n"
    )
    report = bring(engine, places, data)
    assert report.added == 2 and not report.ok
    assert {(error.row, error.column) for error in report.errors} == {
        (3, "latitude"),
        (4, "accredited_until"),
        (5, "max_age"),
        (6, "name"),
        (7, "start_time"),
        (8, "days"),
        (9, "id"),
        (10, "status"),
        (11, "id"),
        (12, "longitude"),
    }
    assert all(error.message.endswith(".") for error in report.errors)
    assert "row 2" in next(error.message for error in report.errors if error.row == 9)


@pytest.mark.parametrize(
    "written", ["2026-03-09", "09/03/2026", "9.3.26", "9 March 2026", "9th Mar 2026", "46090"]
)
def test_dates_are_read_in_the_ways_people_write_them(engine: Engine, places: Places, written: str) -> None:
    bring(engine, places, f"name,description,checked_on\nTea,Chat,{written}\n")
    assert only(engine)["checked_on"] == date(2026, 3, 9)


@pytest.mark.parametrize(
    "cell",
    ["=cmd|' /C calc'!A0", '=HYPERLINK("http://x.example")', "@SUM(1+1)", "+cmd|'x'!A0", "-cmd|'x'!A0"],
)
def test_formulas_are_refused_and_ordinary_signs_are_not(engine: Engine, places: Places, cell: str) -> None:
    quoted = '"' + cell.replace('"', '""') + '"'
    report = bring(engine, places, f"name,description,phone\nA,{quoted},\nB,- tea and chat,+441632960001\n")
    assert [(error.row, error.column) for error in report.errors] == [(2, "description")]
    assert only(engine)["phone"] == "+441632960001"


def test_html_is_taken_out_and_nothing_of_a_script_is_left(engine: Engine, places: Places) -> None:
    cell = (
        "<p>Tea &amp; chat for under <18s</p><script>alert(1)</script>&lt;img src=x onerror=alert(1)&gt; done"
    )
    report = bring(engine, places, f'name,description\n<b>Tea</b>,"{cell}"\n')
    listing = only(engine)
    assert listing["name"] == "Tea"
    assert listing["description"].startswith("Tea & chat for under <18s")
    assert "alert" not in listing["description"] and "done" in listing["description"]
    assert {warning.column for warning in report.warnings} == {"name", "description"}


def test_an_overlong_description_and_two_hundred_columns(engine: Engine, places: Places) -> None:
    extra = [f"Extra {i}" for i in range(200)]
    header = "Name,DESCRIPTION," + ",".join(extra) + "\n"
    data = (
        header
        + "Long,"
        + "x" * 50_000
        + "," * 200
        + "\n"
        + "Good,Fine,"
        + ",".join(str(i) for i in range(200))
        + "\n"
    )
    report = bring(engine, places, data)
    assert [(error.row, error.column) for error in report.errors] == [(2, "description")]
    assert "10,000" in report.errors[0].message and len(report.errors[0].value) <= 80
    assert report.unknown_columns == extra and only(engine)["notes"]["Extra 7"] == "7"


def test_words_we_do_not_know_are_kept_as_notes_and_warned_of(engine: Engine, places: Places) -> None:
    report = bring(engine, places, "name,description,needs,url\nA,B,Money; Wellness,javascript:alert(1)\n")
    listing = only(engine)
    assert listing["needs"] == ("money",) and listing["url"] is None
    assert listing["notes"]["needs"] == "Wellness"
    assert {warning.column for warning in report.warnings} == {"needs", "url"}


def test_the_same_file_again_changes_nothing_and_an_edit_is_an_update_with_history(
    engine: Engine, places: Places
) -> None:
    vouched = {"accredited_by": "Panel", "accredited_until": date(2027, 1, 1)}
    assert bring(engine, places, GOOD, **vouched).added == 1
    number = store.version(engine)
    again = import_csv(
        engine, GOOD.encode(), source="test", places=places, today=date(2026, 12, 24), **vouched
    )
    assert (again.unchanged, again.updated) == (1, 0) and store.version(engine) == number
    identifier = only(engine)["id"]
    edited = bring(engine, places, GOOD.replace("a chat", "cards"), **vouched)
    assert edited.updated == 1 and edited.changes[0].fields["description"] == (
        "Tea and a chat",
        "Tea and cards",
    )
    assert [entry["action"] for entry in store.history(engine, str(identifier))] == ["updated", "added"]


def test_a_dry_run_reports_and_writes_nothing(engine: Engine, places: Places) -> None:
    report = bring(engine, places, GOOD, dry_run=True)
    assert (report.added, store.count(engine), store.version(engine)) == (1, 0, 0)


def test_replacing_a_source_removes_what_is_gone_but_not_rows_in_error(
    engine: Engine, places: Places
) -> None:
    store.save(engine, make("other", source="elsewhere"), by="test")
    start = "id,name,description\na,A,x\nb,B,x\nc,C,x\n"
    import_csv(engine, start.encode(), source="council", places=places)
    later = "id,name,description\na,A,x\nb,,x\n"
    report = import_csv(engine, later.encode(), source="council", replace_source="council", places=places)
    assert (report.removed, report.unchanged) == (1, 1)
    assert {listing.id for listing in store.all_listings(engine)[1]} == {"a", "b", "other"}
    nothing = import_csv(
        engine, b"id,name,description\na,,\n", source="council", replace_source="council", places=places
    )
    assert nothing.removed == 0 and store.count(engine) == 3


def test_vouching_fills_in_only_what_is_missing(engine: Engine, places: Places) -> None:
    header = "id,name,description,accredited_by,accredited_until\n"
    data = header + "a,A,x,,\nb,B,x,Own Body,2020-01-01\nc,C,x,,2020-01-01\n"
    bring(engine, places, data, accredited_by="Panel", accredited_until=date(2027, 1, 1))
    a, b, c = store.all_listings(engine)[1]
    assert (a.accredited_by, a.accredited_on, a.accredited_until) == ("Panel", TODAY, date(2027, 1, 1))
    assert (b.accredited_by, b.accredited_until) == ("Own Body", date(2020, 1, 1))
    assert (c.accredited_by, c.accredited_until) == ("Panel", date(2020, 1, 1)), (
        "an ended date is not revived"
    )


def test_files_that_are_no_rows_say_so(engine: Engine, places: Places) -> None:
    for data, words in (
        (b"", "empty"),
        (b"PK\x03\x04zip", "save it as CSV"),
        (b"title2,text\nA,B\n", "no column"),
    ):
        report = bring(engine, places, data)
        assert report.added == 0 and words in report.errors[0].message


def test_rows_with_more_cells_than_columns_are_left_out(engine: Engine, places: Places) -> None:
    report = bring(engine, places, "name,description\nTea, chat, and cards\nGood,Fine\n")
    assert report.added == 1 and report.errors[0].row == 2 and "quotes" in report.errors[0].message


def test_other_names_for_columns_are_understood_and_doubled_ones_become_notes() -> None:
    sheet = open_sheet(b"Service Name,details,Organisation,Post Code,name,odd\n")
    assert sheet.headers == ["Service Name", "description", "provider", "postcode", "name", "odd"]
    assert sheet.unknown == ["Service Name", "odd"]


def test_progress_reaches_the_end(engine: Engine, places: Places) -> None:
    seen: list[tuple[int, int]] = []
    rows = "".join(f"Tea {i},A chat\n" for i in range(450))
    bring(
        engine, places, "name,description\n" + rows, progress=lambda done, total: seen.append((done, total))
    )
    assert seen == [(200, 450), (400, 450), (450, 450)] and store.count(engine) == 450


def test_the_demo_directory_imports_without_an_error(engine: Engine, places: Places) -> None:
    data = (REPOSITORY / "programme" / "demo" / "listings.csv").read_bytes()
    report = bring(engine, places, data)
    assert report.errors == [] and report.warnings == [] and report.added >= 180
