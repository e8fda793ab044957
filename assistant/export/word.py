"""A citation pack as a Word document with real footnotes."""

import re
from io import BytesIO
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.shared import Pt
from lxml import etree

from assistant.answer import Citation
from assistant.export.pack import Exported, Pack, said_by

_FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FIRST_NOTE = 2
"""Footnotes 0 and 1 are the lines that separate notes from text."""


def word(pack: Pack) -> bytes:
    """The bytes of a .docx: questions as headings, answers with footnotes, and the disclaimers."""
    document: Any = Document()
    document.styles["Normal"].font.size = Pt(11)
    notes = _Notes()
    for answer in pack.answers:
        _write(document, answer, notes)
    part = Part(PackURI("/word/footnotes.xml"), _FOOTNOTES, notes.xml(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    document.core_properties.title = _plain(pack.answers[0].question)[:200]
    document.core_properties.author = "Assay"
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _write(document: Any, answer: Exported, notes: "_Notes") -> None:  # noqa: ANN401  # python-docx has no types
    document.add_heading(_plain(answer.question), 2)
    by_number = {c.number: c for c in answer.citations}
    for text in (answer.note, answer.explanation):
        if text:
            document.add_paragraph().add_run(_plain(text)).italic = bool(answer.note)
    if answer.sentences:
        paragraph = document.add_paragraph()
        for sentence in answer.sentences:
            paragraph.add_run(_plain(sentence.doubted))
            for number in sentence.citations:
                notes.refer(paragraph, by_number[number])
            paragraph.add_run(" ")
    for disclaimer in answer.disclaimers:
        paragraph = document.add_paragraph(style="Quote")
        paragraph.add_run(_plain(disclaimer.text))
        for number in disclaimer.citations:
            notes.refer(paragraph, by_number[number])


class _Notes:
    """The footnotes of a document as they are referred to."""

    def __init__(self) -> None:
        self._root: Any = etree.Element(qn("w:footnotes"), nsmap={"w": qn("w:p")[1:].split("}")[0]})
        for number, kind in enumerate(("separator", "continuationSeparator")):
            note = etree.SubElement(self._root, qn("w:footnote"), {qn("w:type"): kind, qn("w:id"): str(number)})
            run = etree.SubElement(etree.SubElement(note, qn("w:p")), qn("w:r"))
            etree.SubElement(run, qn(f"w:{kind}"))
        self._numbers: dict[int, int] = {}

    def refer(self, paragraph: Any, citation: Citation) -> None:  # noqa: ANN401
        """A mark that points to a citation's footnote; where it has one already, its number only."""
        run = paragraph.add_run()
        run.font.superscript = True
        if citation.number in self._numbers:
            run.text = str(self._numbers[citation.number])
            return
        self._numbers[citation.number] = len(self._numbers) + 1
        etree.SubElement(run._r, qn("w:footnoteReference"), {qn("w:id"): str(self._add(citation))})  # noqa: SLF001

    def xml(self) -> bytes:
        """The part of the document that holds them."""
        return bytes(etree.tostring(self._root, xml_declaration=True, encoding="UTF-8", standalone=True))

    def _add(self, citation: Citation) -> int:
        number = _FIRST_NOTE + len(self._numbers) - 1
        note = etree.SubElement(self._root, qn("w:footnote"), {qn("w:id"): str(number)})
        paragraph = etree.SubElement(note, qn("w:p"))
        mark = etree.SubElement(paragraph, qn("w:r"))
        etree.SubElement(etree.SubElement(mark, qn("w:rPr")), qn("w:vertAlign"), {qn("w:val"): "superscript"})
        etree.SubElement(mark, qn("w:footnoteRef"))
        run = etree.SubElement(paragraph, qn("w:r"))
        etree.SubElement(etree.SubElement(run, qn("w:rPr")), qn("w:sz"), {qn("w:val"): "18"})
        text = etree.SubElement(run, qn("w:t"), {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
        text.text = " " + _note(citation)
        return number


def _note(citation: Citation) -> str:
    said = said_by(citation)
    byline = ", ".join(part for part in (citation.title, citation.publisher, citation.dated) if part)
    parts = [
        f"“{citation.quote}”",
        byline,
        said[:1].upper() + said[1:],
        citation.url or "",
        f"Article {citation.article_id}, characters {citation.start}–{citation.end}, revision {citation.revision[:12]}",
    ]
    return _plain(". ".join(part for part in parts if part)) + "."


def _plain(text: str) -> str:
    """Text on one line without what XML cannot hold."""
    return " ".join(_NOT_XML.sub("", text.encode("utf-8", "ignore").decode()).split())
