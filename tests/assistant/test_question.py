import pytest

from assistant.question import analyse, expected_kind, gives_kind
from index.store import ArticleIndex


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How much does the plate cost per tonne?", "money"),
        ("What is the price of Greyback 500?", "money"),
        ("What qualification rate does the mill report?", "percentage"),
        ("When was the group set up?", "date"),
        ("How long did the test last?", "duration"),
        ("How thick is the plate?", "number"),
        ("How many people were hurt?", "number"),
        ("Who leads the working group?", "person"),
        ("Where is the mill?", "place"),
        ("Why did output fall?", "reason"),
        ("How does the mill find cracks?", "manner"),
        ("Tell me about the meeting", None),
    ],
)
def test_the_kind_of_answer_is_read_from_the_question(question: str, kind: str | None) -> None:
    assert expected_kind(question) == kind


@pytest.mark.parametrize(
    ("question", "gives", "lacks"),
    [
        ("How much does it cost?", "It sells for 8,900 crowns.", "It sells well in 2025."),
        ("What is the price of the plate?", "Price: 8,900", "Thickness: 8,900"),
        ("What qualification rate is reported?", "About 99% pass.", "About 99 plates pass."),
        ("When did it open?", "It opened in May 2024.", "It opened with 40 workers."),
        ("How long did the test last?", "The drum ran for 1,200 hours.", "The drum holds 1,200 stones."),
        ("How many people were hurt?", "Seven workers were hurt.", "Workers were hurt."),
        ("How hard is it in Brinell?", "It reaches 496 Brinell.", "It lost 3.4 mm."),
        ("What is its yield strength in MPa?", "It yields at 1,100 megapascals.", "It yields at 40 tons."),
        ("How many tonnes were made?", "It made 4,000 tons.", "It made 4,000 plates."),
    ],
)
def test_a_sentence_gives_what_the_question_needs_or_lacks_it(
    sample_index: ArticleIndex, question: str, gives: str, lacks: str
) -> None:
    (part,) = analyse([question], sample_index).parts
    assert gives_kind(gives, part) == 1.0
    assert gives_kind(lacks, part) == 0.0


def test_a_question_of_two_parts_is_taken_apart(sample_index: ArticleIndex) -> None:
    question = analyse(["How thick is the plate, and how much has Tarnfield delivered?"], sample_index)
    assert [part.text for part in question.parts] == ["How thick is the plate", "how much has Tarnfield delivered"]
    assert question.names == tuple(sample_index.lexicon.analyzer.terms("Tarnfield"))


def test_an_and_inside_a_name_does_not_split(sample_index: ArticleIndex) -> None:
    question = analyse(["What does the China Iron and Steel Association coordinate?"], sample_index)
    assert len(question.parts) == 1
