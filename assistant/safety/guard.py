"""The screen and its routes around one turn: what to say before anything else, and whether anything else is said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.safety import mode
from assistant.safety.contacts import Contact
from assistant.safety.fallback import FALLBACK_TEXT, fallback_text
from assistant.safety.routes import RouteReply, ask_directly, route, route_texts, show_helpline
from assistant.safety.screen import Screening, screen
from assistant.safety.tiers import TIERS

PREFIX = "safety:"  # payloads of our own choices; everything else is the dialogue's
# Where the dialogue takes over again when one of these is pressed.
TO_DIALOGUE = {"ask_navigator": "/talk_to_human", "carry_on": "/repeat"}
# Questions about privacy that are also signs that somebody may be watching: answered beside the neutral words.
WATCHED_TOPICS = frozenset({
    "tell_family", "shared_phone", "cannot_talk_on_phone", "confidential", "delete_my_data", "chat_retention", "stop_texts",
    "gp_sees_chat", "what_group_is_told", "interpreter", "missed_call", "bring_someone",
})  # fmt: skip
_TIER_0 = frozenset(TIERS[0])
_PLAIN_LINE = frozenset({"medication_clinical"})
# "ok" is no yes: it may only say that the text arrived, and a wrong yes puts words on a watched phone.
_YES_NO = re.compile(r"^\W*(yes|y|yeah|yep|yh|safe|no|n|nope|nah|not safe)\b", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\{([a-z0-9_]+)\}")


@dataclass
class SafetyAnswer:
    """What the screen makes of one message.

    `replies` go out first, as keyword arguments of a stored message. `stops`: nothing else is said this turn.
    `plain_line`: the one line on medicines, which gives way to a fuller answer of the dialogue. `watched_answer`: a
    topic's answer may follow. `safe_to_text` is what was just learned of the number, None when nothing was.
    """

    risks: list[str] = field(default_factory=list)
    replies: list[dict[str, Any]] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=dict)
    stops: bool = False
    footer: str = ""
    alert: bool = False
    failed: bool = False
    safe_to_text: bool | None = None


class Guard:
    """The screen with one installation's contacts."""

    def __init__(self, contacts: Mapping[str, Any], facts: Mapping[str, Mapping[str, str]], nations: Mapping[str, str]) -> None:
        """`contacts` are the rows of contacts.csv by id; `facts` and `nations` are by practice."""
        self._contacts = {slug: shown_contacts(contacts, facts[slug], nations[slug]) for slug in facts}

    def contacts(self, practice: str) -> Mapping[str, Contact]:
        """The help lines a patient of this practice may be given; none for one unknown, never an error."""
        return self._contacts.get(practice, {})

    def answer(
        self, text: str, *, channel: str, practice: str, state: Mapping[str, Any] | None = None, chosen: str | None = None,
        question: str | None = None, in_form: bool = False, safe_to_text: bool | None = None,
    ) -> SafetyAnswer:
        """Look at one message. Never raises: whatever breaks, the fixed 999 and 111 text stands.

        `chosen` is the payload of a choice that was pressed or numbered: our own words, not screened again.
        `question` is what was just asked: "scale", "number" or None.
        """
        now = {**mode.new_state(), **(state or {})}
        contacts = self.contacts(practice)
        try:
            return self._answer(text, channel, contacts, now, chosen, question, in_form, safe_to_text)
        except Exception:  # the safer side: fixed words, and the conversation goes on
            return SafetyAnswer(replies=[{"text": fallback_text(channel)}], state=now, failed=True)

    def when_down(self, text: str) -> str:
        """Words for a message that cannot be stored: its route when it has one, else 999 and 111. Never raises."""
        practice = next(iter(self._contacts), "")
        found = self.answer(text, channel="web", practice=practice)
        return found.replies[0]["text"] if found.stops and found.replies else FALLBACK_TEXT

    def _answer(
        self, text: str, channel: str, contacts: Mapping[str, Contact], state: dict[str, Any], chosen: str | None,
        question: str | None, in_form: bool, safe_to_text: bool | None,
    ) -> SafetyAnswer:
        if chosen and not chosen.startswith(PREFIX):
            return SafetyAnswer(state=_no_longer_waiting(state), footer=mode.footer(state, channel, contacts))
        if chosen in (f"{PREFIX}safe_to_talk", f"{PREFIX}show_helpline"):
            state["neutral"] = False
            return _shown(show_helpline(contacts), channel, state, in_form, stored=["domestic_abuse"])
        if chosen == f"{PREFIX}leave_page":
            return SafetyAnswer(state=state, stops=True, replies=[{"text": route_texts().web["leave_page_text"]}])
        screening = screen(text, mode.context_of(state, question))
        others = set(screening.risks) - {"suicide_ideation"} - _PLAIN_LINE
        # A pressed Yes, No or Not sure counts whenever it comes: late, or after another answer.
        waiting = state.get("asked") and (state.get("answer") is None or bool(chosen))
        said = chosen.removeprefix(PREFIX) if chosen else mode.read_answer(text)
        if waiting and not others and (said in ("yes", "no", "not_sure") or "suicide_ideation" in screening.risks):
            agreed = said if said in ("yes", "not_sure") else "yes" if "suicide_ideation" in screening.risks else "no"
            state, reply = mode.answer_direct(state, agreed, channel, contacts)
            return _shown(reply, channel, state, in_form, stored=reply.risks)
        state = _no_longer_waiting(state)
        if state.get("asked_safe") and not others and (match := _YES_NO.match(text.strip())):
            return _after_safe_question(not match[1].lower().startswith("n"), channel, contacts, state)
        state.pop("asked_safe", None)
        return _screened(screening, channel, contacts, state, in_form, safe_to_text)


def _screened(
    screening: Screening, channel: str, contacts: Mapping[str, Contact], state: dict[str, Any], in_form: bool,
    safe_to_text: bool | None,
) -> SafetyAnswer:
    failed = [{"text": fallback_text(channel)}] if screening.failed else []
    if not screening.risks and not mode.should_ask(state, screening):
        out = SafetyAnswer(state=state, footer=mode.footer(state, channel, contacts), failed=screening.failed)
        out.replies = failed
        return out
    if not screening.risks:
        reply = ask_directly(channel)
        return _shown(reply, channel, mode.after_reply(state, reply), in_form)
    reply = route(screening.risks, channel, contacts, safe_to_text, already=state["shown"])
    if state.get("answer") and reply.question and not _TIER_0 & set(screening.risks):
        _without_question(reply, channel)  # the direct question is asked once in a conversation
    if set(screening.risks) <= _PLAIN_LINE:
        out = _shown(reply, channel, state, in_form)
        out.stops = False
        out.footer = mode.footer(state, channel, contacts)
        return out
    state = mode.after_reply(state, reply)
    if channel != "web" and reply.neutral:
        state["asked_safe"] = True
    return _shown(reply, channel, state, in_form, stored=screening.risks)


def _without_question(reply: RouteReply, channel: str) -> None:
    question = ask_directly(channel).texts[0]
    reply.texts = [text for text in reply.texts if text != question]
    reply.choices = [choice for choice in reply.choices if choice["id"] not in ("yes", "no", "not_sure")]
    reply.choices = reply.choices or [{"id": "ask_navigator", "label": route_texts().web["choices"]["ask_navigator"]}]
    reply.question = None


def _no_longer_waiting(state: dict[str, Any]) -> dict[str, Any]:
    """The direct question is not hung over later answers: a 'yes' after something else is about something else."""
    return {**state, "answer": "none given"} if state.get("asked") and state.get("answer") is None else state


def _after_safe_question(safe: bool, channel: str, contacts: Mapping[str, Contact], state: dict[str, Any]) -> SafetyAnswer:
    """'Is this a safe number for us to text?', answered."""
    state.pop("asked_safe", None)
    state["neutral"] = not safe
    reply = route(["domestic_abuse_covert", "domestic_abuse"], channel, contacts, safe)
    out = _shown(reply, channel, state, in_form=False)
    out.safe_to_text = safe
    return out


def _shown(
    reply: RouteReply, channel: str, state: dict[str, Any], in_form: bool, stored: list[str] | None = None
) -> SafetyAnswer:
    """A route as messages: one on the web, one a text by phone, where choices are answered in words."""
    risks = list(reply.risks if stored is None else stored)
    shared = {"risks": risks, "contacts": reply.contacts}
    if channel == "web":
        choices = [{"label": c["label"], "value": TO_DIALOGUE.get(c["id"], PREFIX + c["id"])} for c in reply.choices]
        if in_form and not reply.question and not _TIER_0 & set(risks):
            choices.append({"label": route_texts().web["choices"]["carry_on"], "value": TO_DIALOGUE["carry_on"]})
        replies = [{"text": reply.text, "choices": choices, **shared}]
    else:
        replies = [{"text": text, **shared} for text in reply.texts]
    return SafetyAnswer(risks=risks, replies=replies, state=state, stops=True, alert=reply.alert)


def may_answer_topic(safety: SafetyAnswer, topic: str | None) -> bool:
    """Whether a question about privacy is answered beside the neutral words: 'can my husband see this?' is both."""
    watched = set(safety.risks) and set(safety.risks) <= {"domestic_abuse_covert", "domestic_abuse"}
    return bool(watched and topic in WATCHED_TOPICS)


def shown_contacts(contacts: Mapping[str, Any], facts: Mapping[str, str], nation: str) -> dict[str, Contact]:
    """Help lines for one practice. A row whose placeholder has no value is left out rather than shown unfilled."""
    found: dict[str, Contact] = {}
    for name, row in contacts.items():
        text = _PLACEHOLDER.sub(lambda m: str(facts.get(m.group(1), m.group())), row.contact)
        if row.shown_in(nation) and not _PLACEHOLDER.search(text):
            found[name] = Contact(name, row.name, text)
    return found
