"""The referral form: what is known already filled in, what is sent read and checked. Six fields to fill at most."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.conversations import people
from assistant.desk import wording
from assistant.desk.roles import Staff, conversation_for
from assistant.desk.summary import flags_of
from assistant.errors import BadInput, NotFound
from assistant.house import House
from assistant.pathway import patients
from assistant.pathway.numbers import usable_number
from assistant.pathway.referral_letters import mobile_of
from assistant.pathway.referrals import MOST_NAME, MOST_NOTE, Wanted
from assistant.store.pathway_tables import patients as patients_table
from directory.search import Query


@dataclass(frozen=True)
class Person:
    """Whom it is about, from a conversation or from a patient's record."""

    practice: str
    name: str
    number: str | None
    safe_to_ring: bool | None
    safe_to_text: bool | None
    watched: bool
    conversation: Row | None
    patient: Row | None
    needs: list[str] = field(default_factory=list)
    picture: dict[str, Any] = field(default_factory=dict)
    outcode: str | None = None

    @property
    def link(self) -> dict[str, str]:
        """What keeps the person in the address."""
        return {"conversation": self.conversation.id} if self.conversation is not None else {"patient": self.patient.id}  # type: ignore[union-attr]


def person(connection: Connection, staff: Staff, conversation_id: str, patient_id: str) -> Person:
    """Whom the form is about.

    Raises:
        NotFound: none here, or another practice's. NotAllowed: the role reads no conversations.
    """
    if conversation_id:
        row = conversation_for(connection, staff, conversation_id)
        known = patients.load(connection, row.patient_id) if row.patient_id else None
        return _person(connection, row, known)
    staff.need("conversations")
    query = sa.select(patients_table).where(patients_table.c.id == patient_id, staff.sees(patients_table.c.practice))
    known = connection.execute(query).first()
    if known is None:
        raise NotFound("There is no such patient here. Their record may have been erased.")
    newest = next(iter(patients.conversations_of(connection, known.id)), None)
    return _person(connection, newest, known)


def _person(connection: Connection, conversation: Row | None, known: Row | None) -> Person:
    risks = {risk for flag in (flags_of(connection, conversation.id) if conversation is not None else []) for risk in flag.risks or []}
    picture = dict(conversation.picture or {}) if conversation is not None else {}
    return Person(
        practice=str((conversation or known).practice),  # type: ignore[union-attr]
        name=(known.name if known is not None else None) or (conversation.person_name if conversation is not None else None) or "",
        number=(known.number if known is not None else None)
        or ((conversation.contact_number or conversation.phone) if conversation is not None else None),
        safe_to_ring=known.safe_to_ring if known is not None else None,
        safe_to_text=_either(known, conversation),
        watched=bool(risks & wording.WATCHED),
        conversation=conversation,
        patient=known,
        needs=list(picture.get("needs") or (known.needs if known is not None else None) or []),
        picture=picture,
        outcode=known.outcode if known is not None else None,
    )


def _either(known: Row | None, conversation: Row | None) -> bool | None:
    """A no said anywhere counts."""
    told = [row.safe_to_text for row in (known, conversation) if row is not None]
    return False if False in told else True if True in told else None


def services(connection: Connection, house: House, who: Person, q: str) -> list[dict[str, Any]]:
    """Services to choose from, as a patient may see them: those they saved, then those that fit what is asked."""
    if house.directory is None:
        return []
    saved = people.saved(connection, who.conversation.id) if who.conversation is not None else []
    matches = [house.directory.get(one, viewer="patient") for one in saved[:10]]
    out = {match.listing.id: {**match.as_service(), "saved": True} for match in matches if match is not None}
    text, needs = q.strip().replace("\x00", ""), tuple(who.needs)
    if not text and not needs:
        return list(out.values())
    near = who.picture.get("where") or who.outcode or str(house.programme.practice(who.practice).outcode)
    query = Query(text=text, needs=() if text else needs, near=str(near), limit=12)
    for match in house.directory.search(query).matches:
        out.setdefault(match.listing.id, match.as_service())
    return list(out.values())


def draft(who: Person, service_needs: list[str], contact: str | None) -> dict[str, str]:
    """The form as it opens. A number is offered only where using it is safe."""
    fits = [need for need in who.needs if need in service_needs]
    told = [f"What matters to them: {who.picture['what_matters']}"] if who.picture.get("what_matters") else []
    for key, label in (("access_needs", "To join in they need"), ("when", "Best time")):
        if who.picture.get(key):
            told.append(f"{label}: {wording.wished(who.picture[key])}")
    may_ring = bool(who.number) and who.safe_to_ring is not False and not who.watched
    may_text = bool(mobile_of(who.number)) and who.safe_to_text is True and not who.watched
    return {
        "referral": str(uuid.uuid4()), "first_name": who.name.split()[0][:MOST_NAME] if who.name else "",
        "need": next(iter(fits or who.needs or service_needs), ""), "note": "\n".join(told)[:MOST_NOTE],
        "reach": "text" if may_text else "ring" if may_ring else "surgery",
        "number": wording.phone(who.number) if may_text or may_ring else "", "consent": "", "contact": contact or "",
    }  # fmt: skip


def contact_of(service: dict[str, Any]) -> str:
    """E-mail before phone: a letter holds the link whole."""
    ways = [way.strip() for way in str(service.get("contact") or "").split(",")]
    return next((way for way in ways if "@" in way), ways[0] if ways else "")


def wanted(house: House, who: Person, given: dict[str, str]) -> Wanted:
    """The form as it was sent.

    Raises:
        BadInput: the form's own id is none, a number that is none, or a way to reach them that they said is not safe.
    """
    try:
        identifier = str(uuid.UUID(given.get("referral", "")))
    except ValueError as error:
        raise BadInput("This form is incomplete. Open it again.", field="referral") from error
    number = _number(house, given.get("number", "").strip())
    how = given.get("reach", "")
    if how == "text" and who.safe_to_text is False:
        raise BadInput("They said that texts are not safe. Choose another way.", field="reach")
    if how == "ring" and who.safe_to_ring is False:
        raise BadInput("They said that ringing is not safe. Choose another way.", field="reach")
    return Wanted(
        id=identifier, listing_id=given.get("listing", "")[:100], need=given.get("need", ""),
        note=given.get("note", "").replace("\r\n", "\n").replace("\x00", "").strip(),
        first_name=" ".join(given.get("first_name", "").replace("\x00", "").split()), reach_how=how,
        reach_number=number if how != "surgery" else None, consent_how=given.get("consent", ""),
        provider_contact=" ".join(given.get("contact", "").replace("\x00", "").split()) or None,
    )  # fmt: skip


def _number(house: House, text: str) -> str | None:
    if not text:
        return None
    number = usable_number(text, house.settings.demo)
    if number is None:
        raise BadInput("This is no UK phone number. Check the figures.", field="number")
    return number
