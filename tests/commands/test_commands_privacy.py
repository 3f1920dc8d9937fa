"""`linkway retention run`, `erase`, `export`, `backup` and `restore` as they are typed."""

from __future__ import annotations

import json
import zipfile
from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from assistant.clock import clock
from assistant.conversations import messages, people, records
from assistant.desk import audit
from assistant.settings import get_settings
from assistant.store.database import open_engine, reading, transaction
from assistant.store.migrate import migrate
from assistant.store.tables import conversations

NUMBER = "+447700900123"


@pytest.fixture
def database(home):
    """An engine of the home's database; conversations of two people in it, one old."""
    get_settings.cache_clear()
    engine = open_engine(f"sqlite:///{home / 'linkway.db'}")
    migrate(engine)
    clock.set(datetime.now(timezone.utc) - timedelta(days=100))
    with transaction(engine) as connection:
        old, _ = records.begin(connection, channel="web", practice="wardown-park")
        messages.append(connection, old, "patient", "long ago", answered=True)
    clock.run()
    with transaction(engine) as connection:
        new, _ = records.begin(connection, channel="web", practice="wardown-park")
        records.update(connection, new, contact_number=NUMBER, person_name="Dorothy Hale")
        messages.append(connection, new, "patient", "I sit in all day", answered=True)
    yield engine, old, new
    engine.dispose()
    clock.run()


def left(engine):
    with reading(engine) as connection:
        return set(connection.execute(sa.select(conversations.c.id)).scalars())


def test_a_dry_run_counts_and_a_run_deletes_once(linkway, database):
    engine, old, new = database
    dry = linkway("retention", "run", "--dry-run", "--json")
    assert dry.code == 0 and json.loads(dry.out)["counts"]["chats"] == 1 and left(engine) == {old, new}
    assert "Nothing was changed" in linkway("retention", "run", "--dry-run").out
    done = json.loads(linkway("retention", "run", "--json").out)
    assert done["dry_run"] is False and done["counts"]["chats"] == 1 and left(engine) == {new}
    assert json.loads(linkway("retention", "run", "--json").out)["total"] == 0
    with reading(engine) as connection:
        actions = connection.execute(sa.select(audit.audit.c.action)).scalars().all()
        assert actions.count("retention.run") == 2 and "conversation.expired" in actions and audit.verify(connection) is None


def test_erase_asks_first_and_says_what_stays(linkway, database):
    engine, old, new = database
    refused = linkway("erase", NUMBER)
    assert refused.code == 1 and "--yes" in refused.err and left(engine) == {old, new}
    done = linkway("erase", "07700 900123", "--yes")
    assert done.code == 0 and "Kept: backups" in done.out and left(engine) == {old}
    again = linkway("erase", new, "--yes")
    assert again.code == 1 and "Nobody is found" in again.err


def test_erase_is_refused_while_a_flag_waits(linkway, database):
    engine, _, new = database
    with transaction(engine) as connection:
        people.flag_risk(connection, new, "wardown-park", 1, ["self_harm"])
    done = linkway("erase", new, "--yes", "--json")
    assert done.code == 1 and "A safety flag waits" in done.err and new in left(engine)


def test_export_writes_one_zip_for_its_owner_alone(linkway, database, tmp_path):
    _, _, new = database
    file = tmp_path / "out.zip"
    assert linkway("export", new, file, "--yes").code == 0
    assert "I sit in all day" in zipfile.ZipFile(file).read("index.html").decode() and file.stat().st_mode & 0o077 == 0
    again = linkway("export", new, file, "--yes")
    assert again.code == 1 and "is there already" in again.err
    nowhere = linkway("export", new, tmp_path / "no" / "out.zip", "--yes")
    assert nowhere.code == 1 and "cannot be written" in nowhere.err


def test_what_is_no_person_is_said(linkway, database):
    for words in ("Dorothy", "07700 900999"):
        done = linkway("erase", words, "--yes")
        assert done.code == 1 and done.err.startswith("linkway: ") and "Traceback" not in done.err


def test_backup_and_restore_by_hand(linkway, database, tmp_path, monkeypatch):
    engine, old, new = database
    file = tmp_path / "linkway.backup"
    done = linkway("backup", file)
    assert done.code == 0 and "2 conversations" in done.err and "encrypt it" in done.err
    elsewhere = tmp_path / "elsewhere"
    monkeypatch.setenv("LINKWAY_PROGRAMME_DIR", str(elsewhere / "programme"))
    there = linkway("restore", file, "--home", elsewhere, "--json")
    assert there.code == 0 and json.loads(there.out)["rows"]["conversations"] == 2
    restored = open_engine(f"sqlite:///{elsewhere / 'linkway.db'}")
    assert left(restored) == {old, new} and (elsewhere / "programme" / "programme.yml").is_file()
    restored.dispose()
    again = linkway("restore", file, "--home", elsewhere)
    assert again.code == 1 and "--replace" in again.err
    file.write_bytes(file.read_bytes()[:-1])
    cut = linkway("restore", file, "--home", elsewhere, "--replace")
    assert cut.code == 1 and "cut short or changed" in cut.err


def test_doctor_names_what_is_past_its_time(linkway, database):
    def told():
        findings = json.loads(linkway("doctor", "--json").out)
        return next(one for one in findings if "retention" in one.values())

    assert "1 past their time" in str(told())
    linkway("retention", "run")
    assert "Nothing is past its time" in str(told())

