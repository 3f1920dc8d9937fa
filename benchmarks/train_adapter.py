"""Trains the adapter of the message encoder from nlu_data/ (torch; some 13 minutes on one idle core).

    python -m benchmarks.train_adapter                      writes assistant/dialogue/nlu/adapter.npz
    python -m benchmarks.train_adapter --without a2 --to F  leaves an author out, for the benchmark

Low-rank pairs are learned beside every matrix of MiniLM's six layers (LoRA), by telling apart the finest
labels, the intents and the needs at once. adapter_record.npz beside this file keeps which lines it learned from and
how the first steps went, so that a test can tell whether the committed adapter is this script's. Often a message is roughened first, or loses words. The heads
learned here are thrown away: `linkway train` fits its own on the adapted vectors. Where there is time, the mean of two
runs, one forgetting more than the other, reads unseen authors a little better than one (docs/decisions/).
"""

from __future__ import annotations

import argparse
import hashlib
import math
import random
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import yaml
from torch import nn
from torch.nn import functional

from assistant.dialogue.nlu.adapter import FILE
from assistant.dialogue.nlu.repair import repair
from benchmarks.messages import ROOT, Told, roughen, training_messages
from directory.encoder.weights import check_weights, model_files

SEED, RANK, STRENGTH = 7, 16, 2.0
BATCH, MAX_TOKENS = 48, 128
LEARNING_RATE, HEAD_RATE, SCALE = 1.5e-3, 1e-2, 10.0
ROUGHENED, REPAIRED, WORDS_LOST, VECTORS_LOST = 0.4, 0.85, 0.12, 0.1
SMOOTHING, INTENT_SHARE, NEED_SHARE = 0.05, 0.5, 0.7
RECORD = Path(__file__).with_name("adapter_record.npz")
PROBED, PROBE_STEPS = "encoder.layer.5.output.dense", 12  # the matrix looked at, and after how many batches
TELLING = ("describe_need", "find_service")


@dataclass(frozen=True)
class Run:
    """One training: passes, share of messages that lose words, share of inputs that pairs lose."""

    passes: int
    thinned: float
    pairs_lost: float


RUNS = (Run(7, 0.0, 0.0),)


class Pair(nn.Module):
    """A frozen linear layer with a low-rank pair beside it: x -> layer(x) + STRENGTH * b(a(x))."""

    def __init__(self, layer: nn.Linear, lost: float) -> None:
        super().__init__()
        self.layer, self.lost = layer, lost
        self.a = nn.Parameter(torch.randn(RANK, layer.in_features) / math.sqrt(layer.in_features))
        self.b = nn.Parameter(torch.zeros(layer.out_features, RANK))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        thinned = functional.dropout(x, self.lost, self.training)
        return self.layer(x) + functional.linear(functional.linear(thinned, self.a), self.b) * STRENGTH


class Pooled(nn.Module):
    """MiniLM with pairs: texts in, unit vectors out, as directory/encoder/graph.py computes them."""

    def __init__(self, pairs_lost: float) -> None:
        super().__init__()
        from safetensors.torch import load_file
        from tokenizers import Tokenizer
        from transformers import BertConfig, BertModel

        files = model_files()
        check_weights(files.weights)
        self.bert = BertModel(BertConfig.from_json_file(str(files.config)), add_pooling_layer=False)
        self.bert.load_state_dict(load_file(str(files.weights)), strict=False)
        self.bert.requires_grad_(False)
        for _, module in list(self.bert.named_modules()):
            for name, child in list(module.named_children()):
                if isinstance(child, nn.Linear):
                    setattr(module, name, Pair(child, pairs_lost))
        self.tokenizer = Tokenizer.from_file(str(files.tokenizer))
        self.tokenizer.enable_truncation(MAX_TOKENS)
        self.tokenizer.no_padding()

    def forward(self, texts: list[str]) -> torch.Tensor:
        tokens = [torch.tensor(self.tokenizer.encode(text).ids) for text in texts]
        ids = nn.utils.rnn.pad_sequence(tokens, batch_first=True)
        mask = nn.utils.rnn.pad_sequence([torch.ones_like(t) for t in tokens], batch_first=True)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask[..., None].float()
        return functional.normalize((states.float() * weights).sum(1) / weights.sum(1), dim=-1)


def need_lines() -> list[Told]:
    """The plain lines of each need in directory/needs.yml: their need is known, their intent is not."""
    lines = yaml.safe_load((ROOT / "directory" / "needs.yml").read_text(encoding="utf-8"))
    return [
        Told(text, "", "", (need,), "plain", "") for need, told in lines.items() for text in told["lines"]
    ]


def lose_words(text: str, chance: random.Random) -> str:
    """The text with a word missing here and there, so that no single word decides."""
    words = text.split()
    return " ".join(word for word in words if len(words) < 4 or chance.random() > WORDS_LOST) or text


def batches(messages: list[Told], chance: random.Random) -> list[list[Told]]:
    """Shuffled batches of messages of much the same length."""
    shuffled = chance.sample(messages, len(messages))
    found = []
    for start in range(0, len(shuffled), BATCH * 20):
        stretch = sorted(shuffled[start : start + BATCH * 20], key=lambda m: len(m.text))
        found += [stretch[i : i + BATCH] for i in range(0, len(stretch), BATCH)]
    return chance.sample(found, len(found))


def line_marks(messages: list[Told]) -> np.ndarray:
    """A 64-bit mark of each line with its labels, in order."""
    lines = [f"{m.text}\t{m.finest}\t{','.join(m.needs)}" for m in messages]
    return np.array([int.from_bytes(hashlib.blake2b(x.encode(), digest_size=8).digest(), "big") for x in lines], np.uint64)


def learned_from(marks: np.ndarray) -> list[Told]:
    """The lines of today that the adapter learned from, in order; lines written since are left out."""
    known = set(marks.tolist())
    today = [*training_messages(), *need_lines()]
    return [m for m, mark in zip(today, line_marks(today).tolist()) if mark in known]


def learn(messages: list[Told], run: Run, stop_after: int | None = None) -> dict[str, np.ndarray]:
    """The pairs, float16, as `adapter.deltas` reads them; with `stop_after` only that many batches are learned from.

    The key "probe" holds PROBED's change after PROBE_STEPS batches, float32.
    """
    torch.manual_seed(SEED)
    chance = random.Random(SEED)
    model = Pooled(run.pairs_lost)
    labels = sorted({m.finest for m in messages if m.intent})
    intents = sorted({label.split("/")[0] for label in labels})
    needs = sorted({need for m in messages for need in m.needs})
    group = torch.tensor([intents.index(label.split("/")[0]) for label in labels])
    seen = Counter(m.finest for m in messages if m.intent)
    rarity = torch.tensor([seen[label] ** -0.5 for label in labels])
    rarity *= sum(seen.values()) / sum(float(rarity[i]) * seen[label] for i, label in enumerate(labels))
    label_head, need_head = nn.Linear(model.bert.config.hidden_size, len(labels)), nn.Linear(384, len(needs))
    for head in (label_head, need_head):
        nn.init.zeros_(head.weight)
    nn.init.constant_(need_head.bias, -3.0)
    pairs = [p for p in model.parameters() if p.requires_grad]
    heads = [*label_head.parameters(), *need_head.parameters()]
    rates = (LEARNING_RATE, HEAD_RATE)
    optimiser = torch.optim.AdamW([{"params": pairs}, {"params": heads}], lr=LEARNING_RATE, weight_decay=0.01)
    steps, step, began = run.passes * math.ceil(len(messages) / BATCH), 0, time.monotonic()
    probe = np.zeros(0, np.float32)
    model.train()
    for done in range(run.passes):
        for batch in batches(messages, chance):
            pace = min(1.0, (step + 1) / (steps * 0.06)) * max(0.02, 1 - step / steps)
            step += 1
            for parameters, rate in zip(optimiser.param_groups, rates):
                parameters["lr"] = rate * pace
            texts = [roughen(m.text, chance) if chance.random() < ROUGHENED else m.text for m in batch]
            texts = [repair(text) if chance.random() < REPAIRED else text for text in texts]
            texts = [lose_words(text, chance) if chance.random() < run.thinned else text for text in texts]
            vectors = functional.dropout(model(texts) * SCALE, VECTORS_LOST)
            labelled = torch.tensor([bool(m.intent) for m in batch])
            right = torch.tensor([labels.index(m.finest) for m in batch if m.intent])
            scores = label_head(vectors[labelled])
            loss = functional.cross_entropy(scores, right, weight=rarity, label_smoothing=SMOOTHING)
            logs = scores.log_softmax(-1)
            by_intent = torch.stack([logs[:, group == i].logsumexp(1) for i in range(len(intents))], 1)
            loss = loss + INTENT_SHARE * functional.nll_loss(by_intent, group[right])
            told = torch.tensor([[float(need in m.needs) for need in needs] for m in batch])
            # A need named in passing is often left unlabelled elsewhere: learn only where told.
            counts = torch.tensor(
                [float(m.intent in TELLING or bool(not m.needs or not m.intent)) for m in batch]
            )
            each = functional.binary_cross_entropy_with_logits(
                need_head(vectors), told, reduction="none"
            ).sum(1)
            loss = loss + NEED_SHARE * (each * counts).mean()
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(pairs, 1.0)
            optimiser.step()
            if step == PROBE_STEPS:
                seen_pair = model.bert.get_submodule(PROBED)
                probe = (seen_pair.b @ seen_pair.a).detach().float().numpy().ravel().copy()
            if step == stop_after:
                return {"probe": probe}
        print(
            f"pass {done + 1} of {run.passes}: loss {loss.item():.2f}, {time.monotonic() - began:.0f} s",
            flush=True,
        )
    found = {"probe": probe}
    for name, module in model.bert.named_modules():
        if isinstance(module, Pair):
            found[f"{name}.weight.a"] = module.a.detach().numpy().astype(np.float16)
            found[f"{name}.weight.b"] = (module.b.detach().numpy() * STRENGTH).astype(np.float16)
    return found


def mean(runs: list[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """The pairs whose product is the mean of the runs' products: side by side, the b halves divided."""
    return {
        name: np.concatenate([run[name] for run in runs], 0)
        if name.endswith(".a")
        else np.concatenate([run[name] / len(runs) for run in runs], 1).astype(np.float16)
        for name in runs[0]
    }


def main() -> None:
    """Read the arguments, train, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--without", nargs="*", default=[], help="authors to leave out")
    parser.add_argument("--to", type=Path, default=FILE)
    parser.add_argument("--threads", type=int, default=1)
    told = parser.parse_args()
    torch.set_num_threads(told.threads)
    messages = [m for m in training_messages() if m.author not in told.without]
    runs = [learn([*messages, *need_lines()], run) for run in RUNS]
    probe = [run.pop("probe") for run in runs][0]
    told.to.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(told.to, **mean(runs))
    if told.to == FILE:
        # Every seventh number of the probe says enough, in a seventh of the room.
        np.savez_compressed(RECORD, lines=line_marks([*messages, *need_lines()]), probe=probe[::7].astype(np.float16))
    print(f"{told.to.name}: {told.to.stat().st_size / 1e6:.1f} MB from {len(messages)} messages")


if __name__ == "__main__":
    main()
