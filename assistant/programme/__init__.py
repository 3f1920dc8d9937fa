"""A practice's own words and facts, read from the folder `programme/`: settings, answers, contacts, places.

`load_programme(folder)` checks everything at once and fails with every fault named.
Nothing here needs Rasa or a database.
"""

from __future__ import annotations

from assistant.programme.answers import Answer
from assistant.programme.contacts import Contact
from assistant.programme.loader import Programme, load_programme
from assistant.programme.places import Place
from assistant.programme.practice import MeetingPlace, Navigator, Practice
from assistant.programme.reading import Problem, ProgrammeError

__all__ = [
    "Answer",
    "Contact",
    "MeetingPlace",
    "Navigator",
    "Place",
    "Practice",
    "Problem",
    "Programme",
    "ProgrammeError",
    "load_programme",
]
