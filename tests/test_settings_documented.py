"""docs/settings.md lists every setting with its default and its help, and nothing that is none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from assistant.settings import PREFIX, Settings, unknown_names

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `(LINKWAY_[A-Z_]+)` \| (.+) \|$", DOCUMENT, re.MULTILINE))
FIELDS = Settings.__fields__


def shown(value: object) -> str:
    """A default as the document shows it."""
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return "empty" if value == "" else f"`{value}`"


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither the environment nor a .env of whoever runs the tests."""
    import os

    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_every_setting_is_listed_once_and_nothing_else_is() -> None:
    listed = re.findall(r"^\| `(LINKWAY_[A-Z_]+)`", DOCUMENT, re.MULTILINE)
    assert sorted(listed) == sorted(PREFIX + name.upper() for name in FIELDS)


@pytest.mark.parametrize("name", FIELDS)
def test_a_setting_stands_with_its_default_and_its_help(name: str) -> None:
    default, _, meaning = ROWS[PREFIX + name.upper()].partition(" | ")
    field = FIELDS[name]
    assert default == shown(field.default)
    assert field.field_info.description and meaning.startswith(field.field_info.description)
    for limit in (field.field_info.ge, field.field_info.le):
        assert limit is None or f"{limit:,}" in meaning


def test_every_name_the_documents_mention_is_a_setting() -> None:
    known = {PREFIX + name.upper() for name in FIELDS} | {"LINKWAY_SURROUNDINGS"}
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "programme").glob("*.md")]:
        named = set(re.findall(r"\bLINKWAY_[A-Z_]+[A-Z]\b", document.read_text(encoding="utf-8")))
        assert named <= known, document.name


def test_secrets_are_never_printed() -> None:
    secret = [name for name in FIELDS if re.search(r"secret|token|api_key", name)]
    assert len(secret) >= 4
    settings = Settings(**{name: "do-not-show-me" for name in secret})
    assert "do-not-show-me" not in f"{settings!r} {settings} {settings.json()}"


def test_a_file_in_the_working_folder_is_read_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("LINKWAY_STAFF_ABSOLUTE_HOURS=3\nLINKWAY_STAFF_IDLE_MINUTES=5\nLINKWAY_HOME=~/elsewhere\n")
    monkeypatch.setenv("LINKWAY_STAFF_ABSOLUTE_HOURS", "4")
    settings = Settings()
    assert (settings.staff_absolute_hours, settings.staff_idle_minutes) == (4, 5)
    assert settings.home == Path.home() / "elsewhere"
    assert settings.database == f"sqlite:///{settings.home}/linkway.db"


@pytest.mark.parametrize(
    ("name", "value", "fix"),
    [
        ("sms_provider", "carrier-pigeon", "'generic', 'twilio' or 'notify'"),
        ("oidc_issuer", "http://elsewhere.example", "https://"),
        ("sms_pence_per_segment", "-1", "greater than or equal to 0"),
        ("public_base_url", "chat.example.org", "http:// or https://"),
        ("log_level", "chatty", "DEBUG, INFO, WARNING, ERROR"),
        ("staff_absolute_hours", "0", "greater than or equal to 1"),
        ("demo", "perhaps", "boolean"),
    ],
)
def test_a_value_that_cannot_be_used_names_the_setting_and_the_fix(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, fix: str
) -> None:
    monkeypatch.setenv(PREFIX + name.upper(), value)
    with pytest.raises(ValidationError) as raised:
        Settings()
    (fault,) = raised.value.errors()
    assert fault["loc"] == (name,) and fix in fault["msg"]


def test_an_address_is_kept_without_its_last_slash() -> None:
    assert Settings(public_base_url="https://chat.example.org/").public_base_url == "https://chat.example.org"


def test_misspelt_names_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("LINKWAY_HOMES=x\nOTHER=y\nLINKWAY_DEMO=true\n")
    monkeypatch.setenv("LINKWAY_MESAGES_PER_MINUTE", "3")
    monkeypatch.setenv("LINKWAY_SURROUNDINGS", "a:B")
    assert unknown_names() == ["LINKWAY_HOMES", "LINKWAY_MESAGES_PER_MINUTE"]
