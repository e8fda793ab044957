"""Word documents: what they hold in its order, and the ones that would do harm."""

import io
import zipfile

import docx
import pytest
from docx.oxml import parse_xml

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


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<w:ins><w:r><w:t>fifteen</w:t></w:r></w:ins>", "The fee is fifteen crowns."),
        ("<w:del><w:r><w:delText>ten</w:delText></w:r></w:del><w:r><w:t>nine</w:t></w:r>", "The fee is nine crowns."),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>unseen</w:t></w:r>", "The fee is crowns."),
        ("<w:sdt><w:sdtContent><w:r><w:t>six</w:t></w:r></w:sdtContent></w:sdt>", "The fee is six crowns."),
        ("<w:r><w:t>twenty</w:t><w:noBreakHyphen/><w:t>two</w:t></w:r>", "The fee is twenty-two crowns."),
    ],
    ids=["insertion", "deletion", "hidden", "control", "hyphen"],
)
def test_a_paragraph_reads_as_it_shows(xml: str, text: str) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("The fee is ")
    for element in parse_xml(f"<w:p {W}>{xml}</w:p>"):
        paragraph._p.append(element)
    paragraph.add_run(" crowns.")
    assert raw(saved(document)).text == text


def test_what_stands_in_boxes_and_controls_is_read_once() -> None:
    document = docx.Document()
    box = "<w:txbxContent><w:p><w:r><w:t>In the box.</w:t></w:r></w:p></w:txbxContent>"
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    twice = (
        f"<mc:AlternateContent {mc}><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    )
    document.add_paragraph("Beside it.")._p.append(parse_xml(f"<w:r {W}>{twice}</w:r>"))
    control = f"<w:sdt {W}><w:sdtContent><w:p><w:r><w:t>In control.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    document.element.body.insert(1, parse_xml(control))
    assert raw(saved(document)).text == "Beside it.\n\nIn the box.\n\nIn control."
