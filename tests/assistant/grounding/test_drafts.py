from pathlib import Path

import docx
import pytest

from assistant.grounding.drafts import read_draft, split_draft
from index.errors import DraftError

DRAFT = """---
title: A note
---
# Rare earths in plate

Brackmoor shut its **ladle bay** in June [1]. In our view that was overdue. Will it open again?

- It employs [640 people](https://example.org/staff).
- Nobody was named.

Outlook
=======

```
code is not checked at all.
```
[^1]: A footnote about the source.
"""


def test_sentences_are_found_at_their_places_and_without_markup() -> None:
    checked = [s for s in split_draft(DRAFT) if not s.passed]
    assert [s.claim for s in checked] == [
        "Brackmoor shut its ladle bay in June.",
        "It employs 640 people.",
        "Nobody was named.",
    ]
    assert DRAFT[checked[0].start : checked[0].end].startswith("Brackmoor shut its **ladle")


def test_what_claims_nothing_is_passed_over_with_a_reason() -> None:
    reasons = {s.claim.split("\n")[0]: s.passed for s in split_draft(DRAFT) if s.passed}
    assert reasons["Rare earths in plate"] == "heading"
    assert reasons["Outlook"] == "heading"
    assert reasons["In our view that was overdue."] == "opinion"
    assert reasons["Will it open again?"] == "question"
    assert {"code", "footnote"} <= set(reasons.values())


def test_every_letter_of_a_plain_draft_is_accounted_for_once() -> None:
    spans = [(s.start, s.end) for s in split_draft(DRAFT)]
    assert spans == sorted(spans)
    assert all(end <= start for (_, end), (start, _) in zip(spans, spans[1:], strict=False))


@pytest.mark.parametrize(
    ("draft", "claim"),
    [
        (
            "Output was <40 tonnes in 2023 and >50 tonnes in 2024.",
            "Output was <40 tonnes in 2023 and >50 tonnes in 2024.",
        ),
        ("> Output rose by\n> 12 percent.", "Output rose by 12 percent."),
        ("It <b>closed</b> in [May](https://example.org/a_(b)) 2025 [2].", "It closed in May 2025."),
        ("Output rose 12 percent in 2024", "Output rose 12 percent in 2024"),
        ("The ministry said: “We expect output to rise by 12 percent.”",) * 2,
    ],
)
def test_what_is_no_markup_stays(draft: str, claim: str) -> None:
    [found] = split_draft(draft)
    assert (found.claim, found.passed) == (claim, None)


def test_a_word_document_is_read_with_its_headings(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Plate", 1)
    document.add_paragraph("Brackmoor shut its ladle bay in June. It employs 640 people.")
    document.save(str(tmp_path / "draft.docx"))
    found = list(split_draft(read_draft(str(tmp_path / "draft.docx"))))
    assert [(s.claim, s.passed) for s in found] == [
        ("Plate", "heading"),
        ("Brackmoor shut its ladle bay in June.", None),
        ("It employs 640 people.", None),
    ]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("none.txt", None, "is not a file"),
        ("empty.txt", b" \n", "holds no text"),
        ("picture.png", b"\x89PNG\0\0\0", "is not text"),
        ("broken.docx", b"PK\x03\x04 broken", "cannot be read as a Word document"),
    ],
)
def test_what_is_no_draft_is_refused_in_one_line(
    tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DraftError, match=message):
        read_draft(str(tmp_path / name))
