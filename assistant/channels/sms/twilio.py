"""Twilio: sending by its own client, checking its signatures, reading its delivery reports."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from assistant.channels.sms.gateway import TIMEOUT_SECONDS, GatewayDown, GatewayRefused, NumberStopped

if TYPE_CHECKING:
    from twilio.http import HttpClient

TOKEN_SETTING = "LINKWAY_TWILIO_AUTH_TOKEN"
STATUS_PATH = "/sms/twilio/status"
STOPPED_BY_CARRIER = 21610
_LOCAL = {"127.0.0.1", "localhost", "::1"}
# base64 of HMAC-SHA1's 20 bytes
_SIGNATURE = re.compile(r"[A-Za-z0-9+/]{27}=")
# Twilio's words to ours; those that are missing say nothing new.
_STATUSES: dict[str, Literal["sent", "delivered", "failed"]] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}


class TwilioGateway:
    """Sends through the official client."""

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        sender: str,
        public_base_url: str,
        http_client: HttpClient | None = None,
    ) -> None:
        """`sender` is a number or messaging service (MG...). Reports are asked for when we can be reached."""
        # Imported here: an installation without Twilio should not pay for it at every start.
        from twilio.http.http_client import TwilioHttpClient
        from twilio.rest import Client

        # Without pooled connections each call has its own session, which makes the client safe in threads.
        http = http_client or TwilioHttpClient(pool_connections=False, timeout=TIMEOUT_SECONDS)
        self._client = Client(account_sid, auth_token, http_client=http)
        self._from = {"messaging_service_sid" if sender.startswith("MG") else "from_": sender}
        reachable = urlsplit(public_base_url).hostname not in _LOCAL
        self._status_url = f"{public_base_url}{STATUS_PATH}" if reachable else None

    def send(self, to: str, body: str, key: str, conversation: str | None) -> str:
        """As `Gateway.send`. Twilio takes no idempotency key for texts; ours comes back with the reports."""
        from requests.exceptions import RequestException
        from twilio.base.exceptions import TwilioException, TwilioRestException

        extra: dict[str, Any] = dict(self._from)
        if self._status_url:
            extra["status_callback"] = f"{self._status_url}?text={key}"
        try:
            message = self._client.messages.create(to=to, body=body, **extra)
        except TwilioRestException as error:
            raise _meaning(error.status, error.code) from error
        except (RequestException, TwilioException) as error:
            raise GatewayDown(type(error).__name__) from error
        return str(message.sid)


def _meaning(status: int, code: int | None) -> Exception:
    """Refused numbers and texts are final; everything that a person or time can mend is tried again."""
    words = f"Twilio {code or status}"
    if code == STOPPED_BY_CARRIER:
        return NumberStopped(words)
    if status in (400, 404, 422):
        return GatewayRefused(words)
    return GatewayDown(words)


def looks_signed(signature: str | None) -> bool:
    """Whether the header could be a signature at all."""
    return bool(signature and _SIGNATURE.fullmatch(signature))


def is_from_twilio(auth_token: str, url: str, form: Any, signature: str) -> bool:
    """Check `X-Twilio-Signature` over the address Twilio was given and Starlette's form as it came.

    A dict of the form would lose repeated fields and fail (facts/channels.md). `url` has the raw query.
    """
    from twilio.request_validator import RequestValidator

    return bool(RequestValidator(auth_token).validate(url, form, signature))


def reported(form: Mapping[str, Any]) -> Literal["sent", "delivered", "failed"] | None:
    """What a delivery report says, in the outbox's words; None when it is nothing new."""
    return _STATUSES.get(str(form.get("MessageStatus") or form.get("SmsStatus") or "").lower())
