"""Everything that happened with a patient in one list, the newest first: what it was, who did it, where to read on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.desk import wording
from assistant.pathway import taxonomy
from assistant.store.pathway_tables import patient_changes, referral_steps
from assistant.store.tables import declines, events, risk_flags

EVENTS = {
    "check_in_started": "Began the check-in", "check_in_completed": "Finished the check-in", "services_shown": "Was shown services",
    "service_saved": "Saved a service", "signposted": "Took the list of saved services away", "handoff_requested": "Asked for a person",
    "handoff_accepted": "Was put through", "handoff_closed": "The talk ended", "callback_requested": "Asked for a call",
    "messages_stopped": "Stopped or restarted texts", "unmet_need": "Nothing suitable was found",
}  # fmt: skip
CHANGES = {
    "added": "Added by the team", "edited": "Details changed", "assigned": "Given to a navigator", "handed_over": "Handed over, as a navigator left",
    "closed": "Case closed", "reopened": "Case opened again", "merged": "Two records made one", "moved": "A conversation moved here",
    "undone": "Taken back",
}  # fmt: skip
STEPS = {
    "made": "Referral made", "sent": "Referral sent", "chased": "Provider chased", "told_silence": "Patient told of the silence",
    "accepted": "Provider accepted", "declined": "Provider declined", "proposed": "Date proposed", "asked": "Asked 'did you go?'",
    "attended": "Went", "missed": "Did not go", "what_next": "What next was talked about", "closed": "Referral closed",
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One line. `to` is an address under /navigator; `change` the number of what can be taken back."""

    at: datetime
    words: str
    by: str = ""
    to: str = ""
    change: int | None = None


def timeline(connection: Connection, patient_id: str, known: dict[str, Any], names: dict[str, str]) -> list[Entry]:
    """The list. `known` holds the patient's conversations, calls, tasks, notes, wellbeing and referrals, as patient_view loaded them."""
    ids = [row.id for row in known["conversations"]]
    lines = [
        *_changes(connection, patient_id, names),
        *_conversations(connection, known["conversations"], ids, names),
        *_calls(known["calls"]),
        *_tasks(known["tasks"], names),
        *_referrals(connection, known["referrals"], names),
        *(Entry(note.at, "Note left", names.get(note.staff_id, "A colleague"), note_place(note)) for note in known["notes"]),
        *(Entry(time["at"], f"Wellbeing questions answered ({time['stage']})") for time in known["wellbeing"] if time["at"]),
    ]
    return sorted(lines, key=lambda entry: entry.at, reverse=True)


def note_place(note: Any) -> str:
    """Where a note stands: its conversation, or the notes of this page."""
    conversation = getattr(note, "conversation_id", None)
    return f"/conversations/{conversation}#part-notes" if conversation else ""


def _changes(connection: Connection, patient_id: str, names: dict[str, str]) -> Iterator[Entry]:
    rows = connection.execute(sa.select(patient_changes).where(patient_changes.c.patient_id == patient_id)).all()
    for row in rows:
        words, data = CHANGES.get(row.kind, row.kind), row.data or {}
        if row.kind in ("assigned", "handed_over"):
            words = f"{words}: {names.get(data.get('now') or '', 'somebody')}"
        elif row.kind == "edited":
            words = f"{words}: {', '.join(name.replace('_', ' ') for name in data.get('fields') or [])}"
        elif row.kind == "closed":
            words = f"{words}. {taxonomy.ending_words(data.get('ended'), data.get('reason'))}"
        elif row.kind == "merged" and "row" in data:
            words = f"{words}: {data['row'].get('name') or 'no name'}, {wording.phone(data['row'].get('number')) or 'no number'}"
        elif row.kind == "undone":
            words = "A merge was taken back" if data.get("what") == "merged" else "A moved conversation was taken back"
        open_still = row.kind in ("merged", "moved") and row.undone_at is None
        by = names.get(row.by or "", "A colleague") if row.by else "By itself, as they came back" if row.kind == "reopened" else ""
        yield Entry(row.at, words, by, change=row.id if open_still else None)


def _conversations(connection: Connection, rows: list[Row], ids: list[str], names: dict[str, str]) -> Iterator[Entry]:
    for row in rows:
        if row.channel != "desk":
            yield Entry(row.created_at, f"Conversation began ({wording.CHANNELS.get(row.channel, row.channel).lower()})", to=f"/conversations/{row.id}")
    for event in _of(connection, events, ids):
        if event.kind in EVENTS:
            by = names.get((event.data or {}).get("staff") or "", "")
            yield Entry(event.at, EVENTS[event.kind], by, f"/conversations/{event.conversation_id}")
    for flag in _of(connection, risk_flags, ids):
        words = f"Safety flag: {wording.risks_in_words(flag.risks)}" + ("" if flag.acknowledged_at else " (not acknowledged)")
        yield Entry(flag.at, words, to=f"/conversations/{flag.conversation_id}#m-{flag.message_seq}")
    for row in _of(connection, declines, ids):
        yield Entry(row.at, f"Said no: {(row.reason or 'no reason given').replace('_', ' ')}", to=f"/conversations/{row.conversation_id}")


def _calls(rows: Iterable[Row]) -> Iterator[Entry]:
    for call in rows:
        what = "Meeting" if call.kind == "meeting" else "Call"
        yield Entry(call.created_at, f"{what} booked for {wording.day_and_time(call.starts_at)} with {call.navigator}", to="/calls")
        if call.status != "booked" and call.changed_at:
            words = wording.CALL_STATUS.get(call.status, call.status).lower()
            yield Entry(call.changed_at, f"{what} of {wording.day_and_time(call.starts_at)}: {words}", to="/calls")


def _tasks(rows: Iterable[Row], names: dict[str, str]) -> Iterator[Entry]:
    for task in rows:
        words = wording.TASKS.get(task.kind, task.kind)
        yield Entry(task.created_at, f"Task: {task.text if task.kind == 'follow_up' else words}")
        if task.done_at:
            yield Entry(task.done_at, f"Task done: {task.text if task.kind == 'follow_up' else words}", names.get(task.done_by or "", ""))


def _referrals(connection: Connection, rows: list[Row], names: dict[str, str]) -> Iterator[Entry]:
    services = {row.id: row.service for row in rows}
    steps = sa.select(referral_steps).where(referral_steps.c.referral_id.in_(list(services)))
    for step in connection.execute(steps) if services else ():
        by = {"provider": "The provider", "patient": "The patient"}.get(step.by or "", names.get(step.by or "", ""))
        words = STEPS.get(step.kind, step.kind.replace("_", " ").capitalize())
        yield Entry(step.at, f"{words}: {services[step.referral_id]}", by, f"/referrals/{step.referral_id}")


def _of(connection: Connection, table: sa.Table, ids: list[str]) -> list[Row]:
    return connection.execute(sa.select(table).where(table.c.conversation_id.in_(ids))).all() if ids else []
