"""Mixes the training files of all languages into one, in a seeded order: `spacy train` reads files in turn.

python training/recogniser/mix.py work/data/train work/data/train.spacy [LANG=COPIES ...]
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from spacy.tokens import DocBin
from spacy.vocab import Vocab

SEED = 20261122


def main(folder: Path, out: Path, copies: dict[str, int]) -> None:
    """Writes the mixed file; a language's texts stand in it COPIES times (default 1)."""
    vocab = Vocab()
    docs = []
    for path in sorted(folder.glob("*.spacy")):
        docs += list(DocBin().from_disk(path).get_docs(vocab)) * copies.get(path.stem, 1)
    random.Random(SEED).shuffle(docs)
    DocBin(attrs=["ENT_IOB", "ENT_TYPE", "SPACY"], docs=docs).to_disk(out)
    print(f"{len(docs)} texts, {sum(map(len, docs))} words in {out}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), {key: int(n) for key, n in (one.split("=") for one in sys.argv[3:])})
