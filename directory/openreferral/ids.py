"""The ids of the standard are UUIDs; ours are words. The same listing has the same UUID in every export."""

from __future__ import annotations

import re
import uuid

_OURS = uuid.uuid5(uuid.NAMESPACE_URL, "https://linkway.example.org/openreferral")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def made(*parts: str) -> str:
    """A UUID made of words, always the same for the same words."""
    return str(uuid.uuid5(_OURS, "\x1f".join(parts)))


def service_id(listing_id: str) -> str:
    """The listing's id where it is a UUID already (it came from such a feed), else one made of it."""
    return listing_id if _UUID.fullmatch(listing_id) else made("service", listing_id)
