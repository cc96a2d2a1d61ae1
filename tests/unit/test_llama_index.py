"""The LlamaIndex retriever."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kb.app import KnowledgeBase


@pytest.mark.slow  # importing llama_index takes seconds
def test_nodes_are_chunks_with_what_a_citation_needs(filled: KnowledgeBase) -> None:
    pytest.importorskip("llama_index.core")
    from kb.integrations.llama_index import KnowledgeBaseRetriever

    nodes = KnowledgeBaseRetriever(filled, k=3).retrieve("does model collapse happen?")
    found = filled.search("does model collapse happen?", 3)
    assert [node.node.node_id for node in nodes] == [item.chunk.id for item in found]
    assert [node.score for node in nodes] == [item.hit.score for item in found]
    for node in nodes:
        _, document, source = filled.chunk(node.node.node_id)
        assert document.text[node.metadata["start"] : node.metadata["end"]] == node.text
        assert node.metadata["document_sha256"] == document.text_sha256
        assert (node.metadata["source_id"], node.metadata["uri"]) == (source.id, source.uri)
        assert {"title", "heading", "page"} <= node.metadata.keys()


def test_without_llama_index_the_error_carries_the_pip_line() -> None:
    script = (
        "import sys; sys.modules['llama_index'] = None\n"
        "from kb.errors import MissingExtraError\n"
        "try:\n    import kb.integrations.llama_index\n"
        "except MissingExtraError as exc:\n    print(exc.remedy)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "pip install 'evidence-kb[llama-index]'"
