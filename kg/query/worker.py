"""Queries run in worker processes, because no engine can stop one: past its time a worker is killed.

A worker keeps the graph open between questions and opens it again when it has changed. The answer comes
back whole or as an error; a part of an answer is never handed on.
"""

from __future__ import annotations

import io
import math
import multiprocessing
import os
import queue
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, cast

from kg.errors import KgError, QueryError
from kg.graph.sparql import Ask, Dataset, Kind, stamp
from kg.graph.update import Change, change
from kg.query.cage import without_network

_CHUNK = 1 << 16  # bytes of one message from worker to parent
_IN_MEMORY = 8 << 20  # bytes of an answer that is kept in memory; a longer one goes to a temporary file
_WATCH = 2.0  # seconds between two looks of an idle worker whether its parent lives
PATIENCE = 10.0  # seconds that a question waits for a worker at least
SLOW = 1.0  # seconds after which a question is a slow one
_GRACE = 5  # seconds after which a worker ends itself if nobody killed it: its parent is gone


@dataclass(frozen=True, slots=True)
class Limits:
    """What one question may cost."""

    seconds: float = 60.0  # of evaluation; opening the graph is not counted
    memory: int | None = None  # bytes of data a worker may allocate; None: unlimited
    answer: int | None = None  # bytes of the answer; None: unlimited
    network: bool = False  # whether a worker may reach other machines: for SERVICE that is allowed


class TimedOutError(QueryError):
    """The question took too much time or memory and was stopped; asked of less, it may be answered."""


class BusyError(QueryError):
    """All workers are taken and as many questions wait as may."""


class Answer:
    """What a question brought: read it once, then close it (`body` does both)."""

    def __init__(self, kind: Kind, file: IO[bytes], size: int) -> None:
        self.kind = kind
        self.size = size  # bytes
        self._file = file

    def chunks(self) -> Iterator[bytes]:
        """The body in order, in pieces."""
        self._file.seek(0)
        while chunk := self._file.read(_CHUNK):
            yield chunk

    def body(self) -> bytes:
        """The whole body; the answer is closed then."""
        with self:
            return b"".join(self.chunks())

    def close(self) -> None:
        """Gives the memory or the temporary file back."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Worker:
    """One process that answers one question at a time."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._connection, theirs = multiprocessing.Pipe()
        self._process = _process()(target=_work, args=(theirs, limits, os.getpid()), name="kg-query", daemon=True)
        self._process.start()
        theirs.close()

    def ask(self, source: Path, ask: Ask | Change, slow: Callable[[], None] = lambda: None) -> Answer:
        """The answer; of a change: an empty one. QueryError, GraphError: it can't be given.

        `slow` is called once if the answer takes longer than SLOW. TimedOutError: this worker is dead then.
        """
        file: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the answer closes it
        try:
            self._connection.send((source, ask))
            kind = self._receive(file, slow)
            return Answer(kind, file, file.tell())
        except BaseException as error:
            file.close()
            if not isinstance(error, KgError) or isinstance(error, TimedOutError):
                self.kill()
            if isinstance(error, (EOFError, ConnectionError)):
                raise self._died() from error
            raise

    def _receive(self, file: IO[bytes], slow: Callable[[], None]) -> Kind:
        began: float | None = None  # opening a large file may take longer than any question
        told = False
        while True:
            if began is not None:
                if not told and not self._comes_by(began + min(SLOW, self._limits.seconds)):
                    told = True
                    slow()
                if not self._comes_by(began + self._limits.seconds):
                    raise self._timed_out()
            message = self._connection.recv()
            if isinstance(message, bytes):
                file.write(message)
                if self._limits.answer is not None and file.tell() > self._limits.answer:
                    self.kill()
                    what = f"the answer is longer than {self._limits.answer:,} bytes"
                    raise QueryError(what, "add a LIMIT, or ask for fewer variables")
            elif isinstance(message, tuple):
                error, what, do = message
                raise error(what, do)
            elif message == "opened":
                began = time.monotonic()
            else:
                return cast("Kind", message)

    def _comes_by(self, moment: float) -> bool:
        return self._connection.poll(max(0.0, moment - time.monotonic()))

    def _timed_out(self) -> TimedOutError:
        return TimedOutError(
            f"the query was stopped after {self._limits.seconds:g} seconds",
            "ask for less (a LIMIT, a narrower pattern) or give it more time: --timeout"
            + (" (servers that SERVICE asks may be slow)" if self._limits.network else ""),
        )

    def _died(self) -> TimedOutError:
        self._process.join(1)
        return TimedOutError(
            f"the query's process ended (exit code {self._process.exitcode}), most likely for want of memory",
            "ask for less: a LIMIT, fewer joins without a shared variable, no ORDER BY over everything",
        )

    @property
    def alive(self) -> bool:
        """Whether it can take another question."""
        return self._process.is_alive() and not self._connection.closed

    def kill(self) -> None:
        """Ends the process at once, whatever it does."""
        self._process.kill()
        self._process.join()
        self._connection.close()


class Pool:
    """Some workers for many threads: each question takes one that is free, or waits in a line of limited length.

    A question that takes longer than SLOW goes on, but loses its place: a worker of the reserve takes the next one,
    as long as there is a reserve (as many as there are workers). So slow questions don't hold up quick ones.
    """

    def __init__(self, size: int, limits: Limits, waiting: int = 64) -> None:
        self.places = size + waiting  # how many may ask or wait at once
        self.replaced = 0  # workers that were killed or died so far
        self._limits = limits
        self._free: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        self._line = threading.BoundedSemaphore(self.places)
        self._all = [Worker(limits) for _ in range(2 * size)]
        self._reserve = self._all[size:]
        for worker in self._all[:size]:
            self._free.put(worker)

    def ask(self, source: Path, ask: Ask | Change) -> Answer:
        """The answer of the first free worker; TimedOutError as of `Worker.ask`.

        BusyError: the line is full, or no worker came free in the time that one question may take (or PATIENCE).
        """
        if not self._line.acquire(blocking=False):
            raise _busy()
        try:
            worker = self._free.get(timeout=max(self._limits.seconds, PATIENCE))
        except queue.Empty:
            self._line.release()
            raise _busy() from None
        relieved = False

        def relieve() -> None:
            nonlocal relieved
            with suppress(IndexError):  # no reserve is left
                self._free.put(self._reserve.pop())
                relieved = True

        try:
            return worker.ask(source, ask, relieve)
        finally:
            back = worker if worker.alive else self._replace(worker)
            if relieved:
                self._reserve.append(back)
            else:
                self._free.put(back)
            self._line.release()

    @property
    def busy(self) -> int:
        """Workers that answer a question at this moment."""
        return len(self._all) - self._free.qsize() - len(self._reserve)

    def _replace(self, dead: Worker) -> Worker:
        dead.kill()
        self.replaced += 1
        new = Worker(self._limits)
        self._all[self._all.index(dead)] = new
        return new

    def close(self) -> None:
        """Ends all workers."""
        for worker in self._all:
            worker.kill()


def _busy() -> BusyError:
    return BusyError("too many questions at once", "ask again in a few seconds")


def _process() -> type[BaseProcess]:
    """The class of process to start.

    Forking takes 5 ms and is safe while this process has one thread; else a fresh interpreter starts (0.2 s).
    """
    if sys.platform == "linux" and threading.active_count() == 1:
        return multiprocessing.get_context("fork").Process
    return multiprocessing.get_context("spawn").Process


class _Outgoing(io.RawIOBase):
    """What is written here goes to the parent."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        piece = bytes(data)
        self._connection.send(piece)
        return len(piece)


def _work(connection: Connection, limits: Limits, parent: int) -> None:
    """The life of a worker: questions in, "opened", pieces of bytes and the kind of answer out."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle: it kills us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a fork has its parent's handlers
    _silence()
    _limit_memory(limits.memory)
    if not limits.network:
        without_network()
    opened = _Opened()
    while True:
        # A fork holds copies of the pipes of its elder siblings and of its own, so that no end of file tells it.
        while not connection.poll(_WATCH):
            if os.getppid() != parent:
                return
        try:
            source, ask = connection.recv()
        except (EOFError, OSError):
            return
        try:
            _reply(connection, source, ask, opened, limits)
        except KgError as error:
            connection.send((type(error), error.what, error.do))  # the error itself can't be pickled
        except Exception:  # noqa: BLE001 - a bug of ours: the parent raises it, with this traceback
            connection.send((RuntimeError, traceback.format_exc(), ""))
        finally:
            _alarm(0)


class _Opened:
    """The graph that a worker keeps open between questions."""

    def __init__(self) -> None:
        self._seen: tuple[Path, tuple[int, ...]] | None = None
        self._dataset: Dataset | None = None

    def at(self, source: Path) -> Dataset:
        """The graph as it is now."""
        seen = (source, stamp(source))
        if self._dataset is None or self._seen != seen:
            self._dataset = None  # closes the old one before the new one takes its memory
            self._dataset, self._seen = Dataset.open(source), seen
        return self._dataset


def _reply(connection: Connection, source: Path, ask: Ask | Change, opened: _Opened, limits: Limits) -> None:
    """Does what is asked and sends the answer."""
    if isinstance(ask, Change):
        connection.send("opened")
        _alarm(limits.seconds + _GRACE)
        change(source, ask)
        connection.send("boolean")
        return
    dataset = opened.at(source)
    connection.send("opened")
    _alarm(limits.seconds + _GRACE)
    with io.BufferedWriter(_Outgoing(connection), _CHUNK) as out:
        kind = dataset.evaluate(ask, out)
    connection.send(kind)


def _silence() -> None:
    """An engine out of memory writes its stack to standard error; the parent says it in two lines."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _alarm(seconds: float) -> None:
    """Ends this process after so many seconds (0: never), even inside the engine: no Python has to run for it."""
    if hasattr(signal, "alarm"):
        signal.alarm(math.ceil(seconds))


def _limit_memory(size: int | None) -> None:
    if size is None:
        return
    with suppress(ImportError, ValueError, OSError):  # not every system has such limits
        import resource  # noqa: PLC0415 - absent on Windows

        resource.setrlimit(resource.RLIMIT_DATA, (size, size))
