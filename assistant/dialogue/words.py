"""Rasa's response generator with the practice's facts at hand: {practice_name} in domain.yml needs no slot."""

from __future__ import annotations

from typing import Any

from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig

from actions.surroundings import surroundings


class PracticeWords(TemplatedNaturalLanguageGenerator):
    """Fills responses from slots, from what the action passes, and from the practice's facts."""

    def __init__(self, endpoint_config: EndpointConfig | None = None, domain: Domain | None = None) -> None:
        """As Rasa makes it from endpoints.yml, or empty until a model brings its domain."""
        super().__init__(domain.responses if domain else {})

    def _response_variables(self, filled_slots: dict[str, Any], kwargs: dict[str, Any]) -> dict[str, Any]:
        """What a response may name."""
        return {**filled_slots, **surroundings().facts, **kwargs}
