"""A throwaway PostgreSQL on a free port, where its programs are installed; a fresh database for each test."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import sqlalchemy as sa
from live import free_ports

START_SECONDS = "30"
_numbers = count(1)


def programs() -> Path | None:
    """The folder with initdb and pg_ctl, newest release first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: -float(p.parts[-3]))
    on_path = shutil.which("initdb")
    return found[0].parent if found else Path(on_path).resolve().parent if on_path else None


class Cluster:
    """A running server: `database()` makes an empty database and gives its URL; `stop` and `start` as a crash would."""

    def __init__(self, programs: Path, folder: Path) -> None:
        """Lay it out in `folder`. PostgreSQL refuses to run as root, so root lends it to the user postgres."""
        self._programs, self._folder, self._port = programs, folder, free_ports(1)[0]
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            entry = pwd.getpwnam(self._user)
            os.chown(folder, entry.pw_uid, entry.pw_gid)
        self._run("initdb", "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        done = subprocess.run(
            command, user=self._user, cwd=self._folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, timeout=90,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        # Without fsync a start after a crash does not walk the whole folder first; the machine itself stays up.
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c fsync=off -k {self._folder}"
        log = str(self._folder / "log")
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-o", options, "-l", log, "-w", "-t", START_SECONDS, "start")

    def stop(self) -> None:
        """At once, as a power cut: connections are cut, and the next start recovers."""
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "-w", "stop")

    def url(self, name: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self._port}/{name}"

    def database(self) -> str:
        """A new, empty database."""
        name = f"test_{next(_numbers)}"
        engine = sa.create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        return self.url(name)


@contextmanager
def cluster() -> Iterator[Cluster | str]:
    """A started cluster, or in words why there is none."""
    where = programs()
    if where is None:
        yield "PostgreSQL is not installed: no initdb (apt-get install postgresql)"
        return
    if os.geteuid() == 0 and not any(entry.pw_name == "postgres" for entry in pwd.getpwall()):
        yield "PostgreSQL does not run as root, and there is no user postgres"
        return
    folder = Path(tempfile.mkdtemp(prefix="linkway-pg-"))
    try:
        made = Cluster(where, folder)
        made.start()
        yield made
        made.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
