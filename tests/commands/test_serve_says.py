"""What `linkway serve` says at its start: commands as they can be typed, nothing broken in two."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from assistant.commands import serve


def test_a_key_stands_on_one_line_and_the_commands_can_be_typed(capsys: pytest.CaptureFixture[str]) -> None:
    house = SimpleNamespace(settings=SimpleNamespace(public_base_url="http://127.0.0.1:8080", demo=True))
    account = SimpleNamespace(password="p", totp_secret="K" * 60)
    serve.tell(house, 8080, 8081, account)
    serve.tell(house, 8080, 8081, None)
    said = capsys.readouterr().err
    assert "K" * 60 in said and "in working\nhours, then" in said
    assert "`.venv/bin/linkway staff code KEY`" in said and "`.venv/bin/linkway staff reset amina`" in said
    assert "`linkway" not in said
