"""recovery codes, OpenID Connect, confirmed sign-ins, links back to the web chat, and which message a text carries"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from assistant.store.tables import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("staff") as table:
        table.add_column(sa.Column("email", sa.String(length=254), nullable=True))
        table.add_column(sa.Column("oidc_subject", sa.String(length=400), nullable=True))
        table.create_unique_constraint("uq_staff_email", ["email"])
        table.create_unique_constraint("uq_staff_oidc_subject", ["oidc_subject"])
    op.add_column("staff_sessions", sa.Column("confirmed_at", UtcDateTime(), nullable=True))
    op.add_column("staff_sessions", sa.Column("via", sa.String(length=8), nullable=True))
    op.add_column("outbox", sa.Column("message_seq", sa.Integer(), nullable=True))
    op.create_table(
        "staff_recovery_codes",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("selector", sa.String(length=4), nullable=False),
        sa.Column("code_hash", sa.String(length=200), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_staff_recovery_codes_staff_id"), "staff_recovery_codes", ["staff_id"])
    op.create_table(
        "oidc_tries",
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("verifier", sa.String(length=128), nullable=False),
        sa.Column("session", sa.String(length=64), nullable=True),
        sa.Column("back", sa.String(length=500), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("state_hash"),
    )
    op.create_table(
        "chat_links",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index(op.f("ix_chat_links_conversation_id"), "chat_links", ["conversation_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("chat_links")
    op.drop_table("oidc_tries")
    op.drop_table("staff_recovery_codes")
    with op.batch_alter_table("outbox") as table:
        table.drop_column("message_seq")
    with op.batch_alter_table("staff_sessions") as table:
        table.drop_column("via")
        table.drop_column("confirmed_at")
    with op.batch_alter_table("staff") as table:
        table.drop_constraint("uq_staff_oidc_subject", type_="unique")
        table.drop_constraint("uq_staff_email", type_="unique")
        table.drop_column("oidc_subject")
        table.drop_column("email")
