"""What belongs to a person, table by table: the one list that erasing, exporting and retention read.

A table that holds anything of a patient must stand here; tests/privacy/test_belongings.py walks every table and fails for
one that is forgotten. A new table of a conversation, a patient or a referral is one more line in BELONGINGS.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from assistant.store import pathway_tables as pathway
from assistant.store import staff_tables as desk
from assistant.store import tables as talk

# What a column of these names says: whose the row is.
CONVERSATION = ("conversation_id", "sender_id")
PATIENT = ("patient_id",)
REFERRAL = ("referral_id",)
NUMBER = ("number", "phone", "contact_number", "to")
PERSONAL = frozenset({*CONVERSATION, *PATIENT, *REFERRAL, *NUMBER})

Fate = Literal["delete", "unlink", "keep"]


@dataclass(frozen=True)
class Belonging:
    """One table with rows of a person.

    `fate` when the person is erased: 'delete' the rows, 'unlink' them (the count stays, without the person), or 'keep'
    them (`why` says for what). `hidden` columns are not exported: keys of the machine. `outlives_chat`: when only the
    conversation goes, a row that also names a patient stays with the patient's record.
    """

    table: sa.Table
    title: str
    fate: Fate = "delete"
    why: str = ""
    hidden: tuple[str, ...] = ()
    outlives_chat: bool = False

    def columns(self, names: tuple[str, ...]) -> list[sa.Column]:
        """The table's columns of these names."""
        return [self.table.c[name] for name in names if name in self.table.c]

    @property
    def chat_column(self) -> sa.Column | None:
        """The column that names the conversation."""
        return next(iter(self.columns(CONVERSATION)), None)

    @property
    def patient_column(self) -> sa.Column | None:
        """The column that names the patient."""
        return next(iter(self.columns(PATIENT)), None)

    @property
    def referral_column(self) -> sa.Column | None:
        """The column that names the referral."""
        return next(iter(self.columns(REFERRAL)), None)


# In the order of the export; deleted in this order too, so what others refer to comes last.
BELONGINGS: tuple[Belonging, ...] = (
    Belonging(talk.messages, "Messages", hidden=("provider_id", "client_message_id")),
    Belonging(talk.tracker_events, "What the helper keeps to follow the talk"),
    Belonging(talk.outbox, "Text messages", hidden=("idempotency_key", "provider_id")),
    Belonging(talk.chat_links, "Links that carry a chat on", hidden=("token_hash",)),
    Belonging(talk.callbacks, "Calls and meetings", outlives_chat=True),
    Belonging(talk.risk_flags, "Safety flags"),
    Belonging(talk.saved_services, "Saved services"),
    Belonging(talk.tasks, "Tasks for the team", outlives_chat=True),
    Belonging(talk.wellbeing, "Wellbeing answers, as given", outlives_chat=True),
    Belonging(desk.notes, "Private notes of the team"),
    Belonging(desk.read_marks, "What the team has read"),
    Belonging(desk.typing, "Who is writing"),
    Belonging(desk.editor_examples, "Lines kept as examples", hidden=("marks",)),
    Belonging(desk.editor_answers, "Questions kept for a new answer", hidden=("marks",)),
    Belonging(pathway.referral_steps, "What happened to a referral", hidden=("mark",)),
    Belonging(pathway.referrer_news, "What the referrer was told"),
    Belonging(pathway.patient_notes, "Notes on the record"),
    Belonging(pathway.patient_changes, "Changes of the record"),
    Belonging(pathway.closing_questions, "Questions at the end", hidden=("mark",)),
    Belonging(pathway.objections, "Objections"),
    Belonging(pathway.holds, "Safeguarding holds"),
    Belonging(talk.declines, "Times they said no", fate="unlink", why="The reason counts in reports, without the person."),
    Belonging(talk.events, "What happened, as counted", fate="unlink", why="The count stays in reports, without the person."),
    Belonging(talk.opt_outs, "STOP and START by text", fate="keep", why="It is the number's wish: without it texts would begin again."),
    Belonging(pathway.referrals, "Referrals", outlives_chat=True, hidden=("link_version",)),
    Belonging(talk.conversations, "Conversations", hidden=("token_hash", "last_seq")),
    Belonging(pathway.patients, "The record"),
)  # fmt: skip

# Tables with a personal-looking column that is nobody's, each with the reason. None yet.
NOBODYS: dict[str, str] = {}
BY_TABLE = {belonging.table.name: belonging for belonging in BELONGINGS}
