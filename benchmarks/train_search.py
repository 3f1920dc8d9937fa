"""Trains the adapter of the search's encoder from nlu_data/search/ (torch; some 15 minutes on one idle core).

    python -m benchmarks.train_search                    writes directory/encoder/adapter.npz, and asked.npz beside it
    python -m benchmarks.train_search --without d2 --to F    leaves an author out, for the benchmark

A question and the listing that answers it are drawn together, apart from the other listings of the batch, half of which
are for the same need. Messages of nlu_data/ whose needs are told are drawn towards listings for one of those needs.
search_record.npz beside this file keeps how the first steps went, so that a test can tell whether the committed adapter is
this script's.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import random
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from benchmarks.descent import descend
from benchmarks.known_questions import keep_known_questions
from benchmarks.lessons import TELLING
from benchmarks.messages import roughen, training_messages
from benchmarks.offers import AUTHORS, Offer, fingerprint, read_offers
from benchmarks.pooled import Pooled
from directory.encoder.adapter import FILE

SEED, RANK, PASSES, BATCH = 11, 16, 4, 32
LEARNING_RATE, WARMTH, ROUGHENED, MESSAGES_SHARE = 1e-3, 0.05, 0.3, 0.5
NAME_ALONE, SOME_SENTENCES, PAIRS_LOST, WARMING, LEAST_PACE = 0.1, 0.3, 0.05, 0.08, 0.02
RECORD = Path(__file__).with_name("search_record.npz")
PROBE_STEPS = 8


@dataclass(frozen=True)
class Message:
    """What a patient wrote, and the needs it tells."""

    text: str
    needs: frozenset[str]

    @property
    def mark(self) -> int:
        """64 bits that change with the text or the needs."""
        told = "\t".join((self.text, *sorted(self.needs)))
        return int.from_bytes(hashlib.blake2b(told.encode(), digest_size=8).digest(), "big")


@dataclass(frozen=True)
class Asked:
    """A question with the listing that answers it; `needs` where any listing for one of them would do."""

    text: str
    offer: Offer
    needs: frozenset[str] = frozenset()


def seen_as(offer: Offer, chance: random.Random) -> str:
    """The listing as it is read this time: whole, its name alone, or some of its sentences; a search compares all three."""
    kind, parts = chance.random(), re.split(r"(?<=[.!?]) +", offer.description)
    if kind < NAME_ALONE:
        return offer.name
    if kind < NAME_ALONE + SOME_SENTENCES and len(parts) > 1:
        return " ".join(chance.sample(parts, chance.randint(1, len(parts) - 1)))
    return offer.whole


def drawn(offers: list[Offer], messages: list[Message], chance: random.Random) -> list[list[Asked]]:
    """A pass: every question once, in batches half of one need, and messages with a listing for one of their needs."""
    by_need: dict[str, list[Offer]] = {}
    for offer in offers:
        for need in offer.needs:
            by_need.setdefault(need, []).append(offer)
    asked = [Asked(question, offer) for offer in offers for question in offer.questions]
    alike = sorted(chance.sample(asked, len(asked)), key=lambda one: min(one.offer.needs, default=""))
    runs = [alike[i : i + BATCH // 2] for i in range(0, len(alike), BATCH // 2)]
    others = chance.sample(messages, min(len(messages), int(len(asked) * MESSAGES_SHARE)))
    told = [Asked(other.text, chance.choice(by_need[need]), other.needs) for other in others
            if (need := chance.choice(sorted(other.needs))) in by_need]  # fmt: skip
    chance.shuffle(runs)
    found = [runs[i] + (runs[i + 1] if i + 1 < len(runs) else []) for i in range(0, len(runs), 2)]
    found += [told[i : i + BATCH] for i in range(0, len(told), BATCH)]
    return chance.sample(found, len(found))


def needs_told(known: np.ndarray | None = None) -> list[Message]:
    """Messages of nlu_data/ with their needs; with `known` marks only those, so that lines written since are left out."""
    told = [Message(m.text, frozenset(m.needs)) for m in training_messages() if m.needs and m.intent in TELLING]
    wanted = None if known is None else set(known.tolist())
    return [message for message in told if wanted is None or message.mark in wanted]


def learn(offers: list[Offer], messages: list[Message], stop_after: int | None = None) -> dict[str, np.ndarray]:
    """The pairs and the probe, as `descent.descend` gives them."""
    torch.manual_seed(SEED)
    chance, model = random.Random(SEED), Pooled(RANK, PAIRS_LOST)
    steps = PASSES * len(drawn(offers, messages, random.Random(SEED)))

    def loss_of(batch: list[Asked]) -> torch.Tensor:
        questions = model([roughen(a.text, chance) if chance.random() < ROUGHENED else a.text for a in batch])
        listings = model([seen_as(a.offer, chance) for a in batch])
        also = torch.tensor([[i != j and (a.offer is b.offer or bool(a.needs & b.offer.needs)) for j, b in enumerate(batch)]
                             for i, a in enumerate(batch)])  # fmt: skip
        near = (questions @ listings.T / WARMTH).masked_fill(also, -math.inf)
        right = torch.arange(len(batch))
        return functional.cross_entropy(near, right) + functional.cross_entropy(near.T, right)

    def pace(step: int) -> float:
        return min(1.0, step / (steps * WARMING)) * max(LEAST_PACE, 1 - step / steps)

    rates = [(model.pairs(), LEARNING_RATE)]
    return descend(model, rates, PASSES, lambda: drawn(offers, messages, chance), loss_of, pace, PROBE_STEPS, stop_after)


def main() -> None:
    """Read the arguments, train, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--without", nargs="*", default=[], help="authors to leave out")
    parser.add_argument("--to", type=Path, default=FILE)
    given = parser.parse_args()
    torch.set_num_threads(1)
    authors = sorted({file.stem for file in AUTHORS.glob("*.jsonl")} - set(given.without))
    offers = read_offers(authors)
    messages = needs_told()
    made = learn(offers, messages)
    probe = made.pop("probe")
    given.to.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(given.to, **made)
    if given.to == FILE:
        marks = np.array([message.mark for message in messages], np.uint64)
        np.savez_compressed(RECORD, made_from=np.array(fingerprint(offers)), authors=np.array(authors), messages=marks,
                            probe=probe[::7].astype(np.float16))  # fmt: skip
        keep_known_questions()
    print(f"{given.to.name}: {given.to.stat().st_size / 1e6:.1f} MB from {len(offers)} listings")


if __name__ == "__main__":
    main()
