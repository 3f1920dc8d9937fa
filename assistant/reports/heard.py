"""What was not understood, in counts, and what the texts cost."""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.house import House
from assistant.reports.plots import bars
from assistant.reports.scope import Scope
from assistant.reports.table import Cell, Section, Table, bar_values
from assistant.store.pathway_tables import referrals, signposts
from assistant.store.tables import conversations, messages, outbox

NO_PATIENT = "Signposts, services and the duty number"
FALLBACK = 0.3  # config.yml's threshold: at or under it the helper asked again
STATUS = {"delivered": "Delivered", "sent": "Sent", "queued": "Waiting to go", "sending": "Waiting to go", "failed": "Could not be sent",
          "stopped": "Held back: the person said STOP"}  # fmt: skip


def section(connection: Connection, house: House, scope: Scope) -> Section:
    """Two tables on messages, two on texts."""
    return Section("messages", "Messages and texts", [_understood(connection, scope), *_texts(connection, scope, house.settings.sms_pence_per_segment)])


def _to_no_patient(connection: Connection, scope: Scope) -> list[tuple[str, int]]:
    """(status, segments) of texts outside every conversation; the idempotency key says for what, and so whose, they are."""
    query = sa.select(outbox.c.idempotency_key, outbox.c.status, outbox.c.segments).where(
        outbox.c.conversation_id.is_(None), scope.within(outbox.c.created_at)
    )
    whose = {f"signpost:{row.id}": row.practice for row in connection.execute(sa.select(signposts.c.id, signposts.c.practice))}
    whose |= {f"referral:{row.id}": row.practice for row in connection.execute(sa.select(referrals.c.id, referrals.c.practice))}
    found = []
    for row in connection.execute(query):
        kind, name = [*row.idempotency_key.split(":"), ""][:2]
        practice = name if kind == "duty" else whose.get(f"{kind}:{name}")
        if scope.practice in (None, practice):
            found.append((row.status, row.segments))
    return found


def _understood(connection: Connection, scope: Scope) -> Table:
    query = (
        sa.select(messages.c.extra)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(scope.of(conversations.c.practice), messages.c.sender == "patient", messages.c.payload.is_(None), scope.within(messages.c.at))
    )
    counts: Counter[str] = Counter()
    for extra in connection.execute(query.execution_options(yield_per=2000)).scalars():
        read = (extra or {}).get("understood") or {}
        counts["all"] += 1
        if not read.get("intent"):
            continue  # a navigator's to answer, or a safety route's
        counts["read"] += 1
        if (extra or {}).get("closest"):
            low = (read.get("confidence") or 0.0) <= FALLBACK
            counts["Not followed" if low else "Taken as none of our business" if read["intent"] == "out_of_scope" else "Answered, but unsure"] += 1
    rows: list[tuple[Cell, ...]] = []
    if counts["all"]:
        rows = [("Messages that patients typed", counts["all"], None), ("Of these, read by the helper", counts["read"], None)]
        for name in ("Not followed", "Answered, but unsure", "Taken as none of our business"):
            rows.append((name, counts[name], 100 * counts[name] / counts["read"] if counts["read"] else None))
    return Table("understood", "What was not understood", "Typed messages, pressed buttons left out. The words are on the page 'Not understood'.",
                 ("Messages", "Number", "% of those read"), rows)  # fmt: skip


def _texts(connection: Connection, scope: Scope, pence: float) -> list[Table]:
    query = (
        sa.select(outbox.c.status, outbox.c.reply, sa.func.count(), sa.func.sum(outbox.c.segments))
        .join(conversations, conversations.c.id == outbox.c.conversation_id)
        .where(scope.of(conversations.c.practice), scope.within(outbox.c.created_at))
        .group_by(outbox.c.status, outbox.c.reply)
    )
    found = [(*row[:2], row[2], row[3]) for row in connection.execute(query)]
    found += [(status, None, 1, segments) for status, segments in _to_no_patient(connection, scope)]
    went = [row for row in found if row[0] in ("sent", "delivered")]
    rows: list[tuple[Cell, ...]] = []
    for words, reply in (("Answers to a patient", True), ("Begun by the team or the helper", False), (NO_PATIENT, None)):
        texts, parts = (sum(int(row[place] or 0) for row in went if row[1] is reply) for place in (2, 3))
        if found:
            rows.append((words, texts, parts, pence * parts / 100 if pence else None))
    if rows:
        rows.append(("All", sum(r[1] for r in rows), sum(r[2] for r in rows), pence * sum(r[2] for r in rows) / 100 if pence else None))  # type: ignore
    lost = "Texts of conversations that were erased, or are past their time, are not counted here; your gateway's bill has them."
    note = f"At {pence:g} pence a segment." if pence else "To see what they cost, set LINKWAY_SMS_PENCE_PER_SEGMENT to your contract's price."
    counts: Counter[str] = Counter()
    for row in found:
        counts[STATUS.get(row[0], row[0])] += row[2]
    fate: list[tuple[Cell, ...]] = list(counts.most_common())
    title = "What became of the texts"
    return [
        Table("texts", "Texts sent and their cost", "Texts that left. A long text is several segments, and each is charged.",
              ("Texts", "Number", "Segments", "Cost in pounds"), rows, (note, lost) if rows else ()),
        Table("text-states", title, "Every text meant to be sent in these dates.", ("State", "Texts"), fate, (),
              bars("text-states", title, bar_values(fate), caption="Number of texts.") if fate else None),
    ]  # fmt: skip
