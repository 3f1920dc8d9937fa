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
    sa.Column("why", sa.String(300), nullable=True),
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

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")

# What somebody outside says of a listing: 'wrong' (anybody), 'correction' (its provider, by a signed link). A person
# settles it: state is open, resolved or dismissed.
listing_reports = sa.Table(
    "listing_reports",
    directory_metadata,
    sa.Column("id", _NUMBER, primary_key=True, autoincrement=True),
    sa.Column("listing_id", sa.String(100), nullable=False, index=True),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("kind", sa.String(12), nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("contact", sa.String(200), nullable=False),
    # {field: [as it stood, as it should be]}, of a provider's correction
    sa.Column("fields", sa.JSON, nullable=False),
    sa.Column("state", sa.String(12), nullable=False, index=True),
    sa.Column("closed_at", sa.DateTime, nullable=True),
    sa.Column("closed_by", sa.String(200), nullable=True),
)

# Providers that were asked whether a listing is still right, and when they said yes.
listing_asked = sa.Table(
    "listing_asked",
    directory_metadata,
    sa.Column("id", _NUMBER, primary_key=True, autoincrement=True),
    sa.Column("listing_id", sa.String(100), nullable=False, index=True),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("by", sa.String(200), nullable=False),
    sa.Column("answered_at", sa.DateTime, nullable=True),
)

# Where a merged listing went, so that lists and links with its id still lead somewhere.
listing_moved = sa.Table(
    "listing_moved",
    directory_metadata,
    sa.Column("old_id", sa.String(100), primary_key=True),
    sa.Column("new_id", sa.String(100), nullable=False, index=True),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("by", sa.String(200), nullable=False),
    # The lines of listing_changes that undo it: the one kept, the one gone.
    sa.Column("kept_change", sa.BigInteger, nullable=True),
    sa.Column("gone_change", sa.BigInteger, nullable=True),
)

# Pairs that a person said are not the same; `first` sorts before `second`.
listing_pairs_apart = sa.Table(
    "listing_pairs_apart",
    directory_metadata,
    sa.Column("first", sa.String(100), primary_key=True),
    sa.Column("second", sa.String(100), primary_key=True),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("by", sa.String(200), nullable=False),
)

# A file between its dry run and 'do it'. `data` is emptied as soon as it is done with.
import_uploads = sa.Table(
    "import_uploads",
    directory_metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("at", sa.DateTime, nullable=False, index=True),
    sa.Column("by", sa.String(200), nullable=False),
    sa.Column("filename", sa.String(200), nullable=False),
    sa.Column("options", sa.JSON, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=True),
    sa.Column("state", sa.String(10), nullable=False),  # reading, read, doing, done, failed
    sa.Column("moved_at", sa.DateTime, nullable=False),
    sa.Column("rows_done", sa.Integer, nullable=False, default=0),
    sa.Column("rows_all", sa.Integer, nullable=False, default=0),
    sa.Column("report", sa.JSON, nullable=True),
)
