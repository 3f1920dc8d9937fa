"""How a conversation reaches a patient: web chat, text messages, and the outbox of what goes out."""
