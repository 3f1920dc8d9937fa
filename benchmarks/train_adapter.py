"""Trains the adapter of the message encoder from nlu_data/ (torch; some 40 minutes on one idle core).

    python -m benchmarks.train_adapter                      writes assistant/dialogue/nlu/adapter.npz
    python -m benchmarks.train_adapter --without a2 --to F  leaves authors out, for the benchmark

Low-rank pairs beside every matrix of MiniLM's six layers learn at once to tell apart the finest labels, the intents,
the needs and the routes of the safety screen, so that one encoding serves understanding and screen. adapter_record.npz
beside this file keeps which lines it learned from and how the first steps went, so that a test can tell whether the
committed adapter is this script's. The heads learned here are thrown away: `linkway train` and benchmarks/train_screen.py
fit their own on the adapted vectors.
"""

from __future__ import annotations

import argparse
import math
import random
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from assistant.dialogue.nlu.adapter import FILE
from assistant.safety.joining import ANY
from assistant.safety.tiers import ORDER
from benchmarks.descent import descend
from benchmarks.lessons import BATCH, Lesson, batches, changed, lessons, marks
from benchmarks.pooled import Pooled

SEED, RANK, PASSES = 7, 24, 5
LEARNING_RATE, HEAD_RATE, SCALE, VECTORS_LOST, WARMING, LEAST_PACE = 1.5e-3, 1e-2, 10.0, 0.1, 0.06, 0.02
SMOOTHING, RISK_SMOOTHING, INTENT_SHARE, NEED_SHARE, RISK_SHARE, ANY_WEIGHT = 0.05, 0.01, 0.5, 0.7, 0.5, 3.0
RISKS = (*ORDER, ANY)
RECORD = Path(__file__).with_name("adapter_record.npz")
PROBE_STEPS = 12


class Heads(nn.Module):
    """The losses of a batch: a linear head each over labels, needs and risks."""

    def __init__(self, told: list[Lesson], width: int) -> None:
        super().__init__()
        seen = Counter(lesson.label for lesson in told if lesson.label)
        self.labels = sorted(seen)
        intents = sorted({label.split("/")[0] for label in self.labels})
        self.needs = sorted({need for lesson in told for need in lesson.needs or ()})
        self.group = torch.tensor([intents.index(label.split("/")[0]) for label in self.labels])
        rarity = torch.tensor([seen[label] ** -0.5 for label in self.labels])
        self.rarity = rarity * sum(seen.values()) / sum(float(r) * seen[label] for r, label in zip(rarity, self.labels))
        self.risk_weights = torch.ones(len(RISKS))
        self.risk_weights[-1] = ANY_WEIGHT
        self.label, self.need, self.risk = (nn.Linear(width, len(x)) for x in (self.labels, self.needs, RISKS))
        for head, bias in ((self.label, 0.0), (self.need, -3.0), (self.risk, -2.0)):
            nn.init.zeros_(head.weight)
            nn.init.constant_(head.bias, bias)

    def forward(self, vectors: torch.Tensor, batch: list[Lesson]) -> torch.Tensor:
        loss = vectors.sum() * 0.0
        if any(lesson.label for lesson in batch):
            scores = self.label(vectors[[i for i, lesson in enumerate(batch) if lesson.label]])
            right = torch.tensor([self.labels.index(lesson.label) for lesson in batch if lesson.label])
            loss = loss + functional.cross_entropy(scores, right, weight=self.rarity, label_smoothing=SMOOTHING)
            logs = scores.log_softmax(-1)
            by_intent = torch.stack([logs[:, self.group == i].logsumexp(1) for i in range(int(self.group.max()) + 1)], 1)
            loss = loss + INTENT_SHARE * functional.nll_loss(by_intent, self.group[right])
        if rows := [i for i, lesson in enumerate(batch) if lesson.needs is not None]:
            told = torch.tensor([[float(need in (batch[i].needs or ())) for need in self.needs] for i in rows])
            each = functional.binary_cross_entropy_with_logits(self.need(vectors[rows]), told, reduction="none")
            loss = loss + NEED_SHARE * each.sum(1).sum() / len(batch)
        if rows := [i for i, lesson in enumerate(batch) if lesson.risks is not None]:
            found = [[float(risk in (batch[i].risks or ())) for risk in ORDER] + [float(bool(batch[i].risks))] for i in rows]
            soft = torch.tensor(found) * (1 - 3 * RISK_SMOOTHING) + RISK_SMOOTHING
            each = functional.binary_cross_entropy_with_logits(self.risk(vectors[rows]), soft, reduction="none")
            loss = loss + RISK_SHARE * (each * self.risk_weights).sum(1).mean()
        return loss


def learn(told: list[Lesson], stop_after: int | None = None) -> dict[str, np.ndarray]:
    """The pairs and the probe, as `descent.descend` gives them."""
    torch.manual_seed(SEED)
    chance, model = random.Random(SEED), Pooled(RANK)
    heads = Heads(told, model.width)
    ordinary = [lesson for lesson in told if lesson.label and lesson.risks == ()]
    steps = PASSES * math.ceil(len(told) / BATCH)

    def loss_of(batch: list[Lesson]) -> torch.Tensor:
        vectors = model([changed(each, ordinary, chance) for each in batch]) * SCALE
        loss: torch.Tensor = heads(functional.dropout(vectors, VECTORS_LOST), batch)
        return loss

    def pace(step: int) -> float:
        return min(1.0, step / (steps * WARMING)) * max(LEAST_PACE, 1 - (step - 1) / steps)

    rates = [(model.pairs(), LEARNING_RATE), (list(heads.parameters()), HEAD_RATE)]
    return descend(model, rates, PASSES, lambda: batches(told, chance), loss_of, pace, PROBE_STEPS, stop_after)


def main() -> None:
    """Read the arguments, train, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--without", nargs="*", default=[], help="authors to leave out")
    parser.add_argument("--to", type=Path, default=FILE)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    told = lessons(given.without)
    made = learn(told)
    probe = made.pop("probe")
    given.to.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(given.to, **made)
    if given.to == FILE:
        # Every seventh number of the probe says enough, in a seventh of the room.
        np.savez_compressed(RECORD, lines=marks(told), probe=probe[::7].astype(np.float16))
    print(f"{given.to.name}: {given.to.stat().st_size / 1e6:.1f} MB from {len(told)} messages")


if __name__ == "__main__":
    main()
