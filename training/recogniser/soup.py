"""The mean of several models of one lineage: it was better than any of them.

python training/recogniser/soup.py OUT MODEL MODEL ...
"""

from __future__ import annotations

import sys

import register  # noqa: F401 -- the tokenizer
import spacy


def main(out: str, paths: list[str]) -> None:
    """Writes the first model with the mean of all models' weights."""
    pipelines = [spacy.load(path) for path in paths]
    for nodes in zip(*(nlp.get_pipe("ner").model.walk() for nlp in pipelines), strict=True):
        for name in nodes[0].param_names:
            if nodes[0].has_param(name):
                nodes[0].set_param(name, sum(node.get_param(name) for node in nodes) / len(nodes))
    pipelines[0].to_disk(out, exclude=["vocab"])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
