"""Backup and restore: every row and file comes back and a conversation goes on; a damaged file or a full disk loses nothing."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from whole_state import destroy, quiet

from assistant.backup import container, database, state
from assistant.conversations import messages, records
from assistant.desk import audit
from assistant.errors import BadInput, Conflict, Unavailable
from assistant.store.database import open_engine, transaction
from assistant.store.migrate import migrate

ROOT = Path(__file__).resolve().parents[2]


def save(one, file, replace=False):
    return state.back_up(one.settings, file, replace=replace, report=quiet)


def bring_back(one, file, replace=False):
    return state.restore(one.settings, file, replace=replace, report=quiet)


def test_every_row_and_file_comes_back_and_a_conversation_goes_on(home, tmp_path):
    one = home("one")
    before = one.told()
    file = tmp_path / "linkway.backup"
    told = save(one, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert told["rows"]["messages"] == 2 and told["audit_seal"][0] == 2
    destroy(one.settings.home)
    bring_back(one, file)
    assert one.told() == before and one.leftovers() == []
    engine = open_engine(one.settings.database)
    migrate(engine)
    with transaction(engine) as connection:
        row = records.authorise(connection, one.conversation, one.token)
        assert messages.append(connection, row.id, "patient", "I am still here") == 2
        assert audit.verify(connection) is None and list(audit.seal(connection)) == told["audit_seal"]
    engine.dispose()


def test_a_backup_while_others_write_is_of_one_moment(home, tmp_path):
    one = home("one")
    engine = open_engine(one.settings.database)
    with transaction(engine) as connection:  # committed and still in the log beside the file
        messages.append(connection, one.conversation, "patient", "in the log")
    holding = engine.connect()
    save(one, tmp_path / "b")
    holding.close()
    engine.dispose()
    two = home("two", fill=False)
    bring_back(two, tmp_path / "b")
    assert two.rows() == one.rows()


def test_restore_refuses_to_overwrite_and_with_replace_it_swaps(home, tmp_path):
    one, two = home("one"), home("two")
    save(one, tmp_path / "b")
    untouched = two.told()
    with pytest.raises(Conflict, match="Here stands already: a database, secret_key.*Say --replace"):
        bring_back(two, tmp_path / "b")
    assert two.told() == untouched
    bring_back(two, tmp_path / "b", replace=True)
    assert two.told() == one.told() and two.leftovers() == []


def test_a_backup_is_not_overwritten_unless_said(home, tmp_path):
    one = home("one")
    save(one, tmp_path / "b")
    with pytest.raises(Conflict, match="--replace"):
        save(one, tmp_path / "b")
    save(one, tmp_path / "b", replace=True)
    with pytest.raises(BadInput, match="no folder"):
        save(one, tmp_path / "nowhere" / "b")
    with pytest.raises(BadInput, match="no database to back up"):
        save(home("three", fill=False), tmp_path / "c")


def test_a_cut_or_altered_file_is_refused_in_plain_words(home, tmp_path):
    one, two = home("one"), home("two")
    file, bad = tmp_path / "b", tmp_path / "bad"
    save(one, file)
    whole, untouched = file.read_bytes(), two.told()
    for place in (0, 30, len(whole) // 3, len(whole) // 2, len(whole) - 1):
        bad.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(BadInput, match="checksum does not fit|no backup of Linkway|newer Linkway"):
            bring_back(two, bad, replace=True)
    for length in (0, 10, 100, len(whole) // 2, len(whole) - 1):
        bad.write_bytes(whole[:length])
        with pytest.raises(BadInput, match="cut short or changed|no backup of Linkway|newer Linkway"):
            bring_back(two, bad, replace=True)
    assert two.told() == untouched and two.leftovers() == []


def packed(tmp_path, name="evil", **files):
    """A backup with a true checksum and whatever is in it."""
    file = tmp_path / name
    with container.writing(file) as out:
        for path, body in files.pop("content", {}).items():
            (tmp_path / "body").write_bytes(body)
            with (tmp_path / "body").open("rb") as source:
                out.add(path, source)
        out.finish({"made_at": "2026-11-21T10:00:00+00:00", "version": "9", "database": "sqlite", "revision": "0001", "rows": {}, **files})
    return file


def test_a_backup_of_a_newer_program_another_database_or_with_a_crooked_path_is_refused(home, tmp_path):
    two = home("two")
    untouched = two.told()
    for file, words in (
        (packed(tmp_path, "newer", revision="9999"), "newer Linkway"),
        (packed(tmp_path, "other", database="postgresql"), "LINKWAY_DATABASE_URL names sqlite"),
        (packed(tmp_path, "crooked", content={"../../evil": b"x"}), "leads out of its folder"),
        (packed(tmp_path, "garbage", content={"linkway.db": b"no database at all" * 100}), "cannot be read|damaged"),
    ):
        with pytest.raises(BadInput, match=words):
            bring_back(two, file, replace=True)
    assert two.told() == untouched and two.leftovers() == [] and not (tmp_path / "evil").exists()


def test_a_backup_whose_rows_are_not_those_it_tells_of_is_refused(home, tmp_path, monkeypatch):
    one, two = home("one"), home("two", fill=False)
    real = database.facts
    monkeypatch.setattr(database, "facts", lambda connection: {**real(connection), "rows": {"messages": 7}})
    save(one, tmp_path / "b")
    monkeypatch.undo()
    with pytest.raises(BadInput, match="damaged"):
        bring_back(two, tmp_path / "b")


@pytest.mark.parametrize("place", ["packing", "copying"])
def test_a_full_disk_during_a_backup_leaves_the_backup_of_before(home, tmp_path, monkeypatch, place):
    one = home("one")
    file = tmp_path / "b"
    save(one, file)
    before = file.read_bytes()

    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(*((container.Writing, "add", full) if place == "packing" else (database, "copy_sqlite", full)))
    with pytest.raises(Unavailable, match="No space left on device. Nothing was changed"):
        save(one, file, replace=True)
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".b")] == []


def test_a_disk_that_is_truly_full_says_so(home, tmp_path):
    """By the kernel: the process may write no file over 64 KiB."""
    one = home("one")
    file = tmp_path / "b"
    command = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536)); "
        f"from assistant.cli import main; main(['backup', {str(file)!r}])"
    )
    environment = {**{k: v for k, v in os.environ.items() if not k.startswith("LINKWAY_")}, "PYTHONPATH": str(ROOT),
                   "LINKWAY_HOME": str(one.settings.home), "LINKWAY_PROGRAMME_DIR": str(one.settings.programme_dir)}  # fmt: skip
    done = subprocess.run([sys.executable, "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1 and "Nothing was changed" in done.stderr and "Traceback" not in done.stderr, done.stderr
    assert not file.exists() and [path for path in tmp_path.iterdir() if path.name.startswith(".b")] == []


@pytest.mark.parametrize("step", ["unpack", "_swap_folder", "_swap_file"])
def test_a_full_disk_during_a_restore_leaves_everything_as_it_was(home, tmp_path, monkeypatch, step):
    one, two = home("one"), home("two")
    save(one, tmp_path / "b")
    untouched = two.told()
    module, real = (container, container.unpack) if step == "unpack" else (state, getattr(state, step))
    calls = []

    def full(*arguments):
        calls.append(1)
        if step == "_swap_file" and len(calls) < 3:  # key and examples are swapped already: the database is last
            return real(*arguments)
        if step == "_swap_folder":
            (arguments[0] / "programme.yml").unlink()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(module, step, full)
    with pytest.raises(Unavailable, match="Nothing was changed"):
        bring_back(two, tmp_path / "b", replace=True)
    assert two.told() == untouched and two.leftovers() == []
    monkeypatch.undo()
    bring_back(two, tmp_path / "b", replace=True)
    assert two.told() == one.told()


def test_while_somebody_serves_the_home_it_is_not_swapped(home, tmp_path):
    from assistant.commands.serve import stay_alone

    one = home("one")
    save(one, tmp_path / "b")
    stay_alone(one.settings)
    with pytest.raises(Conflict, match="Stop it first"):
        bring_back(one, tmp_path / "b", replace=True)


def test_who_was_erased_since_is_named(home, tmp_path):
    one = home("one")
    save(one, tmp_path / "b")
    engine = open_engine(one.settings.database)
    with transaction(engine) as connection:
        audit.record(connection, None, "data.erased", "p-1")
    engine.dispose()
    assert bring_back(one, tmp_path / "b", replace=True).erased_since == ["p-1"]


def test_a_broken_database_is_replaced(home, tmp_path):
    one = home("one")
    before = one.told()
    save(one, tmp_path / "b")
    file = database.sqlite_file(one.settings.database)
    file.write_bytes(b"\x00" * 5000)
    bring_back(one, tmp_path / "b", replace=True)
    assert one.told() == before


def test_ordinary_tools_can_look_into_it(home, tmp_path):
    save(home("one"), tmp_path / "b")
    with zipfile.ZipFile(tmp_path / "b") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert {"linkway.db", "secret_key", "editor_examples.yml", "programme/programme.yml"} <= set(manifest["files"])
        assert not [name for name in archive.namelist() if name.startswith(("models", "encoder", "index")) or name == ".env"]


def test_postgresql_comes_back_in_one_step(home, tmp_path, postgres):
    one = home("one", url=postgres.database())
    before = one.told()
    save(one, tmp_path / "b")
    destroy(one.settings.home)
    two = home("two", fill=False, url=postgres.database())
    bring_back(two, tmp_path / "b")
    assert two.told() == before
    engine = open_engine(two.settings.database)
    with transaction(engine) as connection:
        assert records.authorise(connection, one.conversation, one.token).id == one.conversation
        messages.append(connection, one.conversation, "patient", "still here")
        connection.exec_driver_sql("CREATE TABLE of_a_newer_program (id int)")
    with pytest.raises(Conflict, match="connections use this database"):
        bring_back(two, tmp_path / "b", replace=True)
    engine.dispose()
    bring_back(two, tmp_path / "b", replace=True)
    assert two.told() == before


def test_a_restore_that_postgresql_refuses_changes_nothing(home, tmp_path, postgres, monkeypatch):
    one, two = home("one", url=postgres.database()), home("two", url=postgres.database())
    save(one, tmp_path / "b")
    untouched = two.told()
    real = database._drop_all
    monkeypatch.setattr(database, "_drop_all", lambda url: real(url) + "SELECT 1/0;\n")
    with pytest.raises(Unavailable, match="PostgreSQL refused the restore.*Nothing was changed"):
        bring_back(two, tmp_path / "b", replace=True)
    assert two.told() == untouched


def test_a_missing_client_program_is_named(home, tmp_path, postgres, monkeypatch):
    one = home("one", url=postgres.database())
    monkeypatch.setattr(database.shutil, "which", lambda name: None)
    with pytest.raises(BadInput, match="pg_dump is not installed.*postgresql-client"):
        save(one, tmp_path / "b")
    assert not (tmp_path / "b").exists()

