"""What a person names on the command line, as sources of bytes: files, folders, globs, `-`, addresses."""

from __future__ import annotations

import glob
import gzip
import io
import os
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import urlsplit

from kg.errors import InputError
from kg.web import Fetched

LARGEST = 20_000_000  # bytes of one article or feed, unpacked; JSONL, CSV and WARC may be of any size
SUFFIXES = {
    **dict.fromkeys((".txt", ".text"), "text"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html"),
    **dict.fromkeys((".rss", ".atom", ".xml", ".rdf"), "feed"),
    **dict.fromkeys((".jsonl", ".ndjson", ".json"), "jsonl"),
    **dict.fromkeys((".csv", ".tsv"), "csv"),
    **dict.fromkeys((".warc", ".wet"), "warc"),
}
_TYPES = (  # how a content type begins -> the format; before text/: the more special first
    ("text/html", "html"),
    ("application/xhtml", "html"),
    ("text/csv", "csv"),
    ("application/rss", "feed"),
    ("application/atom", "feed"),
    ("application/rdf", "feed"),
    ("application/xml", "feed"),
    ("text/xml", "feed"),
    ("application/warc", "warc"),
    ("application/json", "jsonl"),
    ("application/jsonl", "jsonl"),
    ("application/x-ndjson", "jsonl"),
    ("text/plain", "text"),
)
_STARTS = (  # how an unnamed stream begins, lower case -> the format
    (b"warc/", "warc"),
    (b"{", "jsonl"),
    (b"[{", "jsonl"),
    (b"<!doctype html", "html"),
    (b"<html", "html"),
    (b"<?xml", "feed"),
    (b"<rss", "feed"),
    (b"<feed", "feed"),
)
_PACKED = (OSError, EOFError, zlib.error)  # what a broken .gz raises


@dataclass(frozen=True, slots=True)
class Source:
    """Bytes with a name, opened only when they are read."""

    name: str  # as the person gave it, for messages
    key: str | None  # what a document's id and url rest on: an address, or the file's own name; None: stdin
    opened: Callable[[], BinaryIO]
    format: str | None = None  # a module of kg.read; None: to be told from the first bytes
    encoding: str | None = None  # as declared from outside


def sources(inputs: Sequence[str], fetch: Callable[[str], Fetched]) -> Iterator[Source]:
    """Every source that the inputs name: in the order given, what a folder or glob holds sorted by path.

    Raises InputError at once, before anything is read, where an input names nothing.
    """
    return (source for group in [_named(item, fetch) for item in inputs] for source in group)


def whole(source: Source, stream: BinaryIO) -> bytes:
    """All bytes of one article or feed. Raises InputError where there are none, too many, or broken ones."""
    data = rest(source, stream)
    if not data.strip():
        raise InputError(f"{source.name} is empty.", "Give a file with an article in it, or leave it out.")
    return data


def rest(source: Source, stream: BinaryIO) -> bytes:
    """The bytes that are left in the stream. Raises InputError where there are too many, or broken ones."""
    try:
        data = stream.read(LARGEST + 1)
    except _PACKED as error:
        raise broken(source, error) from error
    if len(data) > LARGEST:
        what = f"{source.name} is larger than {LARGEST:,} bytes, which no article is."
        raise InputError(what, "Give many articles as JSONL, a row each.")
    return data


def lines(source: Source, stream: BinaryIO) -> Iterator[bytes]:
    """The lines of a stream, none longer than LARGEST. Raises InputError where its compression is broken."""
    try:
        while line := stream.readline(LARGEST + 1):
            if len(line) > LARGEST:
                what = f"{source.name} has a line of more than {LARGEST:,} bytes."
                raise InputError(what, "Write one article a line.")
            yield line
    except _PACKED as error:
        raise broken(source, error) from error


def broken(source: Source, error: Exception) -> InputError:
    """What to say of a source that opens and then can't be read."""
    reason = getattr(error, "strerror", None) or "it is damaged or cut off"
    return InputError(
        f"{source.name} can't be read: {reason}.", "Get a whole copy of it, and check that you may read it."
    )


def unpacked(stream: BinaryIO) -> io.BufferedReader[Any]:
    """The stream, and where it begins as gzip does, what is packed in it."""
    buffered = io.BufferedReader(cast(io.RawIOBase, stream))
    if buffered.peek(2)[:2] == b"\x1f\x8b":
        return io.BufferedReader(cast(io.RawIOBase, gzip.GzipFile(fileobj=buffered)))
    return buffered


def sniffed(start: bytes) -> str:
    """The format of a stream by its first bytes; what looks like nothing else is text."""
    start = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(b"<?xml") and b"<html" in start:
        return "html"
    return next((name for opening, name in _STARTS if start.startswith(opening)), "text")


def _named(item: str, fetch: Callable[[str], Fetched]) -> Iterable[Source]:
    if item == "-":
        return [Source("standard input", None, _stdin)]
    if urlsplit(item).scheme in {"http", "https"}:
        return [_address(item, fetch)]
    path = Path(item)
    if path.is_dir():
        if next(_inside(path), None) is None:
            kinds = " ".join(sorted(SUFFIXES))
            raise InputError(
                f"{item} has no articles in it.", f"A folder's files count when they end in: {kinds} (or .gz)."
            )
        return map(_file, _inside(path))
    if path.exists():
        return [_file(path)]
    found = sorted(glob.glob(item, recursive=True)) if glob.has_magic(item) else []  # noqa: PTH207 - may be absolute
    files = [Path(name) for name in found if Path(name).is_file()]
    if not files:
        what = f"Nothing matches {item}." if glob.has_magic(item) else f"{item} does not exist."
        raise InputError(what, "Check the path; it counts from the folder that you are in.")
    return map(_file, files)


def _inside(folder: Path) -> Iterator[Path]:
    """The articles in a folder and the folders in it, sorted; hidden ones and other kinds of file do not count."""
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            yield from _inside(entry)
        elif _suffix(entry.name) in SUFFIXES:
            yield entry


def _suffix(name: str) -> str:
    return os.path.splitext(name.lower().removesuffix(".gz"))[1]  # noqa: PTH122 - a name of an address as well


def _file(path: Path) -> Source:
    # The file's own name and not its path: the same article from another folder is the same document.
    key = path.name.removesuffix(".gz")
    return Source(str(path), key, lambda: path.open("rb", buffering=0), SUFFIXES.get(_suffix(path.name)))


def _address(url: str, fetch: Callable[[str], Fetched]) -> Source:
    """A source that is fetched when it is read. Its format and encoding are known only then."""
    return Source(url, url, lambda: Answer(fetch(url)))


def _stdin() -> BinaryIO:
    """Standard input, of which closing is not ours."""
    try:
        return cast(BinaryIO, io.FileIO(sys.stdin.fileno(), closefd=False))
    except io.UnsupportedOperation:  # a stand-in without a file behind it
        return io.BytesIO(sys.stdin.buffer.read())


class Answer(io.BytesIO):
    """The body of an answer, which also says what the server said of it."""

    def __init__(self, answer: Fetched) -> None:
        super().__init__(answer.body)
        self.encoding = answer.encoding
        path = urlsplit(answer.url).path
        by_type = next((name for start, name in _TYPES if answer.content_type.startswith(start)), None)
        by_name = SUFFIXES.get(_suffix(path))
        # Servers call JSONL, CSV and feeds plain text, too: then the name knows better; of a page it does not.
        named = answer.content_type == "text/plain" and by_name not in {None, "html"}
        self.format = by_name if named else by_type or by_name
