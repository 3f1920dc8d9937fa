"""Any other gateway: texts are POSTed as JSON, signed by Standard Webhooks, in both directions the same."""

from __future__ import annotations

import json
from datetime import datetime, timezone

import httpx
from standardwebhooks.webhooks import Webhook

from assistant.channels.sms.gateway import TIMEOUT_SECONDS, GatewayDown

SECRET_SETTING = "LINKWAY_SMS_GENERIC_SECRET"
URL_SETTING = "LINKWAY_SMS_GENERIC_URL"


def signed(secret: str, message_id: str, body: str) -> dict[str, str]:
    """The three Standard Webhooks headers for `body`. Raises ValueError for a secret that is not base64.

    The machine's own time is signed, not the clock tests can move: the other side compares it with its own.
    """
    now = datetime.now(timezone.utc)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, now, body),
    }


class GenericGateway:
    """POSTs `{id, to, text, conversation}` to one address; a 2xx is accepted, anything else is tried again."""

    def __init__(self, url: str, secret: str, timeout: float = TIMEOUT_SECONDS) -> None:
        """`secret` is LINKWAY_SMS_GENERIC_SECRET, `url` LINKWAY_SMS_GENERIC_URL; `timeout` in seconds."""
        self._url, self._secret = url, secret
        self._client = httpx.Client(timeout=timeout, follow_redirects=False)

    def send(self, to: str, body: str, key: str, conversation: str | None) -> str:
        """As `Gateway.send`. `id` and `webhook-id` are the key, so the gateway can know a text it has had."""
        content = json.dumps(
            {"id": key, "to": to, "text": body, "conversation": conversation}, ensure_ascii=False
        )
        try:
            headers = {"content-type": "application/json", **signed(self._secret, key, content)}
            answer = self._client.post(self._url, content=content.encode(), headers=headers)
        except ValueError as error:
            raise GatewayDown(f"{SECRET_SETTING} is not a Standard Webhooks secret") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise GatewayDown(type(error).__name__) from error
        if not answer.is_success:
            raise GatewayDown(f"HTTP {answer.status_code}")
        return _their_id(answer) or key


def _their_id(answer: httpx.Response) -> str | None:
    """The gateway's own id, when it answers with one."""
    try:
        content = answer.json()
    except ValueError:
        return None
    found = content.get("id") if isinstance(content, dict) else None
    return found if isinstance(found, str) and found else None
