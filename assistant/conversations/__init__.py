"""Conversations: their state, messages, life events and what is promised in them. Knows no channel and no Rasa."""
