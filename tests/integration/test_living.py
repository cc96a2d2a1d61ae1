"""Reports that live: what a new report says about the one before it is exactly the difference of their claims."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from conftest import LIGHT, ROOT

import kb
from kb.app import KnowledgeBase

pytestmark = pytest.mark.slow

TOPIC_FILES = ROOT.parent / "shared" / "data" / "topic"
TOPIC = (
    "What are the real-world risks and benefits of using synthetic data to train or fine-tune large language models? "
    "Focus on data quality, bias, and evaluation."
)
STATUSES = ("new", "kept", "strengthened", "weakened")

FIRST = {
    "collapse.md": """# Model collapse

Training a language model on synthetic data that replaces real data leads to model collapse within five generations.
Rare words and minority opinions disappear from the output of the language model before anything else.

## What prevents it

Keeping the original human data beside the synthetic data prevented model collapse in every published experiment.
""",
    "bias.md": """# Bias

Synthetic data repeats the social bias of the language model that generated it and can amplify that bias.

A synthetic data set that balances groups on purpose reduced the bias of a classifier by a third.
""",
    "quality.txt": """Notes on data quality

Filtering synthetic data with a reward model raised the quality of instruction tuning in all six languages.

Low quality synthetic data contains factual errors that a fine-tuned language model repeats with confidence.
""",
}
SECOND = {
    "evaluation.md": """# Evaluation

Evaluation of a language model on synthetic benchmarks overestimates its accuracy on real questions by nine points.

Human evaluation of a sample finds errors in synthetic data that automatic evaluation metrics do not show.
""",
    "cost.md": """# Cost

Synthetic training data for a language model costs about one percent of data that is labelled by experts.
""",
    "agreement.md": """# Another group

Keeping the original human data beside the synthetic data prevented model collapse in both of our laboratories.

Privacy of the people in the training data is a further benefit of synthetic data for language models. We trained them
on letters of patients, on minutes of meetings, and on calls with a bank, none of which may leave the building.
""",
}


def write(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")


@dataclass
class Story:
    """A knowledge base over a folder, and the reports that were written on it."""

    base: KnowledgeBase
    folder: Path
    topic: str = TOPIC
    reports: list[dict[str, Any]] = field(default_factory=list)

    def tell(self) -> dict[str, Any]:
        """Ingest the folder as it is, report, and check what must always hold."""
        self.base.ingest(self.folder, prune=True)
        _, files = self.base.report(self.topic, out=self.folder.parent / "reports")
        report: dict[str, Any] = json.loads(Path(files["json"]).read_text("utf-8"))
        before = self.reports[-1] if self.reports else None
        check_changes(report, before)
        assert report["previous_report_id"] == (before["report_id"] if before else None)
        live = {state.source.id for state in self.base.sources()}
        assert cited(report) <= live
        self.reports.append(report)
        for each in self.reports:
            found = self.base.verify(each)
            assert found.problems == ()
            assert found.resolved == found.citations > 0
        assert self.base.verify(report).superseded == 0
        return report


def claims_of(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = [claim for angle in report["angles"] for claim in angle["claims"]]
    claims = {claim["id"]: claim for claim in found}
    assert len(claims) == len(found)  # no claim twice
    return claims


def cited(report: dict[str, Any]) -> set[str]:
    claims = claims_of(report).values()
    return {each["source_id"] for claim in claims for each in (*claim["evidence"], *claim["against"])}


def named(report: dict[str, Any], words: str) -> dict[str, Any]:
    """The one claim with these words."""
    (claim,) = [claim for claim in claims_of(report).values() if words in claim["text"]]
    return claim


def check_changes(report: dict[str, Any], before: dict[str, Any] | None) -> None:
    now, then = set(claims_of(report)), set(claims_of(before)) if before else set()
    changes = report["changes"]
    gone = {each["id"] for each in changes["withdrawn"]}
    assert len(gone) == len(changes["withdrawn"])
    assert set(changes["new"]) == now - then
    assert gone == then - now
    both = [*changes["kept"], *changes["strengthened"], *changes["weakened"]]
    assert len(both) == len(set(both))
    assert set(both) == now & then
    for status in STATUSES:
        assert all(claims_of(report)[each]["status"] == status for each in changes[status])
    for each in changes["withdrawn"]:
        assert each["reason"].strip()
        assert before is not None
        assert each["text"] == claims_of(before)[each["id"]]["text"]


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    write(tmp_path / "folder", FIRST)
    with kb.open(tmp_path / "kb", **LIGHT) as base:
        yield Story(base, tmp_path / "folder")


def test_half_then_all_then_one_source_less(story: Story) -> None:
    story.tell()
    write(story.folder, SECOND)
    second = story.tell()
    assert second["changes"]["new"]
    gone = story.base.find_source("bias.md").id
    assert gone in cited(second)
    (story.folder / "bias.md").unlink()
    third = story.tell()
    assert gone not in cited(third)
    reasons = {each["text"]: each["reason"] for each in third["changes"]["withdrawn"]}
    lost = [c["text"] for c in claims_of(second).values() if {e["source_id"] for e in c["evidence"]} == {gone}]
    assert lost
    assert all("removed" in reasons[text] for text in lost)
    assert story.base.verify(second).superseded > 0


def test_the_same_corpus_again_changes_nothing(story: Story) -> None:
    first, second = story.tell(), story.tell()
    assert set(second["changes"]["kept"]) == set(claims_of(first)) == set(claims_of(second))
    assert [angle["id"] for angle in first["angles"]] == [angle["id"] for angle in second["angles"]]
    assert not any(second["changes"][name] for name in ("new", "strengthened", "weakened", "withdrawn"))


def test_words_that_went_are_withdrawn_and_words_that_moved_are_kept(story: Story) -> None:
    write(story.folder, SECOND)
    first = story.tell()
    stays = named(first, "replaces real data leads to model collapse")
    path = story.folder / "bias.md"
    text = path.read_text("utf-8")
    write(story.folder, {"bias.md": text.replace("repeats the social bias", "rarely repeats any bias")})
    write(story.folder, {"collapse.md": "# New first part\n\nThis part is new.\n\n" + FIRST["collapse.md"]})
    second = story.tell()
    withdrawn = {each["text"]: each["reason"] for each in second["changes"]["withdrawn"]}
    (reason,) = [reason for words, reason in withdrawn.items() if "repeats the social bias" in words]
    assert "changed" in reason
    now = claims_of(second)[stays["id"]]
    assert now["evidence"][0]["start"] > stays["evidence"][0]["start"]
    assert now["evidence"][0]["document_sha256"] != stays["evidence"][0]["document_sha256"]
    assert story.base.verify(first).superseded > 0


def test_a_second_witness_strengthens_and_its_loss_weakens(story: Story) -> None:
    story.tell()
    write(story.folder, SECOND)
    claim = named(story.tell(), "Keeping the original human data")
    assert (claim["status"], claim["witnesses"]) == ("strengthened", 2)
    (story.folder / "agreement.md").unlink()
    claim = named(story.tell(), "Keeping the original human data")
    assert (claim["status"], claim["witnesses"]) == ("weakened", 1)


def test_a_claim_found_again_in_another_source_is_not_new(story: Story) -> None:
    words = "Keeping the original human data beside the synthetic data prevented model collapse in every published experiment."
    write(story.folder, {"zz-later.md": f"# A later text\n\nThe matter was looked at again.\n\n{words}\n"})
    before = named(story.tell(), "every published experiment")
    (story.folder / Path(before["evidence"][0]["uri"]).name).unlink()
    after = named(story.tell(), "every published experiment")
    assert after["id"] == before["id"]
    assert after["status"] in {"kept", "weakened"}


def test_another_topic_starts_a_chain_of_its_own(story: Story) -> None:
    story.tell()
    other = Story(story.base, story.folder, "Does synthetic data lead to model collapse?")
    first = other.tell()
    second = other.tell()
    assert second["previous_report_id"] == first["report_id"]
    assert len({report["report_id"] for report in (*story.reports, *other.reports)}) == 3


def test_a_report_survives_many_edits_of_what_it_cites(story: Story) -> None:
    write(story.folder, SECOND)
    story.tell()
    for turn in range(4):
        for name in sorted({**FIRST, **SECOND}):
            path = story.folder / name
            path.write_text(f"{path.read_text('utf-8')}\nAn addition of turn {turn}.\n", "utf-8")
        if turn % 2:
            story.tell()
    shutil.rmtree(story.folder)
    write(story.folder, {"other.md": "# Other\n\nSynthetic data for language models is a topic of its own.\n"})
    story.base.ingest(story.folder, prune=True)
    for report in story.reports:
        found = story.base.verify(report)
        assert (found.problems, found.superseded) == ((), found.citations)


@pytest.mark.slow
@pytest.mark.skipif(not TOPIC_FILES.is_dir(), reason="the shared data is not here")
def test_with_real_documents_and_models(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    paths = sorted(path for path in TOPIC_FILES.iterdir() if path.is_file())
    with kb.open(tmp_path / "kb") as base:
        story = Story(base, folder)
        for path in paths[::2]:
            shutil.copy(path, folder)
        story.tell()
        for path in paths[1::2]:
            shutil.copy(path, folder)
        second = story.tell()
        counts: dict[str, int] = {}
        for claim in claims_of(second).values():
            counts[claim["evidence"][0]["uri"]] = counts.get(claim["evidence"][0]["uri"], 0) + 1
        gone = max(counts, key=lambda uri: counts[uri]).rpartition("/")[2]
        source = base.find_source(gone).id
        (folder / gone).unlink()
        third = story.tell()
        assert source not in cited(third)
        assert third["changes"]["withdrawn"]
