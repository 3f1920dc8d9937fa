"""`linkway doctor`: is everything in place, and what to do where it is not."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.progress import console
from assistant.settings import ROOT, Settings, get_settings, unknown_names

if TYPE_CHECKING:
    from assistant.house import House

Finding = tuple[str, str, str]  # part, 'ok' or 'warning' or 'fault', words
LEAST_FREE = 500 * 1024 * 1024  # bytes: a model, an index and a day's conversations fit in many times over
LATE = timedelta(minutes=30)  # a text that waits so long for its gateway is worth a look


def examine(settings: Settings) -> list[Finding]:
    """Look at every part; a part that cannot be looked at is a finding, never a crash."""
    from assistant.errors import LinkwayError
    from assistant.opening import open_house

    found = names(settings) + disk(settings)
    try:
        house = open_house(settings)
    except LinkwayError as error:
        return [*found, ("programme or database", "fault", error.detail)]
    found += [
        ("programme", "ok", "Every setting and answer is filled."),
        ("database", "ok", f"{house.engine.dialect.name}, reachable and up to date."),
    ]
    return found + contacts(house) + model(settings) + directory(house) + texts(settings) + waiting(house) + kept(house) + accounts(house)


def names(settings: Settings) -> list[Finding]:
    """Settings that are misspelt, or that only suit a demo."""
    found = [("settings", "warning", f"{name} is no setting and does nothing; see docs/settings.md.") for name in unknown_names()]
    if not settings.demo and not settings.public_base_url.startswith("https://"):
        found.append(("settings", "warning", "LINKWAY_PUBLIC_BASE_URL is not https: chats and sign-ins could be read on the way."))
    return found or [("settings", "ok", "All are known.")]


def disk(settings: Settings) -> list[Finding]:
    """Room in the home folder, or in the folder it will be made in."""
    folder = settings.home.absolute()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    words = f"{free // 1024**2:,} MiB free in the home folder."
    return [("disk", "ok" if free > LEAST_FREE else "fault", words)]


def contacts(house: House) -> list[Finding]:
    """Contacts that are due for a check."""
    from assistant.clock import clock

    notices = house.programme.notices(clock.today(), demo=house.settings.demo)
    return [("contacts", "warning", str(notice)) for notice in notices] or [("contacts", "ok", "All checked in time.")]


def kept(house: House) -> list[Finding]:
    """Whether what is past its time has been deleted, and whether anybody is told of a flag at night."""
    from assistant.desk import keeping

    due = keeping.what_is_due(house).total
    words = f"{due} past their time: `linkway retention run` deletes them; `linkway serve` does so each night."
    found: list[Finding] = [("retention", "warning", words) if due else ("retention", "ok", "Nothing is past its time.")]
    silent = [slug for slug, practice in house.programme.practices.items() if not practice.safeguarding_duty_mobile]
    if silent and not house.settings.demo:
        found.append(("safety flags", "warning", f"No safeguarding_duty_mobile at {', '.join(silent)}: at night nobody is told of a flag."))
    return found


def model(settings: Settings) -> list[Finding]:
    """Is there a model of what lies here now?"""
    from assistant.dialogue.training import fresh_model

    fresh = fresh_model(ROOT, settings.models_dir, settings.encoder)
    return [("model", "ok", fresh.name) if fresh else ("model", "fault", "Missing or stale. Run `linkway train`.")]


def directory(house: House) -> list[Finding]:
    """Listings, and the index over them: a stale one is made again at the next start or search."""
    if house.directory is None:
        return [("directory", "fault", house.not_ready.get("directory", "Not open."))]
    from directory.index import content_version, read_index
    from directory.store import all_listings
    from directory.vectors import passages, text_hash

    _, listings = all_listings(house.engine)
    if not listings:
        return [("directory", "warning", "No listings. Run `linkway directory import FILE`.")]
    wanted = content_version(house.directory.encoder.fingerprint, [text_hash(passages(listing)) for listing in listings])
    index = read_index(house.settings.home / "index" / "directory.index", wanted)
    fresh = ("index", "ok", "Of the listings as they are.")
    stale = ("index", "warning", "Missing or stale. The next start or search makes it again; it takes a moment.")
    return [("directory", "ok", f"{len(listings)} listings."), fresh if index is not None else stale]


def texts(settings: Settings) -> list[Finding]:
    """Are the credentials of the chosen gateway there?"""
    from assistant.channels.sms.gateways import faulty_settings, missing_settings

    missing = missing_settings(settings)
    if faults := faulty_settings(settings):
        return [("text messages", "fault", fault) for fault in faults]
    if not missing:
        return [("text messages", "ok", f"Credentials for {settings.sms_provider} are set.")]
    if settings.demo:
        return [("text messages", "ok", "The demo's own phone is used; no gateway is set.")]
    return [("text messages", "fault", f"Set {', '.join(missing)}; see docs/settings.md.")]


def waiting(house: House) -> list[Finding]:
    """Texts that should have gone by now, and those given up in the last week."""
    import sqlalchemy as sa

    from assistant.clock import clock
    from assistant.store.database import reading
    from assistant.store.tables import outbox

    now, count = clock.now(), sa.select(sa.func.count()).select_from(outbox)
    late = count.where(outbox.c.status.in_(("queued", "sending")), outbox.c.created_at < now - LATE, outbox.c.attempts > 0)
    failed = count.where(outbox.c.status == "failed", outbox.c.created_at > now - timedelta(days=7))
    with reading(house.engine) as connection:
        numbers = {"wait for the gateway": connection.execute(late).scalar_one(),
                   "failed this week": connection.execute(failed).scalar_one()}  # fmt: skip
    wrong = [f"{number} {words}" for words, number in numbers.items() if number]
    if wrong:
        return [("outbox", "warning", f"Texts: {', '.join(wrong)}. See docs/operations.md.")]
    return [("outbox", "ok", "No text is late.")]


def accounts(house: House) -> list[Finding]:
    """Somebody must be able to sign in, and the navigators named to patients should be among them."""
    from assistant.desk.accounts import list_staff
    from assistant.pathway import own_navigator
    from assistant.store.database import reading

    with reading(house.engine) as connection:
        names = {row.name for row in list_staff(connection) if row.disabled_at is None}
        unnamed = own_navigator.missing(connection, house.programme)
    if not names:
        return [("accounts", "warning", "Nobody can sign in. Run `linkway staff add`.")]
    missing = [
        f"{practice.name}: {practice.navigator.name}"
        for practice in house.programme.practices.values()
        if practice.navigator.name not in names
    ]
    if missing:
        words = f"The navigator named to patients has no account. {'; '.join(missing)}."
        return [("accounts", "warning", words), *(("accounts", "warning", line) for line in unnamed)]
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
