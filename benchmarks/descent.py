"""The loop by which both adapters are trained: batch after batch, the pairs and their heads a little further down."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import numpy as np
import torch
from torch import nn

from benchmarks.pooled import Pooled

PROBED = "encoder.layer.5.output.dense"  # the matrix looked at, so that a test can tell how the first steps went
Batch = TypeVar("Batch")


def descend(
    model: Pooled,
    rates: Sequence[tuple[list[nn.Parameter], float]],
    passes: int,
    batches: Callable[[], Iterable[Batch]],
    loss_of: Callable[[Batch], torch.Tensor],
    pace: Callable[[int], float],
    probe_steps: int,
    stop_after: int | None = None,
) -> dict[str, np.ndarray]:
    """The pairs, float16, as `adapter.deltas` reads them; with `stop_after` only that many batches are learned from.

    `rates`: parameters, the model's pairs first, with the learning rate at pace 1; `pace` of a step counted from 1. The key
    "probe" holds PROBED's change after `probe_steps` batches, float32.
    """
    optimiser = torch.optim.AdamW([{"params": parameters, "lr": rate} for parameters, rate in rates], weight_decay=0.01)
    step, began, probe = 0, time.process_time(), np.zeros(0, np.float32)
    model.train()
    for done in range(passes):
        losses = []
        for batch in batches():
            step += 1
            for group, (_, rate) in zip(optimiser.param_groups, rates):
                group["lr"] = rate * pace(step)
            loss = loss_of(batch)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(rates[0][0], 1.0)
            optimiser.step()
            losses.append(loss.item())
            probe = model.probe(PROBED) if step == probe_steps else probe
            if step == stop_after:
                return {"probe": probe}
        spent = time.process_time() - began
        print(f"pass {done + 1} of {passes}: loss {np.mean(losses):.3f}, {spent:.0f} s of CPU", flush=True)
    return {"probe": probe, **model.stored()}
