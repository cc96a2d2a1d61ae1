"""``kb check`` over a whole corpus: ``python bench/checking.py HOME [--pages] [--other WEIGHTS CARD] [--json OUT]``.

``HOME`` is the knowledge base that ``bench/scifact.py --keep HOME`` makes of SciFact's 5,183 abstracts. Every train claim is checked
against all of them, and the abstracts whose words it shows, with the side that they are put on, are held against those that were
annotated (abstract-level label scores: Wadden et al., 2020, but that no rationale is asked for). An abstract that nobody annotated counts
as wrong. Of claims that nothing decides, the abstract of the first words that lean to a side is held against them alike.

With ``--pages`` it is Fool-Me-Twice instead: the evidence of each Wikipedia page is a document, and ``HOME`` is made of them where it is not there.
Half of the claims of both were trained on; the figures of the others stand beside.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
sys.path.insert(0, str(ROOT))

import kb  # noqa: E402
from kb.backends import entailment_verifier  # noqa: E402
from kb.records import Check, Judged  # noqa: E402

SIDES = {"SUPPORT": "for", "CONTRADICT": "against"}


class Judge(entailment_verifier.EntailmentVerifier):
    """The verifier in the box with other weights and their card."""

    def __init__(self, weights: Path, card: Mapping[str, Any]) -> None:
        super().__init__(weights)
        self._calibration = entailment_verifier.Calibration.of(card["calibration"])


def of_pages(path: Path, home: Path) -> dict[str, dict[str, str]]:
    """For each claim of Fool-Me-Twice its page and on which side that is; ``home`` holds the pages afterwards."""
    found: dict[str, dict[str, str]] = {}
    texts: dict[str, dict[str, None]] = {}
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        found[row["claim"]] = {row["page"]: SIDES[row["label"]]}
        texts.setdefault(row["page"], {})[row["evidence"]] = None
    if not home.exists():
        with kb.open(home, create=True) as base, TemporaryDirectory() as folder:
            corpus = Path(folder) / "corpus.jsonl"
            rows = ({"_id": page, "title": page, "text": " ".join(parts)} for page, parts in texts.items())
            corpus.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
            base.ingest(corpus)
    return found


def annotated(path: Path) -> dict[str, dict[str, str]]:
    """For each claim its abstracts and on which side they are; none where no abstract decides it."""
    found: dict[str, dict[str, str]] = {}
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        sides = found.setdefault(row["claim"], {})
        if row["label"] in SIDES:
            sides[str(row["doc_id"])] = SIDES[row["label"]]
    return found


class Checked(NamedTuple):
    """A claim's abstracts with the side that each is on: as annotated, as shown, and the first that leans where nothing decides."""

    gold: Mapping[str, str]
    shown: Mapping[str, str]
    leaning: tuple[str, str] | None
    supported: bool


def checked(check: Check, gold: Mapping[str, str]) -> Checked:
    shown = {_document(item): str(item.evidence.stance) for item in reversed(check.judged)}
    sides = ((_document(item), item.verdict.leaning) for item in check.nearest)
    leaning = next(((doc, str(side)) for doc, side in sides if side), None)
    return Checked(gold, shown, leaning, check.verdict == "supported")


def _document(item: Judged) -> str:
    return unquote(item.evidence.uri.rpartition("#")[2])


def scores(found: Sequence[Checked]) -> dict[str, Any]:
    """How many shown abstracts are right, how many are found, and how often 'supported' and what only leans are right.

    'Supported' is right where an abstract that it is shown with is annotated as support.
    """
    right = sum(side == row.gold.get(doc) for row in found for doc, side in row.shown.items())
    given, there = sum(len(row.shown) for row in found), sum(len(row.gold) for row in found)
    supported = [
        any(row.gold.get(doc) == side == "for" for doc, side in row.shown.items()) for row in found if row.supported
    ]
    leaning = [(row.gold.get(doc), side) for row in found if row.leaning for doc, side in [row.leaning]]
    precision, recall = right / max(1, given), right / max(1, there)
    return {
        "claims": len(found),
        "shown": given,
        "precision": round(precision, 3),
        "recall": round(recall, 3),
        "f1": round(2 * precision * recall / max(1e-9, precision + recall), 3),
        "supported": len(supported),
        "supported_right": sum(supported),
        "leaning": len(leaning),
        "leaning_right": sum(gold == side for gold, side in leaning),
        "leaning_wrong_side": sum(gold is not None and gold != side for gold, side in leaning),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--pages", action="store_true", help="Fool-Me-Twice and its pages")
    parser.add_argument(
        "--other", type=Path, nargs=2, metavar=("WEIGHTS", "CARD"), help="another verifier of the same form"
    )
    parser.add_argument("--json", type=Path, help="write the figures here")
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT / "bench" / "verifier"))
    from mixture import held_back  # noqa: PLC0415 - needs what trainings need

    if options.pages:
        claims = of_pages(DATA / "claims" / "fm2_dev.jsonl", options.home)
    else:
        claims = annotated(DATA / "scifact" / "pairs_train.jsonl")
    with kb.open(options.home, create=False) as base:
        checker = base.checker()
        if options.other:
            weights, card = options.other
            checker._verifier = Judge(weights, json.loads(card.read_text("utf-8")))  # noqa: SLF001 - to compare two
        found = {claim: checked(checker.check(claim), gold) for claim, gold in claims.items()}
    unseen = [row for claim, row in found.items() if held_back(claim)]
    figures = {"all": scores([*found.values()]), "not trained on": scores(unseen)}
    print(json.dumps(figures, indent=1))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
