"""Measure between which values the activations of the default model lie, for its products in eight bits.

python bench/calibrate.py [--out FILE.npz]

Writes for each measured input of a matrix product the least and greatest value of each channel over the demo corpus and a few
texts unlike it. The input of the last product of the first four layers is left out: rounding it beforehand would double the
distance to exact vectors, so it is rounded at run time.
"""

# ruff: noqa: SLF001 - it looks inside the runtime
from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import kb  # noqa: E402
from kb.backends import openvino_embedder as runtime  # noqa: E402
from kb.backends._batches import padded  # noqa: E402
from kb.backends._bert import Layers, sentence_encoder  # noqa: E402

LEFT_OUT = tuple(f"layer.{number}.output.dense" for number in range(4))
UNLIKE = (
    "",
    "x",
    "What is the effect of aspirin on heart disease?",
    "1 2 3 4 5 6 7 8 9 10 11 12; 3.14159, 2.71828; 1,000,000 (45.2 %)",
    "def area(radius):\n    return 3.14159 * radius ** 2  # of a circle\n",
    "SELECT name, count(*) FROM sources WHERE status = 'indexed' GROUP BY name;",
    "Каждый человек имеет право на жизнь, на свободу и на личную неприкосновенность.",
    "人人生而自由，在尊严和权利上一律平等。すべての人間は、生まれながらにして自由である。",
    "Der Hund läuft schnell über die Straße, ohne zu bellen; das Mädchen sieht ihm zu.",
    "!!!! ???? .... ---- ____ //// **** ((( ))) [[[ ]]]",
    "The plaintiff shall, within thirty days of service, file a motion pursuant to rule 12(b)(6).",
    "Preheat the oven to 180 degrees. Whisk two eggs with sugar, fold in the flour, and bake for 40 minutes.",
    "Rosuvastatin lowered LDL-C by 52% (95% CI 49-55, P<0.001) in ApoE-/- mice given IL-6 receptor antagonists.",
)


class Tapped(Layers):
    """Keeps the input of each product."""

    taps: dict[str, Any]

    def products(self, x: Any, prefixes: Any) -> list[Any]:
        """As ever; the input is kept under the first name."""
        self.__class__.taps[prefixes[0]] = x
        return super().products(x, prefixes)


def corpus() -> list[str]:
    """What is embedded for the chunks of the demo corpus."""
    seen: list[str] = []
    with tempfile.TemporaryDirectory() as folder, kb.open(Path(folder) / "kb", embedder="hash") as base:
        embed = base._embedder.embed

        def keep(texts: Any, **options: Any) -> Any:
            seen.extend(texts)
            return embed(texts, **options)

        base._embedder.embed = keep  # type: ignore[method-assign]
        base.ingest(ROOT / "corpus")
    return seen


def measure(texts: list[str]) -> dict[str, Any]:
    embedder = runtime.OpenVinoEmbedder()
    Tapped.taps = {}
    config, weights = runtime._stored(embedder._folder)
    tapped = Tapped(weights, config["num_attention_heads"], config["layer_norm_eps"])
    graph = sentence_encoder(tapped, layers=config["num_hidden_layers"])
    names = [name for name in Tapped.taps if not name.endswith(LEFT_OUT)]
    graph.add_outputs([Tapped.taps[name].output(0) for name in names])
    request = runtime.ov.Core().compile_model(graph, "CPU", {"INFERENCE_PRECISION_HINT": "f32"}).create_infer_request()
    found: dict[str, Any] = {}
    for text in texts:
        ids = embedder._cut(embedder._words().encode(text).ids)
        request.infer(list(padded([ids])))
        for at, name in enumerate(names, 1):
            values = request.get_output_tensor(at).data[0, : len(ids)]
            low, high = found.get(name, (values[0], values[0]))
            found[name] = (np.minimum(low, values.min(axis=0)), np.maximum(high, values.max(axis=0)))
    return {name: np.stack(ends).astype(np.float16) for name, ends in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    name = f"ranges-{runtime._SHA256[:16]}.npz"
    parser.add_argument("--out", type=Path, default=ROOT / "kb" / "data" / name)
    options = parser.parse_args()
    texts = [*corpus(), *UNLIKE]
    np.savez_compressed(options.out, **measure(texts))
    print(f"{options.out}: {options.out.stat().st_size} bytes, from {len(texts)} texts")


if __name__ == "__main__":
    main()
