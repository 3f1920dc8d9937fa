"""From the routes a message calls for to the fixed words, contacts and choices the patient sees."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from assistant.safety.contacts import Contact
from assistant.safety.fallback import fallback_text
from assistant.safety.tiers import ORDER, TIERS

FOLDER = Path(__file__).resolve().parents[2] / "programme" / "safety"
SMS_LIMIT = 160  # GSM characters in one text; one more costs two texts
_PLACEHOLDER = re.compile(r"\{([a-z0-9_]+)\}")
_TIER_0 = frozenset(TIERS[0])
# Routes whose words already say what the next ones would.
_COVERED = {
    "suicide_imminent": {"suicide_ideation", "self_harm"},
    "suicide_ideation": {"self_harm"},
    "domestic_abuse_covert": {"domestic_abuse"},
    "medical_emergency": {"intoxication_withdrawal"},
    "overdose_poisoning": {"medical_emergency", "intoxication_withdrawal"},
}
_ABUSE = frozenset({"domestic_abuse", "domestic_abuse_covert"})


@dataclass
class RouteReply:
    """What to show. `texts` are in order; `contacts` are [{id, name, contact}], the first two the heading's.

    `choices` are [{id, label}]. `question` is "suicide" when the direct question is asked. `neutral`: no topic word
    may show in a title, a preview or a text. `stop_data_capture`: ask for no name or other detail. `alert`: tell the desk.
    """

    risks: list[str]
    texts: list[str] = field(default_factory=list)
    contacts: list[dict[str, str]] = field(default_factory=list)
    choices: list[dict[str, str]] = field(default_factory=list)
    question: str | None = None
    offer_human: bool = False
    stop_data_capture: bool = False
    neutral: bool = False
    alert: bool = False

    @property
    def text(self) -> str:
        """All texts as one plain message."""
        return "\n\n".join(self.texts)


class RouteTexts:
    """The fixed texts of `programme/safety/`. Raises OSError or yaml.YAMLError when they cannot be read."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.web: dict[str, Any] = yaml.safe_load((folder / "routes.yml").read_text(encoding="utf-8"))
        self.sms: dict[str, Any] = yaml.safe_load((folder / "sms.yml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def route_texts() -> RouteTexts:
    """The texts of this installation, read once."""
    return RouteTexts()


def fill(text: str, contacts: Mapping[str, Contact | str]) -> str:
    """Put numbers in a text. A sentence whose contact is missing or not shown is left out, never shown unfilled."""
    sentences = re.split(r"(?<=[.!?])\s+", " ".join(text.split()))
    known = [s for s in sentences if all(name in contacts for name in _PLACEHOLDER.findall(s))]
    return _PLACEHOLDER.sub(lambda m: _short(contacts[m.group(1)]), " ".join(known))


def _short(contact: Contact | str) -> str:
    return contact if isinstance(contact, str) else contact.short


def shown(ids: Iterable[str], contacts: Mapping[str, Contact | str]) -> list[dict[str, str]]:
    """Contacts for a card, leaving out ids that are not in the contacts file."""
    cards = []
    for name in ids:
        contact = contacts.get(name)
        if isinstance(contact, str):
            cards.append({"id": name, "name": name.replace("_", " "), "contact": contact})
        elif contact is not None:
            cards.append({"id": name, "name": contact.name, "contact": contact.contact, **({"who": contact.who} if contact.who else {})})
    return cards


def route(
    risks: list[str], channel: str, contacts: Mapping[str, Contact | str], safe_to_text: bool | None = None,
    already: Collection[str] = (), there: str = "",
) -> RouteReply:
    """The reply to a screened message, most urgent route first.

    `channel` is "web" or "sms". `safe_to_text` is what the person said of their number: until it is True, abuse is
    answered by text in neutral words. `already` are routes shown before in this conversation: those below tier 0 come
    back short. `there` says who is in the chat, in place of "nobody". Never raises: a fault gives the fallback text.
    """
    try:
        ordered = _without_covered([risk for risk in ORDER if risk in risks])
        if not ordered:
            return RouteReply([])
        texts = route_texts()
        if channel == "web":
            return _web(ordered, risks, contacts, texts.web, set(already), there)
        return _sms(ordered, risks, contacts, texts, safe_to_text)
    except Exception:  # fixed words must go out whatever is wrong with files or contacts
        return RouteReply(list(risks), [fallback_text(channel)], offer_human=True, alert=True)


def _without_covered(risks: list[str]) -> list[str]:
    covered: set[str] = set()
    for risk in risks:
        if risk not in covered:
            covered |= _COVERED.get(risk, set())
    return [risk for risk in risks if risk not in covered]


def _web(
    ordered: list[str], risks: list[str], contacts: Mapping[str, Contact | str], texts: dict[str, Any], already: set[str],
    there: str,
) -> RouteReply:
    first = ordered[0]
    routes = texts["routes"]
    main = routes[first]
    reply = RouteReply([risk for risk in ORDER if risk in risks])
    reply.neutral = any(routes[risk].get("neutral") for risk in ordered)
    repeat = first in already and first not in _TIER_0
    reply.texts.append(fill(main["also"] if repeat else main["text"], contacts))
    ids = list(main["contacts"])
    for risk in ordered[1:3]:
        also = fill(routes[risk]["also"], contacts)
        if also and not routes[risk].get("plain_line"):
            heading = f"{texts['multiple']} " if len(reply.texts) == 1 else ""
            reply.texts.append(heading + also)
            ids += routes[risk]["contacts"][:2]
    reply.contacts = shown(dict.fromkeys(ids), contacts)
    reply.stop_data_capture = any(routes[risk].get("stop_data_capture") for risk in ordered)
    reply.alert = any(routes[risk].get("alert") for risk in ordered) or (reply.stop_data_capture and len(ordered) > 1)
    reply.offer_human = any(routes[risk].get("human") for risk in ordered)
    if main.get("plain_line"):
        return reply
    names = list(main["choices"])
    if main.get("question") == "direct" and not repeat:
        reply.question = "suicide"
        reply.texts.append(texts["direct_question"])
    elif main.get("question") == "direct":
        names = ["ask_navigator"]
    for risk in ordered[1:]:
        if routes[risk].get("neutral"):
            names += routes[risk]["choices"]
    if not repeat:
        place = len(reply.texts) - 1 if reply.question else len(reply.texts)
        reply.texts.insert(place, who_is_there(texts, there, person=reply.offer_human, neutral=reply.neutral))
    reply.choices = choices_of(texts, names, there)
    return reply


def who_is_there(texts: dict[str, Any], there: str, *, person: bool, neutral: bool = False) -> str:
    """That nobody watches and how to ask for a person; with a navigator there, or on the way, `there` instead."""
    offer = texts["offer_human_neutral" if neutral else "offer_human"] if person else ""
    return there or " ".join(f"{texts['about_me']} {offer}".split())


def choices_of(texts: dict[str, Any], names: Iterable[str], there: str = "") -> list[dict[str, str]]:
    """Choices with their labels, each once; no navigator is offered to somebody who has one."""
    kept = [name for name in dict.fromkeys(names) if not (there and name == "ask_navigator")]
    return [{"id": name, "label": texts["choices"][name]} for name in kept]


def _sms(
    ordered: list[str], risks: list[str], contacts: Mapping[str, Contact | str], texts: RouteTexts, safe_to_text: bool | None,
) -> RouteReply:
    first = ordered[0]
    web, sms = texts.web["routes"], texts.sms
    reply = RouteReply([risk for risk in ORDER if risk in risks])
    abuse = [risk for risk in ordered if risk in _ABUSE]
    reply.neutral = bool(abuse) and safe_to_text is not True
    for risk in ordered[:2]:
        key = "domestic_abuse_covert" if risk in _ABUSE else risk
        if risk in _ABUSE and safe_to_text is True:
            text = sms["safe_yes"]["domestic_abuse_covert"]
        elif risk in _ABUSE and safe_to_text is False:
            text = sms["safe_no"]
        else:
            text = sms["routes"][key]
        if risk == first or not web[risk].get("plain_line"):
            reply.texts.append(fill(text, contacts))
        ids = web[key]["contacts"] if risk not in _ABUSE or safe_to_text is not True else web["domestic_abuse"]["contacts"]
        reply.contacts += [c for c in shown(ids, contacts) if c not in reply.contacts]
    if web[first].get("question") == "direct":
        reply.question = "suicide"
        reply.texts.append(sms["direct_question"])
        reply.choices = [{"id": n, "label": texts.web["choices"][n]} for n in ("yes", "no", "not_sure")]
    reply.stop_data_capture = any(web[risk].get("stop_data_capture") for risk in ordered)
    reply.alert = any(web[risk].get("alert") for risk in ordered)
    reply.offer_human = any(web[risk].get("human") for risk in ordered)
    return reply


def ask_directly(channel: str, contacts: Mapping[str, Contact | str] | None = None) -> RouteReply:
    """The one direct question of rule 6, asked when the screen is unsure: kindly, and with help beside it. Never raises."""
    try:
        texts, known = route_texts(), contacts or {}
        if channel == "web":
            around = [texts.web["ask_before"], texts.web["direct_question"], fill(texts.web["ask_after"], known)]
        else:
            around = [fill(texts.sms["ask_warmly"], known)]
        choices = choices_of(texts.web, ("yes", "no", "not_sure"))
        return RouteReply([], [text for text in around if text], choices=choices, question="suicide")
    except Exception:  # as in `route`
        return RouteReply([], [fallback_text(channel)], offer_human=True)


def without_question(reply: RouteReply, channel: str, there: str = "") -> None:
    """Take the direct question out of a route: it is asked once in a conversation."""
    texts = route_texts()
    question = (texts.web if channel == "web" else texts.sms)["direct_question"]
    reply.texts = [text for text in reply.texts if text != question]
    names = [choice["id"] for choice in reply.choices if choice["id"] not in ("yes", "no", "not_sure")]
    reply.choices = choices_of(texts.web, names or ["ask_navigator"], there)
    reply.question = None


def safe_to_read(contacts: Mapping[str, Contact | str], already: Collection[str] = (), there: str = "") -> RouteReply:
    """What "I am safe to talk" and "Show the helpline" open on the web. The question of safety is not asked again."""
    texts = route_texts().web
    card = texts["routes"]["domestic_abuse"]
    again = "domestic_abuse" in already
    reply = RouteReply(["domestic_abuse"], [fill(card["safe_again" if again else "safe_text"], contacts)], offer_human=True, alert=True)
    if not again:
        reply.texts.append(who_is_there(texts, there, person=True))
    reply.contacts = shown(card["contacts"], contacts)
    reply.choices = choices_of(texts, ("leave_page", "ask_navigator"), there)
    return reply
