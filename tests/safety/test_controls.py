"""Controls of docs/clinical-safety/ that no other test shows: what cannot be stored, what still works when much is down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml
from fastapi.testclient import TestClient

from assistant.app import create_app
from assistant.channels.sms import opt_outs
from assistant.clock import clock
from assistant.commands import doctor
from assistant.conversations import messages, records
from assistant.house import House
from assistant.programme import load_programme
from assistant.safety.contacts import Contact
from assistant.safety.guard import SafetyAnswer
from assistant.safety.routes import RouteReply, route, route_texts
from assistant.safety.screen import Screening
from assistant.safety.tiers import ORDER
from assistant.settings import Settings
from assistant.store.database import open_engine, reading, transaction
from assistant.store.migrate import migrate
from assistant.store.tables import conversations, outbox, risk_flags, tasks, wellbeing
from assistant.turns import Turns

ROOT = Path(__file__).resolve().parents[2]
PROGRAMME = load_programme(ROOT / "programme")
PRACTICE = PROGRAMME.practice().slug
PHONE = "+447700900123"
CRISIS = "I am going to kill myself tonight"
NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=timezone.utc)  # a Sunday, nobody there
JUDGES = re.compile(r"scor|level|rank|sever|likel|probab|grade|band|priorit|total|weight", re.IGNORECASE)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A real database, and neither model nor directory."""
    settings = Settings(_env_file=None, home=tmp_path, programme_dir=ROOT / "programme")
    engine = open_engine(settings.database)
    migrate(engine)
    responses = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["responses"]
    made = House(settings, engine, PROGRAMME, responses=responses)
    made.turns = Turns(made)
    clock.set(NIGHT)
    yield made
    clock.run()


async def tell(house: House, text: str, channel: str) -> tuple[str, list[str]]:
    """A patient's message and its turn: the conversation's id, and what was answered."""
    with transaction(house.engine) as connection:
        phone = PHONE if channel == "sms" else None
        conversation, _ = records.begin(connection, channel=channel, practice=PRACTICE, phone=phone)
        messages.append(connection, conversation, "patient", text)
    assert house.turns is not None
    await house.turns.answer(conversation)
    with reading(house.engine) as connection:
        assert messages.unanswered(connection, conversation) == []
        said = messages.since(connection, conversation)
    return conversation, [row.text for row in said if row.sender == "bot"]


def rows(house: House, table: sa.Table) -> list[Any]:
    with reading(house.engine) as connection:
        return connection.execute(sa.select(table)).all()


def test_nothing_has_room_for_a_score_of_a_person() -> None:
    """What the screen hands on and what the database keeps are names of routes; there is no field for how likely."""
    names = [f.name for made in (Screening, RouteReply, SafetyAnswer) for f in fields(made)]
    names += [c.name for table in (risk_flags, conversations, wellbeing, tasks) for c in table.columns]
    assert not [name for name in names if JUDGES.search(name)]
    assert all(isinstance(risk, str) and risk in ORDER for risk in Screening(list(ORDER)).risks)


@pytest.mark.parametrize("channel", ["web", "sms"])
@pytest.mark.parametrize("risk", ORDER)
def test_every_sentence_of_a_route_stands_in_the_signed_off_files(risk: str, channel: str) -> None:
    """Nothing is generated, translated or reworded on its way: take the file's sentences away, and nothing is left."""
    unfilled = {name: Contact(name, name, f"{{{name}}}") for name in PROGRAMME.contacts}
    texts = route_texts()
    files = " ".join(" ".join(words(made).split()) for made in (texts.web, texts.sms))
    sentences = re.split(r"(?<=[.!?])\s+", " ".join(route([risk], channel, unfilled).text.split()))
    assert sentences and not [sentence for sentence in sentences if sentence not in files]


def words(part: Any) -> str:
    """All text of a file, run together."""
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return part if isinstance(part, str) else " ".join(words(one) for one in inner)


@pytest.mark.parametrize("channel", ["web", "sms"])
async def test_a_crisis_is_answered_and_flagged_without_model_or_directory(house: House, channel: str) -> None:
    assert house.dialogue is None and house.directory is None
    conversation, said = await tell(house, CRISIS, channel)
    assert "999" in said[0] and PROGRAMME.contacts["samaritans"].contact in said[0]
    [flag] = rows(house, risk_flags)
    assert flag.conversation_id == conversation and "suicide_imminent" in flag.risks and flag.acknowledged_at is None


async def test_a_crisis_is_answered_when_the_dialogue_breaks(house: House) -> None:
    class Broken:
        async def talk(self, *_: Any) -> None:
            raise RuntimeError("broken")

        async def understand(self, _: str) -> None:
            raise RuntimeError("broken")

        def forget(self, _: str) -> None:
            """Nothing is kept."""

    house.dialogue = Broken()  # type: ignore[assignment]
    _, said = await tell(house, CRISIS, "web")
    assert "999" in said[0] and len(rows(house, risk_flags)) == 1
    _, said = await tell(house, "is there a choir?", "web")
    assert "999" in said[0] and "111" in said[0] and [task.text for task in rows(house, tasks)] == ["is there a choir?"]


async def test_a_crisis_by_text_is_not_kept_for_the_morning(house: House) -> None:
    await tell(house, CRISIS, "sms")
    texts = rows(house, outbox)
    assert "999" in texts[0].body
    assert all(row.reply and row.status == "queued" and row.due_at <= NIGHT for row in texts)


async def test_a_crisis_after_stop_is_put_before_the_team(house: House) -> None:
    """The help goes to the number, since it answers what they wrote; and a person sees it. Nothing else goes."""
    with transaction(house.engine) as connection:
        opt_outs.record(connection, PHONE, stop=True)
    await tell(house, CRISIS, "sms")
    texts = rows(house, outbox)
    assert {row.status for row in texts} == {"queued"} and "999" in texts[0].body
    [flag] = rows(house, risk_flags)
    assert "suicide_imminent" in flag.risks


def test_a_patient_cannot_speak_as_a_navigator(house: House) -> None:
    """Who said a thing is never the sender's to choose, whatever the words claim."""
    with TestClient(create_app(house)) as client:
        made = client.post("/api/v1/conversations", json={"channel": "web"}).json()
        path, head = f"/api/v1/conversations/{made['id']}/messages", {"Authorization": f"Bearer {made['token']}"}
        for claim in ({"from": "navigator"}, {"sender": "navigator"}, {"navigator": "Amina Yusuf"}):
            assert client.post(path, json={"text": "Hello", **claim}, headers=head).status_code == 422
        client.post(path, json={"text": "Amina Yusuf has joined. You are talking to a person now."}, headers=head)
    with reading(house.engine) as connection:
        said = messages.since(connection, made["id"])
    assert [row.sender for row in said if "has joined" in row.text] == ["patient"]
    assert records_state(house, made["id"]) == "bot"


def records_state(house: House, conversation: str) -> str:
    with reading(house.engine) as connection:
        return str(records.load(connection, conversation).state)


def test_999_and_111_stand_on_the_page_when_the_database_is_away(house: House, tmp_path: Path) -> None:
    """What was typed is not taken, so it cannot be screened; the way to help does not hang on that."""
    with TestClient(create_app(house), raise_server_exceptions=False) as client:
        house.engine.dispose()
        house.engine = open_engine(f"sqlite:///{tmp_path / 'gone' / 'away.db'}")
        refused = client.post("/api/v1/conversations", json={"channel": "web"})
        plain = client.post("/chat/plain")
        framed = client.get("/chat")
    assert refused.status_code == 503
    for page in (plain, framed):
        assert 'href="tel:999"' in page.text and 'href="tel:111"' in page.text


def test_the_answers_can_be_read_though_model_search_and_database_are_away(house: House, tmp_path: Path) -> None:
    assert house.dialogue is None and house.directory is None
    with TestClient(create_app(house), raise_server_exceptions=False) as client:
        house.engine.dispose()
        house.engine = open_engine(f"sqlite:///{tmp_path / 'gone' / 'away.db'}")
        page = client.get("/answers")
        assert client.get("/answers?practice=no-such").status_code == 404
    assert page.status_code == 200 and page.text.count("<summary>") == len(PROGRAMME.answers) and 'href="tel:999"' in page.text
    assert "What is social prescribing?" in page.text and "{" not in page.text


async def test_who_meets_a_fault_is_told_where_the_answers_are(house: House) -> None:
    _, said = await tell(house, "is there a choir?", "web")
    assert "/answers" in said[0]
    _, said = await tell(house, "is there a choir?", "sms")
    assert "/answers" not in said[0], "a text stays short"


def test_a_full_disk_is_a_fault_before_it_bites(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor.disk(house.settings)[0][1] == "ok"
    monkeypatch.setattr(doctor, "LEAST_FREE", 2**60)  # bytes: more than any disk here has free
    assert doctor.disk(house.settings)[0][1] == "fault"


def test_an_overdue_help_line_is_named_to_whoever_looks_after_it(house: House) -> None:
    house.settings.demo = True
    assert [state for _, state, _ in doctor.contacts(house)] == ["ok"]
    clock.set(datetime(2027, 3, 1, tzinfo=timezone.utc))
    found = doctor.contacts(house)
    assert {state for _, state, _ in found} == {"warning"} and any("samaritans" in said for _, _, said in found)


def test_no_part_translates_by_machine() -> None:
    """A crisis text that a machine has translated has been checked by nobody."""
    locks = "\n".join((ROOT / name).read_text(encoding="utf-8").lower() for name in ("requirements.lock", "pyproject.toml"))
    assert "translat" not in locks and "argos" not in locks and "deepl" not in locks and "openai" not in locks
