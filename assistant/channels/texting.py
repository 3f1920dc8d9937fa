"""A chat of the web page goes on by text, with consent; needs no model, so it works when Rasa does not.

The patient says 'text me instead' or presses it. A number is asked for, and whether it is safe; a text goes there that
tells nothing of the chat and asks for a YES. Only when that phone answers does anything of the chat go by text.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.channels import chat_links
from assistant.channels import texting_words as words
from assistant.channels.chat_links import wants_link
from assistant.channels.outbox import queue_text
from assistant.channels.sms import opt_outs
from assistant.channels.sms.gateways import missing_settings
from assistant.channels.sms.invitation import CONFIRM, invitation, says_no, says_yes
from assistant.channels.sms.numbers import mobile
from assistant.clock import clock
from assistant.conversations import records
from assistant.errors import BadInput
from assistant.store.tables import messages as messages_table
from assistant.store.tables import outbox

if TYPE_CHECKING:
    from assistant.house import House

Reply = dict[str, Any]
ASK, USE, OTHER, STAY = "/text_me_instead", "/text_me_there", "/text_another_number", "/stay_in_chat"
NUMBER = "text_number"  # what our last message waits for
INVITES_A_DAY = 3
_WANTS = re.compile(
    r"(?:can|could|would|will|please|pls|just|you|we|i(?:'d| would) (?:rather|prefer)(?: you| to)?|to|go on|carry on|continue|talk|do this|it"
    r"|\W)*\b(?:text|txt|sms|message) me(?: on my (?:phone|mobile))?(?: instead| please| pls|\W)*"
    r"|(?:can|could|\W|we|i|please|go on|carry on|continue|talk|do this|switch|move|swap|chat|speak|to|it|just)*"
    r"\b(?:by|over|via|to|on) (?:text|texts|txt|sms)(?: messages?)?(?: instead| please| pls|\W)*",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d")
_WRITTEN = re.compile(r"\+?\d[\d ()./-]{5,}\d")


def wants_texts(text: str, payload: str | None, form: str | None = None) -> bool:
    """'Text me instead' and its like, as the whole message; or the button of that name.

    While a call is set up 'text me' may be an answer: there it takes 'instead'.
    """
    if payload is not None or len(text) > 80:
        return payload == ASK
    plain = form in (None, "check_in_form") or "instead" in text.casefold()
    return plain and bool(_WANTS.fullmatch(text.strip()))


def answer(
    connection: Connection, house: House, row: Row, message: Row, payload: str | None, asked: str | None
) -> list[Reply] | None:
    """What is said about texting, or None when the message is about something else and the bot answers it.

    `asked` is what our newest message before this one waits for (`waits_for`).
    """
    if row.channel == "sms":
        return _by_text(connection, house, row, message)
    text = message.text
    if payload is not None and payload.startswith(USE):
        return [_invite(connection, house, row, message.seq, str(json.loads(payload[len(USE):])["number"]))]
    if payload == OTHER:
        return [_ask(words.ASK_NUMBER)]
    if payload == STAY:
        return _again(connection, row, message.seq, words.STAYS)
    if wants_texts(text, payload, (row.picture or {}).get("form")):
        return [_begin(house, row)]
    if payload is None and asked == NUMBER:
        return _number_told(connection, house, row, message)
    return None


def _begin(house: House, row: Row) -> Reply:
    """Ask for what is missing: a number, or whether the one we have is safe to text."""
    if (row.safety or {}).get("no_capture"):
        return {"text": words.NO_NUMBER}
    if missing_settings(house.settings) and not house.settings.demo:
        return {"text": words.NO_TEXTS}
    known = row.contact_number and row.safe_to_text is not False and _mobile(house, row.contact_number)
    return _ask_safe(known) if known else _ask(words.ASK_NUMBER)


def _ask(text: str) -> Reply:
    return {"text": text, "choices": [{"label": words.NO_LABEL, "value": STAY}], "asks": NUMBER}


def _ask_safe(number: str) -> Reply:
    use = USE + json.dumps({"number": number})
    choices = [(words.YES_LABEL, use), (words.OTHER_LABEL, OTHER), (words.NO_LABEL, STAY)]
    return {
        "text": words.ASK_SAFE.format(end=number[-3:]),
        "choices": [{"label": label, "value": value} for label, value in choices],
        "asks": NUMBER,  # another number may be typed at once
    }


def _number_told(connection: Connection, house: House, row: Row, message: Row) -> list[Reply] | None:
    """A number, a plain no, or something else that is for the bot."""
    if says_no(message.text):
        return _again(connection, row, message.seq, words.STAYS)
    found = _WRITTEN.search(message.text)
    if found is None:
        return [_ask(words.ASK_AGAIN)] if _DIGITS.search(message.text) and len(message.text) < 30 else None
    number = _mobile(house, found[0])
    if number:
        return [_ask_safe(number)]
    landline = re.sub(r"\D", "", found[0]).startswith(("01", "02", "441", "442"))
    return [_ask(words.LANDLINE if landline else words.ASK_AGAIN)]


def _mobile(house: House, number: str) -> str | None:
    try:
        return mobile(number, demo=house.settings.demo)
    except BadInput:
        return None


def _invite(connection: Connection, house: House, row: Row, seq: int, number: str) -> Reply:
    """Ask that phone for its YES. Nothing of the chat is in the text: the number may be mistyped, or somebody else's."""
    if opt_outs.stopped(connection, number):
        return {"text": words.STOPPED.format(number=_spoken(house.settings.sms_number))}
    if _invited_today(connection, number) >= INVITES_A_DAY:
        return {"text": words.TOO_OFTEN}
    records.update(connection, row.id, phone=number)
    body = words.INVITE.format_map(house.programme.facts(row.practice))
    queue_text(
        connection, conversation_id=row.id, to=number, body=body, idempotency_key=f"invite:{row.id}:{seq}", reply=True
    )
    return {"text": words.SENT.format(end=number[-3:]), "asks": CONFIRM}


def _invited_today(connection: Connection, number: str) -> int:
    """Nobody's phone is a toy: so many invitations a day, whoever asks for them."""
    query = sa.select(sa.func.count()).where(
        outbox.c.to == number,
        outbox.c.idempotency_key.startswith("invite:"),
        outbox.c.created_at > clock.now() - timedelta(days=1),
    )
    return int(connection.execute(query).scalar_one())


def _spoken(number: str) -> str:
    return f"{number[:5]} {number[5:]}" if len(number) == 11 else number


def _by_text(connection: Connection, house: House, row: Row, message: Row) -> list[Reply] | None:
    """A wish for a link back, or the invited phone's YES or NO; anything else it writes is for the bot."""
    if wants_link(message.text):
        return [{"text": chat_links.reply(connection, house, row)}]
    asked = invitation(connection, row, message.seq)
    if asked is None:
        return None
    if says_yes(message.text):
        consent = {"contact_number": row.phone, "safe_to_text": True} if row.contact_number in (None, row.phone) else {}
        records.update(connection, row.id, **consent)
        return _again(connection, row, asked, words.THANKS)
    if says_no(message.text):
        records.update(connection, row.id, channel="web", phone=None)
        return [{"text": words.NOT_NOW}]
    return None


def waits_for(connection: Connection, row: Row, before: int) -> str | None:
    """What the newest message that is not the patient's and came before number `before` asks for."""
    extra = connection.execute(
        sa.select(messages_table.c.extra)
        .where(
            messages_table.c.conversation_id == row.id,
            messages_table.c.seq < before,
            messages_table.c.sender != "patient",
        )
        .order_by(messages_table.c.seq.desc())
        .limit(1)
    ).scalar()
    return (extra or {}).get("asks")


def _again(connection: Connection, row: Row, before: int, first: str) -> list[Reply]:
    """`first`, and the bot's question from before texting came up: nobody loses their place."""
    rows = connection.execute(
        sa.select(messages_table)
        .where(
            messages_table.c.conversation_id == row.id,
            messages_table.c.seq < before,
            messages_table.c.sender.in_(("bot", "system")),
        )
        .order_by(messages_table.c.seq.desc())
        .limit(20)
    ).all()
    own = (words.SENT.split("{")[0], words.STAYS, words.STOPPED.split(".")[0], words.TOO_OFTEN)
    for one in rows:
        if (one.extra or {}).get("asks") in (NUMBER, CONFIRM) or one.text.startswith(own):
            continue
        if not one.choices and "?" not in one.text:
            break
        return [{"text": first}, {"text": one.text, "choices": one.choices or []}]
    return [{"text": first}]


def texted_choices(connection: Connection, conversation_id: str, offered: list[dict[str, str]]) -> list[dict[str, str]]:
    """What a bare '1' means to somebody who read the newest text and not the newest message of the web page."""
    newest = sa.select(sa.func.max(outbox.c.message_seq)).where(
        outbox.c.conversation_id == conversation_id, outbox.c.status.in_(("sending", "sent", "delivered"))
    )
    choices = connection.execute(
        sa.select(messages_table.c.choices).where(
            messages_table.c.conversation_id == conversation_id, messages_table.c.seq == newest.scalar_subquery()
        )
    ).scalar()
    return list(choices) if choices else offered


def back_to_web(connection: Connection, row: Row) -> None:
    """The patient writes on the page again: answers come there, until a text comes."""
    if row.channel == "sms":
        records.update(connection, row.id, channel="web")
