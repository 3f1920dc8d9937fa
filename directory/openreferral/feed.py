"""Reading a feed of Open Referral UK page by page. What has come is kept on disk, so that a break costs one page at most.

A feed is trusted in nothing: totals may be wrong, a page may come twice, the last may never come.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from directory.importing import Progress
from directory.openreferral.fetch import Answer, FeedError, Fetcher, Missing
from directory.openreferral.json_files import Record
from directory.openreferral.values import objects, text, words

PAGE_SIZE = 100
MOST_PAGES, MOST_SERVICES = 20_000, 1_000_000
# A run that broke off is gone on with for so long; then the feed is read anew, asking only for what has changed.
RESUME_SECONDS = 24 * 3600
# Of so many services one after the other none can be had: the server is gone, not the services.
MOST_MISSING = 5
_NESTED = ("service_at_locations", "schedules", "attributes", "cost_options", "contacts", "service_areas", "languages")


@dataclass
class Feed:
    """A feed as read: `complete` only when its last page was reached and as many services came as it says it has."""

    url: str
    records: list[Record] = field(default_factory=list)
    complete: bool = False
    pages: int = 0
    problems: list[str] = field(default_factory=list)  # with the feed as a whole
    missing: list[tuple[str, str]] = field(default_factory=list)  # (path, why) of single services
    digest: str = ""


def services_url(url: str) -> str:
    """The address of the list of services: the one given, or `/services` below it. Raises FeedError for no web address."""
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise FeedError("A feed is a web address: write it as https://www.example.org/api, or .../services.")
    path = parts.path.rstrip("/")
    return urlunsplit((parts.scheme, parts.netloc, path if path.endswith("/services") else f"{path}/services", parts.query, ""))


class FeedReader:
    """Reads one feed. `folder` keeps its pages between runs; `page_size` is asked for, whatever comes."""

    def __init__(self, url: str, folder: Path, fetcher: Fetcher, page_size: int = PAGE_SIZE) -> None:
        """Raises FeedError for what is no web address."""
        self._url = services_url(url)
        self._fetcher = fetcher
        self._size = page_size
        self._folder = Path(folder) / hashlib.sha256(f"{self._url} {page_size}".encode()).hexdigest()[:24]

    def read(self, progress: Progress | None = None) -> Feed:
        """Every page, then every service that the pages tell too little of. Raises FeedError when the feed breaks off.

        What came before is kept: the next call goes on from the page, or the service, it stopped at.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        going_on = self._going_on()
        feed = Feed(self._url)
        pages = self._pages(feed, going_on, progress)
        self._collect(feed, pages)
        self._complete(feed, going_on, progress)
        digest = hashlib.sha256(json.dumps([r.service for r in feed.records], sort_keys=True).encode())
        feed.digest = digest.hexdigest()
        (self._folder / "run.json").unlink(missing_ok=True)
        return feed

    def _going_on(self) -> bool:
        """Whether a run broke off a short while ago; otherwise one begins now."""
        mark = self._folder / "run.json"
        began = _load(mark).get("began")
        if isinstance(began, (int, float)) and 0 <= time.time() - began < RESUME_SECONDS:
            return True
        _save(mark, {"began": time.time()})
        for file in self._folder.glob("*/*.json"):  # kept for what has not changed, but not of this run
            kept = _load(file)
            if kept.pop("of_run", None):
                _save(file, kept)
        return False

    def _pages(self, feed: Feed, going_on: bool, progress: Progress | None) -> list[Mapping[str, Any]]:
        pages: list[Mapping[str, Any]] = []
        seen: dict[str, int] = {}
        for number in range(1, MOST_PAGES + 1):
            try:
                page = self._kept("pages", str(number), self._page_url(number), going_on)
            except Missing:
                if number == 1:
                    raise
                feed.complete = True  # some answer 404 beyond the last page
                break
            if not isinstance(page, Mapping) or not isinstance(page.get("contents"), list):
                raise FeedError(f"Page {number} is no page of Open Referral UK: it has no contents.")
            if not page["contents"]:
                feed.complete = True
                break
            mark = hashlib.sha256(json.dumps(page["contents"], sort_keys=True).encode()).hexdigest()
            if mark in seen:
                feed.problems.append(f"Page {number} repeats page {seen[mark]}: the feed goes round, so we stopped there.")
                break
            seen[mark] = number
            pages.append(page)
            total = _whole(page.get("total_pages"))
            if progress:
                progress(number, max(number, min(total or number, MOST_PAGES)))
            if page.get("last_page") is True or ("last_page" not in page and total is not None and number >= total):
                feed.complete = True
                break
        else:
            feed.problems.append(f"It has more than {MOST_PAGES:,} pages: we stopped there.")
        feed.pages = len(pages)
        return pages

    def _page_url(self, number: int) -> str:
        parts = urlsplit(self._url)
        asked = [pair for pair in parse_qsl(parts.query) if pair[0] not in ("page", "per_page")]
        return urlunsplit(parts._replace(query=urlencode([*asked, ("page", number), ("per_page", self._size)])))

    def _collect(self, feed: Feed, pages: list[Mapping[str, Any]]) -> None:
        """Each service once, and whether as many came as were promised."""
        seen: set[str] = set()
        doubles = 0
        for number, page in enumerate(pages, start=1):
            for at, service in enumerate(page["contents"]):
                identifier = words(service, "id") if isinstance(service, Mapping) else ""
                if identifier and identifier in seen:
                    doubles += 1
                    continue
                seen.add(identifier)
                record = service if isinstance(service, Mapping) else None
                feed.records.append(Record(len(feed.records) + 1, f"page {number} $.contents[{at}]", record))
        if len(feed.records) > MOST_SERVICES:
            raise FeedError(f"The feed holds more than {MOST_SERVICES:,} services.")
        if doubles:
            feed.problems.append(f"{doubles} services came more than once: each was taken once.")
        totals = [total for page in pages if (total := _whole(page.get("total_items"))) is not None]
        if totals and max(totals) != len(feed.records):
            feed.problems.append(f"It says it has {max(totals):,} services and gave {len(feed.records):,}.")
            feed.complete = feed.complete and len(feed.records) > max(totals)

    def _complete(self, feed: Feed, going_on: bool, progress: Progress | None) -> None:
        """Lists may tell only the beginning of a service; the rest is asked for one by one."""
        thin = [n for n, r in enumerate(feed.records) if r.service is not None and words(r.service, "id") and _is_thin(r.service)]
        in_a_row = 0
        for done, at in enumerate(thin, start=1):
            record = feed.records[at]
            assert record.service is not None
            identifier = words(record.service, "id")
            url = urlsplit(self._url)
            address = urlunsplit(url._replace(path=f"{url.path}/{quote(identifier, safe='')}"))
            try:
                whole = self._kept("services", identifier, address, going_on, words(record.service, "last_modified"))
                in_a_row = 0
            except FeedError as error:
                in_a_row += not isinstance(error, Missing)
                if in_a_row >= MOST_MISSING:
                    raise
                feed.missing.append((record.path, str(error)))
                feed.records[at] = Record(record.number, record.path, None)
                continue
            if isinstance(whole, Mapping) and words(whole, "id") == identifier:
                feed.records[at] = Record(record.number, record.path, whole)
            if progress:
                progress(done, len(thin))

    def _kept(self, kind: str, name: str, url: str, going_on: bool, modified: str = "") -> Any:
        """The JSON at `url`: from disk when this run has had it or when it has not changed since, else asked for."""
        file = self._folder / kind / f"{hashlib.sha256(name.encode()).hexdigest()[:24]}.json"
        kept = _load(file)
        known = kept.get("url") == url and "document" in kept
        if known and ((going_on and kept.get("of_run")) or (modified and kept.get("told_modified") == modified)):
            return kept["document"]
        answer = self._fetcher.get(url, *((kept.get("etag"), kept.get("modified")) if known else (None, None)))
        if not answer.changed:
            answer = Answer(kept["document"], answer.etag, answer.modified, changed=False)
        told = {"etag": answer.etag, "modified": answer.modified, "told_modified": modified}
        _save(file, {"url": url, **told, "of_run": True, "document": answer.document})
        return answer.document


def _is_thin(service: Mapping[str, Any]) -> bool:
    return not any(objects(service, key) for key in _NESTED)


def _whole(value: Any) -> int | None:
    told = text(value)
    return int(told) if told.isdigit() else None


def _load(file: Path) -> dict[str, Any]:
    """What was kept; nothing when it is not there or only half written."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _save(file: Path, document: Mapping[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.write_text(json.dumps(document), encoding="utf-8")
    os.replace(beside, file)
