"""Trains the screen's classifier from nlu_data/safety/, tests/safety/cases/ and ordinary messages (torch, some 20 minutes).

    python -m benchmarks.train_screen                        writes screen_adapter.npz and screen.npz
    python -m benchmarks.train_screen --without s2 --to F    leaves authors out, into folder F, for the benchmark
    python -m benchmarks.train_screen --heads                the heads alone, on the adapter that is there (a minute)

Low-rank pairs beside every matrix of MiniLM, begun from the understanding's adapter, learn which routes a message calls
for. Often a message is put beside ordinary matter, roughened, or loses words. Then plain logistic regressions are fitted
on the quantised vectors, so that what is stored can be made again exactly.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from assistant.dialogue.nlu.adapter import FILE as STARTED_FROM
from assistant.dialogue.nlu.adapter import deltas
from assistant.dialogue.nlu.repair import repair
from assistant.safety.classifier import ADAPTER, HEADS
from assistant.safety.joining import ANY
from assistant.safety.tiers import ORDER
from benchmarks.messages import roughen
from benchmarks.screen_heads import fit_heads
from benchmarks.screen_messages import Message, fingerprint, read_authors, read_cases, read_ordinary
from benchmarks.train_adapter import STRENGTH, Pair, Pooled, lose_words

SEED, PASSES, BATCH, LEARNING_RATE, HEAD_RATE, SCALE = 7, 6, 32, 2e-3, 1e-2, 10.0
# Ordinary messages a pass, drawn anew: all of them would be two thirds of the work and teach little.
ORDINARY_EACH_PASS = 1500
BURIED, ROUGHENED, REPAIRED, WORDS_LOST = 0.15, 0.4, 0.85, 0.35
PAIRS_LOST, VECTORS_LOST, SMOOTHING, ANY_WEIGHT = 0.1, 0.1, 0.01, 3.0
LABELS = (*ORDER, ANY)


def buried(text: str, ordinary: list[Message], chance: random.Random) -> str:
    """The message before, after or between ordinary ones: what is serious often comes in passing."""
    before, after = chance.choice(ordinary).text, chance.choice(ordinary).text
    place, between = chance.random(), chance.choice([" ", ". ", " and ", ", "])
    if place < 0.4:
        parts = [text, after]
    else:
        parts = [before, text] if place < 0.8 else [before, text, after]
    joined = between.join(parts)
    return joined if len(joined.split()) < 90 else text


def changed(told: Message, ordinary: list[Message], chance: random.Random) -> str:
    """The message as it is learned this time."""
    text = buried(told.text, ordinary, chance) if chance.random() < BURIED else told.text
    text = roughen(text, chance) if chance.random() < ROUGHENED else text
    text = repair(text) if chance.random() < REPAIRED else text
    return lose_words(text, chance) if chance.random() < WORDS_LOST else text


def batches(lines: list[tuple[str, Message]], chance: random.Random) -> list[list[tuple[str, Message]]]:
    """Shuffled batches of lines of much the same length."""
    shuffled, found = chance.sample(lines, len(lines)), []
    for start in range(0, len(shuffled), BATCH * 20):
        stretch = sorted(shuffled[start : start + BATCH * 20], key=lambda line: len(line[0]))
        found += [stretch[i : i + BATCH] for i in range(0, len(stretch), BATCH)]
    return chance.sample(found, len(found))


def marks(messages: list[Message]) -> np.ndarray:
    """Which labels hold, float32 (messages, LABELS); the last says whether any does."""
    return np.array([[risk in told.risks for risk in ORDER] + [bool(told.risks)] for told in messages], np.float32)


def started() -> Pooled:
    """MiniLM as understanding has it, with fresh pairs and no dropout of its own."""
    model = Pooled(PAIRS_LOST)
    matrices = dict(model.bert.named_parameters())
    for name, delta in deltas(STARTED_FROM).items():
        matrices[name.replace(".weight", ".layer.weight")].data += torch.from_numpy(delta)
    for module in model.bert.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    return model


def learn(messages: list[Message], ordinary: list[Message]) -> dict[str, np.ndarray]:
    """The pairs of both adapters side by side, float16, as `adapter.deltas` reads them."""
    torch.manual_seed(SEED)
    chance, model = random.Random(SEED), started()
    head = nn.Linear(model.bert.config.hidden_size, len(LABELS))
    nn.init.zeros_(head.weight)
    nn.init.constant_(head.bias, -2.0)
    pairs = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW([{"params": pairs}, {"params": head.parameters()}], lr=LEARNING_RATE, weight_decay=0.01)
    weights = torch.ones(len(LABELS))
    weights[-1] = ANY_WEIGHT
    steps, step, began = PASSES * math.ceil((len(messages) + ORDINARY_EACH_PASS) / BATCH), 0, time.process_time()
    model.train()
    for done in range(PASSES):
        drawn = messages + chance.sample(ordinary, min(ORDINARY_EACH_PASS, len(ordinary)))
        for batch in batches([(changed(told, ordinary, chance), told) for told in drawn], chance):
            pace = min(1.0, (step + 1) / (steps * 0.06)) * max(0.02, 1 - step / steps)
            step += 1
            for group, rate in zip(optimiser.param_groups, (LEARNING_RATE, HEAD_RATE)):
                group["lr"] = rate * pace
            scores = head(functional.dropout(model([text for text, _ in batch]) * SCALE, VECTORS_LOST))
            right = torch.from_numpy(marks([told for _, told in batch])) * (1 - 3 * SMOOTHING) + SMOOTHING
            each = functional.binary_cross_entropy_with_logits(scores, right, reduction="none")
            loss = (each * weights).sum(1).mean()
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(pairs, 1.0)
            optimiser.step()
        print(f"pass {done + 1} of {PASSES}: loss {loss.item():.2f}, {time.process_time() - began:.0f} s of CPU", flush=True)
    return beside_the_first(model)


def beside_the_first(model: Pooled) -> dict[str, np.ndarray]:
    """The new pairs after those that training began from: the product is the sum of both."""
    found = {}
    with np.load(STARTED_FROM, allow_pickle=False) as first:
        for name, module in model.bert.named_modules():
            if isinstance(module, Pair):
                a, b = module.a.detach().numpy(), module.b.detach().numpy() * STRENGTH
                key = f"{name}.weight"
                found[f"{key}.a"] = np.concatenate([first[f"{key}.a"], a.astype(np.float16)], 0)
                found[f"{key}.b"] = np.concatenate([first[f"{key}.b"], b.astype(np.float16)], 1)
    return found


def main() -> None:
    """Read the arguments, train, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--without", nargs="*", default=[], help="authors to leave out")
    parser.add_argument("--to", type=Path, default=HEADS.parent)
    parser.add_argument("--heads", action="store_true", help="keep the adapter, fit the heads anew")
    told = parser.parse_args()
    torch.set_num_threads(1)
    messages = [m for m in read_authors() + read_cases() if m.author not in told.without]
    ordinary = read_ordinary()
    told.to.mkdir(parents=True, exist_ok=True)
    adapter, heads = told.to / ADAPTER.name, told.to / HEADS.name
    if not told.heads:
        np.savez_compressed(adapter, **learn(messages, ordinary))
    stored = fit_heads(messages, ordinary, adapter)
    np.savez_compressed(heads, made_from=np.array(fingerprint(messages)), **stored)
    print(f"{adapter.stat().st_size / 1e6:.1f} and {heads.stat().st_size / 1e6:.2f} MB from {len(messages)} messages")


if __name__ == "__main__":
    main()
