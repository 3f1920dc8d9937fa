"""The file of a backup: one line with a checksum over all that follows, then a zip with a manifest. Any changed byte is found.

Written beside its name and put in place when it is whole, so that a full disk leaves the backup of before as it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from assistant.errors import BadInput, Unavailable

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 1024 * 1024
_MAGIC = b"LINKWAY BACKUP 1 sha256="
_HEAD = len(_MAGIC) + 64 + 1
Progress = Callable[[int, int], None]


class Writing:
    """A backup being written: `add` its files, then `finish` with what the manifest says of it."""

    def __init__(self, out: IO[bytes]) -> None:
        """Leave room for the first line; the checksum is known at the end."""
        self._out = out
        out.write(_MAGIC + b"0" * 64 + b"\n")
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6, allowZip64=True)
        self._files: dict[str, dict[str, Any]] = {}

    def add(self, name: str, source: IO[bytes], progress: Progress = lambda done, total: None, size: int = 0) -> None:
        """Copy a stream in as `name`."""
        digest, count = hashlib.sha256(), 0
        with self._zip.open(name, "w", force_zip64=True) as target:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                target.write(chunk)
                count += len(chunk)
                progress(count, max(size, count))
        self._files[name] = {"sha256": digest.hexdigest(), "bytes": count}

    def give_up(self) -> None:
        """Nothing more is written; the archive must not try to end itself in a file that is closed."""
        self._zip.fp = None

    def finish(self, told: dict[str, Any]) -> None:
        """The manifest, and the checksum over everything in the first line."""
        self._zip.writestr(MANIFEST, json.dumps({"format": FORMAT, **told, "files": self._files}, indent=1))
        self._zip.close()
        self._out.flush()
        digest = hashlib.sha256()
        self._out.seek(_HEAD)
        while chunk := self._out.read(CHUNK):
            digest.update(chunk)
        self._out.seek(0)
        self._out.write(_MAGIC + digest.hexdigest().encode() + b"\n")
        self._out.flush()
        os.fsync(self._out.fileno())


@contextmanager
def writing(target: Path) -> Iterator[Writing]:
    """A new backup at `target`, there only when everything went well; readable by its owner alone.

    Raises:
        Unavailable: the disk is full or refuses; what stood at `target` stands there still.
    """
    scratch = target.with_name(f".{target.name}.writing")
    try:
        scratch.unlink(missing_ok=True)
        with os.fdopen(os.open(scratch, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as out:
            made = Writing(out)
            try:
                yield made
            except BaseException:
                made.give_up()
                raise
        os.replace(scratch, target)
    except OSError as error:
        raise Unavailable(f"The backup could not be written: {error.strerror or error}. Nothing was changed.") from error
    finally:
        scratch.unlink(missing_ok=True)


def read_manifest(file: Path, progress: Progress = lambda done, total: None) -> dict[str, Any]:
    """Check every byte of a backup and return its manifest.

    Raises:
        BadInput: it is no backup, was cut short, was changed, or is of a newer Linkway.
    """
    try:
        with file.open("rb") as content:
            head = content.read(_HEAD)
            if not head.startswith(_MAGIC[:14]):
                raise BadInput(f"{file} is no backup of Linkway.")
            if len(head) == _HEAD and not head.startswith(_MAGIC):
                raise BadInput(f"{file} was made by a newer Linkway. Use the newer program.")
            digest, size, done = hashlib.sha256(), file.stat().st_size, _HEAD
            while chunk := content.read(CHUNK):
                digest.update(chunk)
                done += len(chunk)
                progress(done, size)
        if head[len(_MAGIC) : -1].decode("ascii", "replace") != digest.hexdigest():
            raise BadInput(f"{file} was cut short or changed: its checksum does not fit. Use another backup. Nothing was restored.")
        with zipfile.ZipFile(file) as archive:
            manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}.") from error
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise BadInput(f"{file} cannot be read as a backup. Use another one. Nothing was restored.") from error
    if manifest.get("format") != FORMAT:
        raise BadInput(f"{file} was made by a newer Linkway. Use the newer program.")
    return manifest


def unpack(file: Path, manifest: dict[str, Any], folder: Path, progress: Progress = lambda done, total: None) -> None:
    """Write the files out under `folder`, each checked again.

    Raises:
        BadInput: a name leads out of the folder, or a file is not what the manifest says.
    """
    total, done = sum(entry["bytes"] for entry in manifest["files"].values()), 0
    with zipfile.ZipFile(file) as archive:
        for name, entry in manifest["files"].items():
            target = folder / name
            if folder.resolve() not in target.resolve().parents:
                raise BadInput(f"{file} holds a file that leads out of its folder. Nothing was restored.")
            target.parent.mkdir(parents=True, exist_ok=True)
            digest = hashlib.sha256()
            with archive.open(name) as source, os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                while chunk := source.read(CHUNK):
                    digest.update(chunk)
                    out.write(chunk)
                    done += len(chunk)
                    progress(done, total)
                out.flush()
                os.fsync(out.fileno())
            if digest.hexdigest() != entry["sha256"]:
                raise BadInput(f"{name} in {file} is not what was backed up. Use another backup. Nothing was restored.")
