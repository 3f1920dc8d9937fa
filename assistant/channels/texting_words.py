"""What patients are told when a chat goes on by text, and when texts go back to the web page."""

from __future__ import annotations

ASK_NUMBER = (
    "We can go on by text. Which mobile number shall I text? Give one that is safe: other people may see your texts."
)
ASK_AGAIN = "I need a UK mobile number, like 07700 900123. Which number shall I text?"
LANDLINE = (
    "That looks like a home phone. A text to it may be read out to whoever picks up. "
    "Do you have a mobile number I can text?"
)
ASK_SAFE = (
    "Shall I text you on the number that ends in {end}? Say yes only if texts from us are safe there. "
    "Other people may see them."
)
YES_LABEL, OTHER_LABEL, NO_LABEL = "Yes, text me there", "Use another number", "No, stay in this chat"
SENT = (
    "I have sent a text to the number that ends in {end}. Reply YES to it and we go on there. "
    "You can still write here too."
)
STAYS = "All right, we stay in this chat. You can ask for texts at any time."
NO_TEXTS = "Sorry, we cannot send texts from here yet. We can go on in this chat."
NO_NUMBER = "I will not ask for your number here. We can go on in this chat."
TOO_OFTEN = "We have texted that number a few times today. Please look for our text, or go on in this chat."
STOPPED = "That number has stopped our texts. To have them again, text START to {number} from it."
# Fits one text for practices whose name has up to 45 letters.
INVITE = "{practice_name}: you asked on our website to go on by text. Reply YES to go on. Not you? Do nothing. Reply STOP to end texts."
THANKS = "Thank you. We go on by text now. For a link back to the web page, text WEB."
NOT_NOW = "All right, no more about it by text. Your chat is still on the web page."
LINK = "Open your chat here within the hour: {address} It works once. Open it only where it is safe."
LINK_OVER = "This link was used already, or it is too old. Text WEB to us for a new one, or start a new chat here."
