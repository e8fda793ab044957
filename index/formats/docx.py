"""Word documents: paragraphs, headings, lists and tables in their order."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from index.errors import SourceError
from index.formats.raw import Content, RawArticle

_MOST_UNPACKED = 100_000_000
"""Bytes that a document may unpack to."""
_MOST_TIMES = 200
"""How many times its size a part may unpack to; XML that people write shrinks ten- to thirtyfold."""
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
    from docx.table import Table

    for part in document.iter_inner_content():
        if isinstance(part, Table):
            yield from _rows(part)
            continue
        text = " ".join(part.text.split())
        if text:
            yield _mark(part) + text


def _mark(paragraph: Any) -> str:  # noqa: ANN401
    style = (paragraph.style.name if paragraph.style is not None else "") or ""
    if style.startswith(("Heading", "Title")):
        return "# "
    properties = paragraph._p.pPr
    listed = properties is not None and properties.numPr is not None
    return "- " if listed or style.startswith("List") else ""


def _rows(table: Any) -> Iterator[str]:  # noqa: ANN401
    for number, row in enumerate(table.rows):
        cells = [" ".join(cell.text.split()).replace("|", "/") for cell in row.cells]
        if any(cells):
            yield f"| {' | '.join(cells)} |"
        if number == 0:
            yield f"| {' | '.join('---' for _ in cells)} |"


def _reason(error: Exception) -> str:
    return (" ".join(str(error).split())[:80] or type(error).__name__).rstrip(".")
