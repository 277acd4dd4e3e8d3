"""One writer at a time."""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from kg.errors import GraphError

PATIENCE = 1.0

if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[str]) -> bool:
        file.seek(1 << 20)  # beyond the text, which others must be able to read
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try_lock(file: IO[str]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def writer(folder: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Holds the folder's lock, which the system lets go of when the process dies.

    `patience`: seconds to wait for another; a reader holds it for a moment, to see whether a writer died.
    GraphError: another process holds it; it says which. Or the folder can't be written.
    """
    try:
        opened = (folder / ".lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise GraphError(f"{folder} can't be written: {error}", "Mend that, or choose another folder.") from error
    with opened as file:
        if not _had(file, patience):
            raise GraphError(f"{folder} is being written by {_holder(file)}.", "Wait for it to end, then try again.")
        file.seek(0)
        file.truncate()
        since = datetime.now(UTC).isoformat(timespec="seconds")
        json.dump({"pid": os.getpid(), "host": socket.gethostname(), "since": since}, file)
        file.flush()
        try:
            yield
        finally:
            file.seek(0)
            file.truncate()


def _had(file: IO[str], patience: float) -> bool:
    until = time.monotonic() + patience
    while not _try_lock(file):
        if time.monotonic() >= until:
            return False
        time.sleep(0.02)
    return True


def _holder(file: IO[str]) -> str:
    file.seek(0)
    try:
        row = json.loads(file.read())
        return f"process {row['pid']} on {row['host']} since {row['since']}"
    except (ValueError, KeyError, TypeError):  # it has taken the lock and not yet signed
        return "another process"
