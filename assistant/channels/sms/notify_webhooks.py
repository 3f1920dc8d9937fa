"""GOV.UK Notify's callbacks: received texts and delivery receipts, told apart from strangers by our bearer token.

Notify tries a 5xx or a 429 again, every five minutes for five times; any other 4xx loses the text. So what storage
cannot take is 503, and a sender that nobody could answer is taken and left alone.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field, StrictStr

from assistant.channels import outbox_rows
from assistant.channels.sms import notify
from assistant.channels.sms.body import limited_body, read_json
from assistant.channels.sms.generic_inbound import moment
from assistant.channels.sms.inbound import receive
from assistant.channels.sms.problems import PROBLEMS, json_body
from assistant.errors import BadInput, NotSignedIn, Unavailable
from assistant.house import TheHouse
from assistant.logs import log
from assistant.store.database import transaction

router = APIRouter()
_BEARER: dict[str, Any] = {"security": [{"HTTPBearer": []}]}  # the token given to Notify with the callback's address


class ReceivedText(BaseModel):
    """Body of POST /sms/notify. Fields we do not know are Notify's own and are let be."""

    id: StrictStr = Field(..., min_length=1, max_length=200, description="Notify's id; the same again is the same text.")
    source_number: StrictStr = Field(..., max_length=32, description="The patient's number, like 447700900123.")
    destination_number: StrictStr = Field("", max_length=32, description="The service's number.")
    message: StrictStr = Field(..., description="What the patient wrote.")
    date_received: StrictStr | None = Field(None, max_length=64, description="ISO 8601.")


class Receipt(BaseModel):
    """Body of POST /sms/notify/status."""

    id: StrictStr = Field(..., max_length=80, description="Notify's id of the text.")
    reference: StrictStr | None = Field(None, max_length=80, description="Ours: the outbox row.")
    status: StrictStr = Field(..., max_length=40, description="delivered, permanent-failure ...")


async def from_notify(request: Request, house: TheHouse) -> bytes:
    """The body of a request that carries our token.

    Raises:
        NotSignedIn: no bearer token, or another. Unavailable: none is set here. TooLarge: over 64 KiB.
    """
    given = request.headers.get("authorization")
    if not given or not given.startswith("Bearer "):
        raise NotSignedIn("Send the callback's bearer token as 'Authorization: Bearer ...'.", field="authorization")
    token = house.settings.notify_callback_token.get_secret_value()
    if not token:
        raise Unavailable(f"GOV.UK Notify is not set up: {notify.TOKEN_SETTING} is missing.", setting=notify.TOKEN_SETTING)
    if not notify.bearer_fits(given, token):
        raise NotSignedIn("The bearer token does not match. Check it in Notify's callback settings.", field="authorization")
    return await limited_body(request)


NotifyBody = Annotated[bytes, Depends(from_notify)]


@router.post(
    "/notify",
    status_code=204,
    response_class=Response,
    responses={k: PROBLEMS[k] for k in (401, 413, 422, 429, 503)},
    openapi_extra={**json_body(ReceivedText), **_BEARER},
)
async def received(body: NotifyBody, house: TheHouse) -> Response:
    """A text from GOV.UK Notify. Safe to send twice; answered by the outbox."""
    text = read_json(body, ReceivedText)
    try:
        await receive(
            house,
            provider="notify",
            provider_id=text.id,
            sender=international(text.source_number),
            text=text.message,
            sent_at=moment(text.date_received) if text.date_received else None,
        )
    except BadInput as error:
        if error.field != "from" or error.status != BadInput.status:
            raise
        log.info("text from no mobile left alone", provider="notify")
    return Response(status_code=204)


@router.post(
    "/notify/status",
    status_code=204,
    response_class=Response,
    responses={k: PROBLEMS[k] for k in (401, 413, 422, 503)},
    openapi_extra={**json_body(Receipt), **_BEARER},
)
async def receipt(body: NotifyBody, house: TheHouse) -> Response:
    """A delivery receipt. Receipts arrive in any order: a text's status never goes back."""
    told = read_json(body, Receipt)
    status = notify.STATUSES.get(told.status)
    if status is not None:
        why = f"Notify {told.status}" if status == "failed" else ""
        with transaction(house.engine) as connection:
            row = outbox_rows.report_on(connection, told.reference, told.id, status, why)
        if row is not None and row.conversation_id:
            house.notifier.nudge(row.conversation_id)
    return Response(status_code=204)


def international(number: str) -> str:
    """Notify writes numbers with their country code and no plus: '447700900123'."""
    bare = number.strip()
    return f"+{bare}" if bare[:1] in set("123456789") and len(bare) > 9 else bare
