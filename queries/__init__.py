"""Queries: retrieval, answers, reports and their verification. Private; use ``kb``."""
