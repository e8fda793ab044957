"""Word documents: paragraphs, headings, lists and tables in their order."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from index.errors import SourceError
from index.formats.raw import Content, RawArticle

_MOST_UNPACKED = 100_000_000
"""Bytes that a document may unpack to."""
_MOST_TIMES = 200
"""How many times its size a part may unpack to; XML that people write shrinks ten- to thirtyfold."""


def _w(name: str) -> str:
    """The tag of a WordprocessingML element."""
    return f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{name}"


_NOTES = ("/word/footnotes.xml", "/word/endnotes.xml")
_CONTAINERS = frozenset(
    _w(name) for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "footnote", "endnote", "smartTag")
)
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_JUNK_TITLE = re.compile(r"(?:word document|document\d*|untitled|.*\.docx?)", re.IGNORECASE)


def read_docx(content: Content) -> Iterator[RawArticle]:
    """The one article of a Word document."""
    import docx  # deferred: only Word documents need it

    _refuse_bomb(content.data)
    try:
        document = docx.Document(io.BytesIO(content.data))
        lines = list(_lines(document))
        title = (document.core_properties.title or "").strip()
    except Exception as error:  # whatever python-docx, lxml or zipfile find wrong with it
        raise SourceError(f"is a damaged Word document ({_reason(error)})") from None
    yield RawArticle("\n\n".join(lines), title=title if title and not _JUNK_TITLE.fullmatch(title) else None)


def is_docx(data: bytes) -> bool:
    """Whether `data`, a ZIP archive, is a Word document."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "word/document.xml" in archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return b"word/" in data  # cut off, but it was one


def _refuse_bomb(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        raise SourceError("is a damaged Word document (it does not unpack); restore the file") from None
    if any(part.flag_bits & 1 for part in parts):
        raise SourceError("is a Word document that needs a password")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > _MOST_UNPACKED or any(p.file_size > _MOST_TIMES * max(p.compress_size, 5000) for p in parts):
        raise SourceError(f"would unpack to {unpacked / 1e6:,.0f} MB; it is not read")


def _lines(document: Any) -> Iterator[str]:  # noqa: ANN401  # python-docx has no types that pass strict checks
    """The body in its order, with what stands in boxes and controls, then the footnotes."""
    from docx.oxml import parse_xml

    styles = {style.style_id: style.name or "" for style in document.styles}
    yield from _parts(document.element.body, styles)
    for part in document.part.package.parts:
        if str(part.partname) in _NOTES:
            yield from _parts(parse_xml(part.blob), styles)


def _parts(element: Any, styles: Mapping[str, str]) -> Iterator[str]:  # noqa: ANN401
    for child in element:
        if child.tag == _w("tbl"):
            yield from _rows(child)
        elif child.tag == _w("p"):
            text = _text(child)
            if text:
                yield _mark(child, styles) + text
            yield from _parts_of_boxes(child, styles)
        elif child.tag in _CONTAINERS:
            yield from _parts(child, styles)


def _parts_of_boxes(paragraph: Any, styles: Mapping[str, str]) -> Iterator[str]:  # noqa: ANN401
    for box in paragraph.iter(_w("txbxContent")):
        if next(box.iterancestors(_FALLBACK), None) is None:  # the same box once more, for old programs
            yield from _parts(box, styles)


def _text(element: Any) -> str:  # noqa: ANN401
    """The words of a paragraph or cell as they show: insertions are in, deletions and hidden words are not."""
    out: list[str] = []
    for node in element.iter(_w("t"), _w("tab"), _w("br"), _w("cr"), _w("noBreakHyphen"), _w("p")):
        if _is_unseen(node, element):
            continue
        is_text = node.tag == _w("t")
        out.append((node.text or "") if is_text else "-" if node.tag == _w("noBreakHyphen") else " ")
    return " ".join("".join(out).split())


def _is_unseen(node: Any, within: Any) -> bool:  # noqa: ANN401
    for above in node.iterancestors():
        if above is within:
            return False
        if above.tag in (_w("del"), _w("moveFrom"), _w("txbxContent")):
            return True
        if above.tag == _w("r") and above.find(f"{_w('rPr')}/{_w('vanish')}") is not None:
            return True
    return False


def _mark(paragraph: Any, styles: Mapping[str, str]) -> str:  # noqa: ANN401
    named = paragraph.find(f"{_w('pPr')}/{_w('pStyle')}")
    style = styles.get(named.get(_w("val")), "") if named is not None else ""
    if style.startswith(("Heading", "Title")):
        return "# "
    listed = paragraph.find(f"{_w('pPr')}/{_w('numPr')}") is not None
    return "- " if listed or style.startswith("List") else ""


def _rows(table: Any) -> Iterator[str]:  # noqa: ANN401
    for number, row in enumerate(table.iter(_w("tr"))):
        cells = [_text(cell).replace("|", "/") for cell in row.iter(_w("tc"))]
        if any(cells):
            yield f"| {' | '.join(cells)} |"
        if number == 0:
            yield f"| {' | '.join('---' for _ in cells)} |"


def _reason(error: Exception) -> str:
    return (" ".join(str(error).split())[:80] or type(error).__name__).rstrip(".")
