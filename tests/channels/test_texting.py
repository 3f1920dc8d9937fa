"""A chat of the web page goes on by text and comes back: consent, whose text it is, and the link that works once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sms_parts import OTHER, PATIENT, generic_body, make_house, outgoing, rows, send_generic

from assistant import errors
from assistant.channels import chat_links, web
from assistant.channels import texting_words as words
from assistant.channels.limits import Limits
from assistant.channels.sms import opt_outs
from assistant.channels.sms.webhooks import sms_router
from assistant.channels.texting import wants_texts
from assistant.clock import clock
from assistant.conversations import erasing, records
from assistant.house import House
from assistant.pathway import patients
from assistant.pathway.telling import tell
from assistant.store import tables
from assistant.store.database import transaction
from assistant.turns import Turns
from assistant.web.link_pages import link_router
from assistant.web.wiring import page_context

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=timezone.utc)
QUESTION = "What would you like help with?"


class Bot:
    """Stands where Rasa stands: notes what it is given, and asks its one question."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []

    async def talk(self, connection: Any, conversation_id: str, channel: str, text: str, tracked: int | None = None) -> Any:
        self.heard.append((channel, text))
        self.replies = [{"text": QUESTION, "buttons": [{"title": "Money", "payload": "/money"}, {"title": "Company", "payload": "/company"}]}]
        self.understood: dict[str, Any] = {}
        self.slots: dict[str, Any] = {}
        self.active_form = None
        return self

    async def understand(self, text: str) -> dict[str, Any]:
        return {}

    def forget(self, conversation_id: str) -> None:
        """Nothing is kept."""


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    clock.set(NOON)
    yield
    clock.run()


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = make_house(tmp_path, public_base_url="http://chat.test")
    made.dialogue = Bot()  # type: ignore[assignment]
    made.turns = Turns(made)
    return made


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    app = FastAPI()
    app.state.house, app.state.limits = house, Limits(house.settings)
    errors.install(app)
    app.include_router(sms_router)
    app.include_router(web.router)
    app.include_router(link_router(page_context(house, app.state.limits)))
    with TestClient(app) as made:
        yield made


class Patient:
    """Somebody with a browser tab and a phone."""

    def __init__(self, client: TestClient, house: House) -> None:
        self.client, self.house, self.texts = client, house, 0
        made = client.post("/api/v1/conversations", json={"channel": "web"}).json()
        self.id, self.key = made["id"], {"authorization": f"Bearer {made['token']}"}

    def says(self, text: str | None = None, choice: str | None = None) -> list[dict[str, Any]]:
        body = {"text": text} if choice is None else {"choice": choice}
        answer = self.client.post(f"/api/v1/conversations/{self.id}/messages", json=body, headers=self.key)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["messages"][1:])

    def presses(self, label: str, said: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return self.says(choice={c["label"]: c["value"] for c in said[-1]["choices"]}[label])

    def texts_us(self, text: str, sender: str = PATIENT) -> str:
        """Send a text; the id of the conversation that took it in."""
        clock.shift(seconds=1)
        self.texts += 1
        key = f"{self.id}-{sender}-{self.texts}"
        assert send_generic(self.client, generic_body(text, key, sender=sender)).status_code == 202
        [message] = rows(self.house, tables.messages, provider_id=f"generic:{key}")
        self.client.portal.call(self.house.turns.answer, message.conversation_id)  # type: ignore[union-attr]
        return str(message.conversation_id)

    @property
    def row(self) -> Any:
        return rows(self.house, tables.conversations, id=self.id)[0]


@pytest.fixture
def bea(client: TestClient, house: House) -> Patient:
    return Patient(client, house)


def invited(bea: Patient) -> None:
    said = bea.presses("Yes, text me there", (bea.says("Text me instead"), bea.says("07700 900111"))[1])
    assert "Reply YES" in said[0]["text"]


def texts(house: House) -> list[str]:
    return [body for body, _ in outgoing(house)]


def with_number(house: House, bea: Patient, number: str = PATIENT, **values: Any) -> None:
    with transaction(house.engine) as connection:
        records.update(connection, bea.id, **{"contact_number": number, "safe_to_text": True, **values})


def test_text_me_instead_asks_for_number_and_safety_and_a_yes_from_that_phone(house: House, bea: Patient) -> None:
    bea.says("hello")
    asked = bea.says("can you text me instead please")
    assert asked[0]["text"] == words.ASK_NUMBER and [c["label"] for c in asked[0]["choices"]] == ["No, stay in this chat"]
    safe = bea.says("it's 07700 900111")
    assert "ends in 111" in safe[0]["text"] and "safe" in safe[0]["text"]
    assert texts(house) == [], "nothing goes out before the consent"
    sent = bea.presses("Yes, text me there", safe)
    assert "ends in 111" in sent[0]["text"]
    [invitation] = texts(house)
    assert "Reply YES" in invitation and "STOP" in invitation and QUESTION not in invitation
    assert bea.row.channel == "web" and bea.row.safe_to_text is None

    assert bea.texts_us("Yes!") == bea.id
    assert bea.row.channel == "sms" and (bea.row.contact_number, bea.row.safe_to_text) == (PATIENT, True)
    # The YES is no answer to anything the bot asked, and the question of before comes again.
    assert [heard for heard in house.dialogue.heard if heard[1] != "hello"] == []  # type: ignore[union-attr]
    assert texts(house)[1:] == [words.THANKS, f"{QUESTION}\nReply 1 Money, 2 Company."]
    assert bea.texts_us("1") == bea.id
    assert house.dialogue.heard[-1] == ("sms", "/money")  # type: ignore[union-attr]
    assert len(texts(house)) == 4


def test_writing_on_the_page_again_brings_the_answers_back_there(house: House, bea: Patient) -> None:
    invited(bea)
    bea.texts_us("yes")
    before = len(texts(house))
    said = bea.says("I am back at my desk")
    assert said[0]["text"] == QUESTION and bea.row.channel == "web" and len(texts(house)) == before
    assert bea.texts_us("and out again") == bea.id
    assert bea.row.channel == "sms" and len(texts(house)) == before + 1
    page = bea.client.get(f"/api/v1/conversations/{bea.id}/messages", headers=bea.key).json()
    assert "and out again" in [m["text"] for m in page["messages"]], "the page shows the texts too"


def test_a_number_that_is_known_is_only_asked_about(house: House, bea: Patient) -> None:
    with_number(house, bea, safe_to_text=None)
    said = bea.says("text me instead")
    assert "ends in 111" in said[0]["text"]
    other = bea.presses("Use another number", said)
    assert other[0]["text"] == words.ASK_NUMBER
    assert "ends in 222" in bea.says(OTHER)[0]["text"]


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("01582 400000", words.LANDLINE),
        ("020 7946 0000", words.LANDLINE),
        ("0845 464 7000", words.ASK_AGAIN),
        ("07700", words.ASK_AGAIN),
        ("+1 415 867 5309", words.ASK_AGAIN),
        ("07624 99", words.ASK_AGAIN),
    ],
)
def test_landlines_and_slips_are_refused_kindly(house: House, bea: Patient, number: str, told: str) -> None:
    bea.says("text me instead")
    assert bea.says(number)[0]["text"] == told
    assert "ends in 111" in bea.says("sorry, 07700900111")[0]["text"]
    assert texts(house) == []


def test_staying_repeats_the_question_of_before(bea: Patient) -> None:
    bea.says("hello")
    bea.says("text me instead")
    said = bea.says("no thanks")
    assert [m["text"] for m in said] == [words.STAYS, QUESTION]
    assert [c["label"] for c in said[1]["choices"]] == ["Money", "Company"]


def test_something_else_is_for_the_bot(house: House, bea: Patient) -> None:
    bea.says("text me instead")
    assert bea.says("what does it cost?")[0]["text"] == QUESTION
    assert house.dialogue.heard == [("web", "what does it cost?")]  # type: ignore[union-attr]


@pytest.mark.parametrize("words_said", ["text me instead", "Can we do this by text?", "txt me pls", "could you text me", "go on by text please"])
def test_ways_to_say_it(words_said: str) -> None:
    assert wants_texts(words_said, None)


@pytest.mark.parametrize(
    "words_said",
    ["text me the list", "I got a text", "my ex keeps texting me", "don't text me", "stop texting me", "my boyfriend reads every text", "he will text me if I leave"],
)
def test_what_is_no_wish_for_texts(words_said: str) -> None:
    assert not wants_texts(words_said, None)
    assert not wants_texts("text me", None, "callback_form") and wants_texts("text me instead", None, "callback_form")


def test_a_strangers_phone_learns_nothing_and_its_no_ends_it(house: House, bea: Patient) -> None:
    bea.says("I feel alone")
    invited(bea)
    stranger = bea.texts_us("who is this?")
    assert stranger != bea.id and bea.row.channel == "web"
    assert bea.texts_us("no") == bea.id
    assert bea.row.phone is None and bea.row.channel == "web" and texts(house)[-1] == words.NOT_NOW
    assert bea.texts_us("yes") == stranger


def test_a_number_that_said_stop_gets_no_invitation(house: House, bea: Patient) -> None:
    with transaction(house.engine) as connection:
        opt_outs.record(connection, PATIENT, stop=True)
    bea.says("text me instead")
    said = bea.presses("Yes, text me there", bea.says("07700 900111"))
    assert "text START" in said[0]["text"] and texts(house) == []


def test_stop_to_the_invitation_is_kept(house: House, bea: Patient) -> None:
    invited(bea)
    bea.texts_us("STOP")
    assert [row.stopped for row in rows(house, tables.opt_outs)] == [True]
    with transaction(house.engine) as connection:
        erasing.erase(connection, bea.id)
    assert len(rows(house, tables.opt_outs)) == 1, "deleting the chat does not clear it"


def test_three_invitations_a_day_whoever_asks(house: House, client: TestClient) -> None:
    for _ in range(3):
        invited(Patient(client, house))
    fourth = Patient(client, house)
    fourth.says("text me instead")
    assert fourth.presses("Yes, text me there", fourth.says("07700 900111"))[0]["text"] == words.TOO_OFTEN
    assert len(texts(house)) == 3


def test_where_no_texts_can_be_sent_it_says_so(tmp_path: Path, house: House, bea: Patient) -> None:
    house.settings = house.settings.copy(update={"demo": False})
    assert bea.says("text me instead")[0]["text"] == words.NO_TEXTS


def test_an_answer_to_a_text_reaches_the_web_conversation_and_its_choices(house: House, bea: Patient) -> None:
    with_number(house, bea, person_name="Bea")
    with transaction(house.engine) as connection:
        choices = [{"label": "Yes, I went", "value": "/went"}, {"label": "Not yet", "value": "/not_yet"}]
        assert tell(connection, house, bea.row, "Did you go to Tea and Chat?", "asked:1", choices=choices) == "text"
        connection.execute(tables.outbox.update().values(status="sent"))
    bea.says("what time is it open?")  # on the page the talk has gone on: 1 would now be Money
    assert bea.texts_us("1") == bea.id
    assert house.dialogue.heard[-1] == ("sms", "/went")  # type: ignore[union-attr]
    assert bea.row.channel == "sms" and texts(house)[-1].startswith(QUESTION)
    assert len(rows(house, tables.conversations)) == 1


@pytest.mark.parametrize("said", ["yes", "Yes, I went", "1", "YES I WENT"])
def test_the_ways_to_answer_did_you_go(house: House, bea: Patient, said: str) -> None:
    with_number(house, bea)
    with transaction(house.engine) as connection:
        tell(connection, house, bea.row, "Did you go?", "asked:1", choices=[{"label": "Yes, I went", "value": "/went"}, {"label": "No", "value": "/no"}])
    bea.texts_us(said)
    assert house.dialogue.heard[-1] == ("sms", "/went")  # type: ignore[union-attr]


def test_a_number_not_said_to_be_safe_or_given_long_ago_begins_anew(house: House, bea: Patient) -> None:
    with_number(house, bea, safe_to_text=None)
    assert bea.texts_us("hello") != bea.id
    with_number(house, bea, contact_number=OTHER)
    clock.shift(days=181)
    assert bea.texts_us("hello", OTHER) != bea.id


def test_the_newest_of_one_persons_chats_takes_the_text(house: House, client: TestClient, bea: Patient) -> None:
    with_number(house, bea, person_name="Bea Hill")
    clock.shift(minutes=5)
    later = Patient(client, house)
    with_number(house, later, person_name=" bea  HILL ")
    assert later.texts_us("hello again") == later.id


def test_two_people_on_one_phone_never_get_each_others_chat(house: House, client: TestClient, bea: Patient) -> None:
    with_number(house, bea, person_name="Bea")
    clock.shift(minutes=5)
    tom = Patient(client, house)
    with_number(house, tom, person_name="Tom")
    own = tom.texts_us("hello")
    assert own not in (bea.id, tom.id)
    assert tom.texts_us("still me") == own


def test_a_patient_of_the_team_with_the_same_number_counts_as_a_second_person(house: House, bea: Patient) -> None:
    with_number(house, bea, person_name="Bea")
    with transaction(house.engine) as connection:
        patients.create(connection, bea.row.practice, "clinician", name="Tom", number=PATIENT)
    assert bea.texts_us("hello") != bea.id


def test_twice_and_a_day_late_the_text_goes_on_in_one_chat(house: House, bea: Patient) -> None:
    with_number(house, bea)
    body = generic_body("late", "late-1", sent_at="2026-11-22T12:00:00Z")
    for _ in range(3):
        assert send_generic(bea.client, body).status_code == 202
    assert [m.conversation_id for m in rows(house, tables.messages, sender="patient")] == [bea.id]


def kept_links(house: House) -> str:
    """What the table says, as text."""
    with transaction(house.engine) as connection:
        return repr(connection.execute(sa.select(tables.chat_links)).all())


def link_of(house: House) -> str:
    found = re.search(r"http://chat\.test(/chat/go/\S+)", texts(house)[-1])
    assert found and len(texts(house)[-1]) <= 160
    return found[1]


@pytest.fixture
def by_text(house: House, bea: Patient) -> Callable[[], str]:
    """Bea by text; calling it gets her a new link."""
    with_number(house, bea)
    bea.texts_us("hello")

    def ask() -> str:
        bea.texts_us("WEB")
        return link_of(house)

    return ask


def test_a_link_opens_the_chat_once_and_looking_changes_nothing(house: House, bea: Patient, by_text: Callable[[], str]) -> None:
    link = by_text()
    for _ in range(3):
        assert "Open your chat here?" in bea.client.get(link).text
    assert "None)" in kept_links(house) and bea.row.channel == "sms"
    opened = bea.client.post(link)
    assert opened.status_code == 200 and "data-resume" in opened.text and bea.row.channel == "web"
    assert bea.client.post(link).status_code == 404 and bea.client.get(link).status_code == 404
    old = bea.client.get(f"/api/v1/conversations/{bea.id}/messages", headers=bea.key)
    assert old.status_code == 401, "a page opened before has lost its key"
    assert link.rsplit("/", 1)[1] not in kept_links(house)


def test_a_link_runs_out_after_an_hour_and_a_new_one_ends_the_old(house: House, bea: Patient, by_text: Callable[[], str]) -> None:
    first, second = by_text(), by_text()
    assert bea.client.get(first).status_code == 404 and bea.client.get(second).status_code == 200
    clock.shift(minutes=60)
    for answer in (bea.client.get(second), bea.client.post(second)):
        assert answer.status_code == 404 and "too old" in answer.text


def test_a_link_of_an_erased_chat_and_a_guess_say_the_same(house: House, bea: Patient, by_text: Callable[[], str]) -> None:
    link = by_text()
    with transaction(house.engine) as connection:
        erasing.erase(connection, bea.id)
    assert rows(house, tables.outbox) == [] and bea.client.post(link).status_code == 404
    assert bea.client.post("/chat/go/guessed").status_code == 404
    with transaction(house.engine) as connection:
        assert connection.execute(sa.select(tables.chat_links)).all() == []


def test_two_who_press_at_once_open_it_once(house: House, bea: Patient, by_text: Callable[[], str]) -> None:
    token = by_text().rsplit("/", 1)[1]
    with transaction(house.engine) as connection:
        chat_links.redeem(connection, token)
        with pytest.raises(errors.NotFound):
            chat_links.redeem(connection, token)


@pytest.mark.parametrize(("said", "wanted"), [("web", True), ("Send me a link please", True), ("LINK", True), ("online", False), ("the website is down", False)])
def test_ways_to_ask_for_a_link(said: str, wanted: bool) -> None:
    assert chat_links.wants_link(said) is wanted


def test_what_we_text_fits_one_text_with_every_practice(house: House) -> None:
    for practice in house.programme.practices.values():
        invite = words.INVITE.format_map(house.programme.facts(practice.slug))
        assert len(invite) <= 160 and len(practice.name) <= 45
    for said in (words.THANKS, words.NOT_NOW):
        assert len(said) <= 160
