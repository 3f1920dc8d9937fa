"""Killed again and again while people write: nothing accepted is lost, nothing is answered or sent twice.

Moments are counted, not timed, and the seed decides their order. Everybody writes at once, so that requests are always
under way.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from mortal import Gateway, MortalServer, signed

SEED = 20261121
PATIENCE = 300  # seconds for everything to come to rest
# When it is killed: after so many answers; as soon as a message is stored, before it is answered; while the next life
# answers what that one left; and with a text in the gateway's hands whose arrival we have not heard of yet.
BLOCKS = [("stored", "recovery")] * 4 + [("answers",)] * 3 + [("gateway",)] * 3
KINDS = {"stored", "recovery", "answers", "gateway"}
WEB_SCRIPT = (
    "hello", "i sit in all day and see nobody", "yes please", "what does it cost", "who are you", "is it private",
    "how long does it last", "i would like a walking group", "more please", "do i have to go", "can i bring a friend",
    "thank you",
)  # fmt: skip
SMS_SCRIPT = (
    "hello", "what does it cost", "who are you", "is it private", "how long does it last", "do i have to go",
    "can i bring a friend", "thank you",
)  # fmt: skip
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
        self._chatting = 0

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

    def changed(self) -> None:
        """Wake whoever waits for something to happen."""
        with self._changed:
            self._changed.notify_all()

    def wait(self, until: Callable[[], bool]) -> None:
        """Until it is so, or everybody is done."""
        with self._changed:
            assert self._changed.wait_for(lambda: until() or self.finished.is_set(), PATIENCE)

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
        self._chatting -= 1
        self.changed()
        return chat

    def say(self, chat: Chat, told: Told, once: bool = False) -> httpx.Response | None:
        body = {"text": told.text, "client_message_id": told.client_id}
        return self.post(f"/api/v1/conversations/{chat.id}/messages", once, json=body, headers=chat.headers)

    def texts(self, phone: str) -> str:
        """One person's texts, as a gateway delivers them: again and again until they are taken."""
        for number, text in enumerate(SMS_SCRIPT):
            # Spread over the whole time: taking a text costs the server next to nothing.
            self.wait(lambda due=number * 12: self.answers >= due or not self._chatting)  # type: ignore[misc]
            message_id = f"{phone}-{number}"
            fields = {"id": message_id, "from": phone, "to": "+447700900000", "text": text}
            self.post("/sms/generic", **signed(message_id, fields))
        return phone

    def write(self, chats: list[Chat], phones: list[str]) -> None:
        """Everybody at once."""
        self._chatting = len(chats)
        with ThreadPoolExecutor(len(chats) + len(phones)) as pool:
            jobs = [pool.submit(self.chat, chat) for chat in chats] + [pool.submit(self.texts, phone) for phone in phones]
            for job in jobs:
                job.result()


def kill_again_and_again(server: MortalServer, town: Town, gateway: Gateway, rng: random.Random) -> Counter[str]:
    """Begin a life and end it, for every block in an order of the seed's; how many ended in each kind of moment."""
    kinds: Counter[str] = Counter()
    for kind in [kind for block in rng.sample(BLOCKS, len(BLOCKS)) for kind in block]:
        if town.finished.is_set():
            break
        left = server.waiting()
        server.begin()
        if kind == "recovery":
            while server.waiting() == left and not server.ready():
                threading.Event().wait(0.005)
            happened = left > 0
        elif kind == "gateway":
            happened = killed_with_a_text_on_its_way(server, town, gateway)
            kinds[kind if happened else "answers"] += 1
            continue
        else:
            server.wait_ready()
            enough = town.answers + rng.randint(1, 6)
            town.wait(lambda enough=enough: town.answers >= enough)  # type: ignore[misc]
            while kind == "stored" and not server.waiting() and not town.finished.is_set():
                pass  # for a few hundredths of a second a message is stored and not answered: no time to rest
            happened = True
        server.kill()
        kinds[kind if happened else "answers"] += 1
    return kinds


def killed_with_a_text_on_its_way(server: MortalServer, town: Town, gateway: Gateway) -> bool:
    """Kill while the gateway has a text and has not said so; False when nobody was sent one for long."""
    reached, dead = threading.Event(), threading.Event()

    def hold() -> None:
        reached.set()
        town.changed()
        dead.wait(30)

    gateway.on_text = hold
    server.wait_ready()
    enough = town.answers + 40
    town.wait(lambda: reached.is_set() or town.answers >= enough)
    server.kill()
    gateway.on_text = None
    dead.set()
    return reached.is_set()


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
        """(seq, sender, choices, topic, services) of a conversation: what of an answer does not vary with its wording."""
        query = "SELECT seq, sender, choices, extra, services FROM messages WHERE conversation_id = ? ORDER BY seq"
        return [
            (seq, sender, choices, json.loads(extra).get("topic"), [service["id"] for service in json.loads(services)])
            for seq, sender, choices, extra, services in self.server.sql(query, conversation)
        ]


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
    assert set(aftermath.kinds) == KINDS, aftermath.kinds


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
        assert [message[0] for message in aftermath.said(conversation)] == list(range(1, last + 1))


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
    rows = server.sql("SELECT id, idempotency_key, conversation_id, \"to\", body, status FROM outbox")
    assert {row[5] for row in rows} == {"sent"}
    for conversation, phone in server.sql("SELECT id, phone FROM conversations WHERE channel = 'sms'"):
        said = [seq for seq, sender, *_ in aftermath.said(conversation) if sender == "bot"]
        keys = [row[1].split(":") for row in rows if row[2] == conversation]
        assert {row[3] for row in rows if row[2] == conversation} == {phone}
        assert sorted({int(key[1]) for key in keys}) == said, "an answer that was not texted, or a text that was not said"
    handed = {text["id"]: text["text"] for text in aftermath.gateway.accepted}
    assert handed == {row[0]: row[4] for row in rows}
    # Sent twice only what a kill caught on its way, at most one text of each person; under the same id.
    assert len(aftermath.gateway.accepted) - len(handed) <= sum(aftermath.kinds.values()) * len(PATIENTS)


def test_a_new_life_is_ready_quickly(aftermath: Aftermath) -> None:
    """Imports apart, which are done once here: settings, database, programme, index, model, and what was left."""
    assert sorted(aftermath.server.ready_seconds)[len(aftermath.server.ready_seconds) // 2] < 20
