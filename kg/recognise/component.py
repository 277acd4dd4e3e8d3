"""The network as a component of a spaCy pipeline: `newskg_names` sets `doc.ents`.

The language of a text, if known, is handed in as `doc.user_data["lang"]`, what tells its document as
`doc.user_data["document"]` (sentences of one document in one batch are read in the light of each other); how sure each
name is comes out as `doc.user_data["sure"]`, one probability for each of `doc.ents`.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.recognise.network import Network, Text
from kg.recognise.words import Words

FILE = "weights.npz"


class Names:
    """Finds names with a `Network`; its word list is the tokenizer's."""

    def __init__(self, tokenizer: Words) -> None:
        self._tokenizer = tokenizer
        self._arrays: Mapping[str, NDArray[Any]] = {}
        self._network: Network | None = None

    def load(self, arrays: Mapping[str, NDArray[Any]]) -> Names:
        """Itself, with these weights."""
        self._arrays = arrays
        self._network = Network(arrays, self._tokenizer.names)
        return self

    def __call__(self, doc: Doc) -> Doc:
        """The document with its names."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 128) -> Iterator[Doc]:
        """The documents with their names, in order."""
        if self._network is None:
            message = "this pipeline has no weights: load it from a folder"
            raise ValueError(message)
        docs = iter(stream)
        while some := list(islice(docs, batch_size)):
            texts = [_text(number, doc) for number, doc in enumerate(some)]
            for doc, found in zip(some, self._network.names(texts), strict=True):
                doc.set_ents([Span(doc, one.first, one.last, label=one.kind) for one in found])
                doc.user_data["sure"] = [one.sure for one in found]
                yield doc

    def to_bytes(self, **_: Any) -> bytes:
        """The weights as an .npz."""
        file = io.BytesIO()
        np.savez_compressed(file, **self._arrays)  # type: ignore[arg-type]  # its stub takes the mapping for allow_pickle
        return file.getvalue()

    def from_bytes(self, data: bytes, **_: Any) -> Names:
        """Itself, with the weights of `to_bytes`."""
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            return self.load(dict(stored))

    def to_disk(self, path: Path | str, **_: Any) -> None:
        """Writes the weights into the folder `path`."""
        Path(path).mkdir(parents=True, exist_ok=True)
        (Path(path) / FILE).write_bytes(self.to_bytes())

    def from_disk(self, path: Path | str, **_: Any) -> Names:
        """Itself, with the weights in the folder `path`."""
        return self.from_bytes((Path(path) / FILE).read_bytes())


def _text(number: int, doc: Doc) -> Text:
    own = doc.user_data.get("document")
    return Text(
        [token.text for token in doc], doc.user_data.get("lang", ""), (None, number) if own is None else (own, None)
    )


@Language.factory("newskg_names")
def make_names(nlp: Language, name: str) -> Names:  # noqa: ARG001 -- spaCy's interface
    """The factory that spaCy calls with the pipeline that is being made."""
    if not isinstance(nlp.tokenizer, Words):
        message = "newskg_names needs the tokenizer newskg.Words.v1"
        raise TypeError(message)
    return Names(nlp.tokenizer)
