"""Logging. Must be set up before Rasa is imported: left alone, Rasa prints every patient message at debug level.

No message text, names or numbers are ever logged; a canary test types a marker through every channel and greps.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
import warnings
from collections.abc import MutableMapping
from typing import Any

import structlog

QUIET = ("rasa", "rasa_sdk", "sanic", "matplotlib", "urllib3", "asyncio", "apscheduler", "httpx", "httpcore")

# What a log line may carry. Anything else is dropped, so that a careless call cannot leak what a patient said.
ALLOWED = frozenset(
    "event level timestamp logger conversation channel practice state seconds count kind error status attempt "
    "provider listing staff address model version reason port".split()
)


def only_allowed(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every key that is not on the list."""
    return {key: value for key, value in event.items() if key in ALLOWED}


class WithoutWords(logging.Formatter):
    """A line of a library: its level, its name, and where an exception came from. Never what it says.

    Messages of libraries quote what they choke on (Rasa the patient's message, SQLAlchemy a row). The directory's are
    ours: their wording is fixed, and only what is filled into it is left out.
    """

    def format(self, record: logging.LogRecord) -> str:
        """One line; the innermost frame last."""
        parts = [record.levelname, record.name]
        if record.name.startswith("directory"):
            parts.append(str(record.msg))
        if record.exc_info and record.exc_info[0] is not None:
            frames = traceback.extract_tb(record.exc_info[2])[-8:]
            places = " > ".join(f"{os.path.basename(frame.filename)}:{frame.lineno}" for frame in frames)
            parts.append(f"{record.exc_info[0].__name__} at {places}")
        return " ".join(parts)


def hush_libraries() -> None:
    """Keep the warnings of Rasa and its old libraries off the screen; call it before they are imported.

    They change warning filters as they please, so the place where a warning is shown is taken instead. Rasa puts
    messages of patients into some of its warnings: not even the debug level shows their text.
    """
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

    def note(message: Warning | str, category: type[Warning], *_: Any, **__: Any) -> None:
        log.debug("warning of a library", kind=category.__name__)

    warnings.showwarning = note


def configure(level: str = "INFO") -> None:
    """Send our own lines to stderr as key=value, and hush everybody else."""
    numeric = getattr(logging, level.upper(), logging.INFO)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(WithoutWords())
    logging.basicConfig(handlers=[handler], level=max(numeric, logging.WARNING))
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(numeric),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


log = structlog.get_logger()
