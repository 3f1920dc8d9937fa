"""The generic gateway's way in: the signature, then the fields, then the common path."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field, StrictStr, validator
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from assistant.channels.sms.body import read_json
from assistant.channels.sms.generic import SECRET_SETTING
from assistant.channels.sms.inbound import receive
from assistant.errors import NotSignedIn, Unavailable

if TYPE_CHECKING:
    from assistant.house import House

TOLERANCE_SECONDS = 300
_VISIBLE = re.compile(r"[\x21-\x7e]{1,200}")


class GenericText(BaseModel):
    """Body of POST /sms/generic. Fields we do not know are a gateway's own and are let be."""

    id: StrictStr = Field(..., description="The gateway's id of the text; the same again is the same text.")
    from_: StrictStr = Field(..., alias="from", max_length=32, description="The patient's number.")
    to: StrictStr = Field("", max_length=32, description="The number the text was sent to.")
    text: StrictStr = Field(..., description="What the patient wrote; may be empty.")
    sent_at: StrictStr | None = Field(None, max_length=64, description="ISO 8601 with zone.")

    @validator("id")
    def visible(cls, value: str) -> str:  # noqa: N805 - pydantic 1 passes the class
        """An id is kept and logged by gateways: letters, figures and signs, nothing unseen."""
        if not _VISIBLE.fullmatch(value):
            raise ValueError("use 1 to 200 visible ASCII characters")
        return value

    @validator("sent_at")
    def with_zone(cls, value: str | None) -> str | None:  # noqa: N805
        """A time whose zone is unknown cannot be used later."""
        if value is not None and moment(value) is None:
            raise ValueError("use ISO 8601 with a zone, such as 2026-11-21T09:30:00Z")
        return value


def moment(value: str) -> datetime | None:
    """An ISO 8601 time with zone; None when it is not one. Python 3.10 does not read a final Z itself."""
    try:
        found = datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", value))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


async def accept(house: House, headers: Mapping[str, str], body: bytes, secret: str, provider: str) -> None:
    """Verify a delivery and take the text in.

    What cannot be a signature of now is refused before the secret is looked for: strangers learn nothing of
    how we are set up.

    Raises:
        NotSignedIn: not signed, not by this secret, or not within five minutes.
        Unavailable: no usable secret is set; the gateway should try again.
        BadInput, TooMany: as `receive`.
    """
    stamp, signature = headers.get("webhook-timestamp", ""), headers.get("webhook-signature", "")
    recent = re.fullmatch(r"\d{1,12}", stamp) and abs(time.time() - int(stamp)) <= TOLERANCE_SECONDS
    if not headers.get("webhook-id") or not recent or not signature.startswith("v1"):
        raise NotSignedIn("Sign the request with Standard Webhooks headers, at most five minutes old.")
    try:
        webhook = Webhook(secret) if secret else None
    except ValueError:
        webhook = None
    if webhook is None:
        words = f"Text messages are not set up: {SECRET_SETTING} is missing or not base64."
        raise Unavailable(words, setting=SECRET_SETTING)
    try:
        webhook.verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError) as error:  # ValueError: not base64, not UTF-8
        raise NotSignedIn("The signature does not match the body and the secret.") from error
    text = read_json(body, GenericText)
    await receive(
        house,
        provider=provider,
        provider_id=text.id,
        sender=text.from_,
        text=text.text,
        sent_at=moment(text.sent_at) if text.sent_at else None,
    )
