"""Reading a feed from a real server that misbehaves as feeds do: errors, silence, wrong totals, loops, pages that come twice."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from directory_made import TODAY, make
from openreferral_made import UUID, a_page, a_service
from sqlalchemy.engine import Engine

from directory import store
from directory.importing import ImportReport, Way
from directory.openreferral import feed as feed_module
from directory.openreferral import fetch
from directory.openreferral.feed_import import import_feed
from directory.openreferral.fetch import Fetcher
from directory.openreferral.writing import service_of
from directory.places import Places

Reply = tuple[int, dict[str, str], bytes]


class Feed:
    """A server whose answers are `replies(path, page)`; counts requests, and how many were there at once."""

    def __init__(self) -> None:
        self.services = [a_service(n) for n in range(1, 8)]
        self.size = 3
        self.asked: list[str] = []
        self.agents: set[str] = set()
        self.at_once = self.most_at_once = 0
        self.before: Callable[[str, int], Reply | None] = lambda path, page: None
        self.changed: Callable[[dict[str, Any]], dict[str, Any]] = lambda page: page
        self.etags = False
        self.hold = threading.Event()
        feed = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # noqa: N802
                feed.at_once += 1
                feed.most_at_once = max(feed.most_at_once, feed.at_once)
                try:
                    self._answer()
                except OSError:
                    pass
                finally:
                    feed.at_once -= 1

            def _answer(self) -> None:
                parts = urlsplit(self.path)
                page = int(parse_qs(parts.query).get("page", ["0"])[0])
                feed.asked.append(f"{parts.path} {page}" if page else parts.path)
                feed.agents.add(self.headers["User-Agent"])
                status, headers, body = feed.before(parts.path, page) or feed.good(parts.path, page)
                tag = f'"{hash(body)}"'
                if feed.etags and status == 200:
                    headers = {**headers, "ETag": tag}
                    if self.headers.get("If-None-Match") == tag:
                        status, body = 304, b""
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/api"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def good(self, path: str, page: int) -> Reply:
        if page:
            pages = -(-len(self.services) // self.size)
            shown = self.services[(page - 1) * self.size : page * self.size]
            return 200, {}, json.dumps(self.changed(a_page(shown, page, pages, len(self.services)))).encode()
        for service in self.services:
            if path.endswith(service["id"]):
                return 200, {}, json.dumps(a_service(int(service["id"][-2:]))).encode()
        return 404, {}, b"{}"


@pytest.fixture()
def feed() -> Iterator[Feed]:
    made = Feed()
    yield made
    made.hold.set()
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture()
def bring(feed: Feed, engine: Engine, places: Places, tmp_path: Path) -> Callable[..., ImportReport]:
    """Imports the feed; `waited` holds how long it would have slept."""
    waited: list[float] = []

    def run(replace: str | None = None, **options: Any) -> ImportReport:
        fetcher = Fetcher("https://linkway.example.org", waited.append, httpx.Timeout(0.3))
        try:
            way = Way("council", replace_source=replace, today=TODAY, **options)
            return import_feed(engine, feed.url, tmp_path / "feeds", way, places, fetcher=fetcher, page_size=3)
        finally:
            fetcher.close()

    run.waited = waited  # type: ignore[attr-defined]
    return run


def test_a_feed_is_read_page_by_page_one_request_at_a_time(feed: Feed, bring: Any) -> None:
    report = bring()
    assert (report.added, report.errors, report.warnings) == (7, [], [])
    assert feed.asked == ["/api/services 1", "/api/services 2", "/api/services 3"] and feed.most_at_once == 1
    assert feed.agents == {"Linkway directory import (Open Referral UK) +https://linkway.example.org"}
    assert bring.waited == [fetch.PAUSE] * 2


def test_what_passes_is_tried_again_and_retry_after_is_kept_to(feed: Feed, bring: Any) -> None:
    troubles: list[Reply] = [(503, {}, b""), (429, {"Retry-After": "7"}, b""), (200, {}, b"half an ans"), (500, {}, b"oh")]
    feed.before = lambda path, page: troubles.pop(0) if page == 2 and troubles else None
    assert bring().added == 7
    assert bring.waited[1:5] == [2.0, 7.0, 14.0, 28.0]


def test_silence_is_waited_for_a_while_and_the_next_run_goes_on_from_that_page(feed: Feed, bring: Any, engine: Engine) -> None:
    def silent(path: str, page: int) -> Reply | None:
        if page == 3:
            feed.hold.wait(0.5)
        return None

    feed.before = silent
    report = bring()
    assert not report.ok and "5 times" in str(report.errors[0]) and store.count(engine) == 0
    assert Counter(feed.asked)["/api/services 3"] == fetch.TRIES
    feed.asked.clear()
    feed.before = lambda path, page: None
    assert bring().added == 7 and feed.asked == ["/api/services 3"], "the pages it had are not asked for again"


def test_a_long_wait_ends_the_run_and_says_when_to_go_on(feed: Feed, bring: Any) -> None:
    feed.before = lambda path, page: (503, {"Retry-After": "86400"}, b"") if page == 2 else None
    report = bring()
    assert "asks us to wait 86400" in str(report.errors[0]) and len(feed.asked) == 2


def test_a_feed_that_goes_round_is_left_and_removes_nothing(feed: Feed, bring: Any, engine: Engine) -> None:
    bring()
    first = a_page(feed.services[:3], 1, 9, 99)
    first["last_page"] = False
    feed.before = lambda path, page: (200, {}, json.dumps(first).encode())
    report = bring(replace="council")
    assert (report.unchanged, report.removed, store.count(engine)) == (3, 0, 7)
    told = " ".join(map(str, report.warnings))
    assert "Page 2 repeats page 1" in told and "nothing was removed" in told


@pytest.mark.parametrize("wrong", [{"total_pages": 1, "last_page": False}, {"total_pages": 10_000}, {"total_items": 2}])
def test_wrong_totals_of_pages_lose_nothing(feed: Feed, bring: Any, wrong: dict[str, Any]) -> None:
    feed.changed = lambda page: {**page, **wrong}
    assert bring().added == 7


def test_fewer_services_than_promised_remove_nothing(feed: Feed, bring: Any, engine: Engine) -> None:
    bring()
    feed.services = feed.services[:4]
    feed.changed = lambda page: {**page, "total_items": 31}
    report = bring(replace="council")
    assert (report.removed, store.count(engine)) == (0, 7) and any("31" in str(w) for w in report.warnings)
    feed.changed = lambda page: page
    assert bring(replace="council").removed == 3


def test_pages_that_overlap_give_each_service_once(feed: Feed, bring: Any) -> None:
    feed.services = feed.services[:3] + feed.services[2:]
    report = bring()
    assert report.added == 7 and any("more than once" in str(w) for w in report.warnings)


def test_thin_lists_are_completed_service_by_service_and_one_that_is_gone_costs_itself_alone(feed: Feed, bring: Any) -> None:
    thin = ("id", "name", "description", "status", "last_modified")
    feed.services = [{k: v for k, v in a_service(n, last_modified="2026-01-01T00:00:00Z").items() if k in thin} for n in range(1, 8)]
    gone = f"/api/services/{UUID.format(5)}"
    feed.before = lambda path, page: (404, {}, b"") if path == gone else None
    report = bring(replace="council")
    assert report.added == 6 and len(report.errors) == 1 and "is not there (404)" in str(report.errors[0])
    feed.asked.clear()
    feed.before = lambda path, page: None
    assert bring(replace="council").added == 1
    assert sum(path.startswith("/api/services/") for path in feed.asked) == 1, "what has not changed is not asked for again"


def test_what_has_not_changed_is_not_sent_again(feed: Feed, bring: Any) -> None:
    feed.etags = True
    assert bring().added == 7
    feed.services[6] = a_service(7, name="Another name")
    report = bring()
    assert (report.unchanged, report.updated) == (6, 1)


def test_a_feed_cannot_vouch_for_itself_or_change_what_is_not_its_own(feed: Feed, bring: Any, engine: Engine) -> None:
    ours = make("lu-0001", source="the practice", accredited_until=date(2027, 1, 1))
    store.save(engine, ours, by="test")
    feed.services = [service_of(ours.with_changes(name="Taken over")), service_of(make("new-one", accredited_by="Itself"))]
    report = bring()
    assert report.added == 1 and "the practice" in str(report.errors[0])
    there = {listing.id: listing for listing in store.all_listings(engine)[1]}
    assert there["lu-0001"] == ours and there["new-one"].accredited_by is None
    assert there["new-one"].notes["accreditation told by the feed"].startswith("Itself")
    assert any("--accredited-by" in str(warning) for warning in report.warnings) and report.hidden
    assert bring(accredited_by="Panel", accredited_until=date(2027, 1, 1)).hidden == {}


@pytest.mark.parametrize("reply", [(200, {}, b"[1]"), (200, {}, b'{"contents": {}}'), (403, {}, b""), (404, {}, b""), (301, {"Location": "file:///etc/passwd"}, b"")])
def test_what_is_no_feed_says_so(feed: Feed, bring: Any, reply: Reply) -> None:
    feed.before = lambda path, page: reply
    report = bring()
    assert len(report.errors) == 1 and str(report.errors[0]).startswith("the feed: ")


def test_an_answer_without_end_is_not_read_to_the_end(feed: Feed, bring: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "MOST_PAGE_BYTES", 1000)
    assert "over" in str(bring().errors[0])


def test_half_written_pages_are_asked_for_again(feed: Feed, bring: Any, tmp_path: Path) -> None:
    feed.before = lambda path, page: (400, {}, b"") if page == 3 else None
    assert not bring().ok
    for file in tmp_path.glob("feeds/*/pages/*.json"):
        file.write_text('{"url": ', encoding="utf-8")
    feed.before = lambda path, page: None
    assert bring().added == 7


def test_an_address_is_completed_or_refused() -> None:
    assert feed_module.services_url("https://example.org/api/") == "https://example.org/api/services"
    assert feed_module.services_url("https://example.org/services?key=1") == "https://example.org/services?key=1"
    for wrong in ("example.org", "file:///etc/passwd", "ftp://example.org"):
        with pytest.raises(fetch.FeedError):
            feed_module.services_url(wrong)
