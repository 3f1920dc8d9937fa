"""Linkway's own attributes in a service: what the standard has no place for, column by column, exactly.

An attribute of the taxonomy 'Linkway listing' has the column as its term and the cell as its value; several of one term
are several values; an empty value says that the column is not known. 'Linkway notes' keeps notes by their heading,
'Linkway needs' the needs a service is for. docs/open-referral.md tells others how to read them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from functools import lru_cache
from typing import Any

from directory.needs import load_needs
from directory.openreferral import ids
from directory.openreferral.values import objects, one, text, words
from directory.records import FIELDS, Listing

COLUMNS, NOTES, NEEDS = "Linkway listing", "Linkway notes", "Linkway needs"
TAXONOMIES = {
    COLUMNS: "What a listing of Linkway tells that HSDS-UK 3.0 has no place for. The term is the column, the value the cell.",
    NOTES: "Notes kept with a listing. The term is the heading.",
    NEEDS: "The needs that social prescribing services answer, as Linkway groups them.",
}
LISTS = ("needs", "service_area", "days", "languages", "access", "audience")
# Beside its id, every listing can be told by this one, so that it is known for one of ours.
MARK = "id"
# What is ours alone: never in the public feed. `source` is said anew at each import.
PRIVATE = ("notes", "source")
_NAMES = {
    "id": "Linkway's id", "summary": "In one sentence", "audience": "Who it is for", "who_meets_you": "Who meets you",
    "can_bring_someone": "Can you bring someone", "how_to_join": "How to join", "free_sessions": "Sessions that are free",
    "cost_afterwards": "Cost afterwards", "capacity": "Places", "wait_weeks": "Wait in weeks", "access": "Access",
}  # fmt: skip


@lru_cache(maxsize=512)
def term(taxonomy: str, code: str, name: str | None = None, description: str | None = None) -> dict[str, Any]:
    """A term of one of our taxonomies."""
    shown = name or code.replace("_", " ").capitalize()
    return {
        "id": ids.made("term", taxonomy, code),
        "name": shown,
        "description": description or shown,
        "taxonomy": taxonomy,
        "taxonomy_id": ids.made("taxonomy", taxonomy),
        "term": code,
        "code": code,
    }


def column_term(column: str) -> dict[str, Any]:
    """The term of a column."""
    return term(COLUMNS, column, _NAMES.get(column))


def public_columns() -> tuple[str, ...]:
    """The columns that may stand in the public feed."""
    return tuple(name for name in FIELDS if name not in PRIVATE)


def need_terms() -> list[dict[str, Any]]:
    """A term for each need, in the file's order."""
    return [term(NEEDS, need.id, need.label, need.reason) for need in load_needs()]


@lru_cache(maxsize=1)
def _need_words() -> dict[str, str]:
    """What a need may be called: its id, its label."""
    return {word.casefold(): need.id for need in load_needs() for word in (need.id, need.label, need.id.replace("_", " "))}


def _attribute(service: str, own_term: Mapping[str, Any], number: int, value: str | None = None) -> dict[str, Any]:
    made = {
        "id": ids.made(service, "attribute", str(own_term["id"]), str(number)),
        "link_id": service,
        "link_entity": "service",
        "link_type": "linkway",
        "taxonomy_term_id": own_term["id"],
        "taxonomy_term": dict(own_term),
    }
    return made if value is None else {**made, "value": value}


def need_attributes(listing: Listing, service: str) -> list[dict[str, Any]]:
    """The needs a listing states."""
    known = {str(one["code"]): one for one in need_terms()}
    return [_attribute(service, known.get(need) or term(NEEDS, need), n) for n, need in enumerate(listing.needs)]


def column_attributes(listing: Listing, service: str, columns: Sequence[str]) -> list[dict[str, Any]]:
    """The columns of a listing, each value an attribute."""
    return [
        _attribute(service, column_term(column), number, value)
        for column in columns
        for number, value in enumerate(_values(getattr(listing, column)))
    ]


def note_attributes(listing: Listing, service: str) -> list[dict[str, Any]]:
    """The notes of a listing."""
    return [_attribute(service, term(NOTES, key, key), 0, value) for key, value in sorted(listing.notes.items())]


def _values(value: Any) -> list[str]:
    if isinstance(value, tuple):
        return [str(part) for part in value] or [""]
    if isinstance(value, (date, time)):
        return [value.isoformat()]
    return ["" if value is None else repr(value) if isinstance(value, float) else str(value)]


def read_columns(service: Mapping[str, Any]) -> tuple[dict[str, list[str]], dict[str, str]]:
    """(values by column, paths by column) of our own attributes; both empty for a service that is none of ours."""
    values: dict[str, list[str]] = {}
    paths: dict[str, str] = {}
    for number, attribute in enumerate(objects(service, "attributes")):
        own = one(attribute, "taxonomy_term")
        column = words(own, "term")
        if words(own, "taxonomy") == COLUMNS and column in FIELDS and column not in PRIVATE:
            values.setdefault(column, []).append(text(attribute.get("value")))
            paths.setdefault(column, f"attributes[{number}].value")
    return (values, paths) if MARK in values else ({}, {})


def read_notes(service: Mapping[str, Any]) -> dict[str, str]:
    """Our own notes."""
    found = {}
    for attribute in objects(service, "attributes"):
        own = one(attribute, "taxonomy_term")
        if words(own, "taxonomy") == NOTES and text(own.get("term")):
            found[text(own.get("term"))] = text(attribute.get("value"))
    return found


def read_needs(service: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """(needs of our taxonomy, names of everybody else's terms). A term called as one of our needs is is taken for it."""
    known = _need_words()
    needs: list[str] = []
    others: list[str] = []
    for attribute in objects(service, "attributes"):
        own = one(attribute, "taxonomy_term")
        if words(own, "taxonomy") in (COLUMNS, NOTES):
            continue
        name = words(own, "name") or words(own, "term") or words(attribute, "value")
        need = known.get(words(own, "term").casefold()) or known.get(name.casefold())
        if need:
            needs.append(need)
        elif name:
            others.append(name)
    return list(dict.fromkeys(needs)), list(dict.fromkeys(others))
