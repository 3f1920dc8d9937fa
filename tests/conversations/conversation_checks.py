"""What a transcript may look at after somebody spoke: the words, the state, the records, the texts on their way."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from conversation_player import Player
from conversation_script import Line

from assistant.channels.segments import count_segments
from assistant.conversations import diary, people, records
from assistant.dialogue.trackers import current_connection
from assistant.store.database import reading
from assistant.store.tables import declines, events, risk_flags, tasks

MOST_PARTS = 2  # segments of one text


def plain(text: str) -> str:
    """Without differences of line breaks."""
    return " ".join(text.split())


async def check(player: Player, line: Line) -> None:
    """Raises AssertionError when it is not as the line says."""
    found = CHECKS[line.word](player, line.rest)
    problem = await found if hasattr(found, "__await__") else found
    assert not problem, f"{line}\n{problem}\n\n" + "\n".join(player.dialogue[-30:])


def always(player: Player) -> str | None:
    """What holds after every message, whatever the transcript is about."""
    person = player.at
    texts = [m["text"] for m in person.replies]
    if any(not t.strip() for t in texts) or len(set(texts)) != len(texts):
        return f"an empty or a repeated message: {texts}"
    paragraphs = [p for t in texts for p in t.split("\n\n") if p.strip()]
    if len(set(paragraphs)) != len(paragraphs):
        return f"the same paragraph twice: {texts}"
    if re.search(r"\{[a-z_]+\}|\butter_|\bNone\b|action_", " ".join(texts)):
        return f"something unfilled: {texts}"
    if person.channel == "web" and sum(bool(m["choices"]) for m in person.replies) > 1:
        return f"more than one question to answer: {texts}"
    long = [t for t in person.texts if count_segments(t) > MOST_PARTS]
    return f"texts of more than {MOST_PARTS} parts: {long}" if long else None


def _said(player: Player) -> str:
    return plain(" ".join(m["text"] for m in player.at.replies))


def says(player: Player, rest: str) -> str | None:
    return None if plain(rest) in _said(player) else f"said was: {_said(player)}"


def does_not_say(player: Player, rest: str) -> str | None:
    return f"said was: {_said(player)}" if plain(rest).lower() in _said(player).lower() else None


def silent(player: Player, _: str) -> str | None:
    bot = [m["text"] for m in player.at.replies if m["from"] == "bot"]
    return f"the bot said {bot}" if bot else None


def answers(player: Player, topic: str) -> str | None:
    told = [m.get("topic") for m in player.at.replies]
    return None if topic in told else f"topics answered: {told}"


def _offered(player: Player) -> list[str]:
    return [c["label"] for m in player.at.replies for c in m["choices"]]


def offers(player: Player, rest: str) -> str | None:
    missing = [label.strip() for label in rest.split("|") if not any(o.startswith(label.strip()) for o in _offered(player))]
    return f"not offered: {missing}; offered: {_offered(player)}" if missing else None


def does_not_offer(player: Player, rest: str) -> str | None:
    return f"offered: {_offered(player)}" if any(o.startswith(rest) for o in _offered(player)) else None


def notice(player: Player, rest: str) -> str | None:
    told = [m["text"] for m in player.at.replies if m["from"] == "system"]
    return None if any(plain(rest) in plain(t) for t in told) else f"notices: {told}"


async def _slots(player: Player) -> dict[str, Any]:
    assert player.house.dialogue is not None
    with reading(player.house.engine) as connection:
        token = current_connection.set(connection)
        try:
            tracker = await player.house.dialogue.trackers.retrieve(player.at.conversation)
        finally:
            current_connection.reset(token)
    return tracker.current_slot_values() if tracker else {}


async def asks(player: Player, step: str) -> str | None:
    asked = (await _slots(player)).get("requested_slot")
    return None if (asked or "nothing") == step else f"asked is {asked}"


async def known(player: Player, rest: str) -> str | None:
    slots = await _slots(player)
    wrong = []
    for pair in re.split(r"\s*;\s*", rest):
        name, _, value = pair.partition("=")
        held = slots.get(name.strip())
        if value.strip().lower() not in str(held).lower():
            wrong.append(f"{name.strip()} is {held!r}")
    return "; ".join(wrong) or None


async def not_known(player: Player, name: str) -> str | None:
    held = (await _slots(player)).get(name)
    return f"{name} is {held!r}" if held not in (None, "skipped", "not_needed", [], {}) else None


def state(player: Player, wanted: str) -> str | None:
    with reading(player.house.engine) as connection:
        row = records.load(connection, player.at.conversation)
    return None if row.state == wanted else f"state is {row.state}"


def _services(player: Player) -> list[str]:
    return [s["name"] for m in player.at.replies for s in m["services"]]


def service_shown(player: Player, name: str) -> str | None:
    shown = _services(player)
    return None if (name in shown if name else shown) else f"shown: {shown}"


def no_service_shown(player: Player, name: str) -> str | None:
    shown = _services(player)
    return f"shown: {shown}" if (name in shown if name else shown) else None


def services_shown(player: Player, count: str) -> str | None:
    return None if len(_services(player)) == int(count) else f"shown: {_services(player)}"


def saved(player: Player, name: str) -> str | None:
    assert player.house.directory is not None
    with reading(player.house.engine) as connection:
        ids = people.saved(connection, player.at.conversation)
    names = [match.as_service()["name"] for i in ids if (match := player.house.directory.get(i, viewer="patient"))]
    if name:
        return None if name in names else f"saved: {names}"
    return None if names else "nothing is saved"


def nothing_saved(player: Player, _: str) -> str | None:
    return "something is saved" if saved(player, "") is None else None


def _rows(player: Player, table: sa.Table) -> list[Any]:
    with reading(player.house.engine) as connection:
        return connection.execute(table.select().where(table.c.conversation_id == player.at.conversation)).all()


def record(player: Player, rest: str) -> str | None:
    """'decline stage=offer reason=too_busy': the newest refusal has these values."""
    rows, pairs = _rows(player, declines), dict(pair.split("=") for pair in rest.split()[1:])
    if not rows:
        return "no refusal is recorded"
    wrong = [f"{k} is {rows[-1][k]!r}" for k, v in pairs.items() if str(rows[-1][k] or "none") != v]
    return "; ".join(wrong) or None


def no_record(player: Player, _: str) -> str | None:
    return f"recorded: {_rows(player, declines)}" if _rows(player, declines) else None


def event(player: Player, kind: str) -> str | None:
    kinds = [row.kind for row in _rows(player, events)]
    return None if kind in kinds else f"events: {kinds}"


def task(player: Player, kind: str) -> str | None:
    kinds = [row.kind for row in _rows(player, tasks)]
    return None if kind in kinds else f"tasks: {kinds}"


def no_task(player: Player, _: str) -> str | None:
    return f"tasks: {_rows(player, tasks)}" if _rows(player, tasks) else None


def flag(player: Player, risk: str) -> str | None:
    risks = [r for row in _rows(player, risk_flags) for r in row.risks]
    return None if risk in risks else f"flags: {risks}"


def no_flag(player: Player, _: str) -> str | None:
    return f"flags: {_rows(player, risk_flags)}" if _rows(player, risk_flags) else None


def _call(player: Player) -> str:
    with reading(player.house.engine) as connection:
        call = diary.booked_call(connection, player.at.conversation)
    return diary.spoken(call.starts_at) if call else ""


def call_booked(player: Player, when: str) -> str | None:
    return None if _call(player) and when in _call(player) else f"call: {_call(player) or 'none'}"


def no_call_booked(player: Player, _: str) -> str | None:
    return _call(player) or None


def sms(player: Player, rest: str) -> str | None:
    return None if any(plain(rest) in plain(t) for t in player.at.texts) else f"texts: {player.at.texts}"


def sms_parts(player: Player, most: str) -> str | None:
    parts = [count_segments(text) for text in player.at.texts]
    return None if parts and max(parts) <= int(most) else f"parts of each text: {parts}"


def read_as(player: Player, rest: str) -> str | None:
    """How the message was read: 'faq/cost', 'describe_need money housing'. For lines where the reading is the point."""
    wanted, *needs = rest.split()
    from assistant.store.tables import messages

    rows = [row for row in _rows(player, messages) if row.sender == "patient"]
    read = (rows[-1].extra or {}).get("understood") or {}
    label = "/".join(filter(None, [read.get("intent"), read.get("topic")]))
    return None if label.startswith(wanted) and set(needs) <= set(read.get("needs") or []) else f"read as {read}"


def questions(player: Player, most: str) -> str | None:
    """At most so many of the bot's turns held a question so far."""
    return None if player.at.questions <= int(most) else f"{player.at.questions} turns with a question"


CHECKS = {
    "bot says": says, "bot does not say": does_not_say, "bot asks": asks, "bot answers": answers, "bot offers": offers,
    "bot does not offer": does_not_offer, "bot is silent": silent, "notice": notice, "state": state, "read as": read_as,
    "known": known, "not known": not_known, "service shown": service_shown, "no service shown": no_service_shown,
    "services shown": services_shown, "saved": saved, "nothing saved": nothing_saved, "record": record,
    "no record": no_record, "event": event, "task": task, "no task": no_task, "flag": flag, "no flag": no_flag,
    "call booked": call_booked, "no call booked": no_call_booked, "sms": sms, "sms parts": sms_parts,
    "questions before this": questions,
}  # fmt: skip
