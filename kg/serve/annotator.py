"""A process that reads articles, beside the server: reading takes all of a core, and it can be stopped."""

from __future__ import annotations

import multiprocessing
import threading
import traceback
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from kg.errors import InputError, KgError
from kg.model import Document
from kg.pipeline import Setup, ready, row
from kg.query import BusyError, TimedOutError

SECONDS = 60.0  # that one article may take, the first one's loading of the models not counted
_LOADING = 120.0  # seconds
_WAITING = 8  # articles that may wait for their turn


class Annotator:
    """One such process, started when the first article comes. Safe to be asked by several threads."""

    def __init__(self, setup: Setup, base: str, seconds: float = SECONDS) -> None:
        self._setup = setup
        self._base = base
        self._seconds = seconds
        self._line = threading.BoundedSemaphore(_WAITING + 1)
        self._turn = threading.Lock()
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None

    def annotate(self, document: Document) -> dict[str, Any]:
        """The row of `kg annotate`. BusyError, TimedOutError; InputError: this article can't be read."""
        if not self._line.acquire(blocking=False):
            raise BusyError("too many articles at once", "send it again in a few seconds")
        try:
            with self._turn:
                return self._asked(document)
        finally:
            self._line.release()

    def close(self) -> None:
        """Ends the process."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _asked(self, document: Document) -> dict[str, Any]:
        connection = self._connection or self._started()
        try:
            connection.send(document)
            answer = self._received(connection, self._seconds)
        except (EOFError, OSError) as error:
            self.close()
            raise InputError("the process that reads articles ended", "send a shorter text") from error
        if isinstance(answer, KgError):
            raise answer
        if isinstance(answer, str):
            raise InputError(f"this article could not be read through: {answer}", "report it with the article")
        return answer

    def _received(self, connection: Connection, seconds: float) -> dict[str, Any] | KgError | str:
        if not connection.poll(seconds):
            self.close()
            raise TimedOutError(f"reading was stopped after {seconds:g} seconds", "send a shorter text")
        answer: dict[str, Any] | KgError | str = connection.recv()
        return answer

    def _started(self) -> Connection:
        # Never forked: this process has threads, and the models' own would not survive it.
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, self._setup, self._base), daemon=True)
        self._process.start()
        theirs.close()
        try:
            answer = self._received(self._connection, _LOADING)
        except EOFError as error:
            self.close()
            raise InputError("the process that reads articles can't be started", "try kg annotate") from error
        if isinstance(answer, KgError):
            self.close()
            raise answer
        return self._connection


def _work(connection: Connection, setup: Setup, base: str) -> None:
    try:
        pipeline = ready(setup)
    except KgError as error:
        connection.send(error)
        return
    connection.send({})
    while True:
        try:
            document = connection.recv()
        except (EOFError, KeyboardInterrupt):
            return
        try:
            connection.send(row(pipeline.annotate(document), base))
        except KgError as error:
            connection.send(error)
        except Exception:  # noqa: BLE001 - a bug of ours on one article: its sender hears of it, the next goes on
            connection.send(traceback.format_exc(limit=-1).strip().splitlines()[-1])
