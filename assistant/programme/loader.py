"""The whole programme: loading and checking the folder, and giving out answers with everything filled in."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from assistant.errors import NotFound
from assistant.programme.answers import SMS_SEPTETS, Answer, check_answers, gsm_septets, load_answers
from assistant.programme.contacts import Contact, load_contacts
from assistant.programme.places import Place, load_places
from assistant.programme.practice import SENTENCES, Practice
from assistant.programme.reading import Problem, ProgrammeError, fill, from_validation, purposes, read_yaml

_FILE = "programme.yml"
# Keys only a practice can give; the rest may stand in the shared part.
_OWN_KEYS = {
    "slug", "name", "phone", "address", "outcode", "website", "privacy_url", "complaints_contact",
    "opening_hours", "navigators", "meeting_places",
}  # fmt: skip
# Ofcom keeps this range for drama: fine in a demonstration, wrong in a surgery.
_DRAMA = "01632 960"


class Programme:
    """A loaded, checked programme folder. Read-only: to pick up an edit, load again."""

    def __init__(
        self,
        practices: dict[str, Practice],
        contacts: dict[str, Contact],
        answers: dict[str, Answer],
        places: list[Place],
    ) -> None:
        """Keep the parts, and each practice's facts, which never change while loaded."""
        self.practices = practices
        self.contacts = contacts
        self.answers = answers
        self.places = places
        self._facts = {slug: practice.facts() for slug, practice in practices.items()}

    def practice(self, slug: str | None = None) -> Practice:
        """The practice with this slug; the first in the file for None. Raises NotFound for one unknown."""
        if slug is None:
            return next(iter(self.practices.values()))
        if slug not in self.practices:
            known = ", ".join(self.practices)
            raise NotFound(f"There is no practice '{slug}'. Known: {known}.", field="practice")
        return self.practices[slug]

    def facts(self, slug: str | None = None) -> dict[str, str]:
        """Every placeholder a text may hold, filled for one practice. Raises NotFound for one unknown."""
        return self._facts[self.practice(slug).slug]

    def answer_text(
        self,
        topic: str,
        practice: Practice | str | None = None,
        channel: Literal["web", "sms"] = "web",
        variant: int = 0,
    ) -> str:
        """What to say on `topic`, filled for `practice`. `variant` is any whole number: it goes round.

        Raises NotFound for a topic not in topics.yml, ValueError for a channel other than web or sms.
        """
        if topic not in self.answers:
            raise NotFound(f"There is no topic '{topic}'.", field="topic")
        if channel not in ("web", "sms"):
            raise ValueError(f"channel must be 'web' or 'sms', not {channel!r}")
        slug = practice.slug if isinstance(practice, Practice) else self.practice(practice).slug
        # A practice as one person knows it, with their own navigator first, is not the one that was read.
        own = practice if isinstance(practice, Practice) and practice is not self.practices.get(slug) else None
        answer = self.answers[topic]
        text = answer.sms if channel == "sms" else answer.answer[variant % len(answer.answer)]
        return fill(text, own.facts() if own else self._facts[slug])

    def overdue_contacts(self, on: date) -> list[Contact]:
        """Contacts whose check has run out on the day `on`, the ones patients see first."""
        late = [contact for contact in self.contacts.values() if contact.overdue(on)]
        return sorted(late, key=lambda contact: (not contact.show_to_patients, contact.review_by))

    def notices(self, on: date, soon_days: int = 14, demo: bool = False) -> list[Problem]:
        """What a person should see to though the programme runs: overdue checks, demonstration numbers.

        `demo` leaves the demonstration numbers be.
        """
        found = []
        for contact in self.contacts.values():
            if contact.overdue(on):
                found.append(
                    Problem("contacts.csv", contact.id, f"check it again: it ran out on {contact.review_by}")
                )
            elif contact.overdue(on + timedelta(days=soon_days)):
                found.append(Problem("contacts.csv", contact.id, f"check it again by {contact.review_by}"))
        for slug, practice in [] if demo else list(self.practices.items()):
            for key, value in practice.dict(exclude={"raw_contacts"}).items():
                if _DRAMA in str(value):
                    fix = f"holds a demonstration number ({_DRAMA}...): put in the real one"
                    found.append(Problem(_FILE, f"practices.{slug}.{key}", fix))
        return found


def load_programme(folder: Path) -> Programme:
    """Read and check `folder`. Raises ProgrammeError listing every fault: its file, its key and the fix."""
    folder = Path(folder)
    problems: list[Problem] = []
    topics = read_yaml(folder / "topics.yml", problems)
    contacts = load_contacts(folder, problems)
    places = load_places(folder, problems)
    answers = load_answers(folder, topics, problems)
    practices = _load_practices(folder, contacts, problems)
    # A practice that did not load still needs its answers checked: any filled practice knows all the names.
    if practices:
        facts = {slug: _facts(practice, problems) for slug, practice in practices.items()}
        known = set().union(*facts.values())
        nations = {practice.nation for practice in practices.values()}
        hidden = {id_ for id_, row in contacts.items() if not all(row.shown_in(nation) for nation in nations)}
        if all(facts.values()):
            problems.extend(check_answers(answers, topics, known, hidden))
            problems.extend(_check_lengths(answers, facts))
    if problems:
        raise ProgrammeError(problems)
    return Programme(practices, contacts, answers, places)


def _facts(practice: Practice, problems: list[Problem]) -> dict[str, str]:
    """The practice's facts; {} and problems when a setting holds a placeholder that is not known."""
    try:
        return practice.facts()
    except KeyError as error:
        name = error.args[0]
        for key in (*SENTENCES, "contacts.csv"):
            if key == "contacts.csv" or f"{{{name}}}" in getattr(practice, key):
                fix = f"{{{name}}} is not a known placeholder: check the spelling"
                file = _FILE if key in SENTENCES else key
                problems.append(
                    Problem(file, f"practices.{practice.slug}.{key}" if key in SENTENCES else name, fix)
                )
                break
        return {}


def _check_lengths(answers: dict[str, Answer], facts: dict[str, dict[str, str]]) -> list[Problem]:
    """Texts that, once filled for a practice, cost more than two segments or leave the GSM alphabet."""
    found = []
    for topic, answer in answers.items():
        for slug, filled in facts.items():
            try:
                length = gsm_septets(fill(answer.sms, filled))
            except KeyError:
                continue  # reported by check_answers
            file, key = f"{answer.group}.yml", f"{topic}.sms"
            if length is None:
                found.append(Problem(file, key, f"for {slug}: use straight quotes and hyphens, no emoji"))
            elif length > SMS_SEPTETS:
                fix = f"for {slug}: {length} characters when filled; cut it to {SMS_SEPTETS}"
                found.append(Problem(file, key, fix))
    return found


def _load_practices(
    folder: Path, contacts: dict[str, Contact], problems: list[Problem]
) -> dict[str, Practice]:
    """Practices by slug, each with the shared part merged in (own keys win; weekdays merge day by day)."""
    content = read_yaml(folder / _FILE, problems)
    if not content:
        return {}
    shared, entries = content.get("programme"), content.get("practices")
    if not isinstance(shared, dict):
        problems.append(Problem(_FILE, "programme", "missing: put the shared settings under it"))
        shared = {}
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries) or not entries:
        problems.append(Problem(_FILE, "practices", "missing: list at least one practice under it"))
        return {}
    for key in shared:
        if key in _OWN_KEYS:
            problems.append(Problem(_FILE, f"programme.{key}", "belongs to a practice: move it there"))
    found: dict[str, Practice] = {}
    for position, own in enumerate(entries, 1):
        slug = own.get("slug") or str(position)

        def under(field: str, own: dict[str, Any] = own, slug: str = slug) -> str:
            return f"practices.{slug}" if field in own or field in _OWN_KEYS else "programme"

        merged = {name: value for name, value in shared.items() if name not in _OWN_KEYS}
        for name, value in own.items():
            both = isinstance(value, dict) and isinstance(merged.get(name), dict)
            merged[name] = {**merged[name], **value} if both else value
        try:
            practice = Practice(**{**merged, "raw_contacts": contacts})
        except ValidationError as error:
            problems.extend(from_validation(error, _FILE, under, purposes(Practice)))
            continue
        if practice.slug in found:
            problems.append(Problem(_FILE, f"practices.{slug}", "two practices have this slug"))
        found[practice.slug] = practice
    return found
