"""Training over encoded pairs, with or without a teacher's probabilities; the weights that are kept are a running average."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Final

import torch
from encoder import UNKNOWN, CrossEncoder, Stream, autocast

_SMOOTHING: Final = 0.04
_WARM: Final = 0.05
"""Share of the steps in which the rate rises; after them it falls to a fiftieth."""
_SAVED: Final = 2000
_TAUGHT: Final = 0.6
"""How much of the loss is the distance from the teacher's probabilities, where there is a teacher and a label."""


def loss_of(
    scores: torch.Tensor, labels: torch.Tensor, weights: torch.Tensor, taught: torch.Tensor | None = None
) -> torch.Tensor:
    """Cross-entropy over three labels; where only 'not entailed' is known, over entailed or not.

    With ``taught``, a teacher's probabilities (batch, 3), mixed with the cross-entropy against those; where no label is known,
    that alone (knowledge distillation: Hinton et al., 2015).
    """
    logs = torch.log_softmax(scores, -1)
    rest = torch.logsumexp(logs[:, 1:], -1)
    exact = -(1 - _SMOOTHING) * logs.gather(1, labels.clamp(min=0).unsqueeze(1)).squeeze(1) - _SMOOTHING * logs.mean(-1)
    binary = -(1 - _SMOOTHING) * rest - _SMOOTHING * 0.5 * (rest + logs[:, 0])
    loss = torch.where(labels >= 0, exact, binary)
    if taught is not None:
        share = torch.where(labels == UNKNOWN, 1.0, _TAUGHT)
        loss = (1 - share) * loss - share * (taught * logs).sum(-1)
    return (loss * weights).sum() / weights.sum()


def train(
    model: CrossEncoder,
    stream: Stream,
    order: Sequence[Sequence[int]],
    *,
    rate: float,
    taught: torch.Tensor | None = None,
    seconds: float | None = None,
    now_and_then: Callable[[dict[str, torch.Tensor]], None] = lambda _: None,
) -> dict[str, torch.Tensor]:
    """Train ``model`` on ``stream`` in the batches of ``order``; return the average of its weights, of late steps above all.

    ``taught`` are the teacher's probabilities (n, 3). With ``seconds``, the rate falls by the time where that goes faster than the
    steps, and the training ends with it. ``now_and_then`` is given the average so far.
    """
    average = {k: v.detach().clone() for k, v in model.state_dict().items() if v.dtype.is_floating_point}
    free = [p for p in model.parameters() if p.requires_grad]
    decay = [p for p in free if p.ndim > 1]
    plain = [p for p in free if p.ndim <= 1]
    optimiser = torch.optim.AdamW(
        [{"params": decay, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}], lr=rate, fused=True
    )
    device = stream.ends.device
    sizes = stream.lengths().tolist()
    widths = [max(sizes[i] for i in indices) for indices in order]
    places = [torch.tensor(indices, device=device) for indices in order]
    started = time.monotonic()
    running = torch.zeros((), device=device)
    for step, (at, width) in enumerate(zip(places, widths, strict=True)):
        done = step / len(order)
        if seconds is not None:
            done = max(done, (time.monotonic() - started) / seconds)
        if done >= 1.0:
            break
        for group in optimiser.param_groups:
            group["lr"] = rate * max(0.02, min((done + 1e-3) / _WARM, (1.0 - done) / (1.0 - _WARM)))
        with autocast():
            scores = model(*stream.rows(at, width))
        loss = loss_of(scores.float(), stream.labels[at], stream.weights[at], None if taught is None else taught[at])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(free, 1.0)
        optimiser.step()
        optimiser.zero_grad()
        running = 0.99 * running + 0.01 * loss.detach() if step else loss.detach()
        if step % 10 == 0:
            _average(average, model, min(0.99, (1 + step / 10) / (10 + step / 10)))
        if step % 200 == 0:
            print(f"step {step}/{len(order)} loss {running.item():.4f} {time.monotonic() - started:.0f} s", flush=True)
        if step and step % _SAVED == 0:
            now_and_then(average)
    return average


def _average(average: dict[str, torch.Tensor], model: CrossEncoder, share: float) -> None:
    """Move ``average`` to the model's weights; ``share`` of it stays."""
    with torch.no_grad():
        state = model.state_dict()
        torch._foreach_lerp_(list(average.values()), [state[name] for name in average], 1 - share)
