"""What fits the models and what is only reported never mix."""

from eval.cases import own_sets
from eval.samples import is_held_out


def test_questions_for_the_report_fit_nothing() -> None:
    tune, report, samples = own_sets()
    assert {q.part for q in report.questions} == {"report"}
    assert {q.part for q in tune.questions} == {"train", "calibrate"}
    assert {q.part for q in samples.questions} == {"calibrate", "report"}
    assert all((q.part == "report") is is_held_out(q.sample.id) for q in samples.questions)


def test_answerable_questions_of_one_article_are_of_one_part() -> None:
    parts: dict[str, set[str]] = {}
    for question in own_sets()[0].questions:
        if question.answerable:
            assert question.sample.articles
            parts.setdefault(question.sample.articles[0], set()).add(question.part)
    assert all(len(found) == 1 for found in parts.values())


def test_gold_is_where_the_article_has_it() -> None:
    for questions in own_sets()[:2]:
        for asked in questions.questions:
            assert bool(asked.evidence) is asked.answerable, asked.sample.id
            for article_id, start, end in asked.evidence:
                assert questions.articles[article_id].text[start:end] in " ".join(asked.sample.quotes or ())
