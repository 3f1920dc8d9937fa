"""Safety mode: what a conversation remembers after a route was shown. Pure functions over a small dict.

Once a route of tiers 0 to 2 was shown, the mode lasts for the rest of the conversation: a later "jk" or "I'm fine"
does not end it, and every later reply carries the footer (rule 8 of the safety handling).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from assistant.safety.contacts import Contact
from assistant.safety.fallback import fallback_text
from assistant.safety.routes import RouteReply, choices_of, fill, route, route_texts, shown, who_is_there
from assistant.safety.screen import ScreenContext, Screening

State = dict[str, Any]
_ANSWERS = {
    "not_sure": re.compile(r"^\W*(?:i'?m |i am )?(?:not (?:really )?sure|unsure|don'?t know|dont know|dunno|maybe|sometimes|"
                           r"kind of|sort of|a bit|i don'?t know|possibly|idk)\b", re.IGNORECASE),
    "no": re.compile(r"^\W*(?:no(?! more (?:texts?|messages?|msgs?))|nope|nah|nie|nu|nao|n\u00e3o|nahin?|non|hayir|hay\u0131r|"
                     r"not at all|never|not now|i'?m not|i am not|of course not|definitely not)\b",
                     re.IGNORECASE),
    "yes": re.compile(r"^\W*(?:yes|yeah|yep|yh|y|yea|aye|tak|si|s\u00ed|da|oui|evet|haan|haa|ji|sim|taip|ydw|"
                      r"i am|i do|i have|i'?ve|often|all the time|every day)\b", re.IGNORECASE),
}


def new_state() -> State:
    """A conversation in which nothing has been shown."""
    return {"active": False, "shown": [], "neutral": False, "asked": False, "answer": None, "no_capture": False}


def context_of(state: State, question: str | None = None) -> ScreenContext:
    """The screen's context: the direct question while it waits for its answer, else the flow's own question kind."""
    waiting = state.get("asked") and state.get("answer") is None
    lasting = frozenset(state.get("shown", ())) - {"medication_clinical"}
    return ScreenContext("suicide" if waiting else question, lasting)


def should_ask(state: State, screening: Screening) -> bool:
    """Whether to ask the direct question now: the screen is unsure and it has not been asked in this conversation."""
    return screening.unsure and not state.get("asked")


def after_reply(state: State, reply: RouteReply) -> State:
    """The state once a route or the direct question was shown. Nothing a person says later takes this back."""
    now = {**new_state(), **state}
    lasting = [risk for risk in reply.risks if risk != "medication_clinical"]
    now["shown"] = list(dict.fromkeys([*now["shown"], *reply.risks]))
    now["active"] = bool(now["active"] or lasting)
    now["neutral"] = bool(now["neutral"] or reply.neutral)
    now["no_capture"] = bool(now["no_capture"] or reply.stop_data_capture)
    if reply.question == "suicide":
        now["asked"], now["answer"] = True, None
    return now


def footer(state: State, channel: str, contacts: Mapping[str, Contact | str]) -> str:
    """The line under every later reply while the mode lasts, else an empty string. Neutral where somebody may watch."""
    if not state.get("active"):
        return ""
    try:
        texts = route_texts().web if channel == "web" else route_texts().sms
        return fill(texts["footer_neutral" if state.get("neutral") else "footer"], contacts)
    except Exception:  # the footer is safety text: it may shrink but never fail
        return fallback_text(channel)


def read_answer(text: str) -> str | None:
    """'yes', 'no' or 'not_sure' from a reply or a choice id to the direct question; None for anything else."""
    for answer in ("not_sure", "no", "yes"):
        if text.strip().lower() == answer or _ANSWERS[answer].match(text.strip()):
            return answer
    return None


def answer_direct(
    state: State, answer: str, channel: str, contacts: Mapping[str, Contact | str], there: str = "",
) -> tuple[State, RouteReply]:
    """What follows the direct question. `answer` is yes, no or not_sure; any other raises ValueError.

    Yes and not sure open the suicide_ideation route. No gets a warm line, and the footer stays.
    """
    if answer not in _ANSWERS:
        raise ValueError(f"not an answer to the direct question: {answer!r}")
    now = {**new_state(), **state, "asked": True, "answer": answer, "active": True}
    try:
        web, sms = route_texts().web, route_texts().sms
        text = fill((web if channel == "web" else sms)["answers"][answer], contacts)
        if answer == "no":
            return now, RouteReply([], [text])
        card = web["routes"]["suicide_ideation"]
        choices = choices_of(web, ["ask_navigator"], there)
        texts = [text, who_is_there(web, there, person=True)] if channel == "web" else [text]
        reply = RouteReply(["suicide_ideation"], texts, shown(card["contacts"], contacts), choices, offer_human=True, alert=True)
    except Exception:  # as in `route`
        reply = route(["suicide_ideation"], channel, {})
    now["shown"] = list(dict.fromkeys([*now["shown"], "suicide_ideation"]))
    return now, reply
