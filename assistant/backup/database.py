"""The database into a backup and out of it: SQLite by its own online backup, PostgreSQL by its client programs."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection
from sqlalchemy.engine.url import URL

from assistant.errors import BadInput, Conflict, Unavailable
from assistant.store import pathway_tables, staff_tables  # noqa: F401 - registers their tables
from assistant.store.database import open_engine
from assistant.store.migrate import config
from assistant.store.staff_tables import audit

SQLITE, DUMP = "linkway.db", "database.pgdump"
PAGES = 2000  # of SQLite, a step: between steps those who write get their turn
Progress = Callable[[int, int], None]


def kind(url: str) -> str:
    """'sqlite' or 'postgresql'."""
    return "sqlite" if url.startswith("sqlite") else "postgresql"


def sqlite_file(url: str) -> Path:
    """The file of a SQLite address."""
    return Path(url.partition("///")[2])


def facts(connection: Connection) -> dict[str, Any]:
    """What the manifest keeps: the revision, rows by table, and the seal of the audit."""
    names = sorted(sa.inspect(connection).get_table_names())
    rows = {name: connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar() for name in names}
    revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    newest = connection.execute(sa.select(audit.c.id, audit.c.hash).order_by(audit.c.id.desc()).limit(1)).first()
    return {"revision": revision, "rows": rows, "audit_seal": [newest.id, newest.hash] if newest else [0, ""]}


def is_there(url: str) -> bool:
    """Whether a database with anything in it stands at this address."""
    if kind(url) == "sqlite":
        file = sqlite_file(url)
        return file.exists() and file.stat().st_size > 0
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            return bool(sa.inspect(connection).get_table_names())
    except sa.exc.OperationalError as error:
        raise Unavailable("PostgreSQL cannot be reached. See LINKWAY_DATABASE_URL.") from error
    finally:
        engine.dispose()


def erased_since(url: str, moment: str) -> list[str]:
    """Ids of people erased from the database that is there now, after the backup was made: they are in the backup still."""
    engine = open_engine(url)
    try:
        with engine.connect().execution_options(writing=False) as connection:
            gone = audit.c.action.in_(("data.erased", "conversation.erased"))
            query = sa.select(audit.c.subject).where(gone, audit.c.at > datetime.fromisoformat(moment))
            return [one for one in connection.execute(query.order_by(audit.c.id)).scalars() if one]
    except sa.exc.DBAPIError:
        return []  # damaged, or older than the audit: that is why it is being replaced
    finally:
        engine.dispose()


def copy_sqlite(url: str, target: Path, progress: Progress) -> None:
    """A whole copy of one moment, while the program goes on."""
    with contextlib.closing(sqlite3.connect(sqlite_file(url), timeout=60)) as source:
        with contextlib.closing(sqlite3.connect(target)) as copy:
            try:
                source.backup(copy, pages=PAGES, progress=lambda _, left, total: progress(total - left, total))
            except sqlite3.OperationalError as error:
                raise Unavailable(f"The database could not be copied: {error}. Nothing was changed.") from error
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it


def check_sqlite(file: Path, manifest: dict[str, Any]) -> None:
    """Whether the copy is whole, and has the rows it had.

    Raises:
        BadInput: it is not.
    """
    engine = open_engine(f"sqlite:///{file}")
    try:
        with engine.connect().execution_options(writing=False) as connection:
            said = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
            if said != "ok" or facts(connection)["rows"] != manifest["rows"]:
                raise BadInput("The database in this backup is damaged. Use another backup. Nothing was restored.")
    except sa.exc.DBAPIError as error:
        raise BadInput("The database in this backup cannot be read. Use another backup. Nothing was restored.") from error
    finally:
        engine.dispose()


def end_log(file: Path) -> None:
    """Write the log beside a SQLite file back into it, so that the file alone is the whole."""
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(file, timeout=15)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def known_revision(revision: str) -> bool:
    """Whether this program has the migration that the backup was made at."""
    return revision in {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}


def _client(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise BadInput(f"{name} is not installed. It comes with PostgreSQL's client programs (Debian: apt-get install postgresql-client).")
    return found


def _reach(url: str) -> tuple[dict[str, str], str]:
    """Environment and database name for the client programs: a password on a command line could be read by anybody."""
    made: URL = sa.engine.make_url(url)
    given = {"PGHOST": made.host, "PGPORT": made.port, "PGUSER": made.username, "PGPASSWORD": made.password}
    given |= {"PGSSLMODE": made.query.get("sslmode")}
    return {**os.environ, **{name: str(value) for name, value in given.items() if value}}, str(made.database)


def dump_postgres(url: str, out: Callable[[IO[bytes]], None]) -> dict[str, Any]:
    """Hand pg_dump's custom format to `out` as it comes; the facts of the same moment.

    Raises:
        BadInput: pg_dump is missing. Unavailable: it failed; says its first words.
    """
    environment, name = _reach(url)
    program, engine = _client("pg_dump"), open_engine(url)
    try:
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            moment = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar()
            told = facts(connection)
            command = [program, "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={moment}", name]
            with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
                assert running.stdout is not None and running.stderr is not None
                try:
                    out(running.stdout)
                except BaseException:
                    running.kill()
                    raise
                said = running.stderr.read().decode("utf-8", "replace")
    except sa.exc.OperationalError as error:
        raise Unavailable("PostgreSQL cannot be reached. Nothing was changed.") from error
    finally:
        engine.dispose()
    if running.returncode:
        raise Unavailable(f"pg_dump failed: {_first(said)}. Nothing was changed.")
    return told


def restore_postgres(url: str, dump: Path) -> None:
    """Put the dump in the place of what is there, in one transaction: it is all there, or all as before.

    Raises:
        BadInput: a client program is missing. Unavailable: the restore failed, and nothing changed.
    """
    environment, name = _reach(url)
    restore, psql = _client("pg_restore"), _client("psql")
    away, script = dump.with_name("away.sql"), dump.with_name("script.sql")
    away.write_text(_drop_all(url), encoding="utf-8")
    _run([restore, "--no-owner", "--no-privileges", f"--file={script}", str(dump)], environment, "pg_restore cannot read the backup")
    _run(
        [psql, "--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--output={os.devnull}",
         f"--file={away}", f"--file={script}", name],
        environment, "PostgreSQL refused the restore",
    )  # fmt: skip


def _drop_all(url: str) -> str:
    """Statements that clear the way; refused while somebody else is connected, who would wait or fail."""
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            tables = sa.inspect(connection).get_table_names()
            others = connection.exec_driver_sql(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ).scalar()
    finally:
        engine.dispose()
    if others:
        raise Conflict(f"{others} connections use this database. Stop every `linkway serve` first.")
    return "".join(f'DROP TABLE IF EXISTS public."{table}" CASCADE;\n' for table in tables)


def _run(command: list[str], environment: dict[str, str], fault: str) -> None:
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    if done.returncode:
        raise Unavailable(f"{fault}: {_first(done.stderr.decode('utf-8', 'replace'))}. Nothing was changed.")


def _first(said: str) -> str:
    """The first line of what a client program said; rows it may quote come after."""
    return (said.strip().splitlines() or ["it gave no reason"])[0].rstrip(".")[:200]
