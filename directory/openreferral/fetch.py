"""Asking another server politely: one request at a time, a pause between, waiting when told to, never for ever."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

log = logging.getLogger(__name__)

AGENT = "Linkway directory import (Open Referral UK)"
MOST_PAGE_BYTES = 20 * 1024 * 1024
TRIES = 5
FIRST_WAIT, LONGEST_WAIT = 1.0, 120.0  # seconds; a longer Retry-After ends the run, to be gone on with later
PAUSE = 0.1  # seconds between two requests
TIMEOUT = httpx.Timeout(30.0, connect=10.0)
MOST_SECONDS = 180.0  # for one answer, however slowly it drips
_TRY_AGAIN = frozenset((408, 425, 429, 500, 502, 503, 504))


class FeedError(Exception):
    """A feed that cannot be read on; the message says what happened and what to do."""


class Missing(FeedError):
    """One address that is not there; the rest of the feed may be well."""


@dataclass(frozen=True)
class Answer:
    """A page's JSON and what to ask with next time; `changed` False when it is as it was."""

    document: Any
    etag: str | None
    modified: str | None
    changed: bool = True


class Fetcher:
    """Gets JSON from one server. `sleep` is called with seconds; tests give one that does not wait."""

    def __init__(
        self, contact: str = "", sleep: Callable[[float], None] = time.sleep, timeout: httpx.Timeout = TIMEOUT
    ) -> None:
        """`contact` is where the feed's owner finds whoever asks."""
        agent = f"{AGENT} +{contact}" if contact else AGENT
        self._client = httpx.Client(
            timeout=timeout, follow_redirects=True, headers={"User-Agent": agent, "Accept": "application/json"}
        )
        self._sleep = sleep
        self.requests = 0

    def close(self) -> None:
        """Closes the connection."""
        self._client.close()

    def get(self, url: str, etag: str | None = None, modified: str | None = None) -> Answer:
        """The JSON at `url`. Tries again what may pass: no answer, 429, 5xx, half an answer.

        Raises:
            Missing: 404 or 410.
            FeedError: another refusal, or still no answer after TRIES.
        """
        asked = {name: value for name, value in (("If-None-Match", etag), ("If-Modified-Since", modified)) if value}
        wait, told = FIRST_WAIT, ""
        for attempt in range(TRIES):
            if self.requests:
                self._sleep(PAUSE if attempt == 0 else wait)
            self.requests += 1
            try:
                status, headers, body = self._once(url, asked)
            except httpx.HTTPError as error:
                told, wait = f"no answer ({type(error).__name__})", min(2 * wait, LONGEST_WAIT)
                continue
            if status == 304 and asked:
                return Answer(None, etag, modified, changed=False)
            if status in (404, 410):
                raise Missing(f"{url} is not there ({status}).")
            if status in _TRY_AGAIN:
                told, wait = f"status {status}", min(2 * wait, LONGEST_WAIT)
                wait = self._asked_to_wait(headers, wait, url)
                continue
            if status != 200:
                raise FeedError(f"{url} answered {status}: check the address, and whether it needs a key.")
            try:
                document = json.loads(body)
            except (ValueError, RecursionError):
                told, wait = "an answer that is no JSON", min(2 * wait, LONGEST_WAIT)
                continue
            return Answer(document, headers.get("etag"), headers.get("last-modified"))
        raise FeedError(f"{url}: {told}, {TRIES} times. Try again later: it goes on where it stopped.")

    def _once(self, url: str, asked: dict[str, str]) -> tuple[int, httpx.Headers, bytes]:
        with self._client.stream("GET", url, headers=asked) as response:
            body, began = b"", time.monotonic()
            for part in response.iter_bytes():
                body += part
                if len(body) > MOST_PAGE_BYTES:
                    raise FeedError(f"{url} is over {MOST_PAGE_BYTES // 2**20} MB: ask its owner for smaller pages.")
                if time.monotonic() - began > MOST_SECONDS:
                    raise httpx.ReadTimeout("too slow", request=response.request)
            return response.status_code, response.headers, body

    def _asked_to_wait(self, headers: httpx.Headers, wait: float, url: str) -> float:
        """Seconds to wait: what Retry-After says, as seconds or as a date, else `wait`."""
        said = headers.get("retry-after", "").strip()
        if not said:
            return wait
        try:
            seconds = float(said)
        except ValueError:
            try:
                seconds = parsedate_to_datetime(said).timestamp() - time.time()
            except (ValueError, TypeError):
                return wait
        if not seconds <= LONGEST_WAIT:
            raise FeedError(f"{url} asks us to wait {said}: run this again then, and it goes on where it stopped.")
        return max(0.0, seconds)
