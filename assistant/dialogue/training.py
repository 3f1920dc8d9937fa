"""Training the Rasa model from config.yml, domain.yml, nlu_data/ and the editors' lines, when one of them changed."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import tempfile
import warnings
from importlib.metadata import version
from pathlib import Path

from assistant.dialogue.editor_examples import examples_file
from assistant.errors import LinkwayError

SOURCES = ("config.yml", "domain.yml")
DATA = "nlu_data"
# Code, weights and word lists whose change makes an old model wrong; and so does another Rasa or scikit-learn.
CODE = ("assistant/dialogue/nlu", "directory/encoder")
KINDS = (".py", ".npz", ".txt")
MADE_BY = ("rasa", "scikit-learn")
KEPT = 3  # models kept, so that a bad one can be gone back from


class TrainingFailed(LinkwayError):
    """The model could not be trained; says what Rasa said."""

    title = "Training failed"


def fingerprint(root: Path, encoder: str, models: Path | None = None) -> str:
    """Of everything a model is made from: 16 hex digits, the model's name. With `models`, of the editors' lines too."""
    digest = hashlib.sha256(encoder.encode())
    for package in MADE_BY:
        digest.update(f"{package} {version(package)}".encode())
    files = [root / name for name in SOURCES]
    files += sorted((root / DATA).rglob("*.yml"))
    for folder in CODE:
        files += sorted(file for file in (root / folder).rglob("*") if file.suffix in KINDS)
    for file in files:
        digest.update(str(file.relative_to(root)).encode())
        digest.update(file.read_bytes())
    if models is not None and (lines := examples_file(models)).is_file():
        digest.update(lines.read_bytes())
    return digest.hexdigest()[:16]


def fresh_model(root: Path, models: Path, encoder: str) -> Path | None:
    """The model made from exactly what lies here now, if there is one."""
    model = models / f"linkway-{fingerprint(root, encoder, models)}.tar.gz"
    return model if model.is_file() else None


def training_files(root: Path, models: Path) -> list[str]:
    """What Rasa reads its examples and rules from: nlu_data/, and the editors' lines where there are any."""
    lines = examples_file(models)
    return [str(root / DATA), *([str(lines)] if lines.is_file() else [])]


def train(root: Path, models: Path, encoder: str) -> Path:
    """Train, and put the model in place in one step; an interrupted training leaves the old one standing.

    Raises:
        TrainingFailed: Rasa refused the data or the rules.
    """
    from assistant.dialogue.light import stand_in_for_tensorflow

    stand_in_for_tensorflow()
    import rasa.model_training

    models.mkdir(parents=True, exist_ok=True)
    target = models / f"linkway-{fingerprint(root, encoder, models)}.tar.gz"
    said = io.StringIO()
    with tempfile.TemporaryDirectory(dir=models) as scratch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            try:
                result = rasa.model_training.train(
                    domain=str(root / "domain.yml"),
                    config=str(root / "config.yml"),
                    training_files=training_files(root, models),
                    output=scratch,
                    fixed_model_name="model",
                    force_training=True,
                )
            except (Exception, SystemExit) as error:
                raise TrainingFailed(f"{error} {said.getvalue()[-2000:]}".strip()) from error
        if not result.model or not Path(result.model).is_file():
            raise TrainingFailed(said.getvalue()[-2000:] or "Rasa made no model and gave no reason.")
        os.replace(result.model, target)
    for old in sorted(models.glob("linkway-*.tar.gz"), key=lambda p: p.stat().st_mtime, reverse=True)[KEPT:]:
        old.unlink(missing_ok=True)
    return target
