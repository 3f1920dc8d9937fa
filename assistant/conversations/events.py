"""Life events of a conversation, the ids of taxonomy.yml's `events`: what reports count."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import Connection

from assistant.clock import clock
from assistant.store.tables import events

KINDS = frozenset(
    """conversation_started programme_explained check_in_started check_in_completed services_shown service_saved
    signposted declined callback_requested callback_booked handoff_requested handoff_accepted handoff_closed
    referral_made provider_accepted provider_declined provider_silent patient_told_of_silence
    first_session_attended session_attended disengaged completed referrer_informed risk_flagged
    risk_acknowledged unmet_need wellbeing_recorded messages_stopped""".split()
)


def record_event(connection: Connection, kind: str, conversation_id: str | None, practice: str, **data: Any) -> None:
    """Count `kind` once. `data` holds ids and numbers, never what a person wrote."""
    if kind not in KINDS:
        raise ValueError(f"{kind} is no event of the taxonomy")
    row = dict(at=clock.now(), conversation_id=conversation_id, practice=practice, kind=kind, data=data)
    connection.execute(events.insert(), row)
