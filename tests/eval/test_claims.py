"""Claims over the invented articles: well formed, and what is altered by rule is altered where it says."""

import random
from pathlib import Path

import pytest

from eval.altering import ALTERATIONS, Alter, altered, reshaped
from eval.claims import HERE, read_claims
from index.errors import SamplesError

SENTENCE = "On Monday Brackmoor said it plans to open 12 mills in Drusmark by 2026, which will not close some plants."


@pytest.mark.parametrize("name", ["tune.jsonl", "report.jsonl"])
def test_the_claims_are_well_formed(name: str) -> None:
    claims = read_claims(HERE / name)
    assert len({c.id for c in claims}) == len(claims)
    for claim in claims:
        assert all(word in claim.text for word in claim.wrong), claim.id
        assert bool(claim.evidence) != (claim.kind == "absent"), claim.id
        assert not (claim.label == "supported" and claim.wrong), claim.id


def test_no_claim_is_for_learning_and_for_the_report() -> None:
    tune, report = ({c.text for c in read_claims(HERE / name)} for name in ("tune.jsonl", "report.jsonl"))
    assert tune.isdisjoint(report)


@pytest.mark.parametrize(
    "line", ["no json", '{"id": "a"}', '{"id":"a","claim":"b","label":"odd","kind":"k","article":"x"}']
)
def test_a_line_that_is_no_claim_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "claims.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(SamplesError, match="line 1"):
        read_claims(tmp_path / "claims.jsonl")


@pytest.mark.parametrize("alter", ALTERATIONS, ids=lambda alter: alter.__name__)
def test_an_alteration_changes_what_it_marks(alter: Alter) -> None:
    text = "Ostervane plans to open 12 mills at Brackmoor for 3 million euros, and some prices will rise."
    around = f"{text} Earlier Skarrevik had opened 7 mills in Port Hallin and sold 4 billion tonnes."
    made = [m for seed in range(8) if (m := alter(text, around, random.Random(seed)))]
    assert made
    for one in made:
        assert one.text != text
        unmarked = "".join(c for i, c in enumerate(one.text) if not any(a <= i < b for a, b in one.wrong))
        assert len(unmarked) < len(one.text)
        assert all(0 <= start < end <= len(one.text) for start, end in one.wrong)


def test_most_sentences_can_be_altered() -> None:
    made = [altered(SENTENCE, SENTENCE, random.Random(seed)) for seed in range(20)]
    assert sum(m is not None for m in made) >= 18
    assert len({m.text for m in made if m}) > 4


def test_a_sentence_is_reshaped_and_not_changed_in_its_figures() -> None:
    for seed in range(20):
        assert "12 mills" in reshaped(SENTENCE, random.Random(seed))
