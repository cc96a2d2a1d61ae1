"""Ingestion: sources become snapshots, documents and chunks. Private; use ``kb``."""
