"""Indexing and answering in a place without a network: only the loopback interface, or none at all."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
UNSHARE = ["unshare", "--net", "--map-root-user"]


@pytest.fixture(scope="module")
def isolated() -> list[str]:
    """The start of a command line that runs what follows without any network."""
    if shutil.which("unshare") is None or subprocess.run([*UNSHARE, "true"], capture_output=True).returncode:
        pytest.skip("needs unshare and the right to make a network namespace")
    return UNSHARE


def test_indexing_and_answering_need_no_network(isolated: list[str], tmp_path: Path) -> None:
    index = str(tmp_path / "index")  # without a prepared encoder, so that its export is covered too

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [*isolated, sys.executable, "-m", *arguments, "--index", index, "--json"]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)

    added = run("index", "add", "eval/articles")
    assert added.returncode == 0, added.stderr
    answer = json.loads(run("assistant", "ask", "Who is Li Bo?").stdout)
    assert answer["status"] == "answered"
