"""MiniLM in torch with low-rank pairs beside every matrix (LoRA), for the scripts that train adapters."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from directory.encoder.weights import check_weights, model_files

STRENGTH, MAX_TOKENS = 2.0, 96


class Pair(nn.Module):
    """A frozen linear layer with a low-rank pair beside it: x -> layer(x) + STRENGTH * b(a(x))."""

    def __init__(self, layer: nn.Linear, rank: int, lost: float) -> None:
        super().__init__()
        self.layer, self.lost = layer, lost
        self.a = nn.Parameter(torch.randn(rank, layer.in_features) / math.sqrt(layer.in_features))
        self.b = nn.Parameter(torch.zeros(layer.out_features, rank))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        thinned = functional.dropout(x, self.lost, self.training)
        return self.layer(x) + functional.linear(functional.linear(thinned, self.a), self.b) * STRENGTH


class Pooled(nn.Module):
    """MiniLM with pairs of `rank`: texts in, unit vectors out, as directory/encoder/graph.py computes them.

    `lost` is the share of inputs that pairs lose while training.
    """

    def __init__(self, rank: int, lost: float = 0.0) -> None:
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
                    setattr(module, name, Pair(child, rank, lost))
        self.tokenizer = Tokenizer.from_file(str(files.tokenizer))
        self.tokenizer.enable_truncation(MAX_TOKENS)
        self.tokenizer.no_padding()

    @property
    def width(self) -> int:
        """Numbers in a vector."""
        return int(self.bert.config.hidden_size)

    def forward(self, texts: list[str]) -> torch.Tensor:
        tokens = [torch.tensor(self.tokenizer.encode(text).ids) for text in texts]
        ids = nn.utils.rnn.pad_sequence(tokens, batch_first=True)
        mask = nn.utils.rnn.pad_sequence([torch.ones_like(t) for t in tokens], batch_first=True)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask[..., None].float()
        return functional.normalize((states.float() * weights).sum(1) / weights.sum(1), dim=-1)

    def pairs(self) -> list[nn.Parameter]:
        """What is learned."""
        return [p for p in self.parameters() if p.requires_grad]

    def probe(self, name: str) -> np.ndarray:
        """The change of one matrix so far, flat float32."""
        pair = self.bert.get_submodule(name)
        return (pair.b @ pair.a).detach().float().numpy().ravel().copy()

    def stored(self) -> dict[str, np.ndarray]:
        """The pairs, float16, as `assistant.dialogue.nlu.adapter.deltas` reads them."""
        found = {}
        for name, module in self.bert.named_modules():
            if isinstance(module, Pair):
                found[f"{name}.weight.a"] = module.a.detach().numpy().astype(np.float16)
                found[f"{name}.weight.b"] = (module.b.detach().numpy() * STRENGTH).astype(np.float16)
        return found
