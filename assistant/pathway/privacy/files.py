"""Files beside the database that hold lines of patients: the editors' examples, which `linkway train` writes and reads."""

from __future__ import annotations

import os
from pathlib import Path

import yaml

FILE = "editor_examples.yml"  # in the home folder, as assistant/dialogue/editor_examples.py writes it
# Every file of the home folder that can hold a patient's words, and how it forgets them. A test holds this list.
HOLDS_WORDS = {
    FILE: "Lines go at once with the person; a model that learnt one forgets it at the next training.",
    "models/": "Trained on the lines above; made again by `linkway train`. The three newest are kept.",
    "linkway.db": "The database itself.",
}
HOLDS_NONE = ("encoder/", "index/", "secret_key", "serving.lock")


def forget_lines(home: Path, lines: list[str]) -> bool:
    """Take `lines` out of the editors' file, in one step; True when any of them stood there."""
    file = home / FILE
    if not lines or not file.is_file():
        return False
    gone = {_plain(line) for line in lines}
    content = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    found, kept = False, []
    for intent in content.get("nlu") or []:
        examples = [one for one in intent.get("examples") or [] if _plain(str(one.get("text", ""))) not in gone]
        found |= len(examples) != len(intent.get("examples") or [])
        if examples:
            kept.append({**intent, "examples": examples})
    if not found:
        return False
    if not kept:
        file.unlink()
        return True
    scratch = file.with_suffix(".forgetting")
    said = "# Written by `linkway train` from what editors chose in the console. Change it there.\n"
    scratch.write_text(said + yaml.safe_dump({**content, "nlu": kept}, allow_unicode=True, sort_keys=False, width=1000), encoding="utf-8")
    os.replace(scratch, file)
    return True


def _plain(text: str) -> str:
    """Letters and figures alone: the file leaves out what Rasa would read as marks."""
    return "".join(character for character in text.casefold() if character.isalnum())
