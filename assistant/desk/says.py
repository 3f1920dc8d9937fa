"""The desk's words to a patient. How they are told: assistant/pathway/telling.py."""

from __future__ import annotations

from assistant.pathway.telling import BOOK_A_CALL as BOOK_A_CALL

FLAG_WAITS = "A safety flag waits in Linkway."  # to the number on safeguarding duty; nothing of a patient


def joined(first_name: str, role: str) -> str:
    """A person is here now; only a navigator is called the patient's navigator."""
    who = f"{first_name}, your navigator," if role == "navigator" else f"{first_name}, from the team,"
    return f"{who} has joined. You are talking to a person now."


def handed_back(first_name: str) -> str:
    """The bot speaks again."""
    return f"{first_name} has left. The helper is back. You can ask for a person at any time."


def closed(first_name: str) -> str:
    """An end that leaves the door open."""
    return f"{first_name} has left, and this chat is closed for now. You can write again any time. The helper will answer."


def cut_off(first_name: str) -> str:
    """The navigator's console has gone quiet, and nobody knows when it will be back."""
    return (
        f"Sorry, we have lost touch with {first_name}. You are back in the queue for a person. "
        "You do not have to say it all again. The helper answers until then."
    )


def still_waiting(navigator: str) -> str:
    """Nobody has come in three minutes: a way that does not keep a person waiting."""
    return (
        "Sorry you are still waiting. Nobody is free just yet. You can keep waiting here. "
        f"Or you can pick a day and a time, and {navigator} will ring you."
    )


def passed_on(first_name: str, to_first_name: str, role: str) -> str:
    """A colleague goes on with it; the new name is told."""
    who = f"{to_first_name}, a navigator here," if role == "navigator" else f"{to_first_name}, from the team,"
    return f"{first_name} has passed your chat on. {who} can see what you said. You need not say it again."
