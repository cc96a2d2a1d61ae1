"""A knowledge base as a LlamaIndex retriever (extra: ``llama-index``).

>>> from kb.integrations.llama_index import KnowledgeBaseRetriever
>>> retriever = KnowledgeBaseRetriever(base, k=5)          # doctest: +SKIP
>>> nodes = retriever.retrieve("Is model collapse inevitable?")  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.errors import MissingExtraError

try:
    from llama_index.core.base.base_retriever import BaseRetriever
    from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode
except ModuleNotFoundError as exc:
    package = "llama_index"
    raise MissingExtraError(package, "llama-index") from exc

if TYPE_CHECKING:
    from kb.app import KnowledgeBase
    from kb.records import Found
    from queries.retrieval import Mode


class KnowledgeBaseRetriever(BaseRetriever):  # type: ignore[misc]
    """Retrieves chunks of an open knowledge base; the metadata of a node is what a citation of it needs."""

    def __init__(self, base: KnowledgeBase, k: int = 10, *, mode: Mode = "hybrid") -> None:
        super().__init__()
        self._base = base
        self._k = k
        self._mode = mode

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._base.search(query_bundle.query_str, self._k, mode=self._mode)
        documents = self._base.catalog.read.documents(item.chunk.document_id for item in found)
        return [_node(item, documents[item.chunk.document_id].text_sha256) for item in found]


def _node(item: Found, document_sha256: str) -> NodeWithScore:
    chunk, source = item.chunk, item.source
    metadata = {
        "uri": source.uri,
        "title": source.title,
        "heading": " > ".join(chunk.heading_path),
        "page": chunk.page,
        "start": chunk.start,
        "end": chunk.end,
        "document_sha256": document_sha256,
        "source_id": source.id,
    }
    # A model that reads the node shall see where it is from, not its offsets and hashes.
    unread = ["start", "end", "document_sha256", "source_id"]
    node = TextNode(
        id_=chunk.id,
        text=chunk.text,
        metadata=metadata,
        excluded_embed_metadata_keys=[*unread, "uri", "page"],
        excluded_llm_metadata_keys=unread,
        start_char_idx=chunk.start,
        end_char_idx=chunk.end,
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=chunk.document_id)},
    )
    return NodeWithScore(node=node, score=item.hit.score)
