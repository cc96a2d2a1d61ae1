"""A report's angles over a real server on this machine that dies in the middle."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from contracts.evidence import claim, sources_of
from contracts.model_server import ModelServer, Response, running

from kb.backends.lexical_verifier import LexicalVerifier
from kb.backends.models import open_model
from kb.config import Keys, Settings
from kb.records import Angle, Statement
from queries.writing import Writer

QUOTES = {
    "Collapse": "In all published experiments, keeping the original data prevents model collapse.",
    "Bias": "In later models, the bias of the first model is found again.",
    "Cost": "In most projects, generated data costs less than data from people.",
}


@pytest.mark.slow
def test_what_was_drafted_before_stays_and_the_rest_is_extractive(tmp_path: Path) -> None:
    with running() as server:
        server.script = [lambda body: _die_after_one(server, body)]
        url = f"{server.url}/v1"
        settings = Settings(
            llm="openai",
            llm_model="m",
            llm_base_url=url,
            llm_timeout=5.0,
            llm_retries=0,
            llm_concurrency=1,
        )
        model = open_model(settings, Keys(), home=tmp_path)
        assert model is not None
        writer = Writer(model, LexicalVerifier())
        angles = [Angle(f"a_{title}", title, (title,), (claim(f"k_{title}", text),)) for title, text in QUOTES.items()]
        made, origins = writer.angles("Synthetic data", "t_1", angles, {}, sources_of)
        summary = writer.summary("Synthetic data", (Statement(QUOTES["Bias"], ("k_Bias",)),), made[1].claims)
    worded = [angle.title for angle in made if angle.claims[0].text != QUOTES[angle.title]]
    assert worded == ["Collapse"]
    assert made[0].claims[0].evidence[0].quote == QUOTES["Collapse"]
    assert list(origins.values()) == [("k_Collapse",)]
    assert summary[0].text == QUOTES["Bias"]
    assert [note.part for note in writer.written.notes] == ["angle 'Bias'", "angle 'Cost'", "the summary"]


def _die_after_one(server: ModelServer, body: dict[str, Any]) -> Response:
    """Answer the question about collapse; whoever asks anything else finds the server dying."""
    if "collapse" in json.dumps(body["messages"]):
        text = "Keeping the original data prevents model collapse."
        return Response(text=json.dumps({"claims": [{"sentences": [1], "text": text}]}))
    server._stopping.set()
    return Response(cut=True)
