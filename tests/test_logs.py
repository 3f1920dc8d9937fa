"""No log and no metric ever holds what a patient wrote, a name or a number: a marker goes through every door, and is looked for."""

from __future__ import annotations

import io
import logging
import re
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
import structlog
from mortal import Gateway, MortalServer, signed
from sqlalchemy.engine import Engine
from twilio.request_validator import RequestValidator

from assistant.desk import accounts
from assistant.logs import ALLOWED, WithoutWords, configure, hush_libraries, log
from assistant.store.database import open_engine, transaction

CANARY = "xyzzycanary"
TWILIO = "the auth token of the tests"
NAME = "Quillathorpe"
PHONE = "+447700900163"
NUMBERS = ("7700900163", "7700 900163", "07700 900 163")
SAID = (
    f"hello {CANARY}", f"i sit in all day and see nobody {CANARY}", f"what does it cost {CANARY}", f"i want to kill myself {CANARY}",
    f"a walking group near LU3 {CANARY}", "can somebody ring me", "tomorrow morning", f"my name is {NAME}", "07700 900163",
    f"/restart {CANARY}", f"EXTERNAL: {CANARY}", "\u202e\x07 " + CANARY, f'/faq{{"topic": "{CANARY}"}}', f"{CANARY} " * 100,
)  # fmt: skip


@contextmanager
def closing(engine: Engine) -> Iterator[Engine]:
    yield engine
    engine.dispose()


class Doors:
    """A server at its most talkative, and everything it wrote and counted."""

    def __init__(self, server: MortalServer, log_file: Path) -> None:
        self.server, self.log_file = server, log_file
        self.http = httpx.Client(base_url=server.url, timeout=60)

    def knock(self) -> None:
        """The marker through every way in that takes words, those that refuse it included."""
        begun = self.http.post("/api/v1/conversations", json={"channel": "web"}).json()
        path, bearer = f"/api/v1/conversations/{begun['id']}", {"Authorization": f"Bearer {begun['token']}"}
        for text in SAID:
            assert self.http.post(f"{path}/messages", json={"text": text}, headers=bearer).status_code == 200, text
        for body in ({"text": CANARY * 300}, {"choice": CANARY}, {"text": CANARY, "extra": CANARY}, [CANARY], {"text": 7}):
            assert self.http.post(f"{path}/messages", json=body, headers=bearer).status_code == 422
        broken = self.http.post(f"{path}/messages", content=f'{{"text": "{CANARY}', headers=bearer)
        assert broken.status_code in (400, 422)
        assert self.http.get(f"{path}/messages", headers={"Authorization": f"Bearer {CANARY}"}).status_code == 401
        assert self.http.get(f"/api/v1/conversations/{CANARY}/transcript", headers=bearer).status_code in (401, 404)
        assert CANARY in self.http.get(f"{path}/transcript", headers=bearer).text
        self.http.get("/api/v1/directory/search", params={"q": CANARY, "near": CANARY, "day": CANARY})
        self.http.get(f"/{CANARY}", params={CANARY: CANARY})
        self.http.post("/navigator/sign-in", data={"username": CANARY, "password": CANARY, "code": CANARY})
        self.http.post("/demo/phone", json={"text": CANARY})
        for number, text in enumerate(("hello", CANARY, f"my name is {NAME}")):
            fields = {"id": f"{CANARY}-{number}", "from": PHONE, "to": "+447700900000", "text": text}
            assert self.http.post("/sms/generic", **signed(f"id-{number}", fields)).status_code == 202
        unsigned = {"From": PHONE, "Body": CANARY, "MessageSid": "SM1"}
        assert self.http.post("/sms/twilio", data=unsigned, headers={"X-Twilio-Signature": CANARY}).status_code in (403, 503)
        assert self.http.post("/sms/generic", json={"text": CANARY}).status_code == 401

    def knock_at_the_desk(self) -> None:
        """What staff write, search for and are shown; refused and forged, too."""
        with closing(open_engine(f"sqlite:///{self.server.home / 'linkway.db'}")) as engine, transaction(engine) as connection:
            grace = accounts.add_staff(connection, "grace", "Grace Obi", "manager", "wardown-park")
        begun = self.http.post("/api/v1/conversations", json={"channel": "web"}).json()
        bearer = {"Authorization": f"Bearer {begun['token']}"}
        self.http.post(f"/api/v1/conversations/{begun['id']}/messages", json={"text": f"hello {CANARY}"}, headers=bearer)
        with httpx.Client(base_url=f"{self.server.url}/navigator", timeout=60, headers={"Sec-Fetch-Site": "same-origin"}) as desk:
            token = re.search(r'name="csrf" value="([^"]+)"', desk.get("/sign-in").text)
            assert token
            form = {"csrf": token[1], "username": "grace", "password": grace.password, "code": accounts.current_code(grace.totp_secret)}
            assert desk.post("/sign-in", data=form).status_code == 303
            session = re.search(r'data-csrf="([^"]+)"', desk.get("/help").text)
            assert session
            here, mine = f"/conversations/{begun['id']}", {"csrf": session[1]}
            person = f"/privacy/conversation/{begun['id']}"
            assert CANARY in desk.get(here).text
            for address, fields, status in (
                (f"{here}/claim", {}, 303), (f"{here}/reply", {"text": f"hello {NAME} {CANARY}"}, 303), (f"{here}/note", {"note": CANARY}, 303),
                (f"{here}/reply", {"text": CANARY * 2000}, 422), (f"{here}/close", {}, 303), (f"{person}/hold", {"why": CANARY}, 303),
                (f"{person}/objection", {"what": CANARY, "how": CANARY}, 422), (f"{person}/lift", {"why": CANARY}, 303),
                (f"/flags/{CANARY}/acknowledge", {}, 422), (f"{person}/erase", {"sure": CANARY}, 422),
            ):  # fmt: skip
                assert desk.post(address, data={**fields, **mine}).status_code == status, address
            assert desk.post(f"{here}/note", data={"note": CANARY}).status_code == 403, "forged"
            assert desk.post(f"{person}/export", data=mine).content.startswith(b"PK")
            for address in ("/people", "/privacy", "/directory", "/activity", f"/{CANARY}", f"/conversations/{CANARY}"):
                desk.get(address, params={"q": CANARY, "person": CANARY, "first": CANARY})
            self.server.sql("ALTER TABLE notes RENAME COLUMN text TO words")
            assert desk.post(f"{here}/note", data={"note": f"{CANARY} {NAME}", **mine}).status_code == 503
            self.server.sql("ALTER TABLE notes RENAME COLUMN words TO text")

    def knock_by_text(self) -> None:
        """Twilio's own way, signed; reports; and a gateway that fails with our words in its hands."""
        validator = RequestValidator(TWILIO)
        for path, fields in (
            ("/sms/twilio", {"From": PHONE, "To": "+447700900000", "Body": f"hello {CANARY}", "MessageSid": "SMcanary"}),
            ("/sms/twilio/status", {"MessageSid": CANARY, "MessageStatus": "failed", "ErrorMessage": CANARY, "To": PHONE}),
        ):
            headers = {"X-Twilio-Signature": validator.compute_signature(f"{self.server.url}{path}", fields)}
            assert self.http.post(path, data=fields, headers=headers).status_code < 300, path
        for path in ("/sms/notify", "/sms/notify/status"):
            self.http.post(path, json={"message": CANARY, "source_number": PHONE}, headers={"Authorization": f"Bearer {CANARY}"})

    def knock_when_broken(self) -> None:
        """The same when a turn fails half-way: what is logged of errors is where words get out most easily."""
        begun = self.http.post("/api/v1/conversations", json={"channel": "web"}).json()
        self.server.sql("ALTER TABLE tracker_events RENAME TO elsewhere")
        path, bearer = f"/api/v1/conversations/{begun['id']}/messages", {"Authorization": f"Bearer {begun['token']}"}
        answer = self.http.post(path, json={"text": f"i am lonely {CANARY} {NAME}"}, headers=bearer)
        assert answer.status_code == 200 and "not working" in answer.json()["messages"][-1]["text"]
        self.server.sql("ALTER TABLE elsewhere RENAME TO tracker_events")
        self.server.sql("ALTER TABLE messages RENAME COLUMN text TO words")
        self.http.post(path, json={"text": CANARY}, headers=bearer)
        self.server.sql("ALTER TABLE messages RENAME COLUMN words TO text")

    def written(self) -> str:
        return self.log_file.read_text(encoding="utf-8", errors="replace")


@pytest.fixture(scope="module")
def doors(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """The real command at level DEBUG, after the marker has been everywhere."""
    folder, gateway = tmp_path_factory.mktemp("logs"), Gateway()
    server = MortalServer(folder / "home", trained_model, gateway, folder / "log", LINKWAY_LOG_LEVEL="DEBUG", LINKWAY_TWILIO_AUTH_TOKEN=TWILIO)
    try:
        server.begin()
        server.wait_ready()
        made = Doors(server, folder / "log")
        made.knock()
        made.knock_at_the_desk()
        made.knock_by_text()
        made.knock_when_broken()
        yield made
    finally:
        server.close()
        gateway.close()


def leaks(text: str) -> list[str]:
    """Lines with the marker, the name or the number in any way of writing it."""
    lines = text.splitlines()
    return [line for line in lines if re.search(f"{CANARY}|{NAME}", line, re.IGNORECASE) or any(n in line for n in NUMBERS)]


def test_nothing_a_patient_wrote_is_in_the_log(doors: Doors) -> None:
    written = doors.written()
    assert "Linkway is ready" in written and "turn failed" in written, "nothing was logged, so nothing was tried"
    assert leaks(written) == []


def test_nothing_a_patient_wrote_is_in_the_metrics_nor_any_conversation(doors: Doors) -> None:
    metrics = doors.http.get("/metrics").text
    assert "process_" in metrics or "python_" in metrics
    assert leaks(metrics) == []
    for (conversation,) in doors.server.sql("SELECT id FROM conversations"):
        assert conversation not in metrics
    assert "text" not in {name for name in re.findall(r'(\w+)="', metrics)}


def test_the_outbox_keeps_no_words_of_a_gateways_error(doors: Doors) -> None:
    for (error,) in doors.server.sql("SELECT last_error FROM outbox WHERE last_error IS NOT NULL"):
        assert leaks(error) == []


def test_the_other_operations_pages_say_nothing_either(doors: Doors) -> None:
    for path in ("/healthz", "/readyz"):
        assert leaks(doors.http.get(path).text) == []


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What our own logger writes, at DEBUG."""
    heard = io.StringIO()
    before = structlog.get_config()
    with redirect_stderr(heard):
        configure("DEBUG")
        yield heard
    structlog.configure(**before)


def test_a_careless_call_loses_its_words(lines: io.StringIO) -> None:
    log.error("turn failed", conversation="c-1", text=CANARY, sender=PHONE, error="KeyError", name=NAME)
    written = lines.getvalue()
    assert "event='turn failed'" in written and "conversation='c-1'" in written and "error='KeyError'" in written
    assert leaks(written) == []


def test_no_allowed_key_is_one_for_words() -> None:
    assert not ALLOWED & {"text", "message", "body", "name", "phone", "sender", "to", "from", "query", "token", "username", "title"}


def test_of_a_librarys_exception_only_the_place_is_kept() -> None:
    record = logging.LogRecord("rasa.core.processor", logging.ERROR, __file__, 1, f"failed on {CANARY}", (CANARY,), None)
    try:
        raise ValueError(CANARY)
    except ValueError:
        record.exc_info = sys.exc_info()
    line = WithoutWords().format(record)
    assert re.fullmatch(r"ERROR rasa\.core\.processor ValueError at test_logs\.py:\d+", line)


def test_of_the_directorys_lines_the_fixed_part_is_kept() -> None:
    record = logging.LogRecord("directory.index", logging.WARNING, __file__, 1, "The index %s is damaged", (CANARY,), None)
    assert WithoutWords().format(record) == "WARNING directory.index The index %s is damaged"


def test_a_warning_of_a_library_is_counted_by_kind_and_not_quoted(lines: io.StringIO) -> None:
    with warnings.catch_warnings():
        hush_libraries()
        warnings.simplefilter("always")  # as libraries do
        warnings.warn(f"parsed an intent {CANARY}", UserWarning, stacklevel=1)
    assert "kind='UserWarning'" in lines.getvalue()
    assert leaks(lines.getvalue()) == []


def test_an_error_of_the_database_does_not_quote_the_row(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'rows.db'}")
    with transaction(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE rows (text TEXT UNIQUE)")
    with pytest.raises(sa.exc.IntegrityError) as raised, transaction(engine) as connection:
        for _ in range(2):
            connection.execute(sa.text("INSERT INTO rows VALUES (:text)"), {"text": CANARY})
    assert leaks(str(raised.value)) == []
    assert "rows.text" in str(raised.value), "which table and rule it was may be said"
