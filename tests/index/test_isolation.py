"""Sources are read in another process: one that hangs, swells or crashes costs only itself."""

import json
import os
from pathlib import Path

import pytest

from index.article import Article
from index.formats.raw import Unreadable
from index.isolation import read_isolated
from index.provenance.registry import Registry
from index.reading import Reading


def outcome(sources: list[Path], seconds: float = 30) -> list[tuple[int, str]]:
    """(number of the source, text or reason) of what is found."""
    found = read_isolated([str(s) for s in sources], Reading(registry=Registry.load()), seconds)
    return [
        (number, item.text if isinstance(item, Article) else item.reason) for number, item in found if item is not None
    ]


@pytest.fixture
def good(tmp_path: Path) -> list[Path]:
    files = [tmp_path / f"{name}.txt" for name in "ab"]
    for file in files:
        file.write_text(f"The crane {file.stem} fell on Monday.")
    return files


def test_sources_come_in_their_order_with_their_claimants(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Baogang Group said that output rose by a tenth in May.")
    [(number, begun), (_, article)] = read_isolated([str(file)], Reading(registry=Registry.load()))
    assert (number, begun) == (0, None)
    assert isinstance(article, Article)
    assert article.claimants == ("baogang-group",)


def test_one_that_hangs_is_given_up_and_the_others_are_read(good: list[Path], tmp_path: Path) -> None:
    pipe = tmp_path / "hang.html"
    pipe.write_text("<html>" + "<p>word</p>" * 400_000)
    found = outcome([good[0], pipe, good[1]], seconds=0.8)
    assert found[0] == (0, "The crane a fell on Monday.")
    assert found[1] == (1, "took longer than 0.8 seconds to read")
    assert found[2] == (2, "The crane b fell on Monday.")


BROKEN = """
import os, index.reading as reading
whole = reading.read
def deeper():
    deeper()
def read(source, how):
    if "bad" in source:
        {act}
    yield from whole(source, how)
reading.read = read
"""
"""Puts a reader in the way that does what a broken parser would."""


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        ("os.kill(os.getpid(), 11)", "crashed its reader"),
        ("bytearray(10**12)", "needs too much memory to read"),
        ("deeper()", "is nested too deep to read"),
        ("raise KeyError('what')", "could not be read (KeyError: 'what')"),
    ],
    ids=["crash", "swell", "deep", "odd"],
)
def test_one_that_breaks_its_reader_costs_only_itself(
    good: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: str, reason: str
) -> None:
    (tmp_path / "sitecustomize.py").write_text(BROKEN.format(act=act))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    bad = tmp_path / "bad.txt"
    bad.write_text("Nobody reads this.")
    assert outcome([good[0], bad, good[1]]) == [
        (0, "The crane a fell on Monday."),
        (1, reason),
        (2, "The crane b fell on Monday."),
    ]


def test_all_articles_before_the_one_that_hangs_are_kept(tmp_path: Path) -> None:
    lines = [{"id": str(number), "text": f"Crane {number} fell on Monday."} for number in range(500)]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert [text for _, text in outcome([tmp_path / "a.jsonl"])] == [line["text"] for line in lines]


def test_leaving_early_ends_the_process(good: list[Path]) -> None:
    items = read_isolated([str(file) for file in good], Reading(registry=Registry.load()))
    next(iter(items))
    items.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_no_sources_need_no_process() -> None:
    assert list(read_isolated([], Reading())) == []


def test_what_is_unreadable_is_named(tmp_path: Path) -> None:
    [_, (_, item)] = read_isolated([str(tmp_path / "nowhere.txt")], Reading())
    assert item == Unreadable(str(tmp_path / "nowhere.txt"), "no such file or directory")
