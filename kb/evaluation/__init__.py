"""Evaluation: measures, question and claim files, and the runs behind ``kb eval``."""
