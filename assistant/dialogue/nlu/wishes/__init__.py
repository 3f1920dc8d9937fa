"""What a patient wishes of a service, read from one message by rules."""

from assistant.dialogue.nlu.wishes.finder import Wish, find_wishes
from assistant.dialogue.nlu.wishes.places import NamedPlace, PlaceFinder

__all__ = ["NamedPlace", "PlaceFinder", "Wish", "find_wishes"]
