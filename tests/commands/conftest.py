"""`linkway(...)` runs the command as it is typed, in a home of its own."""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from done import Done, Linkway
from live import ROOT

from assistant.cli import main
from assistant.settings import PREFIX, get_settings


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, but for the encoder's graph, which is the same for all; no other setting comes from outside."""
    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)
    folder = tmp_path / "home"
    folder.mkdir()
    if (ROOT / "var" / "encoder").is_dir():
        (folder / "encoder").symlink_to(ROOT / "var" / "encoder")
    monkeypatch.setenv("LINKWAY_HOME", str(folder))
    monkeypatch.chdir(ROOT)
    return folder


@pytest.fixture
def linkway(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Linkway]:
    """Runs in this process; what the command sets up for itself is put back afterwards."""
    before = structlog.get_config()

    def run(*arguments: object, typed: bytes = b"") -> Done:
        get_settings.cache_clear()
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(typed)))
        capsys.readouterr()
        with warnings.catch_warnings():
            try:
                main([str(argument) for argument in arguments])
                code = 0
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    yield run
    structlog.configure(**before)
    get_settings.cache_clear()
