"""Every question of the library asked of Virtuoso, which reads SPARQL in its own way: does it answer as we do?

For whoever has it (Debian: virtuoso-opensource-7-bin); skipped elsewhere. It found that Virtuoso 7.2 compares a
literal of the graph with a plain one as unequal in either direction, unless both went through STR(), and that it may
lose rows of two property paths with the same subject, unless they are written as one (`?a , ?b`).
"""

import runpy
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

from kg.errors import QueryError
from kg.query import Limits, Rows, Session, questions

TESTS = Path(__file__).parent
LIBRARY = runpy.run_path(str(TESTS / "test_queries.py"))
EVERY = pytest.mark.parametrize("question", questions(), ids=lambda question: question.name)
SETTINGS = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
CheckpointInterval = 0
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
CaseMode = 2
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
[SPARQL]
ResultSetMaxRows = 100000
"""
PATIENCE = 90.0  # seconds; it makes its own database first

pytestmark = pytest.mark.skipif(not shutil.which("virtuoso-t"), reason="Virtuoso is not installed")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def answered(port):
    try:
        with Session(f"http://127.0.0.1:{port}/sparql", Limits(seconds=10)) as session:
            session.ask("ASK {}").close()
    except QueryError:
        return False
    return True


@pytest.fixture(scope="module")
def graph(tmp_path_factory):
    return LIBRARY["SMALL"]["write"](tmp_path_factory.mktemp("graph") / "small.nq")


@pytest.fixture(scope="module")
def endpoint(graph):
    """A Virtuoso of our own that holds the small graph."""
    folder, sql, http = graph.parent, free_port(), free_port()
    settings = folder / "virtuoso.ini"
    settings.write_text(SETTINGS.format(folder=folder, sql=sql, http=http))
    command = ["virtuoso-t", "+foreground", "+configfile", str(settings)]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            until = time.monotonic() + PATIENCE
            while not answered(http):
                assert time.monotonic() < until, (folder / "virtuoso.log").read_text()[-2000:]
                time.sleep(0.5)
            # 512: N-Quads; the graph's name counts only for triples without one
            load = f"DB.DBA.TTLP_MT(file_to_string_output('{graph}'), '', 'http://e/', 512)"
            subprocess.run(["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", f"exec={load}"], check=True, timeout=60)
            yield f"http://127.0.0.1:{http}/sparql"
        finally:
            server.terminate()


@EVERY
def test_it_answers_as_we_do(question, graph, endpoint):
    for case, given in LIBRARY["cases"](question):
        with Session(str(graph), Limits()) as here, Session(endpoint, Limits()) as there:
            ours = Rows.from_json(here.ask(question.name, given).body())
            theirs = Rows.from_json(there.ask(question.name, given).body())
        assert LIBRARY["_plain"](theirs) == LIBRARY["_plain"](ours), case
