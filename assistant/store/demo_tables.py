"""The demo's own tables: the texts of its drawn phone, and which rows its invented month is made of. Other installations have none."""

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

# Which rows `linkway demo` wrote, so that `--again` replaces these and nothing else.
demo_rows = sa.Table(
    "demo_rows",
    demo_metadata,
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("table_name", sa.String(40), nullable=False),
    sa.Column("row_key", sa.String(60), nullable=False),  # JSON: an id or a number
)
