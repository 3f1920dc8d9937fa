"""`linkway doctor`: is everything in place, and what to do where it is not."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from assistant.commands.progress import console
from assistant.settings import Settings, get_settings

Finding = tuple[str, str, str]  # part, 'ok' or 'warning' or 'fault', words


def examine(settings: Settings) -> list[Finding]:
    """Look at every part; a part that cannot be looked at is a finding, never a crash."""
    from assistant.dialogue.training import fresh_model
    from assistant.errors import LinkwayError
    from assistant.opening import ROOT, open_house

    found: list[Finding] = []
    try:
        house = open_house(settings)
    except LinkwayError as error:
        return [("programme or database", "fault", error.detail)]
    found += [("programme", "ok", "Every setting and answer is filled."), ("database", "ok", "Reachable and up to date.")]
    found += programme_notices(house, settings)
    model = fresh_model(ROOT, settings.models_dir, settings.encoder)
    found.append(("model", "ok", model.name) if model else ("model", "fault", "Missing or stale. Run `linkway train`."))
    if house.directory is None:
        found.append(("directory", "fault", house.not_ready.get("directory", "Not open.")))
    else:
        from directory.store import count

        number = count(house.engine)
        words = f"{number} listings." if number else "No listings. Run `linkway directory import FILE`."
        found.append(("directory", "ok" if number else "warning", words))
    found += texts(settings) + accounts(house)
    return found


def programme_notices(house: object, settings: Settings) -> list[Finding]:
    """Contacts that are due for a check."""
    from assistant.clock import clock

    notices = house.programme.notices(clock.today(), demo=settings.demo)  # type: ignore[attr-defined]
    return [("contacts", "warning", str(notice)) for notice in notices] or [("contacts", "ok", "All checked in time.")]


def texts(settings: Settings) -> list[Finding]:
    """Are the credentials of the chosen gateway there?"""
    needed = {
        "generic": {"LINKWAY_SMS_GENERIC_SECRET": settings.sms_generic_secret.get_secret_value(),
                    "LINKWAY_SMS_GENERIC_URL": settings.sms_generic_url},
        "twilio": {"LINKWAY_TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
                   "LINKWAY_TWILIO_AUTH_TOKEN": settings.twilio_auth_token.get_secret_value(),
                   "LINKWAY_TWILIO_FROM": settings.twilio_from},
    }[settings.sms_provider]  # fmt: skip
    missing = [name for name, value in needed.items() if not value]
    if not missing:
        return [("text messages", "ok", f"Credentials for {settings.sms_provider} are set.")]
    if settings.demo:
        return [("text messages", "ok", "The demo's own phone is used; no gateway is set.")]
    return [("text messages", "fault", f"Set {', '.join(missing)}; see docs/settings.md.")]


def accounts(house: object) -> list[Finding]:
    """Somebody must be able to sign in, and the named navigator should be one of them."""
    import sqlalchemy as sa

    from assistant.store.database import reading
    from assistant.store.staff_tables import staff

    with reading(house.engine) as connection:  # type: ignore[attr-defined]
        names = set(connection.execute(sa.select(staff.c.name).where(staff.c.disabled_at.is_(None))).scalars())
    if not names:
        return [("accounts", "warning", "Nobody can sign in. Run `linkway staff add`.")]
    missing = [
        f"{practice.name}: {practice.navigator.name}"
        for practice in house.programme.practices.values()  # type: ignore[attr-defined]
        if practice.navigator.name not in names
    ]
    if missing:
        return [("accounts", "warning", f"The navigator named to patients has no account. {'; '.join(missing)}.")]
    return [("accounts", "ok", f"{len(names)} open.")]


def doctor(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Settings filled, contacts in date, model and index fresh, database reachable, text credentials there."""
    found = examine(get_settings())
    if as_json:
        print(json.dumps([{"part": p, "state": s, "words": w} for p, s, w in found], ensure_ascii=False))
    else:
        sign = {"ok": "[green]ok     [/green]", "warning": "[yellow]look   [/yellow]", "fault": "[red]fault  [/red]"}
        for part, state, words in found:
            console.print(f"{sign[state]} {part}: ", end="")
            console.print(words, markup=False, soft_wrap=True)
    if any(state == "fault" for _, state, _ in found):
        raise typer.Exit(1)


def add(app: typer.Typer) -> None:
    """Register it."""
    app.command("doctor")(doctor)
