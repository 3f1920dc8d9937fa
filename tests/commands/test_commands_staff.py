"""`linkway staff`: accounts are made, listed, closed and reset; a sign-in is shown once and works."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pyotp
import pytest
import sqlalchemy as sa
from done import Linkway

from assistant.desk.accounts import hasher
from assistant.pathway import patients
from assistant.store.database import open_engine, reading, transaction
from assistant.store.staff_tables import staff, staff_recovery_codes


def account(home: Path, username: str) -> sa.engine.Row:
    with reading(open_engine(f"sqlite:///{home / 'linkway.db'}")) as connection:
        return connection.execute(sa.select(staff).where(staff.c.username == username)).one()


def sign_in(said: str) -> tuple[str, str]:
    """(password, secret of the one-time code) as they were printed."""
    password = re.search(r"Password: +(\S+)", said)
    secret = re.search(r"secret=([A-Z2-7]+)", said)
    assert password and secret, said
    return password[1], secret[1]


def test_a_new_accounts_printed_sign_in_is_the_one_that_works(linkway: Linkway, home: Path) -> None:
    done = linkway("staff", "add", "Amina", "--name", "Amina Yusuf", "--role", "manager", "--practice", "wardown-park")
    assert done.code == 0 and done.out == "", "a sign-in is for the eyes, not for a pipe"
    password, secret = sign_in(done.err)
    row = account(home, "amina")
    assert hasher.verify(row.password_hash, password) and row.totp_secret == secret
    assert (row.name, row.role, row.practice) == ("Amina Yusuf", "manager", "wardown-park")
    assert linkway("staff", "code", secret).out.strip() == pyotp.TOTP(secret).now()


@pytest.mark.parametrize(
    ("arguments", "fix"),
    [
        (("amina", "--name", "Amina", "--role", "king"), "receptionist, navigator"),
        (("amina", "--name", "Amina", "--practice", "nowhere"), "nowhere"),
        (("a b", "--name", "Amina"), "small letters"),
        (("amina", "--name", " "), "name patients will see"),
    ],
)
def test_an_account_that_cannot_be_says_why(linkway: Linkway, arguments: tuple[str, ...], fix: str) -> None:
    done = linkway("staff", "add", *arguments)
    assert done.code == 1 and fix in done.err and "Traceback" not in done.err
    assert json.loads(linkway("staff", "list", "--json").out) == []


def test_the_list_holds_everybody_and_no_secret(linkway: Linkway) -> None:
    assert "no accounts" in linkway("staff", "list").err
    shown = linkway("staff", "add", "amina", "--name", "Amina Yusuf").err
    linkway("staff", "add", "grace", "--name", "Grace Obi [bold]", "--role", "manager", "--practice", "wardown-park")
    linkway("staff", "disable", "grace")
    listed = json.loads(linkway("staff", "list", "--json").out)
    assert [(a["username"], a["role"], a["practice"], a["disabled"]) for a in listed] == [
        ("amina", "navigator", None, False), ("grace", "manager", "wardown-park", True),
    ]  # fmt: skip
    words = linkway("staff", "list").out
    assert "Grace Obi [bold]" in words and "(closed)" in words and "every practice" in words
    for secret in sign_in(shown):
        assert secret not in words


def test_the_same_name_twice_is_refused_and_a_reset_changes_the_sign_in(linkway: Linkway, home: Path) -> None:
    first = sign_in(linkway("staff", "add", "amina", "--name", "Amina Yusuf").err)
    again = linkway("staff", "add", "amina", "--name", "Somebody Else")
    assert again.code == 1 and "already" in again.err
    linkway("staff", "disable", "amina")
    second = sign_in(linkway("staff", "reset", "amina").err)
    assert not set(first) & set(second)
    row = account(home, "amina")
    assert hasher.verify(row.password_hash, second[0]) and row.disabled_at is None


def test_who_has_cases_is_closed_only_with_somebody_to_take_them(linkway: Linkway, home: Path) -> None:
    for username, name in (("amina", "Amina Yusuf"), ("colin", "Colin Prior")):
        linkway("staff", "add", username, "--name", name, "--practice", "wardown-park")
    with transaction(open_engine(f"sqlite:///{home / 'linkway.db'}")) as connection:
        patient = patients.create(connection, "wardown-park", "other", name="Edna", navigator_id=account(home, "amina").id)
    done = linkway("staff", "disable", "amina")
    assert done.code == 1 and "Amina Yusuf still has 1 open case" in done.err and account(home, "amina").disabled_at is None
    done = linkway("staff", "disable", "amina", "--to", "colin")
    assert done.code == 0 and "Handed over: 1 open cases" in done.err and account(home, "amina").disabled_at is not None
    with reading(open_engine(f"sqlite:///{home / 'linkway.db'}")) as connection:
        assert patients.load(connection, patient).navigator_id == account(home, "colin").id
    assert linkway("staff", "disable", "colin").code == 1
    assert linkway("staff", "disable", "colin", "--leave-without-owner").code == 0


def test_recovery_codes_are_printed_once_and_the_old_ones_end(linkway: Linkway, home: Path) -> None:
    linkway("staff", "add", "amina", "--name", "Amina Yusuf")
    first, second = (linkway("staff", "codes", "amina") for _ in range(2))
    codes = [re.findall(r"^[a-z0-9]{4}(?:-[a-z0-9]{4}){3}$", done.err, re.MULTILINE) for done in (first, second)]
    assert [len(found) for found in codes] == [10, 10] and not set(codes[0]) & set(codes[1]) and first.out == ""
    with reading(open_engine(f"sqlite:///{home / 'linkway.db'}")) as connection:
        kept = connection.execute(sa.select(staff_recovery_codes)).all()
    assert sorted(row.selector for row in kept) == sorted(code[:4] for code in codes[1])
    assert linkway("staff", "codes", "nobody").code == 1


def test_an_account_is_linked_to_a_sign_in_elsewhere(linkway: Linkway, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for username in ("amina", "colin"):
        linkway("staff", "add", username, "--name", "A Person")
    assert linkway("staff", "link", "amina", "--email", "Amina@NHS.test").code == 0
    assert account(home, "amina").email == "amina@nhs.test"
    assert linkway("staff", "link", "colin", "--email", "amina@nhs.test").code == 1
    without = linkway("staff", "link", "colin", "--subject", "s-1")
    assert without.code == 1 and "LINKWAY_OIDC_ISSUER" in without.err
    assert linkway("staff", "link", "amina").code == 0 and account(home, "amina").email is None
