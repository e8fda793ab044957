"""The commands that measure conversations and time, over the real assistant."""

import json
from pathlib import Path

import pytest

from eval import benchmark, followups
from eval.samples import read_samples
from index.errors import AssayError, SamplesError
from tests.conftest import ROOT, with_encoder

HISTORY = [
    {"role": "user", "content": "How many people work at Ostervane?"},
    {"role": "assistant", "content": "Ostervane opened in 2014 and makes 255,000 tonnes with 310 people. [1]"},
]


def test_follow_ups_are_compared_with_the_same_question_standing_alone(
    tmp_path: Path, index_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    understood = {"id": "a", "question": "And at Brackmoor?", "standalone": "How many people work at Brackmoor?"}
    lost = {"id": "b", "question": "Something else. How?", "standalone": "How many people work at Brackmoor?"}
    lines = [{**x, "history": HISTORY, "facts": ["640"], "tags": [x["id"]]} for x in (understood, lost)]
    file = tmp_path / "samples.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)))
    assert followups.main([str(file), "--index", str(index_folder), "--json"]) == 0
    table = json.loads(capsys.readouterr().out)
    assert (table["a"]["asked"], table["a"]["standalone"], table["a"]["ratio"]) == (1, 1, 1)
    assert (table["b"]["asked"], table["b"]["standalone"], table["b"]["ratio"]) == (0, 1, 0)
    assert table["all"]["ratio"] == 0.5


def test_samples_without_a_standalone_wording_are_refused() -> None:
    with pytest.raises(SamplesError, match="no follow-ups with a standalone wording"):
        followups.main([str(ROOT / "eval" / "samples.jsonl")])


def test_articles_that_are_not_there_are_named(index_folder: Path) -> None:
    with pytest.raises(AssayError, match="nowhere"):
        followups.main(["--articles", "nowhere", "--index", str(index_folder)])


def test_an_answer_is_timed_by_its_steps(
    tmp_path: Path, encoder_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with_encoder(tmp_path / "index", encoder_folder)
    monkeypatch.setattr(benchmark, "read_samples", lambda file: read_samples(file)[:3])
    assert benchmark.main(["--articles", "20", "--keep", str(tmp_path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["answers"] == 3
    assert 0 < found["p50_ms"] <= found["p95_ms"]
    assert set(found["share"]) == {"understand", "retrieve", "read", "answer"}
    assert sum(found["share"].values()) == pytest.approx(1, abs=0.01)
