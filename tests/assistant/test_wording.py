"""Who is meant stands in brackets where it is plain, and nowhere else."""

import pytest

from assistant.wording import worded
from tests.fakes import article


def last(*sentences: str) -> str:
    made = article("a", " ".join(sentences))
    return worded(made, made.sentences[-1])


def test_he_is_the_only_person_named_just_before() -> None:
    assert last("Joosep Raudna runs the plant.", "He knew of no report.") == "He [Joosep Raudna] knew of no report."


def test_a_quotation_mark_before_the_pronoun_stays() -> None:
    assert last("Joosep Raudna runs it.", "“She left,” said nobody.").startswith("“She [Joosep Raudna] left")


def test_among_two_people_nobody_is_chosen() -> None:
    text = "He knew of no report."
    assert last("Joosep Raudna runs the plant.", "Liis Marand inspects it.", text) == text


def test_a_person_known_by_surname_counts_too() -> None:
    text = "He knew of no report."
    far = ("One came.", "Two came.", "Three came.")
    assert last("Liis Marand inspects it.", *far, "Joosep Raudna met Marand.", text) == text


@pytest.mark.parametrize(
    ("before", "noun", "meant"),
    [
        ("The Ministry of Commerce met them.", "ministry", "Ministry of Commerce"),
        ("They asked China Mineral Resources Group.", "group", "China Mineral Resources Group"),
    ],
)
def test_the_company_is_the_only_one_of_its_kind_named_just_before(before: str, noun: str, meant: str) -> None:
    assert last(before, f"The {noun} is willing.") == f"The {noun} [{meant}] is willing."


def test_initials_of_another_leave_it_open() -> None:
    text = "The ministry is willing."
    assert last("The Ministry of Commerce met them.", "Data came from the MIIT.", text) == text


def test_the_company_is_not_the_court_that_was_named() -> None:
    assert last("The Vestagder District Court ruled.", "The company had lost.") == "The company had lost."


def test_it_is_left_alone() -> None:
    assert last("Baogang Group makes the alloy.", "It is hard.") == "It is hard."


def test_lines_become_one() -> None:
    made = article("a", "It is\nhard.")
    assert worded(made, made.sentences[0]) == "It is hard."
