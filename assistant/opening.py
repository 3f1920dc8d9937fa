"""Opening the house: database brought up to date, programme checked, directory and dialogue loaded."""

from __future__ import annotations

from pathlib import Path

import yaml

from assistant.clock import clock
from assistant.house import House
from assistant.logs import log
from assistant.programme import load_programme
from assistant.safety.classifier import use_classifier
from assistant.settings import Settings
from assistant.store.database import open_engine
from assistant.store.migrate import migrate
from directory import postcodes as postcode_file
from directory.encoder import get_encoder
from directory.encoder.adapter import mark
from directory.freshness import load_policy
from directory.places import Places
from directory.search import Directory

ROOT = Path(__file__).resolve().parent.parent


def open_house(settings: Settings) -> House:
    """Everything but the dialogue model. A missing setting of the programme fails here, loudly.

    Raises:
        ProgrammeError: something in programme/ is missing or wrong; names file, key and fix.
        Unavailable: the database cannot be reached.
    """
    programme = load_programme(settings.programme_dir)
    engine = open_engine(settings.database)
    migrate(engine)
    responses = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["responses"]
    open_screen(settings)
    house = House(settings=settings, engine=engine, programme=programme, responses=responses)
    try:
        house.directory = open_directory(settings, house)
    except ValueError as error:  # a file of the programme's, which the message names with its row or key
        log.error("directory not ready", error=type(error).__name__)
        house.not_ready["directory"] = str(error)
    except Exception as error:  # the answers, the safety route and the handover work without search
        log.error("directory not ready", error=type(error).__name__)
        house.not_ready["directory"] = "The directory could not be opened. Run `linkway doctor`."
    return house


def open_screen(settings: Settings) -> None:
    """The patterns made ready, and the classifier beside them; the patterns stand alone when it cannot be had."""
    from assistant.dialogue.nlu.adapter import FILE, message_encoder
    from assistant.dialogue.nlu.repair import repair

    # Its heads fit MiniLM with the adapter alone, whatever encoder the settings name for search and understanding.
    if fault := use_classifier(lambda: message_encoder(settings.home / "encoder"), repair, mark(FILE)):
        log.error("the screen has its patterns alone", error=fault)


def open_directory(settings: Settings, house: House) -> Directory:
    """The searchable directory of an open house."""
    encoder = get_encoder(settings.home / "encoder", settings.encoder)
    postcodes = settings.home / postcode_file.NAME
    table = postcode_file.PostcodeTable(postcodes) if postcodes.is_file() else None
    places = Places.load(settings.programme_dir / "places.csv", table=table)
    policy = load_policy(settings.programme_dir / "directory.yml")
    return Directory(house.engine, settings.home, encoder, places, policy, clock.today)


def load_dialogue(house: House, model: Path | None) -> None:
    """Load the Rasa model into the house, or note plainly that it is missing."""
    from assistant.turns import Turns

    house.turns = Turns(house)
    if model is None:
        house.not_ready["model"] = "No trained model. Run `linkway train`."
        return
    try:
        from assistant.dialogue.agent import Dialogue

        house.dialogue = Dialogue(model)
        house.not_ready.pop("model", None)
    except Exception as error:
        log.error("model not ready", error=type(error).__name__)
        house.not_ready["model"] = "The model could not be loaded. Run `linkway train --force`."
