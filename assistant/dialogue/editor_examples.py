"""The lines that editors made examples of, written beside the models so that a training takes them in."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml
from sqlalchemy.engine import Connection, Engine

from assistant.store.database import reading
from assistant.store.staff_tables import editor_examples

FILE = "editor_examples.yml"
# Intents whose finest label holds the need or the reason; of the others it is Rasa's own retrieval form (faq/cost).
WITH_NEED = ("describe_need", "find_service")
WITH_REASON = ("decline_programme", "stop_taking_part")
# Rasa reads these as the marks of an entity, or of a payload at the start.
_MARKS = re.compile(r"[\[\](){}|]+|^[\s/]+")


def examples_file(models: Path) -> Path:
    """Where the lines lie for the models in `models`: in the installation's home, not in the repository."""
    return models.parent / FILE


def export_examples(engine: Engine, models: Path) -> int:
    """Write every editor's line for the next training and return their number; no file where there are none.

    Raises:
        Unavailable: the database cannot be reached; the file stays as it was.
    """
    lines: list[tuple[str, str]] = []
    if not _not_made_yet(engine):
        with reading(engine) as connection:
            lines = kept_lines(connection)
    file = examples_file(models)
    if not lines:
        file.unlink(missing_ok=True)
        return 0
    file.parent.mkdir(parents=True, exist_ok=True)
    scratch = file.with_suffix(".new")
    scratch.write_text(as_training_data(lines), encoding="utf-8")
    os.replace(scratch, file)
    return len(lines)


def _not_made_yet(engine: Engine) -> bool:
    """Training before the first start: a SQLite file is not made just to find it empty."""
    file = engine.url.database
    return engine.dialect.name == "sqlite" and file not in (None, "", ":memory:") and not Path(str(file)).exists()


def kept_lines(connection: Connection) -> list[tuple[str, str]]:
    """(label, text) of every line, in an order that does not hang on who was first: the same lines, the same model."""
    if not sa.inspect(connection).has_table(editor_examples.name):
        return []
    rows = connection.execute(sa.select(editor_examples.c.label, editor_examples.c.text)).all()
    cleaned = {(row.label, " ".join(_MARKS.sub(" ", row.text).split())) for row in rows}
    return sorted((label, text) for label, text in cleaned if text)


def as_training_data(lines: list[tuple[str, str]]) -> str:
    """Rasa's YAML, with needs and reasons as the other files of nlu_data/ have them."""
    by_intent: dict[str, list[dict[str, Any]]] = {}
    for label, text in lines:
        intent, _, detail = label.partition("/")
        told: dict[str, Any] = {"author": "editors"}
        if intent in WITH_NEED and detail:
            told["needs"] = [detail]
        elif intent in WITH_REASON and detail:
            told["reason"] = detail
        else:
            intent = label
        by_intent.setdefault(intent, []).append({"text": text, "metadata": told})
    nlu = [{"intent": intent, "examples": examples} for intent, examples in by_intent.items()]
    said = "# Written by `linkway train` from what editors chose in the console. Change it there.\n"
    return said + yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True, sort_keys=False, width=1000)
