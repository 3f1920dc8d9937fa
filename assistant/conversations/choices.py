"""From what a patient typed to what Rasa reads: a number or a label picks a choice, and a typed slash is only a slash."""

from __future__ import annotations

import re

_BARE = ("no", "yes", "not", "i", "the", "a")
_COURTEOUS = re.compile(r"(?:yes|no)(?:$|,| please| thank)")
_SLASHES = re.compile(r"^[\s/]+")  # Rasa takes every kind of blank off before it looks for a slash
# A thumb is a word: without this the model is asked what a picture is about.
_THUMB = re.compile(r"^[\s\uFE0F\U0001F3FB-\U0001F3FF]*(?:(?P<yes>[\U0001F44D\U0001F44C\u2705\u2714])|[\U0001F44E\u274C])"
                    r"[\s\uFE0F\U0001F3FB-\U0001F3FF\U0001F44D\U0001F44C\U0001F44E\u2705\u2714\u274C.!]*$")  # fmt: skip
_NUMBER = re.compile(r"^\W*(?:no\.?|number|option|choice)?\s*(\d{1,2})\W*$", re.IGNORECASE)


def chosen_payload(choices: list[dict[str, str]], text: str) -> str | None:
    """The payload of the choice that `text` picks by its number, its label or the label's first words, or None.

    By text message choices are numbered replies. Choices that are numbers themselves (0 to 10) are picked by label.
    """
    if not choices:
        return None
    text = thumb_in_words(text)
    wanted = " ".join(text.casefold().split()).strip(" .!")
    for choice in choices:
        if choice["label"].casefold() == wanted:
            return choice["value"]
    words = _words(wanted)
    begun = [c for c in choices if _words(c["label"].casefold())[: len(words)] == words] if words else []
    if wanted in _BARE:  # 'no' is 'No thank you', never 'No stairs'
        begun = [c for c in begun if _COURTEOUS.match(c["label"].casefold())]
    if len(begun) == 1:
        return begun[0]["value"]
    number = _NUMBER.match(text)
    if number and not all(c["label"].isdigit() for c in choices):
        index = int(number[1])
        if 1 <= index <= len(choices):
            return choices[index - 1]["value"]
    return None


def _words(text: str) -> list[str]:
    """Without the commas between: 'yes' and 'yes I went' are the beginning of 'Yes, I went'."""
    return [word.strip(",") for word in text.split() if word != ","]


# Buttons that always mean the same; typed as words they are pressed, on the screen or not.
OUR_BUTTONS = {
    "help me find support": "/start_check_in",
    "find help near me": "/start_check_in",
    "start with a few questions": "/start_check_in",
    "start the questions": "/start_check_in",
    "find a group or service": "/find_service",
    "talk to a person": "/talk_to_human",
    "talk to the navigator": "/talk_to_human",
    "book a call": "/book_callback",
    "show me others": "/more_results",
    "none of these": "/reject_results",
    "change what i said": "/go_back",
    "what is social prescribing": '/faq{"topic":"what_is_it"}',
    "print or text me my list": '/choose_service{"share":"yes"}',
}
_COURTESY = re.compile(r"^(?:hi|hello|please|pls|can you|could you|yes|ok)[ ,]+|[ ,]+(?:please|pls|thanks|thank you)$")


def own_button(text: str, form: str | None) -> str | None:
    """The payload of one of our own buttons typed as words. Not where a form takes any words as its answer."""
    if form not in (None, "check_in_form"):
        return None
    wanted = " ".join(text.casefold().split()).strip(" .!?")
    for _ in range(2):
        wanted = _COURTESY.sub("", wanted)
    return OUR_BUTTONS.get(wanted)


def for_rasa(text: str, payload: str | None) -> str:
    """What Rasa parses. A patient's own leading slash would be an intent at confidence 1, `/restart` included."""
    return payload if payload else _SLASHES.sub("", thumb_in_words(text)) or "..."


def thumb_in_words(text: str) -> str:
    """'Yes' for a thumb up and 'no' for a thumb down, where nothing else is said."""
    thumb = _THUMB.match(text)
    return text if thumb is None else "yes" if thumb["yes"] else "no"


def question_kind(choices: list[dict[str, str]]) -> str | None:
    """What a bare number would mean now: "scale" after a 0 to 10 question, "number" after other choices, else None."""
    if not choices:
        return None
    return "scale" if sum(c["label"].isdigit() for c in choices) >= 5 else "number"
