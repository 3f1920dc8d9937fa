"""The directory's tables. One JSON document per listing, with the columns that are queried beside it."""

from __future__ import annotations

import sqlalchemy as sa

directory_metadata = sa.MetaData()

listings = sa.Table(
    "listings",
    directory_metadata,
    sa.Column("id", sa.String(100), primary_key=True),
    sa.Column("source", sa.String(200), nullable=False, index=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("accredited_until", sa.Date, nullable=True, index=True),
    sa.Column("checked_on", sa.Date, nullable=True, index=True),
    sa.Column("content_hash", sa.String(32), nullable=False),
    sa.Column("document", sa.JSON, nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
    sa.Column("updated_at", sa.DateTime, nullable=False),
)

# Keyed by what was encoded and by what: an unchanged text is never encoded twice, whichever listing it stands
# in.
listing_vectors = sa.Table(
    "listing_vectors",
    directory_metadata,
    sa.Column("encoder", sa.String(80), primary_key=True),
    sa.Column("text_hash", sa.String(32), primary_key=True),
    sa.Column("vectors", sa.LargeBinary, nullable=False),
)

listing_changes = sa.Table(
    "listing_changes",
    directory_metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("listing_id", sa.String(100), nullable=False, index=True),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("action", sa.String(20), nullable=False),
    sa.Column("by", sa.String(200), nullable=False),
    # {field: [before, after]}
    sa.Column("fields", sa.JSON, nullable=False),
)

imports = sa.Table(
    "imports",
    directory_metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("source", sa.String(200), nullable=False),
    sa.Column("file_sha256", sa.String(64), nullable=False),
    sa.Column("counts", sa.JSON, nullable=False),
)

# One row, `name` = 'version': raised by every write, so that any process can see cheaply that listings
# changed.
directory_state = sa.Table(
    "directory_state",
    directory_metadata,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)
