"""`linkway directory`: a template that can be imported, faults by row and column, statuses, and a search."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from done import Linkway

CSV = """id,name,description,needs,postcode,cost,days,accredited_by,accredited_on,accredited_until,checked_on
tea,Tea and Talk,A friendly group for anyone who would like company over a cup of tea.,loneliness,LU1 2AB,Free,tue,Panel,2026-06-01,2099-05-31,2099-01-01
debt,Money Desk,Help with debt and bills from a trained adviser.,money,LU2 7AA,Free,thu,,,,2099-01-01
"""


@pytest.fixture
def listings(tmp_path: Path) -> Path:
    file = tmp_path / "listings.csv"
    file.write_text(CSV, encoding="utf-8")
    return file


def test_the_template_is_a_file_that_can_be_imported(linkway: Linkway, tmp_path: Path) -> None:
    text = linkway("directory", "template").out
    file = tmp_path / "template.csv"
    file.write_text(text, encoding="utf-8")
    done = linkway("directory", "import", file, "--dry-run", "--json")
    report = json.loads(done.out)
    assert (done.code, report["added"], report["errors"], report["unknown_columns"]) == (0, 1, [], [])
    assert json.loads(linkway("directory", "check", "--json").out)["total"] == 0, "a dry run changed something"


def test_good_rows_come_in_beside_bad_ones_and_the_status_says_there_were_some(linkway: Linkway, listings: Path) -> None:
    listings.write_text(CSV + "bad,,No name here,,,,,,,,\n", encoding="utf-8")
    done = linkway("directory", "import", listings)
    assert done.code == 1 and "row 4, name" in done.err and "2 added" in done.err and "1 left out" in done.err
    again = linkway("directory", "import", listings, "--json")
    report = json.loads(again.out)
    assert again.code == 1 and (report["added"], report["unchanged"], len(report["errors"])) == (0, 2, 1)


def test_a_patient_finds_accredited_listings_and_staff_all_with_the_reason(linkway: Linkway, listings: Path) -> None:
    assert linkway("directory", "import", listings).code == 0
    patient = json.loads(linkway("directory", "search", "somewhere with company and a cup of tea", "--json").out)
    assert [service["id"] for service in patient["results"]] == ["tea"] and patient["found"] is True
    staff = json.loads(linkway("directory", "search", "debt", "--as", "staff", "--json").out)
    assert staff["results"][0]["id"] == "debt" and "accredit" in json.dumps(staff["results"][0]).casefold()
    words = linkway("directory", "search", "company", "--near", "LU1").out
    assert words.startswith("1. Tea and Talk (tea) - ")


def test_the_check_counts_listings_and_says_what_is_hidden_and_missing(linkway: Linkway, listings: Path) -> None:
    linkway("directory", "import", listings)
    told = linkway("directory", "check")
    lines = dict(line.split(": ", 1) for line in (told.out + told.err).splitlines() if ": " in line)
    report = json.loads(linkway("directory", "check", "--json").out)
    assert (lines["total"], lines["visible"]) == ("2", "1")
    assert lines["hidden"].startswith("1 (") and "accredited" in lines["hidden"]
    assert all(f"{name.replace('_', ' ')} {many}" in lines["missing"] for name, many in report["missing"].items())
    assert lines["incomplete"] == str(len(report["incomplete"]))


def test_a_whole_file_can_be_vouched_for(linkway: Linkway, listings: Path) -> None:
    done = linkway("directory", "import", listings, "--accredited-by", "Panel", "--accredited-until", "2099-03-31")
    assert done.code == 0
    assert json.loads(linkway("directory", "check", "--json").out)["visible"] == 2
    wrong = linkway("directory", "import", listings, "--accredited-by", "Panel", "--accredited-until", "next year")
    assert wrong.code == 2 and "2027-03-31" in wrong.err


def test_a_source_can_be_replaced(linkway: Linkway, listings: Path, tmp_path: Path) -> None:
    linkway("directory", "import", listings, "--source", "council")
    shorter = tmp_path / "shorter.csv"
    shorter.write_text("\n".join(CSV.splitlines()[:2]) + "\n", encoding="utf-8")
    done = linkway("directory", "import", shorter, "--replace-source", "council")
    assert done.code == 0 and "1 removed" in done.err
    assert json.loads(linkway("directory", "check", "--json").out)["total"] == 1


def test_a_run_of_questions_is_written_as_the_scoring_tools_read_it(linkway: Linkway, listings: Path, tmp_path: Path) -> None:
    linkway("directory", "import", listings)
    questions = tmp_path / "questions.tsv"
    questions.write_text("q1\tcompany and a cup of tea\nq2\thelp with debt\n", encoding="utf-8")
    patient = linkway("directory", "search", "--queries", questions)
    assert [line.split()[:4] for line in patient.out.splitlines()] == [["q1", "Q0", "tea", "1"], ["q2", "Q0", "tea", "1"]]
    staff = linkway("directory", "search", "--queries", questions, "--as", "staff", "--limit", "1").out.split("\n")
    assert [line.split()[2] for line in staff if line] == ["tea", "debt"]
    questions.write_text("no tab here\n", encoding="utf-8")
    done = linkway("directory", "search", "--queries", questions)
    assert done.code == 1 and "line 1: write the id, a tab" in done.err


@pytest.mark.parametrize(("content", "fault"), [(b"", ""), (b"a,b\n1,2\n", "required"), (b"\x00\x01\x02\xff" * 50, "")])
def test_a_file_that_is_no_list_of_services_says_so(linkway: Linkway, tmp_path: Path, content: bytes, fault: str) -> None:
    file = tmp_path / "odd.csv"
    file.write_bytes(content)
    done = linkway("directory", "import", file)
    assert done.code == 1 and fault in done.err and "Traceback" not in done.err


def test_a_day_that_is_none_is_said_plainly(linkway: Linkway, listings: Path) -> None:
    linkway("directory", "import", listings)
    done = linkway("directory", "search", "tea", "--day", "noday")
    assert done.code == 1 and "noday" in done.err
