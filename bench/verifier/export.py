"""Store trained weights as the package ships them: ``python bench/verifier/export.py WEIGHTS.pt... TARGET.safetensors``.

Of several files the mean is stored: a stage that goes on from another one keeps more of what that knew. Matrices in int8 with one scale a row (symmetric), the rest in float32.
"""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
from encoder import mean
from safetensors.numpy import save_file


def main() -> None:
    *sources, target = map(Path, sys.argv[1:])
    out: dict[str, np.ndarray] = {}
    for key, value in mean(sources).items():
        array = value.numpy()
        name = key.removeprefix("bert.")
        if name.endswith("position_ids") or name.startswith("pooler"):
            continue
        if array.ndim == 2 and min(array.shape) > 3:
            scale = np.maximum(np.abs(array).max(1), 1e-8) / 127.0
            out[name + ".q8"] = np.clip(np.round(array / scale[:, None]), -127, 127).astype(np.int8)
            out[name + ".scale"] = scale.astype(np.float32)
        else:
            out[name] = array.astype(np.float32)
    save_file(out, target)
    print(target, target.stat().st_size, sha256(target.read_bytes()).hexdigest())


if __name__ == "__main__":
    main()
