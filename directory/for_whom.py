"""Whom a listing is for: everybody or a group, that group in plain words, and whether somebody belongs to it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from directory.records import Listing
from directory.text import words
from directory.vocabulary import AUDIENCES, all_keys, keys_of, label, wanted_key

GROWN_UP = 21  # 'from 18' shuts out none of our patients but the youngest: no group among grown-ups
OLDER, YOUNGER = 50, 25
PARENTS = {"women": "mums and mums-to-be", "men": "dads"}
# Who has this need is one of these, without saying so.
IN_NEED = {
    "family": ("parents", "families"),
    "caring": ("carers",),
    "memory": ("older_people", "carers", "families"),
    "independence": ("disabled_people",),
    "neurodiversity": ("autistic_people", "learning_disability"),
    "sensory": ("deaf_people", "blind_people"),
}
# What only some people live with: what is there for it first of all is no answer to another need.
PARTICULAR = frozenset(
    """bereavement memory sensory neurodiversity caring domestic_abuse alcohol_drugs smoking long_term_condition
    language""".split()
)
_ASKED_TO_HELP = re.compile(
    r"\bvolunteer|\b(?:give|offer|spare)\b.{0,20}\btime\b|\bgiv\w+ (?:something )?back\b|\bhelp(?:ing)? (?:out|others)\b"
)


@dataclass(frozen=True)
class Told:
    """What is known of the person: keys of AUDIENCES, age, languages wished for, and the words of the question."""

    groups: frozenset[str]
    age: int | None
    languages: frozenset[str]
    needs: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True)
class Limited:
    """How a listing is not for everybody. Many listings are limited in the same way."""

    sex: str | None  # 'women' or 'men'
    groups: frozenset[str]  # any one of them will do
    communities: frozenset[str]  # in the provider's words, for no list can know them all
    languages: frozenset[str]
    english: bool
    ages: tuple[int | None, int | None]
    need: str | None  # the one of PARTICULAR that it is there for

    def takes(self, told: Told) -> bool:
        """Whether what is known says that it is for this person."""
        if (self.sex and self.sex not in told.groups) or (self.need and self.need not in told.needs):
            return False
        if not self._of_age(told) or not (self.english or self.languages & told.languages):
            return False
        if self.communities and not (self.languages & told.languages - {"english"} or self._named(told)):
            return False
        return not self.groups or bool(self.groups & told.groups)

    def _of_age(self, told: Told) -> bool:
        """The age filter has seen to an age that is known; 'retired' will do for a lower limit."""
        low, high = self.ages
        if told.age is not None or (high is None and (low or 0) <= GROWN_UP):
            return True
        return high is None and "older_people" in told.groups

    def _named(self, told: Told) -> bool:
        """The community stands in the question: 'somewhere for Sikh women'."""
        return any(told.words.issuperset(set(words(name)) - {"people", "and"}) for name in self.communities)


def limited(listing: Listing) -> Limited | None:
    """None for a listing that is for everybody, whatever they need."""
    keys = all_keys("audience", listing.audience)
    keys = frozenset() if "anyone" in keys else keys
    spoken = all_keys("languages", listing.languages)
    ages = (listing.min_age, listing.max_age)
    english = not spoken or "english" in spoken
    need = listing.needs[0] if listing.needs and listing.needs[0] in PARTICULAR else None
    if not need and not keys and english and listing.max_age is None and (listing.min_age or 0) <= GROWN_UP:
        return None
    sexes = keys & {"women", "men"}
    known = (keys & frozenset(AUDIENCES)) - {"women", "men"}
    if listing.max_age is not None or listing.min_age is not None:
        known -= {"young_people"} | ({"older_people"} if known == {"older_people"} else set())  # the years say it
    sex = next(iter(sexes)) if len(sexes) == 1 else None
    return Limited(sex, known, keys - frozenset(AUDIENCES), spoken, english, ages, need)


def told_of(
    groups: Sequence[str], age: int | None, needs: Sequence[str], languages: Sequence[str], text: str
) -> Told:
    """Everything that is known, in keys. An age makes older or young; a need may say who has it."""
    known = {wanted_key("audience", group) for group in groups}
    known |= {group for need in needs for group in IN_NEED.get(need, ())}
    if age is not None and age >= OLDER:
        known.add("older_people")
    if age is not None and age <= YOUNGER:
        known.add("young_people")
    spoken = frozenset(wanted_key("languages", language) for language in languages)
    return Told(frozenset(known), age, spoken, frozenset(needs), frozenset(words(text)))


def asks_for_help(listing: Listing) -> bool:
    """Whether it looks for volunteers rather than offers something."""
    return "volunteering" in listing.needs and (listing.needs[0] == "volunteering" or "volunteer" in listing.name.casefold())


def wants_to_help(needs: Sequence[str], text: str) -> bool:
    """Whether somebody wants to give time."""
    return "volunteering" in needs or bool(_ASKED_TO_HELP.search(text.casefold()))


def for_whom(service: Mapping[str, Any]) -> str | None:
    """'For women', 'For people aged 60 and over', of a Service of the contract; None when it is for everybody.

    static/service_card.js says the same.
    """
    values = [str(value) for value in service.get("audience") or []]
    keys = all_keys("audience", values)
    ages = str(service.get("age_range") or "")
    from_age = re.fullmatch(r"(\d+) and over", ages)
    aged = "" if not ages or (from_age and int(from_age[1]) <= GROWN_UP) else f" aged {ages}"
    if "anyone" in keys:
        values, keys = [], frozenset()
    sexes = keys & {"women", "men"}
    sex = next(iter(sexes)) if len(sexes) == 1 else None
    groups: list[str] = []
    communities: list[str] = []
    for value in values:
        own = keys_of("audience", value)
        if own & {"women", "men"} or (own & {"young_people"} and aged):
            continue
        if own & frozenset(AUDIENCES):
            groups.append(label(next(key for key in AUDIENCES if key in own)))
        else:
            communities.append(value)
    if groups == ["older people"] and aged:
        groups = []
    elif "older people" in groups:
        aged = ""  # 'older people and carers': the years are those of the one only
    if sex and "parents" in groups:
        who = PARENTS[sex]
    elif sex and groups:
        who = f"{sex} who are {' or '.join(groups)}"
    elif len(sexes) == 2:
        who = " and ".join([*sorted(sexes, reverse=True), *groups])
    else:
        who = " and ".join(groups) or sex or ("people" if aged else "")
    if communities:
        named = " and ".join(name.removesuffix(" people") for name in communities)
        who = f"{named} {who or 'people'}"
    spoken = [str(language) for language in service.get("languages") or []]
    if spoken and "english" not in all_keys("languages", spoken):
        who = f"{who or 'people'} who speak {' or '.join(spoken)}"
    return f"For {who}{aged}" if who else None
