"""PDF files: the lines of each page, without running heads, feet and page numbers.

PDFium gives the text of a page in the order in which it was written, so columns come one after the other.
"""

import ctypes
import itertools
import math
import re
import statistics
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from index.errors import SourceError
from index.formats.layout import Line, marked_text
from index.formats.raw import Content, RawArticle

_MOST_PAGES = 2_000
_MOST_CHARACTERS = 5_000_000
_LINE_END = re.compile("(\r\n|\ufffe)")  # U+FFFE is PDFium's sign for a hyphen and the line end after it
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\ufeff\uffff\r]|\u00ad(?=.)")
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_BOLD = re.compile(rb"bold|black|heavy|demi|cmbx", re.IGNORECASE)
_PAGE_NUMBER = re.compile(
    r"[-–—|\s]*(?:(?:page|seite|p\.)\s*)?(?:\d{1,3}|[ivxl]{1,6})(?:\s*(?:of|/|von|de|\|)\s*\d{1,4})?[-–—|\s]*"
    r"|第?\s*\d{1,3}\s*页",
    re.IGNORECASE,
)
# What browsers print on a page: the date with the title above, the address with the page number below.
_PRINTED = re.compile(r"\d{1,4}[/.]\d{1,2}[/.]\d{1,4},? \d{1,2}:\d\d\b.*|(?:https?|file)://.* \d{1,3}/\d{1,3}")
_JUNK_TITLE = re.compile(
    r"microsoft (?:word|powerpoint|excel)\b.*|untitled.*|(?:word )?document ?\d*|powerpoint presentation"
    r"|(?:slide|layout|page|print) ?\d*|about:blank|(?:file|https?)://.*|.*\.[a-z]{2,4}\d?|[a-z0-9_.-]*[\d_][a-z0-9_.-]*",
    re.IGNORECASE,
)


def read_pdf(content: Content) -> Iterator[RawArticle]:
    """The one article of a PDF.

    Its creation date is no `published`: most often it is the day on which somebody printed the page.
    """
    title, pages = _read(content.data)
    text = marked_text(_without_furniture(pages))
    if not text:
        raise SourceError("has no text layer (a scan?)")
    headed = text.startswith("# ")  # what the first page shows is truer than what a program filled in
    yield RawArticle(text, title=None if headed else title)


def _read(data: bytes) -> tuple[str | None, list[list[Line]]]:
    """The title and the lines of each page of the PDF in `data`."""
    import pypdfium2  # deferred: only PDF files need it

    if b"%%EOF" not in data.rstrip(b"\0\t\r\n ")[-4096:]:
        raise SourceError("is a damaged PDF (its end is missing)")
    try:
        with pypdfium2.PdfDocument(data) as pdf:
            return _title(pdf), list(_pages(pdf))
    except SourceError:
        raise
    except pypdfium2.PdfiumError as error:
        if error.err_code in (pypdfium2.raw.FPDF_ERR_PASSWORD, pypdfium2.raw.FPDF_ERR_SECURITY):
            raise SourceError("is a PDF that needs a password") from None
        raise SourceError("is a damaged PDF") from None
    except Exception as error:  # whatever else pypdfium2 finds wrong with it
        raise SourceError(f"is a damaged PDF ({type(error).__name__})") from None


def _title(pdf: Any) -> str | None:  # noqa: ANN401  # pypdfium2 has no types
    title = _tidy(pdf.get_metadata_value("Title"))
    return title if 1 < len(title) < 300 and not _JUNK_TITLE.fullmatch(title) else None


def _pages(pdf: Any) -> Iterator[list[Line]]:  # noqa: ANN401
    if len(pdf) > _MOST_PAGES:
        raise SourceError(f"is a PDF of {len(pdf):,} pages; at most {_MOST_PAGES:,} are read")
    characters = 0
    for number in range(len(pdf)):
        page = pdf[number]
        textpage = page.get_textpage()
        characters += textpage.count_chars()
        if characters > _MOST_CHARACTERS:
            raise SourceError(f"is a PDF of more than {_MOST_CHARACTERS:,} characters; it is not read")
        yield _rows(list(_page_lines(page, textpage, number)))
        page.close()  # with its text; otherwise all stay open until the file is closed


def _page_lines(page: Any, textpage: Any, number: int) -> Iterator[Line]:  # noqa: ANN401
    left, bottom, right, top = page.get_bbox()
    pieces = _LINE_END.split(textpage.get_text_range())
    start = 0
    for piece, end in itertools.zip_longest(pieces[::2], pieces[1::2], fillvalue=""):
        text = _tidy(piece)
        if text:
            line = _placed(text + ("-" if end == "\ufffe" else ""), number, _probes(textpage, piece, start))
            # what lies outside the page, such as a printer's notes, is not seen
            if left <= line.right and line.left <= right and bottom <= line.y <= top:
                yield replace(line, height=(line.y - bottom) / (top - bottom))
        start += _units(piece + end)


def _units(text: str) -> int:
    """UTF-16 units of `text`, in which PDFium counts."""
    return len(text.encode("utf-16-le", errors="ignore")) // 2


def _tidy(text: str) -> str:
    text = _LIGATURE.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return " ".join(_UNSEEN.sub("", text).split())


_Probe = tuple[float, float, float, float, bool]


def _probes(textpage: Any, piece: str, start: int) -> list[_Probe]:  # noqa: ANN401
    """Five characters of `piece`, enough for its place and font; asking for each would take most of the time."""
    first, last = len(piece) - len(piece.lstrip()), len(piece.rstrip()) - 1
    places = [first + (last - first) * quarter // 4 for quarter in range(5)]
    return [_probe(textpage, start + _units(piece[:i])) for i in places if not piece[i].isspace()]


def _probe(textpage: Any, unit: int) -> _Probe:  # noqa: ANN401
    """Left, right, baseline, size and weight of the character at `unit` of the page's text."""
    import pypdfium2.raw as raw  # deferred, as above

    index = raw.FPDFText_GetCharIndexFromTextIndex(textpage, unit)
    box, matrix, x, y = raw.FS_RECTF(), raw.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetLooseCharBox(textpage, index, box)
    raw.FPDFText_GetCharOrigin(textpage, index, x, y)
    raw.FPDFText_GetMatrix(textpage, index, matrix)
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    raw.FPDFText_GetFontInfo(textpage, index, name, len(name), flags)
    size = raw.FPDFText_GetFontSize(textpage, index) * math.hypot(matrix.c, matrix.d)
    return box.left, box.right, y.value, size, bool(_BOLD.search(name.value))


def _placed(text: str, page: int, probes: Sequence[_Probe]) -> Line:
    lefts, rights, ys, sizes, bolds = zip(*probes, strict=True)
    size = max(statistics.median(sizes), 0.1)
    return Line(text, page, min(lefts), max(rights), statistics.median(ys), 0.0, size, all(bolds))


def _rows(lines: Sequence[Line]) -> list[Line]:
    """`lines` with the pieces of one row joined, such as raised figures."""
    rows: list[Line] = []
    for line in _with_initials(lines):
        last = rows[-1] if rows else line
        size, space = max(last.size, line.size), line.left - last.right
        if rows and abs(last.y - line.y) < 0.45 * size and space > -0.3 * size:
            text = last.text + (" " if space > 0.15 * size else "") + line.text
            main = max(last, line, key=lambda part: len(part.text))
            rows[-1] = replace(main, text=text, left=last.left, right=line.right)
        else:
            rows.append(line)
    return rows


def _with_initials(lines: Sequence[Line]) -> list[Line]:
    """`lines` with an initial that is several lines high before its word; browsers write it first of all."""
    joined = list(lines)
    usual = statistics.median(line.size for line in lines) if lines else 0.0
    initials = [line for line in lines if len(line.text) == 1 and line.text.isupper() and line.size > 1.8 * usual]
    for initial in initials[:9]:
        for number, line in enumerate(joined):
            if 0 <= line.left - initial.right < 2 * line.size and 0 < line.y - initial.y < initial.size:
                joined[number] = replace(line, text=initial.text + line.text, left=initial.left)
                joined.remove(initial)
                break
    return joined


def _without_furniture(pages: Sequence[Sequence[Line]]) -> list[Line]:
    """The lines of all pages without running headers, footers and page numbers."""
    edges = [set(_edge(page)) for page in pages]
    seen = Counter(key for edge in edges for key in {_key(line) for line in edge})
    often = 2 if len(pages) < 6 else 3
    return [
        line
        for page, edge in zip(pages, edges, strict=True)
        for line in page
        if not (line in edge and (seen[_key(line)] >= often or _is_page_number(line, page)))
    ]


def _edge(page: Sequence[Line]) -> list[Line]:
    """The lines near the upper and lower edge, at most three at each."""
    order = sorted(page, key=lambda line: line.y)
    return [ln for ln in order[:3] if ln.height < 0.15] + [ln for ln in order[-3:] if ln.height > 0.85]


def _key(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text).casefold(), round(line.y / 2)


def _is_page_number(line: Line, page: Sequence[Line]) -> bool:
    outermost = line.y < min(ln.y for ln in page) + 2 or line.y > max(ln.y for ln in page) - 2
    return outermost and bool(_PAGE_NUMBER.fullmatch(line.text) or _PRINTED.fullmatch(line.text))
