"""The small model and its house for every test of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from trap_house import Trial, trained_model


@pytest.fixture(scope="session")
def model() -> Path:
    """A model of the real domain and rules on a few examples."""
    return trained_model()


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    """A house of its own database."""
    return Trial(tmp_path / "trial.db")
