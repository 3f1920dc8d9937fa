"""Killed again and again while people write: nothing accepted is lost, nothing is answered or sent twice.

Moments are counted, not timed: after so many answers, when a text reaches the gateway, or while a new life still answers
what the last one left. The seed decides which, and everybody writes at once, so that requests are always under way.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from mortal import Gateway, MortalServer, signed

SEED = 20261121
KILLS = 14
PATIENCE = 240  # seconds for everything to come to rest
WEB_SCRIPT = (
    "hello", "i sit in all day and see nobody", "yes please", "what does it cost", "who are you",
    "how long does it last", "i would like a walking group", "more please", "thank you", "is it private",
)  # fmt: skip
SMS_SCRIPT = ("hello", "what does it cost", "who are you", "is it private", "thank you")
PATIENTS = [f"+4477009001{n:02}" for n in range(3)]


@dataclass
class Told:
    """One message of a patient: what it was sent with, and the answer if one came."""

    client_id: str
    text: str
    answer: dict[str, Any] | None = None


@dataclass
class Chat:
    """A web conversation from outside. `leaves`: this person does not send a message again when no answer comes."""

    leaves: bool
    id: str = ""
    token: str = ""
    told: list[Told] = field(default_factory=list)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


class Town:
    """Patients who write through every outage, and the count of what they were answered."""

    def __init__(self, server: MortalServer) -> None:
        self.server = server
        self.finished = threading.Event()
        self.answers = 0
        self._changed = threading.Condition()
        self._left = 0

    def post(self, path: str, once: bool = False, **request: Any) -> httpx.Response | None:
        """POST until an answer comes; `once`: give up, and return None, when the server dies meanwhile."""
        while True:
            assert self.server.up.wait(PATIENCE), "the server did not come back"
            try:
                answer = httpx.post(f"{self.server.url}{path}", timeout=60, **request)
            except httpx.TransportError:
                if once:
                    return None
                continue
            assert answer.status_code < 300, answer.text
            with self._changed:
                self.answers += 1
                self._changed.notify_all()
            return answer

    def wait_answers(self, count: int) -> None:
        """Until so many answers have come since the beginning, or everybody is done."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.answers >= count or self.finished.is_set(), PATIENCE)

    def chat(self, chat: Chat) -> Chat:
        """One web conversation from beginning to end."""
        begun = self.post("/api/v1/conversations", json={"channel": "web"})
        assert begun is not None
        chat.id, chat.token = begun.json()["id"], begun.json()["token"]
        for number, text in enumerate(WEB_SCRIPT):
            told = Told(f"{chat.id[:8]}-{number}", text)
            chat.told.append(told)
            answer = self.say(chat, told, once=chat.leaves)
            told.answer = answer.json() if answer is not None else None
        return chat

    def say(self, chat: Chat, told: Told, once: bool = False) -> httpx.Response | None:
        body = {"text": told.text, "client_message_id": told.client_id}
        return self.post(f"/api/v1/conversations/{chat.id}/messages", once, json=body, headers=chat.headers)

    def texts(self, phone: str) -> str:
        """One person's texts, as a gateway delivers them: again and again until they are taken."""
        for number, text in enumerate(SMS_SCRIPT):
            message_id = f"{phone}-{number}"
            fields = {"id": message_id, "from": phone, "to": "+447700900000", "text": text}
            self.post("/sms/generic", **signed(message_id, fields))
        return phone

    def write(self, chats: list[Chat], phones: list[str]) -> None:
        """Everybody at once."""
        with ThreadPoolExecutor(len(chats) + len(phones)) as pool:
            jobs = [pool.submit(self.chat, chat) for chat in chats] + [pool.submit(self.texts, phone) for phone in phones]
            for job in jobs:
                job.result()


def kill_again_and_again(server: MortalServer, town: Town, gateway: Gateway, rng: random.Random) -> Counter[str]:
    """KILLS kills, spread over the three kinds of moment; how many there were of each."""
    kinds: Counter[str] = Counter()
    for kind in rng.sample(["answers"] * 7 + ["gateway"] * 3 + ["recovery"] * 4, KILLS):
        if town.finished.is_set():
            break
        before = town.answers
        if kind == "gateway" and len({t["to"] for t in gateway.accepted}) < len(PATIENTS) * 2:
            reached = threading.Event()
            held = threading.Event()
            gateway.on_text = lambda reached=reached, held=held: (reached.set(), held.wait(30))  # type: ignore[misc]
            server.begin() if not server.up.is_set() else None
            server.up.is_set() or server.wait_ready()
            # Whoever texts next reaches it; should all texts have gone, the count of answers decides.
            town.wait_answers(before + 6)
            kind = "gateway" if reached.is_set() else "answers"
            server.kill()
            gateway.on_text = None
            held.set()
        elif kind == "recovery":
            left = server.waiting()
            server.begin()
            while server.waiting() == left and not server.ready():
                threading.Event().wait(0.005)
            server.kill()
        else:
            server.begin()
            server.wait_ready()
            town.wait_answers(before + rng.randint(1, 7))
            server.kill()
        kinds[kind] += 1
    return kinds


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    made = Gateway()
    yield made
    made.close()


@dataclass
class Aftermath:
    """What is left when all is quiet."""

    server: MortalServer
    town: Town
    gateway: Gateway
    chats: list[Chat]
    undisturbed: Chat
    quiet_phone: str
    kinds: Counter[str]

    def said(self, conversation: str) -> list[tuple[Any, ...]]:
        """(seq, sender, text) of a conversation."""
        query = "SELECT seq, sender, text FROM messages WHERE conversation_id = ? ORDER BY seq"
        return self.server.sql(query, conversation)

    def bot_said(self, conversation: str) -> list[str]:
        return [text for _, sender, text in self.said(conversation) if sender == "bot"]


@pytest.fixture(scope="module")
def aftermath(
    trained_model: Path, gateway: Gateway, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Aftermath]:
    """Everything the tests below look at: a town that writes, a server that dies, and one last life in quiet."""
    rng = random.Random(SEED)
    folder = tmp_path_factory.mktemp("mortal")
    server = MortalServer(folder / "home", trained_model, gateway, folder / "log")
    town, chats = Town(server), [Chat(leaves=n % 4 == 3) for n in range(8)]
    try:
        server.begin()
        server.wait_ready()
        server.kill()
        with ThreadPoolExecutor(1) as pool:
            writing = pool.submit(town.write, chats, PATIENTS)
            writing.add_done_callback(lambda _: town.finished.set())
            kinds = kill_again_and_again(server, town, gateway, rng)
            # A text in the hands of a dead process is taken again after two minutes; here they pass at once.
            server.sql("UPDATE outbox SET due_at = created_at WHERE status = 'sending'")
            server.begin()
            server.wait_ready()
            writing.result(PATIENCE)
        undisturbed = town.chat(Chat(leaves=False))
        quiet_phone = town.texts("+447700900199")
        come_to_rest(server)
        yield Aftermath(server, town, gateway, chats, undisturbed, quiet_phone, kinds)
    finally:
        server.close()


def come_to_rest(server: MortalServer) -> None:
    """Until nothing waits for an answer and no text for its gateway."""
    until, tick = time.monotonic() + PATIENCE, threading.Event()
    while server.waiting() or server.sql("SELECT 1 FROM outbox WHERE status IN ('queued', 'sending')"):
        assert time.monotonic() < until, server.sql("SELECT status, attempts, last_error, due_at FROM outbox")
        tick.wait(0.05)


def test_it_was_killed_often_and_at_moments_of_every_kind(aftermath: Aftermath) -> None:
    assert sum(aftermath.kinds.values()) >= 12, aftermath.kinds
    assert set(aftermath.kinds) == {"answers", "gateway", "recovery"}, aftermath.kinds


def test_every_message_that_was_accepted_is_answered_once(aftermath: Aftermath) -> None:
    """Rasa saw each once too: a turn repeated after a kill would have left a second event in its tracker."""
    server = aftermath.server
    assert server.waiting() == 0
    asked = dict(server.sql("SELECT conversation_id, count(*) FROM messages WHERE sender = 'patient' GROUP BY 1"))
    seen = Counter(
        sender for sender, data in server.sql("SELECT sender_id, data FROM tracker_events") if json.loads(data)["event"] == "user"
    )
    assert seen == asked
    assert sum(asked.values()) >= len(PATIENTS) * len(SMS_SCRIPT) + 6 * len(WEB_SCRIPT)


def test_numbers_have_no_gap_and_no_double(aftermath: Aftermath) -> None:
    counters = dict(aftermath.server.sql("SELECT id, last_seq FROM conversations"))
    for conversation, last in counters.items():
        assert [seq for seq, _, _ in aftermath.said(conversation)] == list(range(1, last + 1))


def test_what_was_said_is_what_is_said_when_nobody_kills(aftermath: Aftermath) -> None:
    expected = aftermath.said(aftermath.undisturbed.id)
    stayed = [chat for chat in aftermath.chats if not chat.leaves]
    assert len(stayed) == 6 and len(expected) > 2 * len(WEB_SCRIPT)
    for chat in stayed:
        assert aftermath.said(chat.id) == expected


def test_a_patient_who_left_is_answered_all_the_same(aftermath: Aftermath) -> None:
    for chat in aftermath.chats:
        answered = {told.client_id for told in chat.told if told.answer is not None}
        stored = {row[0] for row in aftermath.server.sql(
            "SELECT client_message_id FROM messages WHERE conversation_id = ? AND sender = 'patient' "
            "AND answered_at IS NOT NULL", chat.id)}  # fmt: skip
        assert answered <= stored, "answered, and then forgotten"


def test_a_message_sent_again_gets_the_same_answer_and_changes_nothing(aftermath: Aftermath) -> None:
    before = aftermath.server.sql("SELECT count(*), max(id) FROM messages")
    for chat in [*aftermath.chats, aftermath.undisturbed]:
        for told in chat.told:
            if told.answer is None:
                continue
            again = aftermath.town.say(chat, told)
            assert again is not None and again.json()["messages"] == told.answer["messages"], told.text
    assert aftermath.server.sql("SELECT count(*), max(id) FROM messages") == before


def test_texts_are_taken_once_however_often_the_gateway_delivers_them(aftermath: Aftermath) -> None:
    rows = aftermath.server.sql("SELECT provider_id FROM messages WHERE provider_id IS NOT NULL")
    expected = {f"generic:{phone}-{n}" for phone in [*PATIENTS, aftermath.quiet_phone] for n in range(len(SMS_SCRIPT))}
    assert {row[0] for row in rows} == expected and len(rows) == len(expected)
    phones = aftermath.server.sql("SELECT phone FROM conversations WHERE channel = 'sms'")
    assert sorted(row[0] for row in phones) == sorted([*PATIENTS, aftermath.quiet_phone])


def test_the_outbox_holds_each_text_once_and_each_was_sent(aftermath: Aftermath) -> None:
    server = aftermath.server
    rows = server.sql("SELECT id, idempotency_key, \"to\", body, status FROM outbox ORDER BY created_at")
    assert {row[4] for row in rows} == {"sent"}
    bodies = {phone: [row[3] for row in rows if row[2] == phone] for phone in [*PATIENTS, aftermath.quiet_phone]}
    for phone in PATIENTS:
        assert Counter(bodies[phone]) == Counter(bodies[aftermath.quiet_phone]), phone
    handed = {text["id"]: text["text"] for text in aftermath.gateway.accepted}
    assert handed == {row[0]: row[3] for row in rows}
    again = len(aftermath.gateway.accepted) - len(handed)
    assert again <= aftermath.kinds["gateway"] * len(PATIENTS) + aftermath.kinds["answers"] * len(PATIENTS)


def test_a_new_life_is_ready_quickly(aftermath: Aftermath) -> None:
    """Imports apart, which the next process has behind it here: database, programme, index, model and what was left."""
    assert sorted(aftermath.server.ready_seconds)[len(aftermath.server.ready_seconds) // 2] < 20
