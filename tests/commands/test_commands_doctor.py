"""`linkway doctor`: each part is looked at, what is wrong names its mending, and a fault is status 1."""

from __future__ import annotations

import json
import os
import shutil
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from done import Linkway
from live import ROOT

from assistant.channels.outbox import queue_text
from assistant.clock import clock
from assistant.commands import doctor
from assistant.store.database import open_engine, transaction
from assistant.store.tables import outbox

PARTS = {"settings", "disk", "programme", "database", "contacts", "model", "directory", "text messages", "outbox", "accounts", "retention"}


def findings(linkway: Linkway) -> dict[str, list[tuple[str, str]]]:
    """Part -> its (state, words)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for item in json.loads(linkway("doctor", "--json").out):
        found.setdefault(item["part"], []).append((item["state"], item["words"]))
    return found


def test_an_empty_home_is_told_what_it_lacks(linkway: Linkway) -> None:
    found = findings(linkway)
    assert set(found) >= PARTS
    assert found["model"] == [("fault", "Missing or stale. Run `linkway train`.")]
    assert found["directory"][0][0] == "warning" and found["accounts"][0][0] == "warning"
    assert linkway("doctor").code == 1


def test_with_everything_in_place_no_part_is_at_fault(linkway: Linkway, home: Path, trained_model: Path) -> None:
    (home / "models").mkdir()
    os.link(trained_model, home / "models" / trained_model.name)
    listings = ROOT / "programme" / "demo" / "listings.csv"
    few = home / "few.csv"
    few.write_text("".join(listings.read_text(encoding="utf-8-sig").splitlines(keepends=True)[:4]), encoding="utf-8")
    linkway("directory", "import", few)
    for username, name in (("amina", "Amina Yusuf"), ("joanne", "Joanne Castle")):
        linkway("staff", "add", username, "--name", name)
    done, found = linkway("doctor"), findings(linkway)
    assert done.code == 0 and "fault" not in done.err
    assert {part: states[0][0] for part, states in found.items() if part != "contacts"} == dict.fromkeys(
        (PARTS | {"index"}) - {"contacts"}, "ok"
    )
    shutil.rmtree(home / "index")
    assert findings(linkway)["index"][0][0] == "warning"


def test_a_real_installation_needs_its_gateway_its_address_and_its_own_numbers(linkway: Linkway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKWAY_DEMO", "false")
    monkeypatch.setenv("LINKWAY_SMS_PROVIDER", "twilio")
    found = findings(linkway)
    assert "https" in found["settings"][0][1]
    state, words = found["text messages"][0]
    assert state == "fault" and "LINKWAY_TWILIO_AUTH_TOKEN" in words
    assert any("demonstration number" in words for _, words in found["contacts"])


def test_a_misspelt_setting_is_pointed_at(linkway: Linkway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKWAY_SMS_NUMBR", "07700900000")
    assert findings(linkway)["settings"] == [("warning", "LINKWAY_SMS_NUMBR is no setting and does nothing; see docs/settings.md.")]


def test_contacts_past_their_day_are_named(linkway: Linkway) -> None:
    clock.set(clock.now() + timedelta(days=3650))
    try:
        found = findings(linkway)["contacts"]
    finally:
        clock.run()
    assert len(found) > 20 and any("samaritans" in words for _, words in found)


def test_texts_that_wait_or_failed_are_counted(linkway: Linkway, home: Path) -> None:
    linkway("staff", "list")
    engine = open_engine(f"sqlite:///{home / 'linkway.db'}")
    with transaction(engine) as connection:
        for key in ("late", "failed", "new"):
            queue_text(connection, conversation_id=None, to="+447700900111", body="Hello", idempotency_key=key, reply=True)
        early = {"attempts": 2, "created_at": clock.now() - timedelta(hours=2)}
        connection.execute(outbox.update().where(outbox.c.idempotency_key == "late").values(**early))
        connection.execute(outbox.update().where(outbox.c.idempotency_key == "failed").values(status="failed"))
    assert findings(linkway)["outbox"][0][1].startswith("Texts: 1 wait for the gateway, 1 failed this week.")


def test_a_full_disk_is_a_fault(linkway: Linkway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: SimpleNamespace(free=1024**2))
    assert findings(linkway)["disk"] == [("fault", "1 MiB free in the home folder.")]


def test_a_database_that_is_away_is_a_fault_and_the_rest_is_still_looked_at(linkway: Linkway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKWAY_DATABASE_URL", "postgresql://linkway@127.0.0.1:1/linkway")
    found = findings(linkway)
    assert found["programme or database"][0][0] == "fault" and found["disk"][0][0] == "ok"


def test_a_broken_programme_names_the_file_and_the_fix(linkway: Linkway, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = home / "programme"
    shutil.copytree(ROOT / "programme", broken)
    text = (broken / "programme.yml").read_text(encoding="utf-8")
    (broken / "programme.yml").write_text(text.replace('phone: "01632 960101"', 'phone: ""'), encoding="utf-8")
    monkeypatch.setenv("LINKWAY_PROGRAMME_DIR", str(broken))
    state, words = findings(linkway)["programme or database"][0]
    assert state == "fault" and "programme.yml" in words and "phone" in words
