"""GOV.UK Notify: sending by its own client, and what its answers and delivery reports mean."""

from __future__ import annotations

import hmac
import math
import re
import threading
import unicodedata
from typing import TYPE_CHECKING, Literal

from assistant.channels.segments import GSM_BASIC, GSM_EXTENSION, GSM_PART, GSM_SINGLE, UCS2_PART, UCS2_SINGLE
from assistant.channels.sms.gateway import TIMEOUT_SECONDS, GatewayDown, GatewayRefused

if TYPE_CHECKING:
    from notifications_python_client.errors import HTTPError
    from notifications_python_client.notifications import NotificationsAPIClient

LIVE = "https://api.notifications.service.gov.uk"
TOKEN_SETTING = "LINKWAY_NOTIFY_CALLBACK_TOKEN"
PLACEHOLDER = "body"  # the template's whole text is ((body))
LONGEST = 918
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_KEY = re.compile(rf"(?:.+-)?({_UUID})-({_UUID})", re.IGNORECASE)
_WELSH = frozenset("àèìòùẁỳÀÈÌÒÙẀỲáéíóúẃýÁÉÍÓÚẂÝäëïöüẅÿÄËÏÖÜẄŸâêîôûŵŷÂÊÎÔÛŴŶ") - GSM_BASIC
Status = Literal["sent", "delivered", "failed"]
# Notify's words to ours; those that are missing say nothing new.
STATUSES: dict[str, Status] = {
    "sent": "sent",  # to a number abroad, where nothing more is heard
    "delivered": "delivered",
    "permanent-failure": "failed",
    "temporary-failure": "failed",  # its carriers have tried for three days by then
    "technical-failure": "failed",
}
# Words Notify answers with -> what is wrong, for whoever reads the desk or the outbox.
_MEANINGS = (
    ("team-only api key", "the key is a team key: make a live one"),
    ("trial mode", "the service is in trial mode: ask Notify to go live"),
    ("template not found", "LINKWAY_NOTIFY_TEMPLATE_ID is no template of this service"),
    ("template has been deleted", "the template was deleted"),
    ("missing personalisation", "the template lacks ((body))"),
    ("phone_number", "not a number that can be texted"),
    ("character", "longer than 918 characters"),
    ("cannot send to international", "the service may not text abroad"),
    ("invalid token", "LINKWAY_NOTIFY_API_KEY is not a key of this service"),
    ("api key", "LINKWAY_NOTIFY_API_KEY was revoked or is not known"),
)
_CLOCK = "system clock"


class NotifyGateway:
    """Sends through the official client; it is not safe in threads, so each thread has its own."""

    def __init__(self, api_key: str, template_id: str, base_url: str = LIVE, timeout: float = TIMEOUT_SECONDS) -> None:
        """`api_key` is the whole key as Notify shows it (name-service-secret)."""
        self._key, self._template, self._base_url, self._timeout = api_key, template_id, base_url, timeout
        self._own = threading.local()

    def send(self, to: str, body: str, key: str, conversation: str | None) -> str:
        """As `Gateway.send`. The key is Notify's `reference`, which comes back with the reports."""
        from notifications_python_client.errors import HTTPError, InvalidResponse

        if len(body) > LONGEST:
            raise GatewayRefused(f"longer than {LONGEST} characters")
        if not key_is_whole(self._key):
            raise GatewayDown("LINKWAY_NOTIFY_API_KEY is not a whole key")
        try:
            answer = self._client().send_sms_notification(
                phone_number=to, template_id=self._template, personalisation={PLACEHOLDER: body}, reference=key
            )
        except HTTPError as error:
            raise meaning(error) from error
        except InvalidResponse as error:
            # A 2xx that cannot be read: it was most likely taken, but only Notify knows; it goes again under one reference.
            raise GatewayDown("Notify's answer could not be read") from error
        found = answer.get("id") if isinstance(answer, dict) else None
        return found if isinstance(found, str) and found else key

    def _client(self) -> NotificationsAPIClient:
        # Imported here: an installation without Notify should not pay for it at every start.
        from notifications_python_client.notifications import NotificationsAPIClient

        if not hasattr(self._own, "client"):
            self._own.client = NotificationsAPIClient(self._key, base_url=self._base_url, timeout=self._timeout)
        return self._own.client


def key_is_whole(api_key: str) -> bool:
    """Whether this has the shape of a key: a name, the service's id and the secret, joined by hyphens."""
    return bool(_KEY.fullmatch(api_key.strip()))


def meaning(error: HTTPError) -> Exception:
    """What an answer that is no 2xx asks for: busy and broken are tried again, refused is final.

    A 403 is final too, but for our clock: a wrong key refuses every text, and the desk must hear of it at once and not
    when the last try has failed. The message itself is not kept: it may quote what was sent.
    """
    status, said = error.status_code, _words(error)
    if status == 403 and _CLOCK in said:
        return GatewayDown("Notify 403: this server's clock is more than 30 seconds off")
    if status in (400, 403):
        told = next((words for sign, words in _MEANINGS if sign in said), "refused")
        return GatewayRefused(f"Notify {status}: {told}")
    if status == 429:
        return GatewayDown("Notify 429: too many texts for now")
    return GatewayDown(f"Notify {status}")


def _words(error: HTTPError) -> str:
    """Everything it says, in small letters: a sentence, or a list of {error, message}."""
    message = error.message
    if isinstance(message, list):
        message = " ".join(str(one.get("message", "")) for one in message if isinstance(one, dict))
    return str(message).lower()


def bearer_fits(given: str | None, token: str) -> bool:
    """Whether an Authorization header is 'Bearer' and our token; takes as long whatever was given."""
    expected = f"Bearer {token}".encode()
    return hmac.compare_digest((given or "").encode("utf-8", "replace"), expected) and bool(token)


def billed_segments(text: str) -> int:
    """Segments Notify bills (notifications-utils, template.py): no room is left where a character would straddle parts.

    Only Welsh letters make a text UCS-2; every other character outside GSM is made plain, or a question mark.
    """
    if not text:
        return 0
    composed = unicodedata.normalize("NFC", text)
    extra = sum(character in GSM_EXTENSION for character in composed)
    single, part = (UCS2_SINGLE, UCS2_PART) if set(composed) & _WELSH else (GSM_SINGLE, GSM_PART)
    size = len(composed) + extra
    return 1 if size <= single else math.ceil(size / part)
