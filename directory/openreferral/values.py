"""Reading JSON that somebody else wrote: nothing is where, or what, it should be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

# Where a record of a table came from ('schedules.csv row 3'), kept in the record itself.
AT = "__at__"


def text(value: Any) -> str:
    """The words of a value; whole numbers without '.0', nothing for null, lists and objects."""
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no"}.get(value, "") if isinstance(value, bool) else ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value) if isinstance(value, (str, int, float)) else ""


def words(record: Mapping[str, Any], key: str) -> str:
    """The words under `key`, without spaces around."""
    return text(record.get(key)).strip()


def objects(record: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The objects under `key`: of a list, or the one that stands there alone."""
    value = record.get(key)
    if isinstance(value, Mapping):
        return [value]
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def one(record: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The object under `key`; an empty one where there is none."""
    found = objects(record, key)
    return found[0] if found else {}


def day(value: str) -> date | None:
    """The day of an ISO date or moment; None for anything else."""
    try:
        return date.fromisoformat(value.strip()[:10])
    except ValueError:
        return None


def place_of(service: Any, path: str, base: str) -> str:
    """Where `path` ('schedules[0].byday') of a service lies, for an error report: below `base`, or in the table a part came from."""
    where, at = base, service
    for step in path.replace("]", "").replace("[", ".").split(".") if path else ():
        at = at[int(step)] if isinstance(at, list) and step.isdigit() and int(step) < len(at) else (
            at.get(step) if isinstance(at, Mapping) else None
        )  # fmt: skip
        if isinstance(at, Mapping) and AT in at:
            where = str(at[AT])
        elif " row " in where:
            where = f"{where}, {step}" if ", " not in where else f"{where}.{step}"
        else:
            where = f"{where}[{step}]" if step.isdigit() else f"{where}.{step}"
    return where
