"""Files, folders and URLs to articles: a reader a format, then the same cleaning and metadata for all."""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from index.article import Article, Span
from index.cleaning import Block, clean, is_summary_title, tidy
from index.dates import parse_date
from index.errors import SourceError
from index.fetching import fetch, is_url
from index.formats.detect import BY_SUFFIX, HEAD, by_magic, formats, reader_of
from index.formats.html import read_html
from index.formats.raw import Content, RawArticle, Unreadable
from index.metadata import detect_language, inferred_title, publisher_in
from index.provenance.claimants import attribute
from index.provenance.registry import MEDIA, Registry
from index.published import published_in
from index.sentences import block_sentences

_LARGEST_FILE = 200_000_000
"""Bytes of a file that holds many articles, or pictures beside its text."""
_LARGEST_TEXT = 20_000_000
_MANY = (".jsonl", ".xml", ".rss", ".atom", ".pdf", ".docx")
_LONGEST_ARTICLE = 1_000_000
"""Characters; longer texts are books or no text at all."""
_LONGEST_ID = 120
_LONGEST_TITLE = 300


@dataclass(frozen=True)
class Reading:
    """How sources are read. `publisher` stands for articles that are not given one."""

    publisher: str | None = None
    registry: Registry = Registry({})
    allow_private_urls: bool = False

    def is_subject(self, name: str) -> bool:
        """Whether `name` is that of somebody whom outlets write about."""
        entity = self.registry.named(name)
        return entity is not None and entity.kind not in MEDIA


@dataclass(frozen=True)
class Found:
    """What there is to read at a source, and what of it is not read: broken links, or files of other kinds."""

    sources: tuple[str, ...]
    failed: tuple[Unreadable, ...] = ()
    skipped: tuple[str, ...] = ()


def find(source: str) -> Found:
    """A URL or file itself, or the articles below a folder, sorted; hidden files are not looked at.

    A file with an unknown suffix counts when what is in it tells its format. Raises SourceError when
    nothing is there or a folder holds nothing to read.
    """
    if is_url(source):
        return Found((source,))
    path = Path(source)
    if not path.is_dir():
        if not path.exists() and not path.is_symlink():
            raise SourceError(f"{source} does not exist. Give a URL, or a file or folder of {formats()} articles.")
        return Found((source,))
    failed: list[Unreadable] = []
    sources: list[str] = []
    skipped: list[str] = []
    for file in _files_below(path, failed):
        (sources if _is_article_file(file, failed) else skipped).append(str(file))
    named = {f.source for f in failed}
    found = Found(tuple(sources), tuple(failed), tuple(s for s in skipped if s not in named))
    if not sources and not failed:
        raise SourceError(f"{source} holds no {formats()} files. Give a folder that has some.")
    return found


def read(source: str, how: Reading = Reading()) -> Iterator[Article | Unreadable]:  # noqa: B008  # it is frozen
    """The articles of a file or URL, claimants filled in; what cannot be read comes as `Unreadable`, in its place."""
    try:
        content = fetch(source, allow_private=how.allow_private_urls) if is_url(source) else _loaded(Path(source))
        for raw in reader_of(content)(content):
            yield _article(raw, content, how)
    except SourceError as error:
        yield Unreadable(source, str(error))
    except OSError as error:
        yield Unreadable(source, (error.strerror or str(error)).lower())


def _files_below(folder: Path, failed: list[Unreadable]) -> Iterator[Path]:
    """All files below `folder`, sorted; links to folders are not followed, as they may lead in circles."""

    def unreadable(error: OSError) -> None:
        failed.append(Unreadable(str(error.filename), (error.strerror or str(error)).lower()))

    found = [
        Path(parent, name)
        for parent, folders, names in os.walk(folder, onerror=unreadable)
        if not folders.sort()
        for name in names
        if name[0] != "."
    ]
    return iter(sorted(p for p in found if not _within_hidden(p, folder)))


def _within_hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(folder).parts)


def _is_article_file(file: Path, failed: list[Unreadable]) -> bool:
    known = file.suffix.lower() in BY_SUFFIX
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            if known:
                failed.append(Unreadable(str(file), "is no regular file"))
            return False
        if known:
            return True
        with file.open("rb") as opened:
            return by_magic(opened.read(HEAD)) is not None
    except OSError as error:
        failed.append(Unreadable(str(file), (error.strerror or str(error)).lower()))
        return False


def _loaded(file: Path) -> Content:
    if not stat.S_ISREG(file.stat().st_mode):
        raise SourceError("is no regular file")
    largest = _LARGEST_FILE if file.suffix.lower() in _MANY else _LARGEST_TEXT
    if file.stat().st_size > largest:
        raise SourceError(f"is larger than {largest // 1_000_000} MB")
    return Content(file.read_bytes(), str(file))


def _article(raw: RawArticle | Unreadable, content: Content, how: Reading) -> Article | Unreadable:
    if isinstance(raw, Unreadable):
        return replace(raw, source=f"{content.name}{raw.source}")
    try:
        if raw.teaser:
            raw = _whole(raw, content, how)
        return _compose(raw, content, how)
    except SourceError as error:
        own_page = content.url and raw.url and not raw.key
        return Unreadable(str(raw.url) if own_page else f"{content.name}{raw.key}", str(error))


def _whole(teaser: RawArticle, content: Content, how: Reading) -> RawArticle:
    """The page that a feed's teaser links to; only a feed from the web leads to the web."""
    if not teaser.url:
        raise SourceError("gives only the beginning of the article")
    if not content.url:
        raise SourceError(f"gives only the beginning of the article; add its page: {teaser.url}")
    page = fetch(teaser.url, allow_private=how.allow_private_urls)
    raw = next(read_html(page))
    return replace(
        raw,
        key=teaser.key,
        fallback_id=teaser.fallback_id,
        title=raw.title or teaser.title,
        published=raw.published or teaser.published,
        site=raw.site or teaser.site,
    )


def _compose(raw: RawArticle, content: Content, how: Reading) -> Article:
    if len(raw.text) > _LONGEST_ARTICLE:
        raise SourceError(f"has {len(raw.text):,} characters; an article has {_LONGEST_ARTICLE:,} at most")
    blocks = clean(raw.text)
    site, given_title = _line(raw.site), _line(raw.title)
    title = _without_site(given_title, site)
    language = detect_language("\n".join(block.text for block in blocks), raw.language)
    stated = parse_date(raw.published, raw.language or language) if raw.published else None
    found = published_in(blocks, language)
    heading, blocks = _take_title(list(found.blocks), title)
    if not any(block.kind in ("body", "table") for block in blocks):
        raise SourceError("has no article text")
    offsets = _offsets(blocks)
    given_id = _identifier(raw.id)
    article = Article(
        id=given_id or _identifier(raw.fallback_id) or _id_from(content.name, raw.key),
        title=title or heading or inferred_title(blocks),
        title_inferred=not (title or heading),
        text="\n\n".join(block.text for block in blocks),
        published=stated or found.date,
        published_inferred=stated is None and found.inferred,
        publisher=_line(raw.publisher) or how.publisher or site or publisher_in(tidy(raw.text), how.is_subject),
        url=_line(raw.url or content.url, 2000),
        language=language,
        disclaimer=next(
            (Span(o, o + len(b.text)) for b, o in zip(blocks, offsets, strict=True) if b.kind == "disclaimer"), None
        ),
        sentences=tuple(s for b, o in zip(blocks, offsets, strict=True) for s in block_sentences(b, o)),
        source=None if given_id else _source(raw, content),
    )
    return attribute(article, how.registry)


def _offsets(blocks: list[Block]) -> list[int]:
    offsets, position = [], 0
    for block in blocks:
        offsets.append(position)
        position += len(block.text) + 2
    return offsets


def _source(raw: RawArticle, content: Content) -> str:
    """What an article is recognised by when it is read again."""
    if content.url:
        return raw.url or content.url if not raw.key else f"{content.url}{raw.key}"
    path = str(Path(content.name).resolve())
    return path.encode(errors="backslashreplace").decode() + raw.key  # names of files need not be Unicode


def _id_from(name: str, key: str) -> str:
    """An id made of a file's stem, or of the last part of a URL."""
    if is_url(name):
        parts = urlsplit(name)
        stem = Path(unquote(parts.path).rstrip("/")).stem or parts.hostname or ""
    else:
        stem = Path(name).stem
    place = "" if key == ":1" else re.sub(r"[:#]", "-", key)
    return _identifier(stem + place) or "article"


def _line(value: object, longest: int = _LONGEST_TITLE) -> str | None:
    """`value` as one tidy line, or None when nothing is given."""
    return " ".join(tidy(str(value)).split())[:longest] or None if value is not None else None


def _identifier(value: object) -> str | None:
    line = _line(value, _LONGEST_ID)
    return re.sub(r"[\s\"'<>&]+", "-", line) if line else None


def _without_site(title: str | None, site: str | None) -> str | None:
    """A page's title without the outlet's name after it."""
    if not title or not site:
        return title
    return re.sub(rf"\s*[|–—·:-]\s*{re.escape(site)}\s*$", "", title, flags=re.IGNORECASE) or title


def _take_title(blocks: list[Block], given: str | None) -> tuple[str | None, list[Block]]:
    """The heading before the first paragraph, and the blocks without it; a given title is taken out too."""
    for number, block in enumerate(blocks):
        if block.kind not in ("heading", "summary"):
            break
        if block.kind != "heading" or is_summary_title(block.text):
            continue
        if given is None or block.text.casefold() == given.casefold():
            return block.text[:_LONGEST_TITLE], blocks[:number] + blocks[number + 1 :]
        break
    return None, blocks
