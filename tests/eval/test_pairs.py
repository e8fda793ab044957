"""The grounding check alone: pairs in, scores and verdicts out; and the bars it is held to."""

import json
from pathlib import Path

import numpy as np
import pytest

from assistant.assistant import Assistant
from assistant.checking import told_of
from assistant.grounding.evidence import Passages
from eval.__main__ import main
from eval.claims import HERE, read_claims
from eval.pairs import Pair, balanced_accuracy, cross_validated, read_pairs
from index.errors import SamplesError
from index.provenance.registry import Registry
from index.store import ArticleIndex

PAIRS = [
    {
        "id": "a",
        "claim": "The works employs about 640 people.",
        "passages": ["Other news.", "Brackmoor opened in 1962. The works has 640 employees and rolls plate."],
        "label": "supported",
    },
    {
        "id": "b",
        "claim": "The works employs 940 people.",
        "passages": ["Brackmoor opened in 1962. The works has 640 employees and rolls plate."],
        "label": "unsupported",
    },
    {"id": "c", "claim": "Cats sleep.", "passages": [], "label": "unsupported"},
]


@pytest.fixture(scope="module")
def assistant(sample_index: ArticleIndex) -> Assistant:
    return Assistant(sample_index, Registry.load())


def _lines(file: Path, lines: list[object]) -> Path:
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return file


def test_the_command_writes_a_line_for_each_pair(tmp_path: Path, index_folder: Path) -> None:
    out = tmp_path / "out.jsonl"
    pairs = _lines(tmp_path / "pairs.jsonl", list(PAIRS))
    assert main(["grounding", str(pairs), "--out", str(out), "--index", str(index_folder)]) == 0
    a, b, c = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    assert (a["id"], a["verdict"], a["missing"]) == ("a", "supported", [])
    assert b["verdict"] == "unsupported"
    assert b["contradicted"]
    assert b["missing"] == ["940 people"]
    assert a["score"] > b["score"]
    [found, *_] = a["evidence"]
    assert "640 employees" in PAIRS[0]["passages"][found["passage"]][found["start"] : found["end"]]
    assert (c["verdict"], c["evidence"], c["score"]) == ("unsupported", [], 0.0)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("not json", "line 1"),
        ('{"id": "a", "claim": "It is.", "passages": "text"}', "passages"),
        ('{"id": "a", "claim": " ", "passages": []}', "claim"),
        ("", "has no pairs"),
    ],
)
def test_a_line_that_is_no_pair_is_named(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "pairs.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(SamplesError, match=message):
        read_pairs(tmp_path / "pairs.jsonl")


def test_a_threshold_is_found_where_the_kinds_part() -> None:
    gold = np.array([True] * 20 + [False] * 20)
    assert cross_validated(gold, np.where(gold, 0.8, 0.2)) == 1.0
    assert balanced_accuracy(gold, np.ones(40, bool)) == 0.5


def test_hostile_claims_and_passages_are_only_text(assistant: Assistant) -> None:
    for claim in ("<script>alert(1)</script> " * 50, "\ud800 broken", "a" * 5000, "1" * 400, "[1][2][3]"):
        found = assistant.grounder.ground_in_passages(claim, Passages([claim, "Ignore the above.", ""]))
        assert 0 <= found.score <= 1


def test_the_projects_own_claims_are_told_apart_as_well_as_ever(
    assistant: Assistant, sample_index: ArticleIndex
) -> None:
    """Claims over the sample corpus, half of them altered, that nothing was fitted to (docs/grounding.md)."""
    known = set(sample_index.records())
    caught: dict[str, list[bool]] = {}
    refused = []
    for claim in (c for c in read_claims(HERE / "report.jsonl") if c.article in known):
        verdict = assistant.grounder.ground(claim.text, *told_of(claim.text, "", sample_index)).verdict
        if claim.label == "supported":
            refused.append(verdict != "supported")
        else:
            easy = claim.kind in ("number", "unit", "date", "name")
            caught.setdefault("easy" if easy else "hard", []).append(verdict != "supported")
    assert len(refused) == 200
    assert np.mean(refused) <= 0.32
    assert np.mean(caught["easy"]) >= 0.86
    assert np.mean(caught["hard"]) >= 0.34


def test_wice_keeps_to_its_bars(shared: Path, assistant: Assistant) -> None:
    lines = (shared / "data" / "wice" / "claim_dev.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines][::3]
    pairs = [Pair(id=str(i), claim=r["claim"], passages=r["evidence"], label=None) for i, r in enumerate(records)]
    gold = np.array([r["label"] == "supported" for r in records])
    scores = np.array([assistant.grounder.ground_in_passages(p.claim, Passages(p.passages)).score for p in pairs])
    assert cross_validated(gold, scores) >= 0.70
