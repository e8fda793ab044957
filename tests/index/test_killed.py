"""Adding that is killed at any moment loses nothing, and whoever asks meanwhile always gets whole answers.

KILLS=40 python -m pytest tests/index/test_killed.py kills it more often than CI does.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from index.exporting import DEFAULT
from index.store import ArticleIndex
from index.verifying import verify
from tests.conftest import ROOT, with_encoder

KILLS = int(os.environ.get("KILLS", "6"))
ARTICLES = 60
WORDS = """crane winch plate slab furnace ladle harbour ferry inspector contract tender kiln magnet quarry turbine
cable valve rail bridge dock""".split()  # noqa: SIM905
READER = """
import sys, time
from pathlib import Path
from assistant.assistant import Assistant
from index.exporting import DEFAULT
from index.provenance.registry import Registry
from index.store import ArticleIndex
index = ArticleIndex.open(Path(sys.argv[1]), DEFAULT)
assistant, asked, cited = Assistant(index, Registry.load()), 0, 0
while not Path(sys.argv[2]).exists():
    answer = assistant.ask(f"How many tons did the {sys.argv[3 + asked % (len(sys.argv) - 3)]} take?")
    for c in answer.citations:
        found = index.article(c.article_id, c.revision)
        assert found.text[c.start : c.end] == c.quote, c
        cited += 1
    asked += 1
print(asked, cited)
"""


def write_articles(folder: Path, edition: str) -> None:
    """Sixty articles; those of another edition differ in every third."""
    folder.mkdir(exist_ok=True)
    for number in range(ARTICLES):
        chance = random.Random(f"{number} {edition if number % 3 == 0 else ''}")  # noqa: S311  # repeatable
        paragraphs = [
            " ".join(
                f"The {chance.choice(WORDS)} number {chance.randint(2, 99)} took {chance.randint(100, 9999):,} tons of "
                f"{chance.choice(WORDS)} in {chance.randint(1990, 2024)}."
                for _ in range(4)
            )
            for _ in range(3)
        ]
        (folder / f"story-{number:02}.txt").write_text("\n\n".join([f"Story {number} of the mill", *paragraphs]))


def start_adding(index: Path, folder: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "index", "add", str(folder), "--index", str(index)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def added(index: Path, folder: Path) -> None:
    process = start_adding(index, folder)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors


def state(path: Path) -> dict[str, Any]:
    """All that an index holds, and what it finds, but for when it was added."""
    index = ArticleIndex.open(path, DEFAULT)
    articles = {
        i: {**json.loads(a.to_record()), "added": None, "text": a.text} for i, a in sorted(index.articles().items())
    }
    hits: list[Any] = []
    for word in WORDS[:6]:
        vector = index.encoder.encode([f"tons of {word}"])[0]
        for found in (index.nearest_passages(vector, 9), index.nearest_sentences(vector, 9)):
            hits.append([(hit.passage_id, round(hit.score, 4)) for hit in found])
        words = index.matching_passages([word], 9)
        hits.append(sorted((hit.passage_id, round(hit.score, 4)) for hit in words if hit.score > words[-1].score))
    older = sorted(row.id for row in index.stored.superseded.rows())
    return {"articles": articles, "hits": hits, "superseded": older}


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("editions")
    for edition in ("first", "second"):
        write_articles(folder / edition, edition)
    for file in sorted((folder / "first").iterdir())[30:]:
        file.unlink()  # half of the articles are new in the second edition
    return folder / "first", folder / "second"


@pytest.mark.timeout(60 + 40 * KILLS)
def test_adding_that_is_killed_at_any_moment_ends_as_if_it_had_not_been(
    tmp_path: Path, encoder_folder: Path, editions: tuple[Path, Path]
) -> None:
    folder = tmp_path / "articles"  # the same place for both editions, as of files that were edited
    whole = with_encoder(tmp_path / "whole", encoder_folder)
    for edition in editions:
        _copy(edition, folder)
        before = time.monotonic()
        added(whole, folder)
        seconds = time.monotonic() - before
    expected = state(whole)
    assert len(expected["articles"]) == ARTICLES
    assert len(expected["superseded"]) == 10

    killed = with_encoder(tmp_path / "killed", encoder_folder)
    _copy(editions[0], folder, anew=True)
    added(killed, folder)
    _copy(editions[1], folder)
    stop = tmp_path / "stop"
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(killed), str(stop), *WORDS],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    chance = random.Random(KILLS)  # noqa: S311  # repeatable
    for _ in range(KILLS):
        process = start_adding(killed, folder)
        time.sleep(chance.uniform(0, seconds))
        process.send_signal(signal.SIGKILL)
        process.communicate()
    added(killed, folder)
    stop.touch()
    answers, errors = reader.communicate(timeout=60)
    assert reader.returncode == 0, errors
    asked, cited = map(int, answers.split())
    assert asked > KILLS
    assert cited > KILLS
    assert verify(killed, DEFAULT) == []
    assert state(killed) == expected


def _copy(edition: Path, folder: Path, *, anew: bool = False) -> None:
    folder.mkdir(exist_ok=True)
    if anew:
        for file in folder.iterdir():
            file.unlink()
    for file in edition.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
