"""Runs the rasa-sdk actions in this process, and makes a failing action end the turn instead of the truth.

Rasa swallows an action's exception and goes on to say 'Thanks, saved' (facts/rasa.md, 1b.3). ActionFailed is a
BaseException, so the turn aborts before anything is kept and the same message succeeds on the next try.
"""

from __future__ import annotations

from typing import Any

from jsonschema import ValidationError
from rasa.core.actions.action import ActionExecutionRejection as CoreRejection
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection as SdkRejection
from rasa_sdk.interfaces import ActionNotFoundException


class ActionFailed(BaseException):
    """An action of ours raised. Not an Exception: Rasa would swallow that."""

    def __init__(self, action: str) -> None:
        """Name the action, never the patient's words."""
        super().__init__(action)
        self.action = action


class InProcessActions(EndpointConfig):
    """Looks to Rasa like an action server; is a function call."""

    def __init__(self, package: str = "actions") -> None:
        """Register every Action of `package`."""
        super().__init__(url="in-process")
        self.executor = ActionExecutor()
        try:
            self.executor.register_package(package)
        except SystemExit as error:  # rasa-sdk ends the process where an import fails; the safety routes must stand
            raise ImportError(f"the actions in {package}/ cannot be imported: see the lines above") from error
        # The executor takes every Action class of the process, whoever made it.
        ours = {name: run for name, run in self.executor.actions.items() if _module_of(run).split(".")[0] == package}
        self.executor.actions = ours

    async def request(self, method: str = "post", subpath: str | None = None, **kwargs: Any) -> Any:
        """Run `next_action`.

        Raises:
            ActionExecutionRejection: a form did not find an answer in the message; rules may take over.
            ActionFailed: the action raised.
        """
        call = kwargs["json"]
        try:
            result = await self.executor.run(call)
            validate_shape(result)
            return result
        except SdkRejection as error:
            raise CoreRejection(error.action_name, error.message) from error
        except (Exception, ActionNotFoundException) as error:
            raise ActionFailed(call["next_action"]) from error


def _module_of(action: Any) -> str:
    """Where a registered action's code lies: the executor keeps bound methods."""
    return str(getattr(getattr(action, "__self__", action), "__module__", ""))


def validate_shape(result: dict[str, Any]) -> None:
    """What Rasa's schema asks, without jsonschema: it re-checked itself on each call, 21 of 21.4 ms (facts/rasa.md, 1b.1)."""
    parts = (result.get("events"), result.get("responses")) if isinstance(result, dict) else (None, None)
    if not all(isinstance(part, list) and all(isinstance(item, dict) for item in part) for part in parts):
        raise ValidationError("an action answered in a wrong form: it needs lists of events and responses")
    if not all(isinstance(event.get("event"), str) for event in parts[0] or []):
        raise ValidationError("an action answered with an event that does not say which")


def _call_with_recent_events(self: RemoteAction, tracker: DialogueStateTracker, domain: Any) -> dict[str, Any]:
    """Send slots and the last message, not the whole history: our actions read nothing older."""
    state = tracker.current_state(EventVerbosity.NONE)
    state["events"] = []
    return {"next_action": self._name, "sender_id": tracker.sender_id, "tracker": state, "domain": {}, "version": ""}


def make_action_calls_cheap() -> None:
    """Install both on Rasa's RemoteAction, once."""
    RemoteAction._validate_action_result = lambda self, result: True  # `request` has looked already
    RemoteAction._action_call_format = _call_with_recent_events
