"""The screen and its routes around one turn: what to say before anything else, and whether anything else is said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from assistant.safety import around, mode, plain_words
from assistant.safety.answer import Moment, SafetyAnswer
from assistant.safety.contacts import Contact, for_some
from assistant.safety.fallback import FALLBACK_TEXT, fallback_text
from assistant.safety.languages import not_english
from assistant.safety.normalise import normalise
from assistant.safety.routes import (
    RouteReply,
    ask_directly,
    choices_of,
    fill,
    route,
    route_texts,
    safe_to_read,
    without_question,
)
from assistant.safety.screen import Screening, screen
from assistant.safety.tiers import SUICIDE, TIERS

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
_PLACEHOLDER = re.compile(r"\{([a-z0-9_]+)\}")


class Guard:
    """The screen with one installation's contacts."""

    def __init__(self, contacts: Mapping[str, Any], facts: Mapping[str, Mapping[str, str]], nations: Mapping[str, str]) -> None:
        """`contacts` are the rows of contacts.csv by id; `facts` and `nations` are by practice."""
        self._contacts = {slug: shown_contacts(contacts, facts[slug], nations[slug]) for slug in facts}
        self._facts = facts

    def contacts(self, practice: str) -> Mapping[str, Contact]:
        """The help lines a patient of this practice may be given; none for one unknown, never an error."""
        return self._contacts.get(practice, {})

    def answer(
        self, text: str, *, channel: str, practice: str, state: Mapping[str, Any] | None = None, chosen: str | None = None,
        question: str | None = None, in_form: bool = False, safe_to_text: bool | None = None, desk: str = "bot",
        navigator: str = "",
    ) -> SafetyAnswer:
        """Look at one message. Never raises: whatever breaks, the fixed 999 and 111 text stands.

        `chosen` is the payload of a choice that was pressed or numbered: our own words, not screened again.
        `question` is what was just asked: "scale", "number" or None. `desk` is the conversation's state, `navigator`
        who has joined it.
        """
        now = {**mode.new_state(), **(state or {})}
        try:
            facts = self._facts.get(practice, {})
            there = around.who(desk, navigator, facts)
            moment = Moment(channel, self.contacts(practice), facts, in_form, safe_to_text, desk, there)
            return self._answer(text, moment, now, chosen, question)
        except Exception:  # the safer side: fixed words, and the conversation goes on
            return SafetyAnswer(replies=[{"text": fallback_text(channel)}], state=now, failed=True)

    def refused(self, text: str, *, channel: str, practice: str, state: Mapping[str, Any]) -> SafetyAnswer:
        """A refusal in safety mode: one kind line, the help left where it is, no reason asked."""
        moment = Moment(channel, self.contacts(practice), self._facts.get(practice, {}))
        return _line("refused", moment, {**mode.new_state(), **state}, ["ask_navigator"])

    def when_down(self, text: str) -> str:
        """Words for a message that cannot be stored: its route when it has one, else 999 and 111. Never raises."""
        practice = next(iter(self._contacts), "")
        found = self.answer(text, channel="web", practice=practice)
        return found.replies[0]["text"] if found.stops and found.replies else FALLBACK_TEXT

    def _answer(
        self, text: str, here: Moment, state: dict[str, Any], chosen: str | None, question: str | None
    ) -> SafetyAnswer:
        if chosen and not chosen.startswith(PREFIX):
            state.pop("asked_safe", None)
            return SafetyAnswer(state=_no_longer_waiting(state), footer=mode.footer(state, here.channel, here.contacts))
        if chosen in (f"{PREFIX}safe_to_talk", f"{PREFIX}show_helpline"):
            return _safe_here(here, state)
        if chosen == f"{PREFIX}leave_page":
            return _leaving(state)
        screening = screen(text, mode.context_of(state, question))
        others = set(screening.risks) - {"suicide_ideation"} - _PLAIN_LINE
        # A pressed Yes, No or Not sure counts whenever it comes: late, or after another answer.
        waiting = state.get("asked") and (state.get("answer") is None or bool(chosen))
        said = chosen.removeprefix(PREFIX) if chosen else mode.read_answer(text)
        if not chosen and _takes_back_a_no(text, state):
            waiting, said = True, "yes"
        elif not chosen and plain_words.good_news(plain_words.kinds(normalise(text).text), mode.context_of(state).shown):
            said = None  # 'I've flushed them' begins as a yes does
        if waiting and not others and (said in ("yes", "no", "not_sure") or "suicide_ideation" in screening.risks):
            agreed = said if said in ("yes", "not_sure") else "yes" if "suicide_ideation" in screening.risks else "no"
            state, reply = mode.answer_direct(state, agreed, here.channel, here.contacts, here.there)
            return _shown(reply, here, state, stored=reply.risks)
        state = _no_longer_waiting(state)
        if state.get("asked_safe") and not others - around.ABUSE and (safe := around.safe_answer(text)) is not None:
            return _after_safe_question(safe, here, state)
        if state.pop("asked_safe", None):
            state["safe_ignored"] = True  # asked, and something else was said
        found = _screened(screening, here, state, text)
        if screening.foreign and here.web and found.replies:
            first, *rest = found.replies[0]["text"].split("\n\n")
            found.replies[0]["text"] = "\n\n".join([first, around.said("interpreter", here.facts), *rest])
        return found


def _screened(screening: Screening, here: Moment, state: dict[str, Any], text: str) -> SafetyAnswer:
    failed = [{"text": fallback_text(here.channel)}] if screening.failed else []
    if not screening.risks and not mode.should_ask(state, screening):
        if not failed and here.desk != "live" and (line := _around(text, here, state, screening.unsure)):
            return line
        out = SafetyAnswer(state=state, footer=mode.footer(state, here.channel, here.contacts), failed=screening.failed)
        out.replies = failed
        return out
    if not screening.risks:
        reply = ask_directly(here.channel, here.contacts)
        return _shown(reply, here, mode.after_reply(state, reply))
    shown_before, abuse = state["shown"], bool(around.ABUSE & set(screening.risks))
    wanted = abuse and here.desk != "live" and around.wants_a_call(text)
    if wanted and here.web and around.ABUSE & set(shown_before) and not set(screening.risks) - around.ABUSE:
        # The question of safety was asked with the message before; the request must not be lost behind it again.
        state.pop("wanted", None)
        footer = mode.footer(state, here.channel, here.contacts)
        return SafetyAnswer(risks=list(screening.risks), state=state, footer=footer, alert=True, take_up=text)
    if here.web and here.desk != "live" and _told_while_asking(text, set(screening.risks), here, state):
        return SafetyAnswer(risks=list(screening.risks), state=state, footer=mode.footer(state, here.channel, here.contacts), alert=True)
    if abuse and state.get("safe_here") and not set(screening.risks) - around.ABUSE:
        if here.web and around.wants_it_gone(text, shown_before):
            return _line("delete_here", here, state, ["leave_page"])
        return _shown(safe_to_read(here.contacts, shown_before, here.there), here, state, stored=screening.risks)
    reply = route(screening.risks, here.channel, here.contacts, here.safe_to_text, already=shown_before, there=here.there)
    if state.get("answer") and reply.question and not _TIER_0 & set(screening.risks):
        without_question(reply, here.channel, here.there)  # the direct question is asked once in a conversation
    if set(screening.risks) <= _PLAIN_LINE:
        out = _shown(reply, here, state)
        out.stops = False
        out.footer = mode.footer(state, here.channel, here.contacts)
        return out
    state = mode.after_reply(state, reply)
    asks_safe = any(choice["id"] == "safe_to_talk" for choice in reply.choices) if here.web else reply.neutral and here.safe_to_text is None
    if abuse and asks_safe and reply.question is None:
        state["asked_safe"] = True
        if wanted:
            state["wanted"] = text[:500]
    out = _shown(reply, here, state, stored=screening.risks)
    if wanted and not here.web and here.safe_to_text:
        out.take_up = text  # nothing is asked first: the call is seen to beside the words of help
    out.repeat = bool(around.ABUSE & set(shown_before)) and set(screening.risks) <= {*around.ABUSE} and "domestic_abuse_covert" in screening.risks
    return out


def _told_while_asking(text: str, risks: set[str], here: Moment, state: dict[str, Any]) -> bool:
    """A wish or an answer with 'when he's at work' in it, from somebody who passed over the question of safety: it is not put again."""
    passed_over = state.get("safe_ignored") and bool(around.ABUSE & set(state["shown"]))
    return bool(passed_over) and risks <= around.ABUSE and "domestic_abuse_covert" in risks and (here.in_form or around.asks_for_something(text))


def _around(text: str, here: Moment, state: dict[str, Any], unsure: bool) -> SafetyAnswer | None:
    """What calls for no route and still is not for the dialogue. `unsure`: a hint, when the question was asked before."""
    if here.web and around.wants_it_gone(text, state["shown"]):
        return _line("delete_here", here, state, ["leave_page"])
    if (state.get("active") or state.get("asked")) and around.refuses(text):
        return _line("refused", here, state, ["ask_navigator"])
    if line := _said_plainly(text, here, state):
        return line
    hint = unsure and not plain_words.denies(normalise(text).text)
    if hint or around.without_hope(text, state["shown"], bool(state.get("asked")), here.in_form):
        return _line("without_hope", here, state, ["ask_navigator"])
    if not_english(text):
        return _line("not_english" if here.web else "not_english_sms", here, state, ["ask_navigator"])
    return None


def _said_plainly(text: str, here: Moment, state: dict[str, Any]) -> SafetyAnswer | None:
    """Fear without a word of what; and once help was shown good news, a wish for secrecy, or more of the telling."""
    plain = normalise(text).text
    kinds, shown = plain_words.kinds(plain), mode.context_of(state).shown
    choices = ["ask_navigator"]
    if plain_words.good_news(kinds, shown):
        urgent = next((risk for risk in TIERS[0] if risk in shown), None)
        still = fill(route_texts().web["routes"][urgent]["also"], here.contacts) if urgent else ""
        return _line("good_news", here, state, choices, still=still)
    if shown and "secret" in kinds:
        routes = route_texts().web["routes"]
        name = "passed_on" if any(routes[risk].get("alert") for risk in shown) else "not_passed_on"
        return _line(name if here.web else f"{name}_sms", here, state, choices)
    if "afraid" in kinds and not here.in_form:
        return _line("afraid", here, state, choices)
    if shown and "when" in kinds and not here.in_form and plain_words.tells(plain):
        return _line("heard", here, state, choices)
    return None


def _takes_back_a_no(text: str, state: dict[str, Any]) -> bool:
    """'No, but I think about it', once thoughts of suicide were heard or asked about: a disclosure, whatever was answered."""
    if not (state.get("asked") or SUICIDE & set(state["shown"])):
        return False
    waiting = bool(state.get("asked") and state.get("answer") is None)
    return plain_words.takes_back_a_no(normalise(text).text, waiting)


def _line(name: str, here: Moment, state: dict[str, Any], choices: list[str], **more: str) -> SafetyAnswer:
    """One of the lines of around.yml, as the whole reply."""
    footer = mode.footer({**state, "active": True}, here.channel, here.contacts)
    reply = RouteReply([], [" ".join(around.said(name, here.facts, footer=footer, **more).split())])
    reply.choices = choices_of(route_texts().web, choices, here.there)
    return _shown(reply, here, state)


def _no_longer_waiting(state: dict[str, Any]) -> dict[str, Any]:
    """The direct question is not hung over later answers: a 'yes' after something else is about something else."""
    return {**state, "answer": "none given"} if state.get("asked") and state.get("answer") is None else state


def _safe_here(here: Moment, state: dict[str, Any]) -> SafetyAnswer:
    """It is safe to talk, on the web: the helpline, and what was asked for before the question came between."""
    state.pop("asked_safe", None)
    reply = safe_to_read(here.contacts, () if state["neutral"] else state["shown"], here.there)
    state["neutral"], state["safe_here"] = False, True
    state["shown"] = list(dict.fromkeys([*state["shown"], "domestic_abuse"]))
    out = _shown(reply, here, state, stored=["domestic_abuse"])
    out.take_up = state.pop("wanted", "")
    return out


def _leaving(state: dict[str, Any]) -> SafetyAnswer:
    state.pop("asked_safe", None)
    return SafetyAnswer(state=state, stops=True, replies=[{"text": route_texts().web["leave_page_text"]}])


def _after_safe_question(safe: bool, here: Moment, state: dict[str, Any]) -> SafetyAnswer:
    """'Is it safe to talk here?', or by text 'Is this a safe number for us to text?', answered in words."""
    if here.web:
        return _safe_here(here, state) if safe else _leaving(state)
    state.pop("asked_safe", None)
    state["neutral"] = not safe
    wanted = state.pop("wanted", "")
    reply = route(["domestic_abuse_covert", "domestic_abuse"], here.channel, here.contacts, safe)
    out = _shown(reply, here, state)
    out.safe_to_text = safe
    out.take_up = wanted if safe else ""
    return out


def _shown(reply: RouteReply, here: Moment, state: dict[str, Any], stored: list[str] | None = None) -> SafetyAnswer:
    """A route as messages: one on the web, one a text by phone, where choices are answered in words."""
    risks = list(reply.risks if stored is None else stored)
    shared = {"risks": risks, "contacts": reply.contacts}
    if here.web:
        choices = [{"label": c["label"], "value": TO_DIALOGUE.get(c["id"], PREFIX + c["id"])} for c in reply.choices]
        if here.in_form and not reply.question and not _TIER_0 & set(risks):
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
            found[name] = Contact(name, row.name, text, for_some(row.who))
    return found
