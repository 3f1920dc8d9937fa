"""What is said around the routes: who is there, other languages, a refusal, words without hope, a chat that must go.

The words are in programme/safety/around.yml. The readings are plain expressions over short messages, so that what is
said in safety mode does not hang on how sure a model is. Pure functions; no store, no Rasa.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

import yaml

from assistant.safety.routes import FOLDER
from assistant.safety.tiers import SUICIDE

ABUSE = frozenset({"domestic_abuse", "domestic_abuse_covert"})
_LEAD = r"^\W*(?:(?:oh|ok|okay|please|pls|just|look|and|but|so|well|honestly|actually|yeah|no|nah|i said|can you|will you|u|you) )*"
_REFUSAL = re.compile(
    _LEAD + r"(?:(?:leave|let) me (?:alone|be)|leave (?:it|off)|go away|get lost|fuck off|piss off|sod off|bugger off|bog off|shut up|shush"
    r"|stop (?:it|asking|this|that|going on|bothering me|pestering me)|drop it|forget (?:it|i said|about it)"
    r"|(?:i )?(?:do not|don'?t|dont|dnt) (?:want|wanna|need) (?:to talk|to speak|(?:any |your |ur )?help|anything|this|you|it)"
    r"|not interested)\b(?:\W+(?:any|more|anymore|now|please|pls|plz|then|thanks|thank|you|u|ok|okay|again|today|tonight|from|with|about|it|this|that"
    r"|to|anyone|anybody|a|bot|computer|robot|machine|man|mate|will|just|alone|for god'?s|sake|idiot|twat))*\W*$",
    re.IGNORECASE,
)
_HOPELESS = re.compile(
    r"\b(?:what(?:'?s| is| was)? (?:even )?the (?:point|use)|wh?ats? (?:even )?(?:the )?(?:point|use)|(?:there(?:'?s| is) |theres )?no point(?! in (?:going|ringing|calling) (?:there|to))"
    r"|why (?:do i )?(?:even )?bother|who cares|(?:no ?(?:one|body)|nobody) (?:cares?|would (?:care|notice)|gives?)|(?:it )?(?:does not|doesn'?t|doesnt|don'?t|dont) matter"
    r"|(?:makes|make) no difference|pointless|hopeless|(?:can'?t|cannot|cant) (?:go on|do (?:this|it) any ?more|cope|take (?:it|this|any ?more))"
    r"|(?:written|wrote|done) (?:all )?(?:the|my|them) letters|(?:give|giving|given) up(?=\W*$| (?:now|on (?:life|it all|everything|myself)|trying))|too late|had enough|what for|nothing (?:helps|works|will help|matters)|i'?m done)\b",
    re.IGNORECASE,
)
_OF_A_FORM = re.compile(r"\b(?:(?:does not|doesn'?t|doesnt|don'?t|dont) matter|too late|what for|who cares|(?:makes|make) no difference)\b", re.IGNORECASE)
_ABOUT_GROUPS = re.compile(r"\b(?:group|class|session|walk|club|cafe|form|survey|questions?|bus|booking|course|volunteer)", re.IGNORECASE)
LONGEST = 12  # words; a longer message has more in it than a mood, and goes to the dialogue
_DELETE = re.compile(
    r"\b(?:delete|erase|wipe|remove|clear|get rid of|hide|rub out)\b.{0,40}\b(?:this|that|it|chat|conversation|messages?|history|everything|all|what i)\b",
    re.IGNORECASE,
)
_CALL = re.compile(
    r"\b(?:can|could|will|would|may|please|pls|plz|want|like|need|get|ask|rather|have|help me)\b(?:\W+[\w']+){0,3}?\W+"
    r"(?:(?:someone|somebody|some ?1|you|u|anyone|anybody|a person|a navigator|the navigator|a nurse|a lady|a woman|her|amina|to|me|a)\W+(?:to )?(?:please )?(?:just )?)"
    r"(?:call|ring|phone|speak to (?:me|some|a)|talk to (?:me|some|a)|contact|callback|call back)\b",
    re.IGNORECASE,
)
_NOT_A_CALL = re.compile(r"\b(?:can'?t|cannot|cant|can not|won'?t|wont|does not|doesn'?t|not let|let me|lets me|don'?t|dont|do not|stops? me)\b", re.IGNORECASE)
_YES = r"(?:yes|yeah|yep|yh|yea|yup|y|aye)"
_SAFE = re.compile(
    rf"^\W*(?:{_YES}|(?:i )?(?:think|guess|suppose|hope) so|safe|it'?s|its|it is|i'?m|im|i am|(?:he|she)(?:'?s| is) (?:out|asleep|away|at work|not here|not in|gone out))"
    r"(?:\W+(?:yes|it|is|it'?s|its|i|i'?m|im|am|think|guess|so|safe|quite|all|pretty|very|fine|ok|okay|good|alone|here|now|for|at|the|moment|today|right|to|talk|text|number"
    r"|this|my|own|phone|on|please|pls|thanks|thank|you|u|love|can|we|(?:he|she)(?:'?s| is)|out|asleep|away|work|not in|gone|just|me))*\W*$",
    re.IGNORECASE,
)
# 'No, I'm fine, I just want to know' says neither.
_UNSAFE = re.compile(
    r"^\W*(?!(?:no|nah|nope)\W+(?:it'?s |its |i'?m |im |i am |we'?re )(?:fine|ok|okay|all right|alright|good)\b)(?:no|n|nope|nah|never|not (?:really|safe|now|here|sure)|it'?s not|its not|it is not|it isn'?t|i'?m not|im not|i am not|unsafe)\b"
    r"|\b(?:he|she)(?:'?s| is) (?:here|home|back|watching|in the room|next to me)\b",
    re.IGNORECASE,
)
_ASKS_FOR = re.compile(
    r"\b(?:want|wanna|like|need|looking for|is there|are there|find|something|anything|somewhere|groups?|class(?:es)?|clubs?|how|what|where|when is|can i|could i)\b", re.IGNORECASE
)
SHORT = 12  # words of an answer to the question of safety; a longer message says something else


def asks_for_something(text: str) -> bool:
    """'I want to get out a bit, something when he's at work': a wish, told beside what it must be kept from."""
    return bool(_ASKS_FOR.search(text))


@lru_cache(maxsize=1)
def words() -> dict[str, str]:
    """The fixed words, read once. Raises OSError or yaml.YAMLError when they cannot be read."""
    found: dict[str, Any] = yaml.safe_load((FOLDER / "around.yml").read_text(encoding="utf-8"))
    return {name: " ".join(str(text).split()) for name, text in found.items()}


def said(name: str, facts: Mapping[str, str], **more: str) -> str:
    """One of the fixed texts, filled. Raises KeyError for a fact that is missing."""
    return words()[name].format_map({**facts, **more}).strip()


def who(state: str, navigator: str, facts: Mapping[str, str]) -> str:
    """The line on who is there, for a conversation with a navigator or waiting for one; empty when nobody is."""
    if state == "live":
        return said("live", facts, navigator=navigator or "A navigator")
    return said("waiting", facts) if state == "waiting" else ""


def refuses(text: str) -> bool:
    """'Leave me alone', 'forget it': in safety mode a refusal, and nothing to be asked about."""
    return bool(_REFUSAL.match(text.strip()))


def without_hope(text: str, shown: Collection[str], asked: bool, in_form: bool = False) -> bool:
    """Words that could be about ending one's life, once that was heard in this conversation.

    In a form 'it does not matter' and 'too late' answer its question.
    """
    text = _OF_A_FORM.sub(" ", text) if in_form else text
    if not (asked or SUICIDE & set(shown)) or len(text.split()) > LONGEST:
        return False
    return bool(_HOPELESS.search(text)) and not _ABOUT_GROUPS.search(text)


def wants_it_gone(text: str, shown: Collection[str]) -> bool:
    """'Can you delete this', in a chat about abuse."""
    return bool(ABUSE & set(shown)) and len(text.split()) <= LONGEST and bool(_DELETE.search(text))


def wants_a_call(text: str) -> bool:
    """A request to be rung or to talk to a person, whatever else is said with it."""
    found = _CALL.search(text)
    return found is not None and not _NOT_A_CALL.search(text[: found.end()])


def safe_answer(text: str) -> bool | None:
    """Yes or no to "Is it safe to talk here?" in the person's words; None for anything else. 'OK' is neither."""
    if len(text.split()) > SHORT:
        return None
    if _UNSAFE.match(text):
        return False
    return True if _SAFE.match(text) else None
