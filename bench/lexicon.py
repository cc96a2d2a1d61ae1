"""Make ``kb/data/english.tsv.gz`` from the lookup tables of LemmInflect 0.2.3 (MIT licence).

pip install lemminflect==0.2.3 && python bench/lexicon.py
"""

from __future__ import annotations

import csv
import gzip
import io
from collections import defaultdict
from importlib.util import find_spec
from pathlib import Path

HEADER = (
    "# Derived from LemmInflect 0.2.3, copyright Brad Jascob, MIT licence, itself derived from the SPECIALIST Lexicon of the"
    " U.S. National Library of Medicine. word<TAB>n noun, v finite or base verb, g -ing form, d past form, j adjective,"
    " r adverb, x auxiliary\n"
)
LETTER = {"noun": "n", "propn": "n", "adj": "j", "adv": "r", "aux": "x"}


def verb_letter(word: str, lemmas: str) -> str:
    if word in lemmas.split("/"):
        return "v"
    if word.endswith("ing"):
        return "g"
    return "v" if word.endswith("s") else "d"


def main() -> None:
    spec = find_spec("lemminflect")
    if spec is None or spec.origin is None:
        raise SystemExit("pip install lemminflect==0.2.3")
    table = Path(spec.origin).parent / "resources" / "lemma_lu.csv.gz"
    forms: dict[str, set[str]] = defaultdict(set)
    for word, kind, lemmas in csv.reader(io.StringIO(gzip.decompress(table.read_bytes()).decode())):
        if word.isascii() and word.replace("-", "").isalpha() and word.islower():
            forms[word].add(verb_letter(word, lemmas) if kind == "verb" else LETTER.get(kind, ""))
            if kind == "verb":  # the base form is not always listed by itself
                for lemma in lemmas.split("/"):
                    forms[lemma].add("v")
            if kind == "noun":
                for lemma in lemmas.split("/"):
                    if lemma.islower():
                        forms[lemma].add("n")
    lines = (f"{word}\t{''.join(sorted(kinds))}\n" for word, kinds in sorted(forms.items()) if "".join(kinds))
    data = HEADER + "".join(lines)
    target = Path(__file__).parents[1] / "kb" / "data" / "english.tsv.gz"
    target.write_bytes(gzip.compress(data.encode(), mtime=0))
    print(f"{target}: {len(forms)} words, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
