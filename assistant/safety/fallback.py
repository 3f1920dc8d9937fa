"""The text of last resort. It needs no file, no database and no model, and is shown when the screen or routes fail."""

from __future__ import annotations

FALLBACK_TEXT = (
    "Sorry, something went wrong here. If life is in danger, call 999 or go to A&E now. "
    "For urgent medical help, call NHS 111. For urgent mental health help, call 111 and choose option 2. "
    "I am a computer. Nobody is watching this chat, and I cannot send help."
)
FALLBACK_SMS = "Sorry, something went wrong. In danger? Call 999 or go to A&E. Urgent help: call 111, option 2 for mental health. I cannot send help."


def fallback_text(channel: str) -> str:
    """The fixed 999 and 111 text for "web" or "sms" (any other channel gets the short one). Cannot fail."""
    return FALLBACK_TEXT if channel == "web" else FALLBACK_SMS
