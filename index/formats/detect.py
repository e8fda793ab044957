"""Which format a source has: by what is in it, and by its name only where that leaves it open."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePath
from urllib.parse import urlsplit

from index.errors import SourceError
from index.formats.docx import is_docx, read_docx
from index.formats.feed import read_feed
from index.formats.html import read_html
from index.formats.pdf import read_pdf
from index.formats.raw import Content, RawArticle, Unreadable
from index.formats.text import read_jsonl, read_markdown, read_text

Reader = Callable[[Content], Iterator[RawArticle | Unreadable]]

BY_SUFFIX: Mapping[str, Reader] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".jsonl": read_jsonl,
    ".xml": read_feed,
    ".rss": read_feed,
    ".atom": read_feed,
    ".rdf": read_feed,
}
"""The readers by the suffix of the files they are for."""
HEAD = 4096
"""Bytes that tell a format."""

_BEFORE_ROOT = r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!doctype[^>]*>\s*)*"
_FEED = re.compile(_BEFORE_ROOT + r"<(?:rss|feed|rdf:rdf)\b", re.IGNORECASE | re.DOTALL)
_XML = re.compile(r"\s*<\?xml\b", re.IGNORECASE)
_HTML = re.compile(
    r"\s*<!doctype html\b|" + _BEFORE_ROOT + r"<(?:html|head|body|article|main|section|div|p|h[1-6])\b[^<]*>",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(r"<[a-z][^>]*>", re.IGNORECASE)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def reader_of(content: Content) -> Reader:
    """The reader for `content`. Raises SourceError for what is empty or in no format that is read."""
    data, suffix = content.data, suffix_of(content.name)
    if not data.strip():
        raise SourceError("is empty")
    known = by_magic(data)
    if known:
        return known
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        if suffix == ".docx" or is_docx(data):
            return read_docx
        raise SourceError("is a ZIP archive; unpack it and give its files")
    if data.startswith(_OLD_OFFICE):
        raise SourceError("is an old Office document, or one with a password; save it as .docx")
    return _text_reader(_head(data), suffix)


def by_magic(data: bytes) -> Reader | None:
    """The reader of a format that its first bytes tell beyond doubt, None where they do not."""
    if b"%PDF" in data[:1024]:
        return read_pdf
    head = _head(data)
    if _FEED.match(head):
        return read_feed
    if _HTML.match(head):
        return read_html
    return read_docx if data.startswith(b"PK\x03\x04") and is_docx(data) else None


def formats() -> str:
    """The formats that are read, for messages."""
    return ".txt, .md, .html, .pdf, .docx, .jsonl or feed (.xml, .rss, .atom)"


def suffix_of(name: str) -> str:
    """The suffix of a path or of a URL's path, in lower case."""
    return PurePath(urlsplit(name).path if "://" in name else name).suffix.lower()


def _text_reader(head: str, suffix: str) -> Reader:
    if _XML.match(head):
        raise SourceError("is XML, but no feed (RSS, Atom) and no page")
    by_name = BY_SUFFIX.get(suffix, read_text)
    if by_name is read_html:
        return read_html if _TAG.search(head) else read_text
    if by_name in (read_markdown, read_jsonl):
        return by_name
    return read_jsonl if _is_json_line(head) else read_text


def _head(data: bytes) -> str:
    head = data[:HEAD]
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return head.decode("utf-16" if wide else "utf-8-sig", errors="ignore")


def _is_json_line(head: str) -> bool:
    first = head.strip().split("\n", 1)[0]
    if not first.startswith("{"):
        return False
    try:
        return "text" in json.loads(first)
    except (ValueError, RecursionError):
        return bool(re.match(r'\{.{0,400}"text"\s*:\s*"', first))  # a line longer than the head
