"""The practice's rules on how long a listing is trusted, read from one file: programme/directory.yml."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from pathlib import Path

import yaml

from directory.records import Listing
from directory.visibility import Policy

_KEYS = tuple(field.name for field in fields(Policy))
_MOST_MONTHS = 120


def load_policy(path: Path) -> Policy:
    """The rules; what the file leaves out stays as it comes, and so does everything without a file.

    Raises:
        ValueError: a key that is none, no number of months, or steps in the wrong order; names the file and the fix.
    """
    if not path.is_file():
        return Policy()
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        raise ValueError(f"{path.name} is not YAML: write one 'name: number' a line.") from error
    if not isinstance(given, dict):
        raise ValueError(f"{path.name}: write one 'name: number' a line.")
    for key, value in given.items():
        if key not in _KEYS:
            raise ValueError(f"{path.name}: {key} is not a rule we know. Use {', '.join(_KEYS)}.")
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= _MOST_MONTHS:
            raise ValueError(f"{path.name}: {key} needs months, from 1 to {_MOST_MONTHS}.")
    policy = Policy(**given)
    if not policy.remind_after_months <= policy.rank_last_after_months <= policy.hide_after_months:
        raise ValueError(f"{path.name}: providers are asked first, then a listing ranks last, then it hides. Put the months in that order.")
    return policy


def to_be_asked(listing: Listing, today: date, policy: Policy) -> bool:
    """Whether its provider is to be asked if all is still right: not looked at for so long, or never."""
    if listing.status == "closed" or listing.suspended is not None:
        return False
    return listing.last_checked is None or today - listing.last_checked > policy.remind_after
