"""What patients are told around a call or a meeting: reminders, a call that was missed, one made or cancelled for them.

A text may be read by somebody else: it says who, when and where, and never why.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.engine import Row

from assistant.clock import LONDON, clock
from assistant.conversations.diary import MEETING, spoken, spoken_time

if TYPE_CHECKING:
    from assistant.programme import Practice

BOOK_A_CALL = {"label": "Book a call", "value": "/book_callback"}
CHANGE = [
    {"label": "Change the time", "value": '/manage_appointment{"appointment":"change"}'},
    {"label": "Cancel it", "value": '/manage_appointment{"appointment":"cancel"}'},
]


def _first(call: Row) -> str:
    return str(call.navigator).split()[0]


def _thing(call: Row) -> str:
    return "meeting" if call.kind == MEETING else "call"


def _when(moment: datetime) -> str:
    """'today at 2pm', 'tomorrow at 2pm', else the day by its name."""
    ahead = moment.astimezone(LONDON).date() - clock.today()
    near = {timedelta(0): "today", timedelta(days=1): "tomorrow"}.get(ahead)
    return f"{near} at {spoken_time(moment)}" if near else f"on {spoken(moment)}"


def reminder(call: Row, practice: Practice) -> str:
    """In the chat: who, when, where or how."""
    if call.kind == MEETING:
        return (
            f"A reminder: you will meet {_first(call)} {_when(call.starts_at)}. It is at {practice.name}, {practice.address}. "
            f"The place is {call.place or 'reception'}. You can still change the time."
        )
    return (
        f"A reminder: {_first(call)} from {practice.name} will ring you {_when(call.starts_at)}. It is a short chat, not a test. "
        "You can still change the time."
    )


def reminder_by_text(call: Row, practice: Practice) -> str:
    """By text, with how to change it in plain words: a number to reply would mean nothing in another conversation."""
    how = f"Reply 'change my {_thing(call)}' or 'cancel my {_thing(call)}' if you need to."
    if call.kind == MEETING:
        return f"{practice.name}: you meet {_first(call)} {_when(call.starts_at)}, {call.place or 'reception'}. {how}"
    return f"{practice.name}: {_first(call)} will ring you {_when(call.starts_at)}. {how}"


def booked_for_you(call: Row, practice: Practice, number: str, calendar: str) -> str:
    """A call or a meeting that a navigator booked with them."""
    if call.kind == MEETING:
        what = (
            f"You have a meeting with {call.navigator} {_on(call)}. It is at {practice.name}, {practice.address}. "
            f"The place is {call.place or 'reception'}. You can bring somebody with you."
        )
    else:
        what = f"{call.navigator} from {practice.name} will ring you {_on(call)}, on {number}. They never ask for bank details."
    return f"{what} It is about: {call.purpose}. You can put it in your calendar: {calendar}"


def booked_by_text(call: Row, practice: Practice) -> str:
    """The same by text."""
    how = f"Reply 'change my {_thing(call)}' if that does not suit you."
    if call.kind == MEETING:
        return f"{practice.name}: you meet {call.navigator} {_on(call)}. Place: {call.place or 'reception'}, {practice.address}. {how}"
    return f"{practice.name}: {call.navigator} will ring you {_on(call)}. {how}"


def _on(call: Row) -> str:
    return f"on {spoken(call.starts_at)}"


def waited_long(call: Row, number: str, calendar: str) -> str:
    """Nobody came in ten minutes: a call was made for them, which they can move."""
    return (
        f"Sorry, nobody is free to chat just now. So that you need not wait, I have booked you a call. "
        f"{call.navigator} will ring you {_on(call)}, on {number}. You can change the time, or cancel it. You can put it in your calendar: {calendar}"
    )


def waited_by_text(call: Row) -> str:
    """The same by text."""
    return f"Sorry nobody was free to chat. {_first(call)} will ring you {_on(call)}. Reply 'change my call' if that does not suit you."


def waited_no_number(first_name: str) -> str:
    """Nobody came, and there is no number that is safe to ring, or no free time in the diary."""
    return (
        f"Sorry, nobody is free to chat just now. I have told {first_name} that you asked. If a call would suit you, "
        "pick Book a call and tell me the number to ring. You can also keep waiting here."
    )


def waited_call_stands(call: Row) -> str:
    """Nobody came, and a call is in the diary already."""
    return f"Sorry, nobody is free to chat just now. Your call stands: {_first(call)} will ring you {_on(call)}. You can keep waiting here."


def waited_under_16(practice: Practice) -> str:
    """Nobody came, and no number may be taken."""
    return f"Sorry, nobody is free to chat just now. You can keep waiting here, or ring {practice.name} on {practice.phone}."


def cancelled(call: Row) -> str:
    """The team cannot make it."""
    verb = "meet you" if call.kind == MEETING else "ring you"
    return f"Sorry, we cannot {verb} {_on(call)}. Please pick another time. We would still like to talk with you."


def missed(call: Row) -> str:
    """Not reached: no blame, a new offer."""
    if call.kind == MEETING:
        return f"We missed you {_on(call)}. That is fine. You can pick another time."
    return f"We rang you {_on(call)}, but could not reach you. That is fine. You can pick another time."


def missed_by_text(call: Row, practice: Practice) -> str:
    """By text."""
    tried = "missed you" if call.kind == MEETING else "rang you"
    return f"{practice.name}: we {tried} {_on(call)}. No problem at all. Reply 'book a call' to pick another time."


def missed_for_the_last_time(call: Row, practice: Practice) -> str:
    """The third time: nobody is chased, and the door stays open."""
    return (
        f"We could not reach you {_on(call)}. That is fine. We will not keep ringing. "
        f"If you would like to talk one day, write here or ring {practice.phone}. You will be welcome."
    )


def missed_last_by_text(call: Row, practice: Practice) -> str:
    """By text."""
    return f"{practice.name}: we could not reach you, and will not keep ringing. Ring {practice.phone} or reply any time. You are welcome."
