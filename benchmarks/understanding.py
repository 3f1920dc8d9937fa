"""Understanding measured on authors nobody trained on: several pipelines, same data, same run.

    python -m benchmarks.understanding                 each training author left out in turn
    python -m benchmarks.understanding --held-out t1   trained on all of nlu_data/, tested on that author
    python -m benchmarks.understanding --details       confusions and styles as well
    python -m benchmarks.understanding --cpu           CPU time of one message

An adapter that saw an author may not be tested on him: for the first form an adapter without each author is
trained (torch, minutes each) and kept under var/understanding/. DIET is benchmarks/understanding_diet.py's
(TensorFlow).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from assistant.dialogue.nlu.adapter import FILE, message_encoder
from assistant.dialogue.nlu.reading import Example, Reader, Reading
from assistant.dialogue.nlu.repair import repair
from assistant.dialogue.nlu.wordings import Wordings, grams, log_softmax
from benchmarks.messages import ROOT, Told, held_out_messages, training_messages
from benchmarks.scores import HEAD, Scores, row, score
from directory.encoder import Encoder
from directory.encoder.encoder import MiniLmEncoder
from directory.encoder.graph import ensure_graph

ENCODERS = ROOT / "var" / "encoder"
KEPT = ROOT / "var" / "understanding"
SCALE = 10.0
# Authors who wrote everywhere; one who only filled gaps is trained on and never tested on.
FEWEST_MESSAGES = 1500

# No n-grams, no lift: the encoder and its logistic regressions alone.
PLAINLY = {
    "INTENT_WORDING": 0.0,
    "TOPIC_WORDING": 0.0,
    "NEED_WORDING": 0.0,
    "OUT_OF_SCOPE_LIFT": 0.0,
    "NEED_THRESHOLD": 0.3,
}

Pipeline = Callable[[Sequence[Told], Sequence[Told], Encoder, Encoder], list[Reading]]


def _simple(label: str, confidence: float) -> Reading:
    intent, _, detail = label.partition("/")
    topic = detail or None if intent == "faq" else None
    reason = detail or None if intent in ("decline_programme", "stop_taking_part") else None
    return Reading(intent, confidence, topic, reason, [], [(label, confidence)])


def count_vectors(
    train: Sequence[Told], test: Sequence[Told], plain: Encoder, adapted: Encoder
) -> list[Reading]:
    """Character and word n-grams with logistic regression: no encoder at all."""
    model = Wordings.one_of([repair(m.text) for m in train], [m.finest for m in train])
    chances = [log_softmax(model.scores(grams(repair(m.text)))) for m in test]
    return [_simple(model.labels[int(c.argmax())], float(np.exp(c.max()))) for c in chances]


def nearest(train: Sequence[Told], test: Sequence[Told], plain: Encoder, adapted: Encoder) -> list[Reading]:
    """The label of the nearest example by MiniLM; its needs too."""
    known = plain.encode([repair(m.text) for m in train])
    alike = plain.encode([repair(m.text) for m in test]) @ known.T
    found = []
    for line in alike:
        best = train[int(line.argmax())]
        read = _simple(best.finest, float(line.max()))
        read.needs = list(best.needs)
        found.append(read)
    return found


def _read(train: Sequence[Told], test: Sequence[Told], encoder: Encoder, **changed: float) -> list[Reading]:
    import assistant.dialogue.nlu.reading as reading

    before = {name: getattr(reading, name) for name in changed}
    for name, value in changed.items():
        setattr(reading, name, value)
    try:
        vectors = encoder.encode([repair(m.text) for m in train]) * SCALE
        reader = Reader.train([Example(m.text, m.finest, m.needs) for m in train], vectors)
        tested = encoder.encode([repair(m.text) for m in test]) * SCALE
        return [reader.read(vector, m.text) for vector, m in zip(tested, test)]
    finally:
        for name, value in before.items():
            setattr(reading, name, value)


def frozen(train: Sequence[Told], test: Sequence[Told], plain: Encoder, adapted: Encoder) -> list[Reading]:
    """MiniLM as published, scaled vectors, logistic regression."""
    return _read(train, test, plain, **PLAINLY)


def frozen_wordings(
    train: Sequence[Told], test: Sequence[Told], plain: Encoder, adapted: Encoder
) -> list[Reading]:
    """The same with n-grams for intents, topics and needs and the lift for the out of scope."""
    return _read(train, test, plain)


def adapted_alone(
    train: Sequence[Told], test: Sequence[Told], plain: Encoder, adapted: Encoder
) -> list[Reading]:
    """MiniLM with the adapter, logistic regression, neither n-grams nor lift."""
    return _read(train, test, adapted, **PLAINLY)


def linkway(train: Sequence[Told], test: Sequence[Told], plain: Encoder, adapted: Encoder) -> list[Reading]:
    """What `linkway train` makes."""
    return _read(train, test, adapted)


PIPELINES: dict[str, Pipeline] = {
    "n-grams + logistic regression": count_vectors,
    "MiniLM, nearest example": nearest,
    "MiniLM + logistic regression": frozen,
    "MiniLM + n-grams, lift": frozen_wordings,
    "adapter + logistic regression": adapted_alone,
    "adapter + n-grams, lift (Linkway)": linkway,
}


def adapter_without(author: str) -> Path:
    """The adapter trained without that author, made first when absent or older than the data."""
    file = KEPT / f"adapter-without-{author}.npz"
    if not file.is_file():
        print(f"training an adapter without {author}: some minutes", file=sys.stderr, flush=True)
        command = [sys.executable, "-m", "benchmarks.train_adapter", "--without", author, "--to", str(file)]
        subprocess.run(command, check=True, cwd=ROOT, stdout=sys.stderr)
    return file


def folds(held_out: str | None) -> list[tuple[str, list[Told], list[Told], Path]]:
    """Name, training messages, test messages and adapter of each fold."""
    messages = training_messages()
    if held_out:
        return [(held_out, messages, held_out_messages(held_out), FILE)]
    many = sorted(a for a, n in Counter(m.author for m in messages).items() if n >= FEWEST_MESSAGES)
    return [
        (author, [m for m in messages if m.author != author], [m for m in messages if m.author == author],
         adapter_without(author))
        for author in many
    ]  # fmt: skip


def cpu_of_one_message(messages: Sequence[Told], reader: Reader, encoder: Encoder) -> str:
    """Median and 95th percentile of CPU milliseconds for repair, encoding and reading."""
    spent = []
    for m in messages[:400]:
        began = time.process_time()
        vector = encoder.encode([repair(m.text) + " "])[0] * SCALE
        reader.read(vector, m.text)
        spent.append((time.process_time() - began) * 1000)
    median, most = np.percentile(spent, [50, 95])
    return f"CPU for one message: median {median:.2f} ms, 95th percentile {most:.2f} ms"


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--held-out")
    parser.add_argument("--details", action="store_true")
    parser.add_argument("--cpu", action="store_true")
    parser.add_argument("--only", nargs="*", help="words of the pipelines to run, such as Linkway")
    told = parser.parse_args()
    plain = MiniLmEncoder(ensure_graph(ENCODERS))
    chosen = {n: p for n, p in PIPELINES.items() if not told.only or any(word in n for word in told.only)}
    print(HEAD + "\n" + "|".join([""] + [" --- "] * 10 + [""]))
    pooled: dict[str, tuple[list[Told], list[Reading]]] = {name: ([], []) for name in chosen}
    for author, train, test, adapter in folds(told.held_out):
        adapted = message_encoder(ENCODERS, file=adapter)
        for name, pipeline in chosen.items():
            readings = pipeline(train, test, plain, adapted)
            pooled[name][0].extend(test)
            pooled[name][1].extend(readings)
            print(row(f"{name}, {author}", score(test, readings)), flush=True)
        if told.cpu:
            vectors = adapted.encode([repair(m.text) for m in train]) * SCALE
            began = time.process_time()
            reader = Reader.train([Example(m.text, m.finest, m.needs) for m in train], vectors)
            print(f"training the heads on {len(train)} messages: {time.process_time() - began:.0f} s of CPU")
            print(cpu_of_one_message(test, reader, adapted))
    for name, (messages, readings) in pooled.items():
        made: Scores = score(messages, readings)
        if told.held_out is None:
            print(row(f"{name}, all left out", made))
        if told.details:
            print("  styles:", ", ".join(f"{s} {v.value:.3f}" for s, v in sorted(made.styles.items())))
            print(
                "  meant, read:", "; ".join(f"{a} {b} {n}" for (a, b), n in made.confusions.most_common(25))
            )


if __name__ == "__main__":
    main()
