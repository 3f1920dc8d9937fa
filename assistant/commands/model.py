"""`linkway train` and `linkway understand`."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant.commands.progress import busy, console
from assistant.settings import get_settings


def ensure_model(force: bool = False) -> Path:
    """The model of what lies here now, trained when it is missing or stale."""
    from assistant.dialogue.training import fresh_model, train
    from assistant.opening import ROOT

    settings = get_settings()
    model = None if force else fresh_model(ROOT, settings.models_dir, settings.encoder)
    if model is None:
        with busy("Training the assistant (about a minute)"):
            model = train(ROOT, settings.models_dir, settings.encoder)
    return model


def train_command(force: Annotated[bool, typer.Option("--force", help="Train even when nothing changed.")] = False) -> None:
    """Train the Rasa model from config.yml, domain.yml and nlu_data/, if anything changed."""
    from assistant.dialogue.training import fresh_model
    from assistant.opening import ROOT

    settings = get_settings()
    if not force and (model := fresh_model(ROOT, settings.models_dir, settings.encoder)):
        console.print(f"Nothing to do: {model.name} is of what lies here now.")
        return
    console.print(f"Trained {ensure_model(force).name}.")


def understand_command() -> None:
    """Read messages, a line each, on standard input; write a JSON line each. No conversation is made."""
    model = ensure_model()
    from assistant.dialogue.agent import Dialogue
    from assistant.understanding import understand

    dialogue = Dialogue(model)

    async def go() -> None:
        for line in sys.stdin:
            reading = await understand(dialogue, line.rstrip("\n"))
            sys.stdout.write(json.dumps(reading, ensure_ascii=False) + "\n")
            sys.stdout.flush()

    asyncio.run(go())


def add(app: typer.Typer) -> None:
    """Register both."""
    app.command("train")(train_command)
    app.command("understand")(understand_command)
