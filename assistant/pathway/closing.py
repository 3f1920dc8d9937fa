"""The wellbeing questions at the end, by chat or text: offered once, asked one by one, any of them skipped.

ONS4 and loneliness, whose exact words stand in domain.yml (facts/safety.md, section 4). No total is made, no score is
shown, and a low answer starts nothing: it stands on the patient's page for the navigator.
"""

from __future__ import annotations

import json
import re
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from actions.wellbeing_scales import LONELINESS, ONS4, answers_of, lonely_in, score_in
from assistant.clock import clock
from assistant.conversations.events import record_event
from assistant.pathway import closing_words as words
from assistant.pathway.telling import tell
from assistant.store.pathway_tables import closing_questions
from assistant.store.tables import wellbeing

if TYPE_CHECKING:
    from assistant.house import House

STEPS = (*ONS4, *LONELINESS)
OURS = "/closing"
OPEN_FOR = timedelta(days=14)  # an offer that nobody answered is not dug up after that
Reply = dict[str, Any]
_YES = re.compile(r"(?:yes|yeah|yep|ok|okay|sure|all right|alright|go on|fine)\b")
_NO = re.compile(r"(?:no|nope|nah|not now|no thanks|no thank you)\W*$")
_SKIP = re.compile(r"(?:skip|pass|next|(?:i'?d )?rather not(?: say)?|do ?n'?t know|dunno|not sure|no idea)\W*$")
_ENOUGH = re.compile(r"(?:no more(?: questions)?|(?:please )?stop(?: asking| the questions)?|enough|that'?s enough)\W*$")


def offer(connection: Connection, house: House, conversation: Row, mark: str, asked_by: str | None = None) -> str:
    """Offer the questions, once for each `mark`: 'text', 'chat', or 'before' when it was done, or an offer stands open.

    The caller nudges the conversation and wakes the outbox after the commit.
    """
    if open_of(connection, conversation.id) is not None:
        return "before"
    seen = closing_questions.c.conversation_id == conversation.id, closing_questions.c.mark == mark
    if connection.execute(sa.select(closing_questions.c.id).where(*seen)).first() is not None:
        return "before"
    id_, now = str(uuid.uuid4()), clock.now()
    try:
        with connection.begin_nested():
            connection.execute(closing_questions.insert().values(
                id=id_, conversation_id=conversation.id, patient_id=conversation.patient_id, practice=conversation.practice,
                mark=mark, asked_by=asked_by, status="offered", asked_again=False, offered_at=now, changed_at=now,
            ))  # fmt: skip
    except sa.exc.IntegrityError:
        return "before"  # another process was first
    text = words.offer(house.programme.practice(conversation.practice).name)
    return tell(connection, house, conversation, text, f"closing:{id_}", choices=[_choice(words.YES, "offer", "yes"), _choice(words.NO, "offer", "no")])


def open_of(connection: Connection, conversation_id: str) -> Row | None:
    """The questions that are offered or being asked here."""
    query = sa.select(closing_questions).where(
        closing_questions.c.conversation_id == conversation_id,
        closing_questions.c.status.in_(("offered", "asking")),
        closing_questions.c.changed_at >= clock.now() - OPEN_FOR,
    )
    return connection.execute(query.order_by(closing_questions.c.offered_at.desc()).limit(1)).first()


def heard(
    connection: Connection, house: House, conversation: Row, text: str, payload: str | None, offered: list[dict[str, str]]
) -> list[Reply] | None:
    """The replies to a message that answers our question; None when it is for the helper.

    `offered` are the choices said last: words are read as an answer only while our own question was the last thing said.
    """
    pressed = _pressed(payload)
    if pressed is None and not _asked_last(offered):
        return None
    row = open_of(connection, conversation.id)
    if row is None:
        return _late(connection, house, conversation, pressed) if pressed else None
    if pressed is not None:
        step, answer = pressed
        if step in ONS4 and text.strip().isdigit():
            answer = text.strip()  # '11' is no place in the list of answers
    else:
        told = _in_words(row, " ".join(text.lower().replace("\u2019", "'").split()))
        if told is None:
            return None
        step, answer = row.step or "offer", told
    if step == "offer":
        return _begin(connection, house, conversation, row) if answer == "yes" else _end(connection, row, "refused", words.REFUSED)
    if answer == "enough":
        return _end(connection, row, "done", words.ENOUGH)
    return _answered(connection, house, conversation, row, step, answer)


def after_aside(
    connection: Connection, house: House, conversation: Row, offered: list[dict[str, str]], replies: list[Reply], form: str | None
) -> list[Reply]:
    """Our question once more, after the helper answered something else: once, and not where it asks something itself."""
    row = open_of(connection, conversation.id) if _asked_last(offered) else None
    if row is None or row.status != "asking" or row.asked_again or form or any(reply.get("choices") for reply in replies):
        return []
    _set(connection, row, asked_again=True)
    question = _question(house, conversation, row.step)
    return [{**question, "text": f"{words.AGAIN}\n\n{question['text']}"}]


def keep(
    connection: Connection, conversation_id: str, patient_id: str | None, practice: str, stage: str, answers: dict[str, Any], mark: str
) -> bool:
    """Answers given all at once, by phone; False when the same form was sent before."""
    id_, now = str(uuid.uuid4()), clock.now()
    try:
        with connection.begin_nested():
            connection.execute(closing_questions.insert().values(
                id=id_, conversation_id=conversation_id, patient_id=patient_id, practice=practice, mark=mark, status="done",
                asked_again=False, offered_at=now, changed_at=now,
            ))  # fmt: skip
    except sa.exc.IntegrityError:
        return False
    connection.execute(wellbeing.insert().values(conversation_id=conversation_id, patient_id=patient_id, at=now, stage=stage, answers=answers))
    record_event(connection, "wellbeing_recorded", conversation_id or None, practice, stage=stage, by="desk")
    return True


def read_answer(step: str, given: str) -> int | str | None:
    """What is kept of an answer, or None when it is none of the question's."""
    return score_in(given) if step in ONS4 else lonely_in(step, given)


def _pressed(payload: str | None) -> tuple[str, str] | None:
    if not (payload or "").startswith(f"{OURS}{{"):
        return None
    try:
        told = json.loads(str(payload)[len(OURS) :])
        step, answer = str(told["step"]), str(told["answer"])
    except (ValueError, KeyError, TypeError):
        return None
    return (step, answer) if step in (*STEPS, "offer") else None


def _asked_last(offered: list[dict[str, str]]) -> bool:
    return any(str(choice.get("value", "")).startswith(OURS) for choice in offered)


def _in_words(row: Row, told: str) -> str | None:
    if row.status == "offered":
        return "yes" if _YES.match(told) and len(told.split()) <= 4 else "no" if _NO.match(told) else None
    if _ENOUGH.match(told):
        return "enough"
    if _SKIP.match(told):
        return "skip"
    short = len(told.split()) <= 8 and "?" not in told
    return told if short and read_answer(row.step, told) is not None else None


def _begin(connection: Connection, house: House, conversation: Row, row: Row) -> list[Reply]:
    if row.status == "asking":  # pressed twice
        return [_question(house, conversation, row.step)]
    _set(connection, row, status="asking", step=STEPS[0])
    first = _question(house, conversation, STEPS[0])
    return [{**first, "text": f"{first['text']}\n\n{words.BY_TEXT}"}] if conversation.channel == "sms" else [first]


def _answered(connection: Connection, house: House, conversation: Row, row: Row, step: str, given: str) -> list[Reply]:
    """Keep it, and ask the next. An answer to an earlier question, pressed late, changes that one."""
    answer = None if given == "skip" else read_answer(step, given)
    if given != "skip" and answer is None:
        return [{**_question(house, conversation, row.step or STEPS[0]), "text": words.NOT_UNDERSTOOD}]
    if row.status != "asking" or row.step is None:  # an old question's button, while a new offer stands
        _set(connection, row, status="asking", step=step)
    _write(connection, conversation, row, step, answer)
    if row.step is not None and step != row.step:
        return [{**_question(house, conversation, row.step), "text": f"{words.CHANGED}\n\n{_question(house, conversation, row.step)['text']}"}]
    place = STEPS.index(step) + 1
    if place == len(STEPS):
        return _end(connection, row, "done", words.DONE)
    _set(connection, row, step=STEPS[place], asked_again=False)
    return [_question(house, conversation, STEPS[place])]


def _late(connection: Connection, house: House, conversation: Row, pressed: tuple[str, str]) -> list[Reply]:
    """A button of questions that are over: a second thought opens them again, an answer is put right."""
    query = sa.select(closing_questions).where(closing_questions.c.conversation_id == conversation.id)
    row = connection.execute(query.order_by(closing_questions.c.offered_at.desc()).limit(1)).first()
    step, answer = pressed
    if row is None:
        return [{"text": words.REFUSED}]
    if step == "offer":
        if answer == "yes" and row.status != "done":
            _set(connection, row, status="offered")
            return _begin(connection, house, conversation, connection.execute(query.where(closing_questions.c.id == row.id)).one())
        return [{"text": words.ALREADY if row.status == "done" else words.REFUSED}]
    value = None if answer == "skip" else read_answer(step, answer)
    if answer == "skip" or value is not None:
        _write(connection, conversation, row, step, value)
    return [{"text": words.CHANGED}]


def _write(connection: Connection, conversation: Row, row: Row, step: str, answer: int | str | None) -> None:
    """Into the row of `wellbeing`, as soon as it is told; what is skipped afterwards is taken out."""
    current = connection.execute(sa.select(closing_questions.c.wellbeing_id).where(closing_questions.c.id == row.id)).scalar()
    if current is None:
        if answer is None:
            return
        done = connection.execute(wellbeing.insert().values(
            conversation_id=conversation.id, patient_id=conversation.patient_id, at=clock.now(), stage="end", answers={step: answer},
        ))  # fmt: skip
        _set(connection, row, wellbeing_id=done.inserted_primary_key[0])
        record_event(connection, "wellbeing_recorded", conversation.id, conversation.practice, stage="end")
        return
    kept = dict(connection.execute(sa.select(wellbeing.c.answers).where(wellbeing.c.id == current)).scalar() or {})
    kept.pop(step, None)
    answers = kept if answer is None else {**kept, step: answer}
    connection.execute(wellbeing.update().where(wellbeing.c.id == current).values(answers=answers))


def _end(connection: Connection, row: Row, status: str, said: str) -> list[Reply]:
    _set(connection, row, status=status, step=None)
    return [{"text": said}]


def _set(connection: Connection, row: Row, **values: Any) -> None:
    connection.execute(closing_questions.update().where(closing_questions.c.id == row.id).values(changed_at=clock.now(), **values))


def _question(house: House, conversation: Row, step: str) -> Reply:
    """The question as domain.yml has it, with its own answers; by text a score's scale is said, not listed twice."""
    text = str(house.words(f"utter_ask_check_in_form_{step}", conversation.channel)["text"])
    choices = [_choice(label, step, label) for label in answers_of(step)]
    if not (conversation.channel == "sms" and step in ONS4):
        choices.append(_choice(words.SKIP, step, "skip"))
    return {"text": text, "choices": choices}


def _choice(label: str, step: str, answer: str) -> dict[str, str]:
    return {"label": label, "value": OURS + json.dumps({"step": step, "answer": answer})}
