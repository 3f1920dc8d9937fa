"""What the helper did not read well, grouped and masked for editors, and what they make of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import clock
from assistant.desk import audit
from assistant.desk.masking import alike, mark_of, masked, plain, telling, words_of
from assistant.desk.roles import Staff
from assistant.desk.training_labels import with_need, words_of_labels
from assistant.errors import BadInput, Conflict, NotFound
from assistant.programme import Programme
from assistant.programme.drafts import check_draft, topic_name
from assistant.store.staff_tables import editor_answers, editor_examples, editor_ignored
from assistant.store.tables import conversations, messages, risk_flags

KEPT_DAYS = 30  # older words are not shown, whatever a conversation is kept for
MOST_MESSAGES = 1000
MOST_EXAMPLE, MOST_FIELD = 300, 1000  # characters
FALLBACK = 0.3  # config.yml's threshold: at or under it the helper asked again instead of answering
TABLES = {"examples": editor_examples, "answers": editor_answers, "ignored": editor_ignored}
TAKEN_BACK = {"examples": "example.removed", "answers": "answer.removed", "ignored": "missed.shown"}


@dataclass
class Missed:
    """Messages that say the same. `id` and `text` (masked) are of the newest; `closest` its likeliest labels, with chances."""

    id: int
    conversation_id: str
    practice: str
    text: str
    last: datetime
    how: str
    closest: list[tuple[str, float]]
    words: frozenset[str]
    count: int = 1
    people: set[str] = field(default_factory=set)
    told: dict[int, tuple[str, str]] = field(default_factory=dict)  # each message's masked words and conversation
    marks: list[str] = field(default_factory=list)

    @property
    def plain(self) -> str:
        """The line an example would be."""
        return plain(self.text)[:MOST_EXAMPLE]


def _how(understood: dict) -> str:
    if (understood.get("confidence") or 0.0) <= FALLBACK:
        return "Not followed"
    return "Taken as none of our business" if understood.get("intent") == "out_of_scope" else "Answered, but unsure"


def _rows(connection: Connection, staff: Staff) -> list[Row]:
    """Patients' messages of the last days that were not read well, newest first. None of a conversation with a safety flag."""
    flagged = sa.select(risk_flags.c.conversation_id)
    query = (
        sa.select(
            messages.c.id, messages.c.conversation_id, messages.c.at, messages.c.text, messages.c.extra,
            conversations.c.practice, conversations.c.person_name,
        )
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(
            messages.c.sender == "patient", messages.c.payload.is_(None), staff.sees(conversations.c.practice),
            messages.c.at >= clock.now() - timedelta(days=KEPT_DAYS), messages.c.conversation_id.not_in(flagged),
            sa.cast(messages.c.extra, sa.Text).like('%"closest"%'),
        )
        .order_by(messages.c.id.desc()).limit(MOST_MESSAGES)
    )  # fmt: skip
    rows = connection.execute(query).all()
    return [row for row in rows if row.extra.get("closest") and not (row.extra.get("understood") or {}).get("risks")]


def missed(connection: Connection, staff: Staff) -> list[Missed]:
    """Groups of messages alike within a practice, the most asked first; those settled or put aside already included."""
    staff.need("conversations")
    found: list[Missed] = []
    for row in _rows(connection, staff):
        text = masked(row.text, row.person_name)
        words = words_of(text)
        if not words_of(plain(text)):
            continue
        group = next((g for g in found if g.practice == row.practice and alike(g.words, words)), None)
        if group is None:
            understood = row.extra.get("understood") or {}
            closest = [(with_need(str(label), understood.get("needs") or []), float(p)) for label, p in row.extra["closest"]]
            group = Missed(row.id, row.conversation_id, row.practice, text, row.at, _how(understood), closest, words, count=0)
            found.append(group)
        group.count += 1
        group.people.add(row.conversation_id)
        group.told[row.id] = text, row.conversation_id
        if (mark := mark_of(text)) not in group.marks:
            group.marks.append(mark)
    return sorted(found, key=lambda group: (-group.count, -group.id))


def kept(connection: Connection, staff: Staff, kind: str) -> list[Row]:
    """What was made of messages: 'examples', 'answers' or 'ignored', newest first."""
    staff.need("conversations")
    table = TABLES[kind]
    return connection.execute(sa.select(table).where(staff.sees(table.c.practice)).order_by(table.c.id.desc())).all()


def _settled(rows: list[Row]) -> set[tuple[str, str]]:
    return {(row.practice, mark) for row in rows for mark in row.marks}


def unsettled(groups: list[Missed], *done: list[Row]) -> list[Missed]:
    """Groups with a wording that nobody has dealt with: a new way to say it brings a group back."""
    seen = _settled([row for rows in done for row in rows])
    return [group for group in groups if any((group.practice, mark) not in seen for mark in group.marks)]


def put_aside(groups: list[Missed], ignored: list[Row]) -> list[tuple[Row, str]]:
    """What was put aside, with its words where they are still within the days shown."""
    texts = {(group.practice, mark): group.text for group in groups for mark in group.marks}
    return [(row, text) for row in ignored if (text := next((texts[row.practice, mark] for mark in row.marks if (row.practice, mark) in texts), ""))]


def group_of(connection: Connection, staff: Staff, message_id: int) -> Missed:
    """The unsettled group that holds this message, with this message's own words: those the editor saw.

    Raises:
        NotAllowed: the role reads no conversations.
        NotFound: another practice's, erased, too old, flagged, or dealt with by a colleague.
    """
    done = [kept(connection, staff, kind) for kind in TABLES]
    for group in unsettled(missed(connection, staff), *done):
        if message_id in group.told:
            text, conversation_id = group.told[message_id]
            return replace(group, id=message_id, text=text, conversation_id=conversation_id)
    raise NotFound("This message is no longer here. A colleague may have dealt with it, or it was deleted.")


def add_example(
    connection: Connection, staff: Staff, programme: Programme, message_id: int, label: str, text: str = ""
) -> str:
    """Keep a line as an example for the next training and return the words of its label; `text` in place of the patient's.

    Raises:
        BadInput: a label that is none, or a line that is empty, too long or could lead to a person.
        NotFound: as `group_of`.
    """
    group = group_of(connection, staff, message_id)
    return _keep_example(connection, staff, programme, group, label, text.strip() or group.plain)


def _keep_example(
    connection: Connection, staff: Staff, programme: Programme, group: Missed | Row, label: str, text: str
) -> str:
    known = words_of_labels(programme)
    if label not in known:
        raise BadInput("Choose what it is an example of.", field="label")
    line = " ".join(text.split())
    if not words_of(line) or len(line) > MOST_EXAMPLE:
        raise BadInput(f"Write a line of 1 to {MOST_EXAMPLE} characters.", field="text")
    if found := telling(line):
        raise BadInput(f"The line holds {found}. Take it out: examples hold nothing that leads to a person.", field="text")
    _write(connection, staff, "examples", "example.added", group, text=line, label=label)
    return known[label]


def _write(connection: Connection, staff: Staff, kind: str, action: str, group: Missed | Row, **values: object) -> None:
    """One row and its audit line. A put-aside message keeps no tie to the conversation: hashes are all there is of it."""
    if kind != "ignored":
        values["conversation_id"] = group.conversation_id
    row = {"practice": group.practice, "staff_id": staff.id, "at": clock.now(), "marks": list(group.marks), **values}
    number = connection.execute(TABLES[kind].insert().values(**row)).inserted_primary_key[0]
    audit.record(connection, staff.id, action, str(number))


def ignore(connection: Connection, staff: Staff, message_id: int) -> None:
    """Put a message and those like it aside. Raises NotFound as `group_of`."""
    _write(connection, staff, "ignored", "missed.ignored", group_of(connection, staff, message_id))


def draft_answer(
    connection: Connection, staff: Staff, programme: Programme, message_id: int, *, file: str, question: str,
    answer: list[str], sms: str,
) -> str:  # fmt: skip
    """Keep a new answer, checked as programme/answers/ is, and return its topic's name.

    Raises:
        BadInput: names every fault at once.
        NotFound: as `group_of`.
    """
    group = group_of(connection, staff, message_id)
    question, sms = " ".join(question.split()), " ".join(sms.split())
    answer = [" ".join(text.split()) for text in answer if text.strip()]
    taken = {*programme.answers, *(row.topic for row in connection.execute(sa.select(editor_answers.c.topic)))}
    topic = topic_name(question, taken)
    problems = check_draft(programme, topic, file, question, answer, sms)
    if problems:
        raise BadInput(" ".join(f"{_field(problem.key)}: {problem.fix.rstrip('.')}." for problem in problems))
    values = {"asked": group.plain, "topic": topic, "file": file, "question": question, "answer": answer, "sms": sms}
    _write(connection, staff, "answers", "answer.drafted", group, **values)
    return topic


def _field(key: str) -> str:
    """'bring_dog.answer 2' as the form's label."""
    name = key.split(".", 1)[-1].replace(".", " ")
    return {"sms": "Text message", "file": "Subject"}.get(name, name.capitalize())


def example_of_answer(connection: Connection, staff: Staff, programme: Programme, answer_id: int) -> str:
    """Once a drafted answer stands in the programme, the message it came from becomes its example.

    Raises:
        NotFound: no such draft in this person's practice.
        Conflict: its topic is not in the programme yet.
    """
    row = _kept_row(connection, staff, "answers", answer_id)
    if row.topic not in programme.answers:
        raise Conflict("This answer is not in the programme folder yet. Paste it there and restart first.")
    words = _keep_example(connection, staff, programme, row, f"faq/{row.topic}", row.asked)
    connection.execute(editor_answers.delete().where(editor_answers.c.id == answer_id))
    return words


def _kept_row(connection: Connection, staff: Staff, kind: str, number: int) -> Row:
    staff.need("conversations")
    table = TABLES[kind]
    row = connection.execute(sa.select(table).where(table.c.id == number, staff.sees(table.c.practice))).first()
    if row is None:
        raise NotFound("This is no longer here. A colleague may have taken it back.")
    return row


def take_back(connection: Connection, staff: Staff, kind: str, number: int) -> None:
    """Undo: the row goes, and its messages are listed again. Raises NotFound when it is not there."""
    _kept_row(connection, staff, kind, number)
    connection.execute(TABLES[kind].delete().where(TABLES[kind].c.id == number))
    audit.record(connection, staff.id, TAKEN_BACK[kind], str(number))
