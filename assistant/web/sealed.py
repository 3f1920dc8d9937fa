"""The sealed field of the plain pages: a conversation's id and token in a form, signed and short-lived."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json

from assistant.errors import NotSignedIn

MINUTES = 120  # a page left open longer must be started again; each answer renews it


def _signature(payload: str, secret: str) -> str:
    return hmac.new(secret.encode(), b"linkway.plain." + payload.encode(), hashlib.sha256).hexdigest()


def seal(conversation_id: str, token: str, now: float, secret: str) -> str:
    """The field's value. `now` is seconds since 1970; the value is good for `MINUTES` from then."""
    body = json.dumps([conversation_id, token, int(now) + MINUTES * 60]).encode()
    payload = base64.urlsafe_b64encode(body).decode()
    return f"{payload}.{_signature(payload, secret)}"


def unseal(value: str, now: float, secret: str) -> tuple[str, str]:
    """Conversation id and token out of a sealed field.

    Raises:
        NotSignedIn: the field was changed, is not ours, or is too old.
    """
    payload, _, signature = value.partition(".")
    good = hmac.compare_digest(_signature(payload, secret).encode(), signature.encode("utf-8", "replace"))
    try:
        conversation_id, token, until = json.loads(base64.urlsafe_b64decode(payload)) if good else ("", "", 0)
    except (binascii.Error, ValueError):
        until = 0
    if not good or until < now:
        raise NotSignedIn("This page has been open too long. Please start a new chat.", field="key")
    return str(conversation_id), str(token)
