"""One person's data to hand over: a zip with JSON and a page that can be read; staff by role and name, nobody else in it."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from markupsafe import escape
from sqlalchemy.engine import Connection, Row

from assistant.clock import LONDON, clock
from assistant.conversations import erasing
from assistant.pathway.privacy.person import Person, rows_of
from assistant.store.belongings import BELONGINGS, Belonging
from assistant.store.demo_tables import demo_texts
from assistant.store.staff_tables import audit, staff

# Columns that name one of the team, in any table.
STAFF = frozenset(
    """staff_id by navigator_id owner_id done_by acknowledged_by made_by sent_by noted_by withdrawn_by set_by lifted_by""".split()
)
JSON_ONLY = frozenset({"tracker_events"})  # of use to a program alone: named on the page, and left to the JSON
OPENED = "Who of the team opened or changed this"
SAYS = (
    "This is everything Linkway holds about {who}. The same is in data.json, for a program. "
    "Before it is handed over, somebody must read it: notes and messages may name other people."
)


def export_zip(connection: Connection, person: Person) -> bytes:
    """The archive: `data.json` and `index.html`. Nothing of it is written to disk here."""
    data = everything(connection, person)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=2, default=str))
        archive.writestr("index.html", as_page(person, data))
    return file.getvalue()


def file_name(person: Person) -> str:
    """Without a name: a download folder is no place for one."""
    return f"linkway-{person.reference[:8]}-{clock.today().isoformat()}.zip"


def everything(connection: Connection, person: Person) -> dict[str, Any]:
    """Table's title -> rows, ready for JSON; then who of the team looked."""
    names = _team(connection)
    rows = rows_of(connection, person)
    sections = {
        belonging.title: [_plain(row, belonging, names) for row in rows[belonging.table.name]] for belonging in reversed(BELONGINGS)
    }
    drawn = _drawn_phone(connection, person)
    if drawn:
        sections["The demo's drawn phone"] = drawn
    ids = [person.patient_id, *person.conversation_ids, *(row.id for row in rows["referrals"])]
    return {
        "made_at": clock.now().isoformat(),
        "practice": person.practice,
        "about": person.reference,
        "sections": sections,
        OPENED: _opened(connection, [one for one in ids if one], names),
        "kept_elsewhere": (
            "Copies may stand in backups until those run out. What the practice wrote into the health record is not in here."
        ),
    }


def as_page(person: Person, data: dict[str, Any]) -> str:
    """The same to read, as one file that loads nothing."""
    who = person.name or "this person"
    parts = [f"<h1>Everything held about {escape(who)}</h1>", f"<p>{escape(SAYS.format(who=who))}</p>"]
    parts.append(f"<p>Made on {escape(_time(clock.now()))}. {escape(data['kept_elsewhere'])}</p>")
    hidden = {belonging.title for belonging in BELONGINGS if belonging.table.name in JSON_ONLY}
    for title, rows in [*data["sections"].items(), (OPENED, data[OPENED])]:
        if not rows:
            continue
        parts.append(f"<h2>{escape(title)}</h2>")
        if title in hidden:
            parts.append(f"<p>{len(rows)} lines for the machine. They are in data.json.</p>")
            continue
        parts += [_entry(row) for row in rows]
    return _FRAME.format(title=escape(f"Everything held about {who}"), body="\n".join(parts))


def _entry(row: dict[str, Any]) -> str:
    lines = []
    for key, value in row.items():
        if value in (None, "", [], {}) or key == "id" or key.endswith("_id"):
            continue
        if isinstance(value, (dict, list)):
            value = json.dumps(value, ensure_ascii=False, default=str)
        elif isinstance(value, bool):
            value = "Yes" if value else "No"
        lines.append(f"<div><dt>{escape(key.replace('_', ' ').capitalize())}</dt><dd>{escape(value)}</dd></div>")
    return f"<dl>{''.join(lines)}</dl>"


def _plain(row: Row, belonging: Belonging, names: dict[str, str]) -> dict[str, Any]:
    """A row without the machine's keys, with staff by role and name and times as they were in England."""
    out: dict[str, Any] = {}
    for column in belonging.table.columns:
        if column.name in belonging.hidden:
            continue
        value = row._mapping[column]
        if isinstance(value, datetime):
            value = _time(value)
        elif column.name in STAFF and value in names:
            value = names[value]
        elif column.name == "data" and isinstance(value, dict):
            value = {key: names.get(one, one) if isinstance(one, str) else one for key, one in value.items()}
        elif belonging.table.name == "tracker_events" and column.name == "data":
            value = json.loads(value)
        out[column.name] = value
    return out


def _team(connection: Connection) -> dict[str, str]:
    rows = connection.execute(sa.select(staff.c.id, staff.c.name, staff.c.role))
    return {row.id: f"{row.role.capitalize()} {row.name}" for row in rows}


def _opened(connection: Connection, ids: list[str], names: dict[str, str]) -> list[dict[str, Any]]:
    rows = connection.execute(sa.select(audit).where(audit.c.subject.in_(ids)).order_by(audit.c.id))
    return [
        {"when": _time(row.at), "who": names.get(row.staff_id or "", "The server"), "what": row.action.replace(".", " ").replace("_", " ")}
        for row in rows
    ]


def _drawn_phone(connection: Connection, person: Person) -> list[dict[str, Any]]:
    keys = [key for one in person.conversation_ids for key in erasing.drawn_phone_keys(connection, one)]
    if not keys:
        return []
    rows = connection.execute(sa.select(demo_texts).order_by(demo_texts.c.n))
    wanted = set(keys)
    return [{"when": _time(row.at), "direction": row.direction, "text": row.text} for row in rows if row.key in wanted]


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(LONDON):%d %B %Y, %H:%M}"


_FRAME = """<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<style>body{{font:16px/1.5 Arial,sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#1c2b2d}}dl{{border-top:1px solid #cddad8;margin:0;padding:.6em 0}}
dl div{{display:grid;grid-template-columns:12em minmax(0,1fr);gap:0 1em}}dt{{color:#45585a}}dd{{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}}
@media(max-width:40em){{dl div{{grid-template-columns:minmax(0,1fr)}}}}</style></head><body><main>
{body}
</main></body></html>
"""
