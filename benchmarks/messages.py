"""The messages that understanding is trained and measured on, their authors, and messages made rougher."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
NLU_DATA = ROOT / "nlu_data"
HELD_OUT = NLU_DATA / "held_out"
DETAILED = ("faq", "decline_programme", "stop_taking_part")


@dataclass(frozen=True)
class Told:
    """One message as its author labelled it; `label` is a topic or a reason."""

    text: str
    intent: str
    label: str
    needs: tuple[str, ...]
    style: str
    author: str

    @property
    def finest(self) -> str:
        """The finest label, as `assistant.dialogue.nlu.reading` has it."""
        return f"{self.intent}/{self.label}" if self.label and self.intent in DETAILED else self.intent


def training_messages(folder: Path = NLU_DATA) -> list[Told]:
    """Every example of nlu_data/*.yml, in the order of the files."""
    told = []
    for file in sorted(folder.glob("*.yml")):
        for block in (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get("nlu") or []:
            intent, _, topic = block.get("intent", "").partition("/")
            for example in block["examples"] if isinstance(block.get("examples"), list) else []:
                about = example.get("metadata") or {}
                label, needs = topic or about.get("reason") or "", tuple(about.get("needs") or ())
                style, author = about.get("style", "plain"), about.get("author", "")
                told.append(Told(example["text"], intent, label, needs, style, author))
    return told


def held_out_messages(name: str = "t1", folder: Path = HELD_OUT) -> list[Told]:
    """The messages of an author kept out of training: intent, label, needs, style and text, tab-separated."""
    told = []
    for line in (folder / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
        intent, label, needs, style, text = (cell.strip() for cell in line.split("\t"))
        told.append(Told(text, intent, label, tuple(n for n in needs.split("|") if n), style, name))
    return told


TEXTED = {
    "you": "u", "your": "ur", "are": "r", "please": "pls", "because": "cos", "tomorrow": "2moro",
    "for": "4", "to": "2", "what": "wot", "with": "wiv", "about": "abt", "thanks": "thx", "people": "ppl",
    "doctor": "doc", "and": "n", "appointment": "appt", "have": "hav", "before": "b4",
    "something": "sumthing", "when": "wen", "that": "dat", "week": "wk", "weeks": "wks", "really": "rly",
    "want": "wnt", "know": "kno", "back": "bk", "text": "txt", "see": "c", "be": "b", "message": "msg",
    "would": "wud", "could": "cud", "should": "shud", "tonight": "2nite", "good": "gud", "night": "nite",
    "through": "thru", "though": "tho", "why": "y", "phone": "fone", "hospital": "hosp", "someone": "some1",
    "anyone": "any1",
}  # fmt: skip
BESIDE = {
    "q": "wa", "w": "qe", "e": "wr", "r": "et", "t": "ry", "y": "tu", "u": "yi", "i": "uo", "o": "ip",
    "p": "o", "a": "sq", "s": "ad", "d": "sf", "f": "dg", "g": "fh", "h": "gj", "j": "hk", "k": "jl",
    "l": "k", "z": "x", "x": "zc", "c": "xv", "v": "cb", "b": "vn", "n": "bm", "m": "n",
}  # fmt: skip


def mistype(word: str, chance: random.Random) -> str:
    """One slip of the finger: a letter lost, swapped, beside, doubled, or the vowels gone."""
    if len(word) < 3:
        return word
    at, kind = chance.randrange(len(word) - 1), chance.random()
    if kind < 0.3:
        return word[:at] + word[at + 1 :]
    if kind < 0.55:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind < 0.75:
        return word[:at] + chance.choice(BESIDE.get(word[at].lower(), word[at])) + word[at + 1 :]
    if kind < 0.9:
        return word[:at] + word[at] + word[at:]
    return word[0] + re.sub("[aeiou]", "", word[1:-1], count=2) + word[-1]


def roughen(text: str, chance: random.Random) -> str:
    """The same message in a hurry: slips of the finger, text spellings, punctuation and capitals lost."""
    kind, words = chance.random(), text.split()
    if kind < 0.5:
        words = [mistype(word, chance) if chance.random() < 0.12 else word for word in words]
    if 0.3 < kind < 0.8:
        words = [TEXTED.get(word.lower(), word) if chance.random() < 0.6 else word for word in words]
    text = " ".join(words)
    if chance.random() < 0.6:
        text = re.sub(r"[^\w\s]", "", text)
    return text.lower() if chance.random() < 0.7 else text
