"""What patients read around the closing questions. The questions themselves stand in domain.yml, in their exact words."""

from __future__ import annotations

YES, NO, SKIP = "Yes, all right", "No thank you", "Skip this one"


def offer(practice: str) -> str:
    """Asked for once, and easy to leave: fits one text with its two choices."""
    return f"{practice}: may we ask how you feel now, in eight short questions? Skip any you like."


BY_TEXT = "Reply SKIP to leave one out, or NO MORE to finish."
REFUSED = "That is fine. Thank you for telling us. You can write to us here any time."
DONE = "Thank you. That was the last one. Your answers help us see what helps people. You can write to us here any time."
ENOUGH = "That is fine, we stop here. Thank you for what you told us. You can write to us here any time."
CHANGED = "I have changed that answer."
ALREADY = "Thank you, you have answered these questions already."
AGAIN = "When you are ready, here is the question again. You can skip it."
NOT_UNDERSTOOD = "Please pick one of the answers, or skip this one."
