"""kb: a knowledge base in which every claim shows the exact words it rests on."""

from __future__ import annotations

__version__ = "0.1.0"
