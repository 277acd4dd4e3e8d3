"""Sources to documents: one module a format, each with one function `documents(source, stream)`.

To add a format, write that module and name it in `sources.SUFFIXES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import BinaryIO, Protocol, cast

from kg.errors import InputError
from kg.model import Document, Rejected
from kg.read.sources import Answer, Source, broken, sniffed, sources, unpacked
from kg.web import Fetched
from kg.web import fetch as fetch_politely

__all__ = ["Format", "read"]


class Format(Protocol):
    """What a module of this folder offers: the documents of one opened source, one at a time.

    A row that is no document is yielded as Rejected; a source that is none raises InputError.
    """

    def __call__(self, source: Source, stream: BinaryIO) -> Iterator[Document | Rejected]:
        """The documents of the stream."""


def read(inputs: Sequence[str], *, fetch: Callable[[str], Fetched] | None = None) -> Iterator[Document | Rejected]:
    """The documents of all inputs, one at a time: files, folders, globs, `-` (standard input) and addresses.

    They come in the order given, the files of a folder sorted; no more than one source is open or held at once,
    and of JSONL, CSV and WARC no more than one row. What can't be read is a Rejected among them. `fetch` gets the
    addresses (default: kg.web.fetch). Raises InputError at once where an input names nothing that exists.
    """
    return (document for source in sources(inputs, fetch or fetch_politely) for document in _documents(source))


def _documents(source: Source) -> Iterator[Document | Rejected]:
    try:
        with source.opened() as raw:
            stream = unpacked(raw)
            known = raw.format if isinstance(raw, Answer) else source.format
            format_ = known or sniffed(stream.peek(1024))
            yield from _format(format_)(_as_answered(source, raw), cast(BinaryIO, stream))
    except InputError as error:
        yield Rejected(source.name, error.what, error.do)
    except (OSError, EOFError) as error:
        what = broken(source, error)
        yield Rejected(source.name, what.what, what.do)


def _format(name: str) -> Format:
    # Loaded when first met: trafilatura alone takes 0.4 s, which a folder of texts need not wait for.
    return cast(Format, import_module(f"{__name__}.{name}").documents)


def _as_answered(source: Source, raw: BinaryIO) -> Source:
    """The source with the encoding that its server declared."""
    if not isinstance(raw, Answer):
        return source
    return Source(source.name, source.key, source.opened, raw.format, raw.encoding)
