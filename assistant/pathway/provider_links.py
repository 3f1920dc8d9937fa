"""The provider's link, which needs no account: referral, version and end, signed with the installation's secret.

A raised `link_version` makes all older links of a referral stop working. The signature is looked at before anything else, so a
link that was altered tells nothing about the referral, not even that there is one.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from assistant.clock import clock
from assistant.errors import LinkwayError

ANSWER_DAYS = 60  # to answer in
GOING_DAYS = 270  # from a yes: twelve weekly sessions with holidays between, and time to tell how they went
_FORM = ">16sHI"  # id, version, end in seconds since 1970
_SIGNED = 16  # bytes of the HMAC that are kept: 128 bits, and the address fits a text


class BadLink(LinkwayError):
    """Altered, cut short or never ours."""

    status, title = 404, "This link does not work"


class OldLink(LinkwayError):
    """Ran out."""

    status, title = 410, "This link has run out"


@dataclass(frozen=True)
class Link:
    """What a link says, its signature being ours."""

    referral_id: str
    version: int
    until: datetime


def _signature(payload: bytes, secret: str) -> bytes:
    return hmac.new(secret.encode(), b"provider link\x00" + payload, hashlib.sha256).digest()[:_SIGNED]


def make(referral_id: str, version: int, secret: str, days: int = ANSWER_DAYS) -> str:
    """The token that stands in the address; works until `days` from now."""
    until = int((clock.now() + timedelta(days=days)).timestamp())
    payload = struct.pack(_FORM, uuid.UUID(referral_id).bytes, version, until)
    return base64.urlsafe_b64encode(payload + _signature(payload, secret)).decode().rstrip("=")


def read(token: str, secret: str) -> Link:
    """What a token says.

    Raises:
        BadLink: not signed by us. OldLink: signed by us, and past its end.
    """
    fault = BadLink("Part of the link may be missing. Open it again from the letter or text, whole.")
    try:
        whole = base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError, ValueError) as error:
        raise fault from error
    size = struct.calcsize(_FORM)
    payload, signature = whole[:size], whole[size:]
    if len(payload) != size or not hmac.compare_digest(_signature(payload, secret), signature):
        raise fault
    # Base64 has spare bits at its end: only the one way we write it is ours.
    if base64.urlsafe_b64encode(whole).decode().rstrip("=") != token:
        raise fault
    identifier, version, until = struct.unpack(_FORM, payload)
    link = Link(str(uuid.UUID(bytes=identifier)), version, datetime.fromtimestamp(until, timezone.utc))
    if link.until < clock.now():
        raise OldLink("For the person's privacy, links work for a while only.")
    return link
