import pytest

from assistant.conversation import Turn, leans_on_history, read_history, standalone_readings
from index.errors import QuestionError


def asked(*questions: str) -> list[Turn]:
    return [turn for q in questions for turn in (Turn("user", q), Turn("assistant", "An answer. [1]"))]


@pytest.mark.parametrize(
    "question",
    [
        "And the thick plate?",
        "How hard is it?",
        "What did she ask for?",
        "Who said so?",
        "What about Ostervane?",
        "Why did they close the mill?",
    ],
)
def test_a_question_with_a_pronoun_or_hardly_any_words_leans_on_history(question: str) -> None:
    assert leans_on_history(question)


@pytest.mark.parametrize(
    "question",
    [
        "How thick is the plate that Baotou Steel mass-produces, and how much has it delivered?",
        "Who is the president of the Chinese Society of Rare Earths?",
        "Which mill uses less power per tonne, Brackmoor or Ostervane?",
    ],
)
def test_a_question_that_names_its_subject_stands_alone(question: str) -> None:
    assert not leans_on_history(question)


def test_a_first_question_has_one_reading_even_with_a_pronoun() -> None:
    assert standalone_readings("How hard is it?", []) == ["How hard is it?"]


def test_a_follow_up_is_read_with_the_question_it_leans_on() -> None:
    history = asked("How much thin plate did Baotou Steel deliver?")
    assert standalone_readings("And the thick plate?", history) == [
        "And the thick plate?",
        "How much thin plate did Baotou Steel deliver? And the thick plate?",
    ]


def test_a_chain_of_follow_ups_goes_back_to_the_question_that_stands_alone() -> None:
    history = asked("What did Corrimoor measure on Greyback 500?", "How hard was it?")
    assert standalone_readings("And near the welds?", history)[-1] == (
        "What did Corrimoor measure on Greyback 500? How hard was it? And near the welds?"
    )


def test_a_new_subject_does_not_drag_the_old_one_along() -> None:
    history = asked("How much thin plate did Baotou Steel deliver?")
    question = "What caused the spill at Brackmoor Plate Works?"
    assert standalone_readings(question, history) == [question]


def test_a_bare_name_takes_the_place_of_the_name_before() -> None:
    history = asked("What did Gan Yong say about steel?")
    assert standalone_readings("And Huang Xiaowei?", history)[-1] == "What did Huang Xiaowei say about steel?"


@pytest.mark.parametrize("history", [{}, "x", [1], [{"role": "system", "content": "x"}], [{"role": "user"}]])
def test_a_history_of_another_shape_is_refused(history: object) -> None:
    with pytest.raises(QuestionError, match="history"):
        read_history(history)
