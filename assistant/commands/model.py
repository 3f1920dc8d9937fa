"""`linkway train` and `linkway understand`."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant.commands.progress import busy, console
from assistant.errors import Unavailable
from assistant.settings import ROOT, Settings, get_settings
from assistant.store.database import open_engine


def ensure_model(force: bool = False) -> Path:
    """The model of what lies here now, trained when it is missing or stale.

    Lines that editors added since the last training make no model stale: a restart must not wait for a training.
    """
    from assistant.dialogue.training import fresh_model

    settings = get_settings()
    model = None if force else fresh_model(ROOT, settings.models_dir, settings.encoder)
    if model is None:
        take_in_examples(settings)
        model = _trained(settings)
    return model


def _trained(settings: Settings) -> Path:
    from assistant.dialogue.training import train

    with busy("Training the assistant (two or three minutes)"):
        return train(ROOT, settings.models_dir, settings.encoder)


def take_in_examples(settings: Settings) -> None:
    """Write out the editors' lines for the training that follows; those of the last one stay where they cannot be read."""
    from assistant.dialogue.editor_examples import export_examples

    try:
        count = export_examples(open_engine(settings.database), settings.models_dir)
    except Unavailable as error:
        console.print(f"Editors' lines: {error.detail}")
        return
    if count:
        console.print(f"With {count} {'line' if count == 1 else 'lines'} that editors added.")


def train_command(force: Annotated[bool, typer.Option("--force", help="Train even when nothing changed.")] = False) -> None:
    """Train the Rasa model from config.yml, domain.yml, nlu_data/ and the editors' lines, if anything changed."""
    from assistant.dialogue.training import fresh_model

    settings = get_settings()
    take_in_examples(settings)
    if not force and (model := fresh_model(ROOT, settings.models_dir, settings.encoder)):
        console.print(f"Nothing to do: {model.name} is of what lies here now.")
        return
    console.print(f"Trained {_trained(settings).name}.")


def understand_command() -> None:
    """Read messages, a line each, on standard input; write a JSON line each. No conversation is made."""
    model = ensure_model()
    from assistant.dialogue.agent import Dialogue
    from assistant.understanding import understand

    with busy("Loading the assistant"):
        dialogue = Dialogue(model)

    async def go() -> None:
        # Bytes: a file of another encoding still gets a line for each of its own, and a lone '\r' ends none.
        for line in sys.stdin.buffer:
            text = line.decode("utf-8", "replace").lstrip("\ufeff").rstrip("\r\n")
            reading = json.dumps(await understand(dialogue, text), ensure_ascii=False)
            sys.stdout.buffer.write(reading.encode("utf-8", "replace") + b"\n")
            sys.stdout.buffer.flush()

    asyncio.run(go())


def add(app: typer.Typer) -> None:
    """Register both."""
    app.command("train")(train_command)
    app.command("understand")(understand_command)
