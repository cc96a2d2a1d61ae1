"""Draw pairs of encoded streams into one: ``python bench/verifier/draw.py OUT.pt SAID.pt STREAM.pt,[SAID.pt][,GROUP:TOKENS...] ...``.

What a teacher said of each pair goes with it, so nothing need be read by it again; without a ``SAID.pt`` its label stands for that. Of a stream without groups every pair is taken;
``GROUP:TOKENS`` draws so many tokens of the pairs whose set is in that group of :data:`GROUPS`. One seed.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

import torch
from encoder import Stream

_CHECKED: Final = (
    "factcheck_gpt", "begin", "fever_symmetric", "citint_train", "citint_dev", "halueval_qa_part", "q2_cross", "faithdial_audit",
    "wice_train_partial", "scitail_test", "entailmentbank",
)  # fmt: skip
_INFERRED: Final = ("mnli_20k", "mnli_dev", "snli_dev", "conjnli", "negation_nli", "folio")
GROUPS: Final = {
    "evidence": frozenset(
        {*_CHECKED, *(f"unknown:{name}" for name in _CHECKED), "mismatch", "partial", "rule:title", "rule:scope"}
    ),
    "inference": frozenset({*_INFERRED, "unknown:mnli_20k", "unknown:mnli_dev", "unknown:conjnli"}),
    "any": None,
}
"""Sets of claims beside evidence, and of sentence pairs; ``any`` is every set."""


def drawn(stream: Stream, group: str, tokens: int, chance: torch.Generator) -> torch.Tensor:
    """Indices of pairs of a group, in random order, of at most so many tokens together."""
    wanted = GROUPS[group]
    member = torch.tensor([wanted is None or name in wanted for name in stream.names])
    at = torch.nonzero(member[stream.origins]).squeeze(1)
    at = at[torch.randperm(len(at), generator=chance)]
    return at[: int((stream.lengths()[at].cumsum(0) <= tokens).sum())]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("said", type=Path)
    parser.add_argument("sources", nargs="+", metavar="STREAM,SAID[,GROUP:TOKENS...]")
    parser.add_argument("--seed", type=int, default=71)
    options = parser.parse_args()
    chance = torch.Generator().manual_seed(options.seed)
    streams: list[Stream] = []
    said: list[torch.Tensor] = []
    for source in options.sources:
        path, labels, *groups = source.split(",")
        whole = Stream.read(torch.load(path))
        given = torch.load(labels) if labels else whole.certain()
        chosen = [
            drawn(whole, name, int(count), chance) for name, _, count in (group.partition(":") for group in groups)
        ]
        at = torch.cat(chosen) if chosen else torch.arange(len(whole))
        streams.append(whole.take(at))
        said.append(given[at])
    made = Stream.joined(streams)
    torch.save(made.parts(), options.out)
    torch.save(torch.cat(said), options.said)
    print(f"{options.out}: {len(made)} pairs, {len(made.ids)} tokens", flush=True)


if __name__ == "__main__":
    main()
