"""The demo's drawn phone: the texts it sent and was handed. Made by the demo; other installations have none."""

from __future__ import annotations

import sqlalchemy as sa

from assistant.store.tables import UtcDateTime

# Apart from the migrated tables: a practice's database is never asked to hold it.
demo_metadata = sa.MetaData()

demo_texts = sa.Table(
    "demo_texts",
    demo_metadata,
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column(
        "key", sa.String(120), nullable=False, unique=True
    ),  # the outbox row's or the inbound text's id
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("direction", sa.String(3), nullable=False),  # in: to Linkway; out: to the phone
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("segments", sa.Integer, nullable=False),
    sqlite_autoincrement=True,
)
