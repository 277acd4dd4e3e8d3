"""Files that are there whole or not at all."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import IO, cast

from kg.errors import GraphError
from kg.export.format import Pieces

_CHUNK = 2048  # pieces joined for one write


@contextmanager
def whole(path: Path) -> Iterator[IO[bytes]]:
    """The file under a temporary name, renamed when all is written; packed where its name ends in .gz.

    GraphError: it can't be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as raw:
            if path.suffix.lower() == ".gz":
                # No name and no time in the header: the same graph, the same bytes.
                with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed:
                    yield cast("IO[bytes]", packed)
            else:
                yield raw
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(path)
    except OSError as error:
        what = f"{path} can't be written: {error.strerror or error}"
        raise GraphError(what, "Choose a place that can be written.") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def pour(pieces: Pieces, file: IO[bytes]) -> None:
    """Writes the pieces in their order."""
    while some := list(islice(pieces, _CHUNK)):
        if isinstance(some[0], str):
            file.write("".join(cast("list[str]", some)).encode())
        else:
            file.write(b"".join(cast("list[bytes]", some)))
