"""Metrics: by hand, and against the field's own packages on random inputs."""

import random

import ir_measures
import numpy as np
import pytest
from ir_measures import RR, R, nDCG
from sklearn.metrics import roc_auc_score

from eval import metrics as m

ONCE = np.ones((1, 4))


def test_retrieval_by_hand() -> None:
    ranked, relevant = ["c", "a", "d", "b"], {"a", "b", "z"}
    assert [m.recall_at_k(ranked, relevant, k) for k in (1, 2, 10)] == [0, 1 / 3, 2 / 3]
    assert m.reciprocal_rank(ranked, relevant) == 1 / 2
    assert m.reciprocal_rank(["x"], relevant) == 0
    # gains at ranks 2 and 4 over the best, three at ranks 1 to 3: (1/1.585 + 1/2.322) / (1 + 1/1.585 + 1/2)
    assert m.ndcg_at_k(ranked, relevant, 10) == pytest.approx((0.63093 + 0.43068) / 2.13093, abs=1e-4)
    assert m.recall_at_k(ranked, (), 5) is m.reciprocal_rank(ranked, ()) is m.ndcg_at_k(ranked, (), 5) is None


@pytest.mark.parametrize("seed", range(20))
def test_retrieval_agrees_with_ir_measures(seed: int) -> None:
    chance = random.Random(seed)
    items = [f"d{i}" for i in range(30)]
    runs, qrels = [], []
    expected: dict[str, list[float]] = {"R@5": [], "RR": [], "nDCG@10": []}
    for q in range(8):
        ranked = chance.sample(items, chance.randint(1, 20))
        relevant = set(chance.sample(items, chance.randint(1, 6)))
        runs += [ir_measures.ScoredDoc(f"q{q}", d, 100.0 - rank) for rank, d in enumerate(ranked)]
        qrels += [ir_measures.Qrel(f"q{q}", d, 1) for d in relevant]
        expected["R@5"].append(m.recall_at_k(ranked, relevant, 5) or 0)
        expected["RR"].append(m.reciprocal_rank(ranked, relevant) or 0)
        expected["nDCG@10"].append(m.ndcg_at_k(ranked, relevant, 10) or 0)
    found = ir_measures.calc_aggregate([R @ 5, RR, nDCG @ 10], qrels, runs)
    assert {str(name): value for name, value in found.items()} == pytest.approx(
        {name: float(np.mean(values)) for name, values in expected.items()}
    )


@pytest.mark.parametrize("seed", range(20))
def test_auc_agrees_with_scikit_learn_with_and_without_ties_and_weights(seed: int) -> None:
    chance = np.random.default_rng(seed)
    scores = np.round(chance.random(40), 1 if seed % 2 else 6)
    positive = np.append(chance.integers(0, 2, 38), [0, 1]).astype(np.float64)
    weights = np.vstack([np.ones(40), chance.integers(0, 4, 40)]).astype(np.float64)
    found = m.auc(scores, positive, weights)
    assert found[0] == pytest.approx(roc_auc_score(positive, scores))
    assert found[1] == pytest.approx(roc_auc_score(positive, scores, sample_weight=weights[1]))


def test_auc_has_no_value_where_one_kind_is_missing() -> None:
    assert np.isnan(m.auc(np.array([0.1, 0.9, 0.5, 0.5]), np.ones(4), ONCE)[0])


def test_facts_are_found_in_any_wording_without_regard_to_case_dashes_and_space() -> None:
    facts = (("4,000 tons",), ("8–60 mm", "8 to 60 mm"), ("never",))
    assert m.fact_recall("It shipped 4,000\n TONS of 8-60 mm plate.", facts) == pytest.approx(2 / 3)
    assert m.fact_recall("", facts) == 0
    assert m.fact_recall("anything", ()) is None


def test_the_same_evidence_is_nearly_the_same_words() -> None:
    sentence = "The plant has shipped over 4,000 tons of thin plate in 2025 so far."
    assert m.same_evidence(sentence, sentence)
    assert m.same_evidence(f"Before it. {sentence} After it.", sentence)
    assert not m.same_evidence("Thick plate adds another 3,000 tons.", sentence)
    assert not m.same_evidence("", sentence)


def test_citations_by_hand() -> None:
    assert m.citation_precision([True, False, True, True]) == 0.75
    assert m.citation_recall([True, False]) == 0.5
    assert m.citation_precision([]) is m.citation_recall([]) is None


def test_weighted_figures_by_hand() -> None:
    values = np.array([1.0, np.nan, 0.0, 1.0])
    assert m.mean(values, ONCE)[0] == pytest.approx(2 / 3)
    assert m.mean(values, np.array([[3.0, 9.0, 1.0, 0.0]]))[0] == 0.75
    assert np.isnan(m.mean(np.full(4, np.nan), ONCE)[0])
    assert m.ratio(np.array([1.0, 0, 0, 1]), np.array([1.0, 1, 0, 1]), ONCE)[0] == pytest.approx(2 / 3)
    assert m.f1(np.array([0.5, 0.0]), np.array([1.0, 0.0])).tolist() == [pytest.approx(2 / 3), 0.0]
    latencies = np.array([10.0, 30.0, 20.0, np.nan])
    assert [m.quantile(latencies, q, ONCE)[0] for q in (0.5, 0.95)] == [20.0, 30.0]
    assert m.quantile(latencies, 0.5, np.array([[5.0, 1, 1, 9]]))[0] == 10.0


def test_draws_begin_with_the_set_itself_and_are_the_same_every_time() -> None:
    drawn = m.draws(7, count=50)
    assert drawn.shape == (51, 7) and (drawn[0] == 1).all() and (drawn.sum(axis=1) == 7).all()
    assert (drawn == m.draws(7, count=50)).all()


def test_calibration_error_is_the_gap_between_confidence_and_what_is_right() -> None:
    confidence = np.array([0.9] * 10 + [0.2] * 10)
    right = np.array([1] * 9 + [0] + [1] * 5 + [0] * 5, np.float64)
    assert m.expected_calibration_error(confidence, right) == pytest.approx((0.0 + 0.3) / 2)
