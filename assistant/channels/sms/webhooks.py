"""The addresses gateways call. Each checks the signature, stores the text, and answers at once."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from assistant.channels import outbox_rows
from assistant.channels.sms.body import limited_body, read_form
from assistant.channels.sms.generic_inbound import GenericText, accept
from assistant.channels.sms.inbound import receive
from assistant.channels.sms.notify_webhooks import router as notify_router
from assistant.channels.sms.problems import PROBLEMS, form_body, header, json_body
from assistant.channels.sms.service_words import Word
from assistant.channels.sms.twilio import (
    STOPPED_BY_CARRIER,
    TOKEN_SETTING,
    is_from_twilio,
    looks_signed,
    reported,
)
from assistant.errors import BadInput, NotAllowed, Unavailable
from assistant.house import TheHouse
from assistant.logs import log
from assistant.store.database import transaction

NO_REPLY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
_CARRIER_WORDS: dict[str, Word] = {"STOP": "stop", "START": "start", "HELP": "help"}
_SIGNATURE = header("X-Twilio-Signature", "HMAC-SHA1 by Twilio over the address and the form.")
_STANDARD_WEBHOOKS = [
    header("webhook-id", "The delivery's id."),
    header("webhook-timestamp", "Seconds since 1970, at most five minutes off."),
    header("webhook-signature", "'v1,' and the base64 HMAC-SHA256 of id.timestamp.body."),
]

sms_router = APIRouter(prefix="/sms", tags=["text messages"])
sms_router.include_router(notify_router)


@sms_router.post(
    "/generic",
    status_code=202,
    responses={k: PROBLEMS[k] for k in (401, 413, 422, 429, 503)},
    openapi_extra={**json_body(GenericText), "parameters": _STANDARD_WEBHOOKS},
)
async def generic(request: Request, house: TheHouse) -> dict[str, bool]:
    """A text from any gateway, signed by Standard Webhooks. Safe to send twice; answered by the outbox."""
    body = await limited_body(request)
    secret = house.settings.sms_generic_secret.get_secret_value()
    await accept(house, request.headers, body, secret, "generic")
    return {"accepted": True}


async def from_twilio(request: Request, house: TheHouse) -> FormData:
    """The form of a request Twilio signed.

    Raises:
        NotAllowed: not signed by our account. Unavailable: no token is set. TooLarge, BadInput: the body.
    """
    signature = request.headers.get("x-twilio-signature")
    body = await limited_body(request)
    if signature is None or not looks_signed(signature):
        raise NotAllowed("This address is for Twilio: the X-Twilio-Signature header is missing or not one.")
    token = house.settings.twilio_auth_token.get_secret_value()
    if not token:
        raise Unavailable(f"Twilio is not set up: {TOKEN_SETTING} is missing.", setting=TOKEN_SETTING)
    form = read_form(body)
    # Behind a proxy the request's own address is not the one Twilio called; the configured one is.
    query = request.scope.get("query_string", b"").decode("latin-1")
    url = f"{house.settings.public_base_url}{request.url.path}{'?' + query if query else ''}"
    if not is_from_twilio(token, url, form, signature):
        raise NotAllowed(
            "The signature does not match. Check LINKWAY_PUBLIC_BASE_URL and the primary auth token."
        )
    return form


TwilioForm = Annotated[FormData, Depends(from_twilio)]


@sms_router.post(
    "/twilio",
    response_class=Response,
    responses={
        200: {"description": "Empty TwiML", "content": {"text/xml": {"schema": {"type": "string"}}}},
        **{k: PROBLEMS[k] for k in (403, 413, 422, 429, 503)},
    },
    openapi_extra={
        **form_body(
            {
                "MessageSid": "Twilio's id",
                "From": "The patient's number",
                "To": "Our number",
                "Body": "What the patient wrote",
                "NumMedia": "How many pictures came with it",
            },
            ("MessageSid", "From"),
        ),
        "parameters": [_SIGNATURE],
    },
)
async def twilio(form: TwilioForm, house: TheHouse) -> Response:
    """A text from Twilio. Answered with empty TwiML at once; the reply goes by the outbox."""
    sid = _field(form, "MessageSid") or _field(form, "SmsMessageSid")
    if not 1 <= len(sid) <= 64:
        raise BadInput("MessageSid: missing or too long.", field="MessageSid")
    media = _field(form, "NumMedia")
    try:
        await receive(
            house,
            provider="twilio",
            provider_id=sid,
            sender=_field(form, "From"),
            text=_field(form, "Body"),
            sent_at=None,
            media=int(media) if media.isascii() and media.isdigit() and len(media) < 3 else 0,
            carrier_word=_CARRIER_WORDS.get(_field(form, "OptOutType").upper()),
        )
    except BadInput as error:
        if error.field != "from" or error.status != BadInput.status:
            raise
        # A short code or a sender's name: nobody there to answer, and Twilio has nothing to mend.
        log.info("text from no mobile left alone", provider="twilio")
    return Response(NO_REPLY, media_type="text/xml")


@sms_router.post(
    "/twilio/status",
    status_code=204,
    response_class=Response,
    responses={k: PROBLEMS[k] for k in (403, 413, 422, 503)},
    openapi_extra={
        **form_body(
            {"MessageSid": "Twilio's id", "MessageStatus": "sent, delivered ...", "ErrorCode": "Why not"},
            ("MessageSid", "MessageStatus"),
        ),
        "parameters": [_SIGNATURE],
    },
)
async def twilio_status(request: Request, form: TwilioForm, house: TheHouse) -> Response:
    """A delivery report. Reports arrive in any order: a text's status never goes back."""
    status, code = reported(form), _field(form, "ErrorCode")
    if status is not None:
        with transaction(house.engine) as connection:
            # Our id stands in the address: a report may overtake Twilio's answer to the sending.
            ours, sid = request.query_params.get("text"), _field(form, "MessageSid")
            row = outbox_rows.report_on(connection, ours, sid, status, f"Twilio {code}" if code else "")
            if row is not None and code == str(STOPPED_BY_CARRIER):
                outbox_rows.note_stopped(connection, row.to, row.conversation_id)
        if row is not None and row.conversation_id:
            house.notifier.nudge(row.conversation_id)
    return Response(status_code=204)


def _field(form: FormData, name: str) -> str:
    """A form field as text; '' when it is not there."""
    value = form.get(name)
    return value if isinstance(value, str) else ""
