"""A browser at the console, as far as the server can tell: headers, cookies, forms and htmx."""

from __future__ import annotations

import re
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

BASE = "http://desk.test"


class Desk(TestClient):
    """A browser at the console: sends what browsers send, and the token of the page it is on."""

    csrf = ""

    def press(self, address: str, htmx: bool = True, **fields: Any) -> Any:
        """Send a form of the console."""
        headers = {"hx-request": "true", "X-CSRF-Token": self.csrf} if htmx else {}
        data = fields if htmx else {**fields, "csrf": self.csrf}
        return self.post(f"/navigator{address}", data=data, headers=headers, follow_redirects=False)

    def look(self, address: str, **params: Any) -> Any:
        """Open a page, or a part of one."""
        return self.get(f"/navigator{address}", params=params or None, follow_redirects=False)


def browser(app: FastAPI) -> Desk:
    """A browser nobody has signed in with."""
    return Desk(app, base_url=BASE, headers={"sec-fetch-site": "same-origin"}, raise_server_exceptions=True)


def fill_in(desk: Desk, username: str, password: str, code: str, **more: str) -> Any:
    """Open the sign-in page and send it."""
    token = re.search(r'name="csrf" value="([^"]+)"', desk.look("/sign-in").text)
    assert token
    form = {"csrf": token[1], "username": username, "password": password, "code": code, **more}
    return desk.post("/navigator/sign-in", data=form, follow_redirects=False)


def section(html: str, name: str) -> str:
    """The HTML of one part."""
    return re.split(r'id="part-', html.split(f'id="part-{name}"', 1)[1])[0]


def seen(html: str) -> dict[str, str]:
    """What the page remembers of its parts."""
    return dict(re.findall(r'name="(seen-[a-z]+)" value="([0-9a-f]+)"', html))
