"""The peer beside Linkway's understanding: Rasa's stock DIET pipeline on the same messages.

    python -m benchmarks.understanding_diet --held-out t1 [--epochs 100]

Whitespace tokens, word and character counts, DIET; needs the full installation (TensorFlow). It is given the
finest labels flat, which spares it a ResponseSelector. DIET names no needs. Training takes twenty minutes to
over an hour.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from pathlib import Path

import yaml

from assistant.dialogue.nlu.reading import Reading
from benchmarks.messages import Told, held_out_messages, training_messages
from benchmarks.scores import HEAD, row, score


def pipeline(epochs: int) -> list[dict[str, object]]:
    """What `rasa init` writes, without its entities and fallback."""
    return [
        {"name": "WhitespaceTokenizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "DIETClassifier", "epochs": epochs, "entity_recognition": False},
    ]


def readings(train: list[Told], test: list[Told], epochs: int, work: Path) -> list[Reading]:
    """Train in `work` and read the test messages."""
    import rasa.model_training
    from rasa.core.agent import Agent

    flat = {m.finest: m.finest.replace("/", "--") for m in train}
    blocks = [
        {"intent": name, "examples": "".join(f"- {m.text}\n" for m in train if m.finest == label)}
        for label, name in sorted(flat.items())
    ]
    data = {"version": "3.1", "nlu": blocks}
    (work / "nlu.yml").write_text(yaml.safe_dump(data, allow_unicode=True))
    config = {"recipe": "default.v1", "assistant_id": "peer", "language": "en", "pipeline": pipeline(epochs)}
    (work / "config.yml").write_text(yaml.safe_dump(config))
    model = rasa.model_training.train_nlu(str(work / "config.yml"), str(work / "nlu.yml"), str(work))
    agent = Agent.load(model)
    back = {name: label for label, name in flat.items()}
    found = []
    for m in test:
        intent = asyncio.run(agent.parse_message(m.text))["intent"]
        name, _, detail = back.get(intent["name"] or "", "out_of_scope").partition("/")
        topic = detail or None if name == "faq" else None
        reason = None if name == "faq" else detail or None
        found.append(Reading(name, float(intent["confidence"]), topic, reason, [], []))
    return found


def main() -> None:
    """Read the arguments, train, print a line of the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--held-out", default="t1")
    parser.add_argument("--epochs", type=int, default=100)
    told = parser.parse_args()
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    test = held_out_messages(told.held_out)
    began = time.process_time()
    with tempfile.TemporaryDirectory() as work:
        made = score(test, readings(training_messages(), test, told.epochs, Path(work)))
    print(HEAD)
    print(row(f"stock DIET, {told.epochs} epochs, {told.held_out}", made))
    print(f"{time.process_time() - began:.0f} s of CPU")


if __name__ == "__main__":
    main()
