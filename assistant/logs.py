"""Logging. Must be set up before Rasa is imported: left alone, Rasa prints every patient message at debug level.

No message text, names or numbers are ever logged; a canary test types a marker through every channel and greps.
"""

from __future__ import annotations

import logging
import sys

import structlog

QUIET = ("rasa", "rasa_sdk", "sanic", "matplotlib", "urllib3", "asyncio", "apscheduler", "httpx", "httpcore")

# What a log line may carry. Anything else is dropped, so that a careless call cannot leak what a patient said.
ALLOWED = frozenset(
    "event level timestamp logger conversation channel practice state seconds count kind error status attempt "
    "provider listing staff address model version reason port".split()
)


def only_allowed(_: object, __: str, event: dict) -> dict:
    """Drop every key that is not on the list."""
    return {key: value for key, value in event.items() if key in ALLOWED}


def configure(level: str = "INFO") -> None:
    """Send our own lines to stderr as key=value, and hush everybody else."""
    numeric = getattr(logging, level.upper(), logging.INFO)
    logging.basicConfig(stream=sys.stderr, level=max(numeric, logging.WARNING), format="%(levelname)s %(name)s")
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
