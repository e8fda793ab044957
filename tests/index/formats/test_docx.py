"""Word documents: what they hold in its order, and the ones that would do harm."""

import io
import zipfile

import docx
import pytest

from index.errors import SourceError
from index.formats.docx import read_docx
from index.formats.raw import Content, RawArticle
from tests.index.formats.test_one_text import as_word


def raw(data: bytes) -> RawArticle:
    [article] = read_docx(Content(data, "a.docx"))
    return article


def saved(document: "docx.document.Document") -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_headings_lists_and_tables_come_in_their_order() -> None:
    document = docx.Document()
    document.add_heading("Plate", 0)
    document.add_paragraph("Two yards wait.")
    document.add_paragraph("one", style="List Number")
    table = document.add_table(2, 2)
    for cell, text in zip([*table.rows[0].cells, *table.rows[1].cells], ["Yard", "Tons", "A|B", "300"], strict=True):
        cell.text = text
    document.add_paragraph("So it ends.")
    lines = ["# Plate", "Two yards wait.", "- one", "| Yard | Tons |", "| --- | --- |", "| A/B | 300 |", "So it ends."]
    assert raw(saved(document)).text == "\n\n".join(lines)


@pytest.mark.parametrize(
    ("title", "expected"),
    [("Frost plate", "Frost plate"), ("Document1", None), ("final.docx", None), ("", None), ("Word Document", None)],
)
def test_a_title_that_a_program_made_up_is_none(title: str, expected: str | None) -> None:
    document = docx.Document()
    document.core_properties.title = title
    document.add_paragraph("The crane fell.")
    assert raw(saved(document)).title == expected


def test_a_document_that_is_cut_off_is_refused() -> None:
    for share in (0.2, 0.5, 0.95):
        with pytest.raises(SourceError, match="damaged"):
            raw(as_word()[: int(len(as_word()) * share)])


def test_a_document_that_unpacks_without_end_is_refused_unread() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<w:p/>" * 5_000_000)
    with pytest.raises(SourceError, match="would unpack to 30 MB"):
        raw(buffer.getvalue())


def test_a_long_document_is_no_bomb() -> None:
    document = docx.Document()
    for number in range(3000):
        document.add_paragraph(f"Paragraph {number} says the same as the one before it, and so on.")
    assert raw(saved(document)).text.count("\n\n") == 2999
