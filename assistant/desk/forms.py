"""Forms of many fields, as a page gets them back: words, and lists of what was ticked."""

from __future__ import annotations

from typing import Any

from fastapi import Request

from assistant.errors import BadInput

MOST_FIELDS, MOST_CHARACTERS = 120, 10_000
LISTS = frozenset({"needs", "listing"})  # ticked, several of one name


async def posted(request: Request) -> dict[str, Any]:
    """FastAPI dependency: the form's fields by name; of LISTS every value.

    Raises:
        BadInput: far more than any form of ours sends.
    """
    form = await request.form()
    fields: dict[str, Any] = {}
    items = form.multi_items()
    if len(items) > MOST_FIELDS:
        raise BadInput("That is more than this form holds. Load the page again.")
    for name, value in items:
        if not isinstance(value, str):
            continue
        if len(value) > MOST_CHARACTERS:
            raise BadInput(f"{name.replace('_', ' ')}: keep it to {MOST_CHARACTERS:,} characters.", field=name)
        if name in LISTS:
            fields.setdefault(name, []).append(value)
        else:
            fields[name] = value
    return fields
