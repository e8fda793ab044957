"""Quotations: where they open and close."""

import pytest

from index.provenance.quotations import masked, quotations


@pytest.mark.parametrize(
    ("text", "speech"),
    [
        ("“We rolled it twice today,” she said.", ["“We rolled it twice today,”"]),
        ('"We rolled it twice today," she said.', ['"We rolled it twice today,"']),
        ("'We don't roll other people's plates,' he said.", ["'We don't roll other people's plates,'"]),
        ("“We rolled it. Then we rolled it again.” So he said.", ["“We rolled it. Then we rolled it again.”"]),
        (
            "“First part of it all.\n\n“Second part of it all,” he said.",
            ["“First part of it all.\n\n“Second part of it all,”"],
        ),
        ("The mill's and the yard's men said 8\" plates are “vitamins”.", []),
        ("An “opening without an end of it all.", []),
        ("", []),
    ],
)
def test_speech_is_found_from_mark_to_mark(text: str, speech: list[str]) -> None:
    found = quotations(text)
    assert [text[q.start : q.end] for q in found if q.speech] == speech
    assert len(masked(text, found)) == len(text)
    assert not any(quote.strip("“”\"'") in masked(text, found) for quote in speech)


def test_a_word_in_quotation_marks_is_masked_and_no_speech() -> None:
    text = "They call it “vitamins” here."
    [found] = quotations(text)
    assert not found.speech and "vitamins" not in masked(text, [found])
