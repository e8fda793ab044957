"""Claimants and disclaimers against labels: no worse than they were, on sentences that nothing was tuned to."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answer import Answer, Citation, Disclaimer
from assistant.assistant import Assistant
from eval.attribution import REAL, Label, accuracy, check_disclaimers, labels, main
from eval.samples import read_samples
from index.article import Article, SentenceSpan
from index.errors import SamplesError
from index.provenance.registry import Registry
from index.store import ArticleIndex

ROOT = Path(__file__).parents[2]
REGISTRY = Registry.load()


@pytest.fixture(scope="module")
def labelled() -> list[Label]:
    return list(labels(REGISTRY))


@pytest.mark.parametrize(
    ("name", "claimant", "tied"), [("real own", 0.85, 0.92), ("own", 0.83, 0.95), ("new", 0.75, 0.84)]
)
def test_claimants_on_the_half_kept_for_the_report(
    labelled: list[Label], name: str, claimant: float, tied: float
) -> None:
    kept = [label for label in labelled if label.set in name.split() and label.half == "report"]
    if "real" in name and not REAL.is_dir():
        pytest.skip(f"needs the articles in {REAL}, which are not on this machine")
    found = accuracy(kept, REGISTRY)
    assert found["sentences"] >= 75
    assert found["claimant"] >= claimant and found["state_affiliated"] >= tied


def test_every_state_sourced_citation_has_a_disclaimer_and_few_answers_a_needless_one(
    labelled: list[Label], sample_index: ArticleIndex
) -> None:
    assistant = Assistant(sample_index, REGISTRY)
    answers = [assistant.ask(s.question, s.history) for s in read_samples(ROOT / "eval" / "samples.jsonl")]
    checked = check_disclaimers(answers, labelled, REGISTRY)
    assert checked.state_sourced >= 20 and checked.answers >= 20
    assert checked.missed == ()
    assert len(checked.excess) <= 0.03 * checked.answers


def test_missed_and_needless_disclaimers_are_told() -> None:
    article = Article("a", "A", "One. Two.", publisher="Mock Wire")
    gold = [
        Label("own", "tune", article, SentenceSpan(0, 4), "One.", "baogang-group"),
        Label("own", "tune", article, SentenceSpan(5, 9), "Two.", None),
    ]
    first = Citation(1, "a", article.revision, "A", "Mock Wire", None, None, 0, 4, "One.")
    second = replace(first, number=2, start=5, end=9, quote="Two.")
    answer = Answer("Q", "Q", "answered", 0.9, citations=(first, second))
    wrong = replace(answer, disclaimers=(Disclaimer("registry", "State!", (2,)),))
    right = replace(answer, disclaimers=(Disclaimer("registry", "State!", (1, 2)),))
    assert (checked := check_disclaimers([wrong], gold, REGISTRY)).missed == checked.excess == ("Q",)
    assert (checked := check_disclaimers([right], gold, REGISTRY)).missed == checked.excess == ()


def test_a_label_whose_sentence_is_gone_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("own", "tune", "report", "real"):
        (tmp_path / f"{name}.jsonl").write_text("")
    line = '{"article": "baotou-full-range-plate", "sentence": "Never written.", "claimant": null}\n'
    (tmp_path / "own.jsonl").write_text(line)
    monkeypatch.setattr("eval.attribution.FOLDER", tmp_path)
    with pytest.raises(SamplesError, match="has no sentence 'Never written"):
        list(labels(REGISTRY))


def test_the_command_prints_sets_and_confusion(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--set", "own"]) == 0
    printed = capsys.readouterr().out
    assert "state-affiliated" in printed and "gold         found" in printed
