"""Drafts: text, Markdown or Word to the sentences that can be checked, and those that are passed over, with reasons."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant.grounding.evidence import SURROGATES
from index.decoding import decode
from index.errors import AssayError, DraftError
from index.sentences import sentence_bounds

LONGEST_DRAFT = 400_000
"""Characters of a draft at most, about 200 pages."""
_MOST_BYTES = 20_000_000
_MOST_UNPACKED = 200_000_000
_LONGEST_SENTENCE = 2000
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(
    r"#{1,6}\s|\s*(?:table|figure|fig\.|source|sources|references|notes?)\s*:?\s*\d*\s*$", re.IGNORECASE
)
_UNDERLINE = re.compile(r"\s*(?:={3,}|-{3,})\s*$")
_MARKER = re.compile(r"\s*(?:>\s*)*(?:(?:[-*+•]|\d{1,3}[.)])\s+)?(?:\[[ xX]\]\s+)?")
_FOOTNOTE = re.compile(r"\s*\[\^[\w-]+\]:")
_MARKUP = re.compile(
    r"!?\[(?P<text>[^\]\n]*)\]\((?:[^()\n]|\([^()\n]*\))*\)|\[\^?\d+(?:\s*[,–-]\s*\d+)*\]|\*\*|__"
    r"|(?<!\w)[*_](?=\w)|(?<=[\w.,])[*_](?!\w)|`|</?[A-Za-z][^>\n]{0,80}>"
)
_OPINION = re.compile(
    r"\b(?:I (?:think|believe|suspect|doubt|expect|would argue|hope|fear|feel)"
    r"|we (?:think|believe|expect|suspect|would argue|recommend|hope)"
    r"|in (?:my|our) (?:view|opinion|judgement|judgment|assessment|reading)|it seems to (?:me|us)"
    r"|my (?:guess|view|opinion)|our (?:guess|view|assessment)"
    r"|arguably|opinion:|comment:|editor['’]s note)\b",
    re.IGNORECASE,
)
_SPOKEN = re.compile(r"“[^”]*”|\"[^\"]*\"")
_FIGURES = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]{2,}")
_FEWEST_WORDS = 3

Reason = Literal["heading", "opinion", "question", "too short", "too long", "code", "footnote"]


@dataclass(frozen=True)
class DraftSentence:
    """The sentence at draft[start:end]; `claim` is it without markup, and `passed` why it is not checked, if so."""

    start: int
    end: int
    claim: str
    passed: Reason | None = None


def read_draft(source: str) -> str:
    """The text of a file, of Word documents their paragraphs, or of standard input for "-".

    Raises DraftError for what cannot be read or holds no text.
    """
    if source == "-":
        raw = sys.stdin.buffer.read(_MOST_BYTES + 1)
    else:
        file = Path(source)
        try:
            there = file.is_file()
        except OSError:  # a name that no file can have
            there = False
        if not there:
            raise DraftError(f"{source} is not a file. Name a draft (.txt, .md or .docx), or - for standard input.")
        with file.open("rb") as opened:
            raw = opened.read(_MOST_BYTES + 1)
    if len(raw) > _MOST_BYTES:
        raise DraftError(f"{source} is larger than {_MOST_BYTES // 1_000_000} MB. Check it in parts.")
    text = _of_word(raw, source) if raw.startswith(b"PK\x03\x04") else _plain(raw, source)
    if not _WORD.search(text):
        raise DraftError(f"{source} holds no text. Name a draft (.txt, .md or .docx) with sentences to check.")
    if len(text) > LONGEST_DRAFT:
        raise DraftError(
            f"{source} has {len(text):,} characters; a draft may have {LONGEST_DRAFT:,}. Check it in parts."
        )
    return text


def split_draft(text: str) -> Iterator[DraftSentence]:
    """The sentences of a draft in order; those that claim nothing are marked as passed over."""
    code = [m.span() for m in (*_FENCE.finditer(text), *_FRONT_MATTER.finditer(text))]
    for start, end in _paragraphs(text):
        within = any(a <= start < b for a, b in code)
        if within:
            yield DraftSentence(start, end, text[start:end], "code")
            continue
        paragraph = text[start:end]
        if _is_heading(text, start, end):
            yield DraftSentence(start, end, _bare(paragraph), "heading")
            continue
        if _FOOTNOTE.match(paragraph):
            yield DraftSentence(start, end, _bare(paragraph), "footnote")
            continue
        marker = _MARKER.match(paragraph)
        skip = marker.end() if marker else 0
        for a, b in sentence_bounds(paragraph[skip:]):
            claim = _bare(paragraph[skip + a : skip + b])
            yield DraftSentence(start + skip + a, start + skip + b, claim, _passed(claim))


def _plain(raw: bytes, source: str) -> str:
    if b"\0" in raw[:4096] and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DraftError(f"{source} is not text. Name a draft as text, Markdown or .docx.")
    try:
        text = decode(raw)
    except AssayError as error:
        raise DraftError(f"{source} cannot be read: {error}") from None
    return SURROGATES.sub("\ufffd", text).replace("\r\n", "\n").replace("\r", "\n")


def _of_word(raw: bytes, source: str) -> str:
    from io import BytesIO
    from zipfile import ZipFile

    import docx

    try:
        with ZipFile(BytesIO(raw)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _MOST_UNPACKED:
                raise ValueError("it unpacks to too much")
        document = docx.Document(BytesIO(raw))
        lines = []
        for paragraph in document.paragraphs:
            style = (paragraph.style.name or "") if paragraph.style else ""
            heading = style.startswith(("Heading", "Title", "Subtitle", "Caption")) and paragraph.text.strip()
            lines.append(f"# {paragraph.text}" if heading else paragraph.text)
        for table in document.tables:
            lines += [" | ".join(cell.text.strip() for cell in row.cells) for row in table.rows]
    except Exception:  # zipfile, lxml and python-docx raise their own kinds
        raise DraftError(f"{source} cannot be read as a Word document. Save it anew as .docx, or as text.") from None
    return "\n\n".join(lines)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of paragraphs: lines joined until a blank one, a list item, a heading or a table row."""
    start = end = -1
    at = 0
    for line in text.splitlines(keepends=True):
        content = line.rstrip("\n")
        alone = bool(re.match(r"\s*(?:#{1,6}\s|\|)|.*\S\s*\|\s*\S", content)) or bool(_UNDERLINE.match(content))
        item = bool(re.match(r"\s*(?:[-*+•]|\d{1,3}[.)])\s", content)) or bool(_FOOTNOTE.match(content))
        if start >= 0 and (not content.strip() or alone or item):
            yield start, end
            start = -1
        if alone and content.strip() and not _UNDERLINE.match(content):
            yield at, at + len(content)
        elif content.strip() and not _UNDERLINE.match(content):
            start, end = (at if start < 0 else start), at + len(content)
        at += len(line)
    if start >= 0:
        yield start, end


def _is_heading(text: str, start: int, end: int) -> bool:
    line = text[start:end]
    close = text.find("\n", end + 1)
    following = text[end + 1 : close if close >= 0 else len(text)]
    bold = re.fullmatch(r"\s*\*\*[^*]+\*\*\s*", line) is not None and not re.search(r"[.!?]\**\s*$", line)
    short = (
        not _FIGURES.search(line)
        and "\n" not in line
        and len(line.split()) <= 12
        and not re.search(r"[.!?:;…\"”)]\s*$", line)
    )
    listed = bool(re.match(r"\s*(?:[-*+•]|\d{1,3}[.)])\s", line))
    return (
        bool(_HEADING.match(line))
        or bold
        or (bool(_UNDERLINE.match(following)) and bool(following.strip()))
        or (short and not listed and _titled(line))
    )


def _titled(line: str) -> bool:
    """Whether a short line without a full stop stands for itself, as titles do."""
    return len(line.split()) <= 8 or line.isupper() or line.istitle()


def _bare(text: str) -> str:
    """Without Markdown, citation marks and line breaks."""
    text = re.sub(r"\n\s*(?:>\s*)+", "\n", text)
    text = _MARKUP.sub(lambda m: m["text"] or "" if "](" in m.group() else "", text)
    return " ".join(text.lstrip("#> ").split()).replace(" .", ".").replace(" ,", ",")


def _passed(claim: str) -> Reason | None:
    if len(claim) > _LONGEST_SENTENCE:
        return "too long"
    if claim.rstrip("”\"')").endswith("?"):
        return "question"
    if _OPINION.search(_SPOKEN.sub("", claim)):
        return "opinion"
    return "too short" if len(_WORD.findall(claim)) < _FEWEST_WORDS and not re.search(r"\d", claim) else None
