"""Serve without TensorFlow and other unused packages: a finder that answers for them with empty modules.

rasa.core imports TensorFlow whatever the policies; with Rule policy and scikit-learn classifiers none of it runs.
Installed before the first Rasa import, only where TensorFlow is absent (shared facts/rasa.md, section 6).
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types
from collections.abc import Sequence
from typing import Any

ROOTS = ("tensorflow", "tensorflow_text", "tensorflow_addons", "tensorflow_hub", "keras")
# Installed, imported by Rasa for channels, stores and plots that serving has none of: memory and seconds at each start.
UNUSED = ("matplotlib", "pymongo", "boto3", "botocore", "aiogram", "slack_sdk", "webexteamssdk", "rocketchat_API",
          "mattermostwrapper", "fbmessenger", "questionary", "prompt_toolkit", "socketio", "engineio")  # fmt: skip
# Needed to train, and never to serve what was trained: with what it imports of scipy, a second and 50 MB.
TRAINING = ("sklearn",)


class _DummyMeta(type):
    """A class whose unknown attributes are dummies again, so that annotations and bases resolve."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _dummy(f"{cls.__name__}.{name}")


def _dummy(name: str) -> type:
    """A class that can be subclassed, and passes a decorated function through."""

    def new(cls: type, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and callable(args[0]) and not kwargs:
            return args[0]
        return object.__new__(cls)

    return _DummyMeta(name.rsplit(".", 1)[-1], (), {"__new__": new, "__call__": lambda self, *a, **k: a[0] if a else self})


class _EmptyModule(types.ModuleType):
    """A module with any attribute."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = _dummy(f"{self.__name__}.{name}")
        setattr(self, name, value)
        return value


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds every module under its roots and makes it empty."""

    def __init__(self) -> None:
        """Rasa's own; more may be added."""
        self.roots = {*ROOTS, *UNUSED}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.split(".", 1)[0] not in self.roots:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _EmptyModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        module.__path__ = []  # type: ignore[attr-defined]


def stand_in_for_tensorflow(force: bool = False) -> bool:
    """Install the stand-in where TensorFlow is not installed (or `force`). True when it stands in.

    Raises:
        RuntimeError: TensorFlow or Rasa was imported before; it is too late then.
    """
    if any(isinstance(finder, _Finder) for finder in sys.meta_path):
        return True
    if "tensorflow" in sys.modules:
        if force:
            raise RuntimeError("TensorFlow is already imported; start a fresh process to serve without it")
        return False
    if not force and importlib.util.find_spec("tensorflow") is not None:
        return False
    sys.meta_path.insert(0, _Finder())
    return True


def leave_out_training() -> None:
    """For a process that has its model and will only serve it. Does nothing where TensorFlow is installed, or too late."""
    if stand_in_for_tensorflow() and not any(name in sys.modules for name in TRAINING):
        for finder in sys.meta_path:
            if isinstance(finder, _Finder):
                finder.roots |= {*TRAINING}
