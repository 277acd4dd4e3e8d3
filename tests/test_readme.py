"""The README's commands run, and print what it shows."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def commands() -> list[tuple[str, list[str]]]:
    """(command, lines it must print), in the order of the page; "..." stands for any lines."""
    found: list[tuple[str, list[str]]] = []
    for block in BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8")):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            elif line.strip() and line.strip() != "...":
                found[-1][1].append(line)
    return found


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A folder with what the commands name: examples, and the graph that `make demo` leaves."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "examples", folder / "examples")
    build = "kg build examples/articles --graph demo/graph"
    assert run(build, folder).returncode == 0
    return folder


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    scripts = Path(sys.executable).parent
    env = {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}", "PYTHONUTF8": "1", "COLUMNS": "120"}
    return subprocess.run(
        command, cwd=folder, env=env, shell=True, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_page_shows_commands():
    assert len(commands()) >= 7


@pytest.mark.parametrize(("command", "shown"), [pytest.param(*row, id=row[0][:60]) for row in commands()])
def test_each_command_prints_what_the_page_shows(command, shown, checkout, tmp_path):
    if command.startswith("kg build"):  # as a newcomer runs it: on no graph yet
        shutil.copytree(ROOT / "examples", tmp_path / "examples")
        done = run(command, tmp_path)
    else:
        done = run(command, checkout)
    assert done.returncode == 0, done.stderr
    printed = [line.rstrip() for line in (done.stdout + done.stderr).splitlines()]
    for line in shown:
        assert line.rstrip() in printed, f"README shows a line that `{command}` does not print; run it and paste anew"
