"""One pass of training over encoded pairs; the weights that are kept are a running average."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Final

import torch
from encoder import PRECISION, CrossEncoder, Encoded, tensors

_SMOOTHING: Final = 0.04
_WARM: Final = 0.05
"""Share of the steps in which the rate rises; after them it falls to a fiftieth."""
_SAVED: Final = 800


def loss_of(scores: torch.Tensor, labels: torch.Tensor, weights: torch.Tensor, smoothing: float) -> torch.Tensor:
    """Cross-entropy over three labels; where only 'not entailed' is known, over entailed or not."""
    logs = torch.log_softmax(scores, -1)
    rest = torch.logsumexp(logs[:, 1:], -1)
    known = labels >= 0
    exact = -(1 - smoothing) * logs.gather(1, labels.clamp(min=0).unsqueeze(1)).squeeze(1) - smoothing * logs.mean(-1)
    binary = -(1 - smoothing) * rest - smoothing * 0.5 * (rest + logs[:, 0])
    return (torch.where(known, exact, binary) * weights).sum() / weights.sum()


def train(
    model: CrossEncoder,
    items: Sequence[Encoded],
    order: Sequence[Sequence[int]],
    *,
    rate: float,
    now_and_then: Callable[[dict[str, torch.Tensor]], None] = lambda _: None,
) -> dict[str, torch.Tensor]:
    """Train ``model`` on ``items`` in the batches of ``order``; return the average of its weights, of late steps above all.

    ``now_and_then`` is given the average so far.
    """
    average = {k: v.detach().clone() for k, v in model.state_dict().items() if v.dtype.is_floating_point}
    free = [p for p in model.parameters() if p.requires_grad]
    decay = [p for p in free if p.ndim > 1]
    plain = [p for p in free if p.ndim <= 1]
    optimiser = torch.optim.AdamW(
        [{"params": decay, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}], lr=rate, fused=True
    )
    warm = max(1, int(_WARM * len(order)))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min((s + 1) / warm, max(0.02, (len(order) - s) / (len(order) - warm)))
    )
    started, running = time.monotonic(), 0.0
    for step, indices in enumerate(order):
        rows = [items[i] for i in indices]
        with torch.autocast("cpu", PRECISION, enabled=PRECISION is torch.bfloat16):
            scores = model(*tensors(rows))
        labels = torch.tensor([row.label for row in rows])
        weights = torch.tensor([row.weight for row in rows])
        loss = loss_of(scores.float(), labels, weights, _SMOOTHING)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(free, 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad()
        running = 0.99 * running + 0.01 * loss.item() if step else loss.item()
        if step % 10 == 0:
            _average(average, model, min(0.99, (1 + step / 10) / (10 + step / 10)))
        if step % 100 == 0:
            print(f"step {step}/{len(order)} loss {running:.4f} {time.monotonic() - started:.0f} s", flush=True)
        if step and step % _SAVED == 0:
            now_and_then(average)
    return average


def _average(average: dict[str, torch.Tensor], model: CrossEncoder, share: float) -> None:
    """Move ``average`` to the model's weights; ``share`` of it stays."""
    with torch.no_grad():
        for name, value in model.state_dict().items():
            if name in average:
                average[name].lerp_(value, 1 - share)
