"""STOP, START and HELP: the words every text service answers, and what ours says to them."""

from __future__ import annotations

from typing import Literal

Word = Literal["stop", "start", "help"]

# Whole messages only: 'I want it to stop' is for the safety screen and the conversation.
_WORDS: dict[str, Word] = {
    **dict.fromkeys(
        ("stop", "stopall", "stop all", "unsubscribe", "end", "quit", "cancel", "optout", "opt out"), "stop"
    ),
    **dict.fromkeys(("start", "unstop"), "start"),
    **dict.fromkeys(("help", "info"), "help"),
}
_AROUND = " \t\r\n.,!?;:'\"()*‘’“”"

# Placeholders are filled from programme/, so no number stands here.
SAID: dict[Word, str] = {
    "stop": (
        "You will get no more texts from us. To start again, text START. "
        "If a life is in danger, call {emergency_999}."
    ),
    "start": "Texts are on again. What would you like to talk about? You can stop them any time: text STOP.",
    "help": (
        "This is {practice_name}'s helper for finding groups and support. I am a bot, not a person. Ask me a "
        "question, or ask for a person. Text STOP to end texts. Urgent: NHS {nhs_111}. Life in danger: {emergency_999}."
    ),
}
# To somebody who stopped our texts and writes again: once for each STOP.
STOPPED_BEFORE = "You stopped our texts. Reply START to have them again. If a life is in danger, call {emergency_999}."
NO_WORDS = (
    "Your text reached us without any words. I can read words, but not pictures, voice notes or videos. "
    "Please type what you would like to say. If a life is in danger, call {emergency_999}."
)


def service_word(text: str) -> Word | None:
    """'stop', 'start' or 'help' when `text` is that and nothing else; None for anything a person might mean."""
    return _WORDS.get(" ".join(text.strip(_AROUND).casefold().split()))
