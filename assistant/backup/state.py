"""What makes up the whole state, taken into one file and put back: beside first, then swapped, or not at all."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from assistant.backup import container, database
from assistant.clock import clock
from assistant.errors import BadInput, Conflict, Unavailable
from assistant.settings import Settings
from assistant.store.database import open_engine

# Files of the home folder that nothing can make again. Models, encoder and index are made from what is backed up.
HOME_FILES = ("secret_key", "editor_examples.yml")
PROGRAMME = "programme"
Report = Callable[[str, int, int], None]  # what is being done, done, total


@dataclass(frozen=True)
class Restored:
    """What was put back, and who was erased after the backup was made and stands in it again."""

    manifest: dict[str, Any]
    erased_since: list[str]


def back_up(settings: Settings, target: Path, *, replace: bool, report: Report) -> dict[str, Any]:
    """Write the whole state to `target`; what the manifest says of it.

    Raises:
        Conflict: `target` is there and `replace` was not said. Unavailable: the disk is full, or the database away.
        BadInput: there is nothing to back up, or a client program of PostgreSQL is missing.
    """
    target = target.absolute()
    if target.exists() and not replace:
        raise Conflict(f"{target} is there already. Choose another name, or say --replace.")
    if not target.parent.is_dir():
        raise BadInput(f"{target.parent} is no folder. Make it first.")
    if not database.is_there(settings.database):
        raise BadInput(f"There is no database to back up: {settings.home} has never been used. Give the right --home.")
    told: dict[str, Any] = {"made_at": clock.now().isoformat(), "version": version("linkway"), "database": database.kind(settings.database)}
    with container.writing(target) as out:
        told |= _database(settings, target, out, report)
        for name, file in _files(settings):
            with file.open("rb") as source:
                out.add(name, source)
        out.finish(told)
    return told


def _database(settings: Settings, target: Path, out: container.Writing, report: Report) -> dict[str, Any]:
    if database.kind(settings.database) == "postgresql":
        return database.dump_postgres(
            settings.database, lambda stream: out.add(database.DUMP, stream, lambda done, total: report("Dumping the database", done, total))
        )
    scratch = target.with_name(f".{target.name}.database")
    try:
        scratch.unlink(missing_ok=True)
        os.close(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        database.copy_sqlite(settings.database, scratch, lambda done, total: report("Copying the database", done, total))
        engine = open_engine(f"sqlite:///{scratch}")
        with engine.connect().execution_options(writing=False) as connection:
            told = database.facts(connection)
        engine.dispose()
        database.end_log(scratch)
        with scratch.open("rb") as source:
            size = scratch.stat().st_size
            out.add(database.SQLITE, source, lambda done, total: report("Packing", done, total), size)
        return told
    finally:
        for left in ("", "-wal", "-shm", "-journal"):
            scratch.with_name(scratch.name + left).unlink(missing_ok=True)


def _files(settings: Settings) -> Iterator[tuple[str, Path]]:
    """(name in the backup, file) of what is not the database."""
    for name in HOME_FILES:
        if (settings.home / name).is_file():
            yield name, settings.home / name
    for file in sorted(settings.programme_dir.rglob("*")):
        if file.is_file() and not file.is_symlink() and "__pycache__" not in file.parts:
            yield f"{PROGRAMME}/{file.relative_to(settings.programme_dir).as_posix()}", file


def restore(settings: Settings, file: Path, *, replace: bool, report: Report) -> Restored:
    """Put the state of `file` in place of what is here.

    Everything is unpacked and checked beside; only then it is swapped. Cut short before the swap, all is as it was.

    Raises:
        BadInput: the file is damaged, or does not fit this program or database. Nothing was changed.
        Conflict: something is here and `replace` was not said, or a `linkway serve` uses it.
        Unavailable: the disk is full, or the database refuses. Nothing was changed.
    """
    manifest = container.read_manifest(file, lambda done, total: report("Checking the backup", done, total))
    _must_fit(settings, file, manifest, replace)
    settings.home.mkdir(parents=True, exist_ok=True)
    with _alone(settings), _staging(settings.home) as beside:
        try:
            container.unpack(file, manifest, beside, lambda done, total: report("Unpacking", done, total))
            old = database.is_there(settings.database)
            gone = database.erased_since(settings.database, manifest["made_at"]) if old else []
            if manifest["database"] == "sqlite":
                database.check_sqlite(beside / database.SQLITE, manifest)
                database.end_log(beside / database.SQLITE)
            _swap(settings, beside)
        except OSError as error:
            raise Unavailable(f"The restore could not be done: {error.strerror or error}. Nothing was changed.") from error
    return Restored(manifest, gone)


def _must_fit(settings: Settings, file: Path, manifest: dict[str, Any], replace: bool) -> None:
    here = database.kind(settings.database)
    if manifest["database"] != here:
        raise BadInput(f"{file} holds a {manifest['database']} database, and LINKWAY_DATABASE_URL names {here}. Nothing was restored.")
    if not database.known_revision(manifest["revision"]):
        raise BadInput(f"{file} was made by a newer Linkway ({manifest['version']}). Use the newer program. Nothing was restored.")
    if replace:
        return
    found = ["a database"] if database.is_there(settings.database) else []
    found += [name for name in HOME_FILES if (settings.home / name).exists()]
    found += [str(settings.programme_dir)] if settings.programme_dir.exists() else []
    if found:
        raise Conflict(f"Here stands already: {', '.join(found)}. Say --replace to put the backup in its place. Nothing was changed.")


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Nobody serves this home while it is swapped; PostgreSQL is asked for its connections instead."""
    with (settings.home / "serving.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Conflict(f"A `linkway serve` uses {settings.home}. Stop it first. Nothing was changed.") from error
        yield


@contextmanager
def _staging(home: Path) -> Iterator[Path]:
    """An empty folder beside, for its owner alone; gone afterwards, as is one that a killed restore left."""
    for left in home.glob(".restoring-*"):
        shutil.rmtree(left, ignore_errors=True)
    beside = home / f".restoring-{os.getpid()}"
    beside.mkdir(mode=0o700)
    try:
        yield beside
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _swap(settings: Settings, beside: Path) -> None:
    """Folder and files first, the database last: until that moment the old state can be put back whole."""
    undo: list[Callable[[], None]] = []
    asides: list[Path] = []
    try:
        if (beside / PROGRAMME).is_dir():
            _swap_folder(beside / PROGRAMME, settings.programme_dir.absolute(), undo, asides)
        for name in HOME_FILES:
            if (beside / name).is_file():
                _swap_file(beside / name, settings.home / name, undo, asides)
        if (beside / database.DUMP).is_file():
            database.restore_postgres(settings.database, beside / database.DUMP)
        else:
            target = database.sqlite_file(settings.database)
            target.parent.mkdir(parents=True, exist_ok=True)
            database.end_log(target) if target.exists() else None
            for left in ("-wal", "-shm"):
                target.with_name(target.name + left).unlink(missing_ok=True)
            _swap_file(beside / database.SQLITE, target, undo, asides)
    except BaseException:
        for step in reversed(undo):
            with contextlib.suppress(OSError):
                step()
        raise
    for aside in asides:
        shutil.rmtree(aside) if aside.is_dir() else aside.unlink(missing_ok=True)


def _swap_file(new: Path, target: Path, undo: list[Callable[[], None]], asides: list[Path]) -> None:
    """In one step, the old one kept under another name until all is done."""
    aside = target.with_name(f".{target.name}.before-restore")
    aside.unlink(missing_ok=True)
    if target.exists():
        os.link(target, aside)
        undo.append(lambda: os.replace(aside, target))
        asides.append(aside)
    else:
        undo.append(lambda: target.unlink(missing_ok=True))
    os.replace(new, target)


def _swap_folder(new: Path, target: Path, undo: list[Callable[[], None]], asides: list[Path]) -> None:
    """A copy beside the target first (it may be another disk), then two renames."""
    fresh, aside = (target.with_name(f".{target.name}.{word}") for word in ("restoring", "before-restore"))
    shutil.rmtree(fresh, ignore_errors=True)
    if aside.exists() and not target.exists():  # a restore was killed between the two renames
        os.rename(aside, target)
    shutil.rmtree(aside, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    undo.append(lambda: shutil.rmtree(fresh, ignore_errors=True))
    shutil.copytree(new, fresh)
    if target.exists():
        os.rename(target, aside)
        undo.append(lambda: _put_back(aside, target))
        asides.append(aside)
    os.rename(fresh, target)


def _put_back(aside: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    os.rename(aside, target)
