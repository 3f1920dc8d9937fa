"""`linkway directory import` and `export` in the forms of the standard."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from done import Linkway

SERVICE = {
    "id": "5b0b6bd4-8a39-4a0c-9d0c-000000000001", "name": "Kettle Club", "description": "Tea and company every week.",
    "status": "active", "schedules": [{"byday": "TU"}],
}  # fmt: skip


@pytest.fixture
def services(tmp_path: Path) -> Path:
    file = tmp_path / "services.json"
    file.write_text(json.dumps([SERVICE, {**SERVICE, "id": "other", "name": ""}]), encoding="utf-8")
    return file


def test_a_json_file_is_known_by_its_name_and_faults_by_their_path(linkway: Linkway, services: Path) -> None:
    dry = linkway("directory", "import", services, "--dry-run")
    assert dry.code == 1 and "$[1].name" in dry.err and "There would be 1 added" in dry.err
    assert json.loads(linkway("directory", "check", "--json").out)["total"] == 0
    done = linkway("directory", "import", services, "--format", "hsds-json", "--accredited-by", "Panel", "--accredited-until", "2099-01-01")
    assert done.code == 1 and "1 added" in done.err
    assert [s["name"] for s in json.loads(linkway("directory", "search", "tea", "--json").out)["results"]] == ["Kettle Club"]


def test_what_was_exported_can_be_imported(linkway: Linkway, services: Path, tmp_path: Path) -> None:
    linkway("directory", "import", services, "--source", "council")
    public = json.loads(linkway("directory", "export").out)
    assert (public["total_items"], public["contents"]) == (0, []), "nobody vouched for it"
    copy = tmp_path / "copy.json"
    copy.write_text(linkway("directory", "export", "--all").out, encoding="utf-8")
    again = linkway("directory", "import", copy, "--replace-source", "council", "--json")
    report = json.loads(again.out)
    assert (again.code, report["unchanged"], report["removed"], report["errors"]) == (0, 1, 0, [])
    assert linkway("directory", "export", "--all", "--format", "csv").out.count("Kettle Club") == 1


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [(["nowhere.csv"], "there is no nowhere.csv"), (["services.json", "--format", "xml"], "hsds-json"),
     (["services.json", "--format", "oruk-feed"], "web address")],
)  # fmt: skip
def test_what_cannot_be_meant_is_said(linkway: Linkway, arguments: list[str], fault: str) -> None:
    done = linkway("directory", "import", *arguments)
    assert done.code == 2 and fault in done.err


def test_a_feed_that_is_not_there_is_said_plainly(linkway: Linkway, monkeypatch: pytest.MonkeyPatch) -> None:
    from directory.openreferral import fetch

    monkeypatch.setattr(fetch, "TRIES", 1)
    done = linkway("directory", "import", "http://127.0.0.1:9/api")
    assert done.code == 1 and "Try again later" in done.err and "Traceback" not in done.err
