"""The installation's own secret: from the settings, or made once and kept in the home folder for its owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from assistant.settings import Settings


def secret_key(settings: Settings) -> str:
    """The key that signs form fields and the demo's texts."""
    given = settings.secret_key.get_secret_value()
    if given:
        return given
    path: Path = settings.home / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fresh, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()
