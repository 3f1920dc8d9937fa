"""Who is in the demo's month: invented people with drama numbers, and the stories they tell. The same for each seed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import yaml

SEED = 20261121
FIRST = {
    "female": "Dorothy Maureen Shabnam Grace Olena Precious Carol Janet Amara Wendy Rukhsana Beata Lorraine Nasreen Eileen Chloe Tanya Ifeoma Pauline Sunita".split(),
    "male": "Derek Piotr Imran Winston Alan Kofi Gerald Tomasz Yusuf Barry Desmond Callum Rajesh Trevor Hamza Neville Stuart Emeka Colm Graham".split(),
}  # fmt: skip
LAST = "Hale Okafor Nowak Begum Whitlock Achebe Pritchard Malik Farrow Kowalska Samuels Dunmore Iqbal Tranter Osei Lister Rahman Beddoes Chowdhury Venn Hartnell Mensah Crowther Ali Fenn".split()
AGES = ["16-24", "25-44", "45-64", "65-79", "80+"]
AGE_WEIGHTS = [4, 18, 26, 28, 8]
ETHNICITIES = ["white", "asian", "black", "mixed", "other", None]
ETHNIC_WEIGHTS = [44, 26, 14, 5, 3, 8]
AREAS = {"wardown-park": ["LU2", "LU3", "LU1", "LU4"], "stopsley-green": ["LU2", "LU5", "LU6", "LU1"]}
LANGUAGES = [None] * 12 + ["Bengali", "Polish", "Urdu"]
ACCESS: list[list[str]] = [[]] * 6 + [["step-free"], ["hearing loop"], ["creche"], ["large print"]]


@dataclass(frozen=True)
class Story:
    """A conversation somebody has: what they need, and the lines as (who, words)."""

    needs: list[str]
    lines: list[tuple[str, str]]
    live: bool = False


@dataclass(frozen=True)
class Someone:
    """One invented person. `number` is of Ofcom's drama range."""

    n: int
    practice: str
    name: str
    number: str
    sex: str | None
    age_band: str | None
    ethnicity: str | None
    outcode: str
    channel: str
    story: Story
    language: str | None = None
    access: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Script:
    """What the demo's file of conversations holds."""

    stories: list[Story]
    openers: dict[str, list[str]]
    odd: list[str]
    unmet: list[str]
    flagged: list[str]


def read_script(folder: Path) -> Script:
    """`demo/conversations.yml` of the programme's folder."""
    read = yaml.safe_load((folder / "demo" / "conversations.yml").read_text(encoding="utf-8"))
    stories = [Story(s["needs"], [_line(line) for line in s["said"].strip().splitlines()], s.get("live", False)) for s in read["stories"]]
    return Script(stories, read["openers"], read["odd"], read["unmet"], read["flagged"])


def _line(line: str) -> tuple[str, str]:
    who, _, words = line.strip().partition(": ")
    return who, words


def people(script: Script, practice: str, count: int, start: int, random: Random) -> list[Someone]:
    """`count` people of a practice. The written stories come first, then shorter chats; none twice word for word."""
    names = [(sex, f"{first} {last}") for sex in FIRST for first in FIRST[sex] for last in LAST]
    random.shuffle(names)
    written = [story for place, story in enumerate(script.stories) if story.live or place % 2 == start // count % 2 or place % 3 == 0]
    random.shuffle(written)
    out = []
    for n in range(count):
        sex, name = names[n]
        area = random.choices(AREAS.get(practice, ["LU1"] * 4), [7, 5, 2, 1])[0]
        story = written[n] if n < len(written) else _short(script, random)
        channel = "sms" if random.random() < 0.3 and not story.live else "web"
        out.append(Someone(
            start + n, practice, name, f"+447700900{500 + start + n:03d}", sex if random.random() < 0.93 else None,
            random.choices(AGES, AGE_WEIGHTS)[0] if random.random() < 0.95 else None,
            random.choices(ETHNICITIES, ETHNIC_WEIGHTS)[0], area, channel, story, random.choice(LANGUAGES), random.choice(ACCESS),
        ))  # fmt: skip
    return out


def _short(script: Script, random: Random) -> Story:
    weights = {"loneliness": 9, "low_mood": 8, "money": 8, "housing": 4, "physical_activity": 5}
    need = random.choices(list(script.openers), [weights.get(key, 2) for key in script.openers])[0]
    when = random.choice(["mornings", "any time", "not mondays", "evenings after 6", "tues or thurs", "weekend"])
    ending = random.choice(
        [["save the first one"], ["how much is it", "ok"], ["any others", "that one then"], ["can i bring my sister", "great"], ["thanks"], ["will think about it"]]
    )
    lines = [
        ("P", random.choice(script.openers[need])), ("B", "Thank you for telling me. Where would you like things to be?"), ("P", "{place}"),
        ("B", random.choice(["When would suit you best?", "Is there a time that suits you?"])), ("P", when),
        ("S", random.choice(["I found these. See if any of them sound right to you.", "Here are some that may suit you. It is up to you, there is no rush."])),
    ]  # fmt: skip
    for words in ending:
        lines += [("P", words), ("B", random.choice(["All right. I have noted that.", "Of course.", "Yes. Is there anything else I can do?"]))]
    live = random.random() < 0.12
    if live:
        lines += [
            ("P", random.choice(["can i talk to a person about it", "is there somebody i can ask"])),
            ("N", "Hello, {navigator} here. Of course. What would you like to know?"),
            ("P", random.choice(["would i know anybody there", "do they mind if i only watch at first"])),
            ("N", "I will ask who runs it, and tell you."), ("P", "thank you"),
        ]  # fmt: skip
    return Story([need], lines, live)
