"""What every folder of tests may use: the trained model of what lies here now, and the whole program, served."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from live import ROOT, LiveServer

# One thread a library: the tests share two cores with a browser.
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(scope="session")
def trained_model() -> Path:
    """The model of config.yml, domain.yml and nlu_data/ as they are; trained into var/ (a minute) when they changed.

    The lock lets one of several test processes train while the others wait for its model.
    """
    from assistant.dialogue.training import fresh_model, train
    from assistant.settings import Settings

    settings = Settings(_env_file=None)
    models = ROOT / settings.models_dir
    models.mkdir(parents=True, exist_ok=True)
    with (models / ".training").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return fresh_model(ROOT, models, settings.encoder) or train(ROOT, models, settings.encoder)


@pytest.fixture(scope="session")
def live_server(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The whole program on ports of its own, demo and model included."""
    server = LiveServer(tmp_path_factory.mktemp("home"), trained_model)
    server.start()
    yield server
    server.stop()
