"""Alembic's entry: runs on the connection `migrate` hands over."""

from __future__ import annotations

from alembic import context

from assistant.store import pathway_tables, staff_tables  # noqa: F401 - registers their tables
from assistant.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
