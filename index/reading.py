"""Files and folders to articles: one reader per format, then the same cleaning and metadata for all."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.article import Article, Span
from index.cleaning import Block, clean, is_summary_title, tidy
from index.errors import SourceError
from index.sentences import block_sentences, sentence_bounds

FIELDS = ("id", "title", "text", "published", "publisher", "url")
"""What a `.jsonl` line or Markdown front matter may give."""
_LONGEST_ID = 120
_LONGEST_TITLE = 300
_INFERRED_TITLE = 120
_DATE_LINE = re.compile(r"(?=.*\b(?:19|20)\d\d\b)(?:published|updated|posted)?[ :]*[\w .,/:-]{6,40}", re.IGNORECASE)


@dataclass(frozen=True)
class Unreadable:
    """A source, or one line of it, that gave no article, and why."""

    source: str
    reason: str


def find_files(source: Path) -> list[Path]:
    """The files to read at `source`: itself, or all below a folder whose format is known, sorted.

    Raises SourceError when nothing is there or a folder holds no such file.
    """
    if source.is_file():
        return [source]
    if not source.is_dir():
        raise SourceError(f"{source} does not exist. Give a file or folder of {_formats()} articles.")
    found = sorted(p for p in source.rglob("*") if p.suffix.lower() in _READERS and p.is_file() and p.name[0] != ".")
    if not found:
        raise SourceError(f"{source} holds no {_formats()} files. Give a folder that has some.")
    return found


def read(file: Path, publisher: str | None = None) -> Iterator[Article | Unreadable]:
    """The articles of one file; what cannot be read comes as `Unreadable`, in its place.

    `publisher` stands for articles that do not name theirs.
    """
    reader = _READERS.get(file.suffix.lower())
    if reader is None:
        yield Unreadable(str(file), f"{file.suffix or 'a file without suffix'} is not read; give {_formats()}")
        return
    try:
        text = _decoded(file)
    except (SourceError, OSError) as error:
        yield Unreadable(str(file), str(error) if isinstance(error, SourceError) else _plain(error))
        return
    for place, fields in reader(text):
        where = f"{file}{place}"
        if isinstance(fields, str):
            yield Unreadable(where, fields)
            continue
        try:
            yield _compose(fields, file, place, publisher)
        except SourceError as error:
            yield Unreadable(where, str(error))


Fields = Mapping[str, Any] | str
"""The fields that a reader found, or why it found none."""


def _read_text(text: str) -> Iterator[tuple[str, Fields]]:
    yield "", {"text": text}


def _read_markdown(text: str) -> Iterator[tuple[str, Fields]]:
    import frontmatter  # deferred: only Markdown needs a YAML parser
    import yaml

    from index.markdown import plain_text

    try:
        front, body = frontmatter.parse(text)
    except yaml.YAMLError as error:
        yield "", f"its front matter is not YAML: {str(error).splitlines()[0]}"
        return
    except ValueError as error:
        yield "", f"its front matter has a date that is none ({error}); write it as 2025-08-19"
        return
    if not front:  # two rules are not always front matter
        body = text
    yield "", {**{name: front[name] for name in FIELDS if name in front}, "text": plain_text(body)}


def _read_jsonl(text: str) -> Iterator[tuple[str, Fields]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield f":{number}", f"not JSON: {error}"
            continue
        ok = isinstance(fields, dict) and isinstance(fields.get("text"), str)
        yield f":{number}", fields if ok else 'needs an object with a "text" string'


_READERS: Mapping[str, Callable[[str], Iterator[tuple[str, Fields]]]] = {
    ".txt": _read_text,
    ".md": _read_markdown,
    ".jsonl": _read_jsonl,
}


def _formats() -> str:
    *first, last = _READERS
    return f"{', '.join(first)} or {last}"


def _decoded(file: Path) -> str:
    raw = file.read_bytes()
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise SourceError(f"is not {encoding.removesuffix('-sig').upper()} text (byte {error.start})") from None
    if "\0" in text:
        raise SourceError("is a binary file, not text")
    return text


def _plain(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _compose(fields: Mapping[str, Any], file: Path, place: str, publisher: str | None) -> Article:
    blocks = clean(fields["text"])
    title = _line(fields.get("title"), _LONGEST_TITLE)
    given_id = _identifier(fields.get("id"))
    heading, blocks = _take_title(blocks, title)
    date_line, blocks = _take_date(blocks)
    if not any(block.kind in ("body", "table") for block in blocks):
        raise SourceError("has no article text")
    inferred = heading or _inferred_title(blocks)
    text = "\n\n".join(block.text for block in blocks)
    offsets, position = [], 0
    for block in blocks:
        offsets.append(position)
        position += len(block.text) + 2
    disclaimer = next((i for i, block in enumerate(blocks) if block.kind == "disclaimer"), None)
    return Article(
        id=given_id or _identifier(file.stem + (place.replace(":", "-") if place != ":1" else "")) or "article",
        title=title or inferred,
        title_inferred=not (title or heading),
        text=text,
        published=_date(fields["published"]) if fields.get("published") else date_line,
        publisher=_line(fields.get("publisher"), _LONGEST_TITLE) or publisher,
        url=_line(fields.get("url"), 2000),
        disclaimer=None
        if disclaimer is None
        else Span(offsets[disclaimer], offsets[disclaimer] + len(blocks[disclaimer].text)),
        sentences=tuple(
            s for block, offset in zip(blocks, offsets, strict=True) for s in block_sentences(block, offset)
        ),
        source=None if given_id else f"{file.resolve()}{place}",
    )


def _line(value: object, longest: int) -> str | None:
    """`value` as one tidy line, or None when nothing is given."""
    return " ".join(tidy(str(value)).split())[:longest] or None if value is not None else None


def _identifier(value: object) -> str | None:
    line = _line(value, _LONGEST_ID)
    return re.sub(r"[\s\"'<>&]+", "-", line) if line else None


def _take_title(blocks: list[Block], given: str | None) -> tuple[str | None, list[Block]]:
    """The heading before the first paragraph, and the blocks without it; a given title is taken out too."""
    for number, block in enumerate(blocks):
        if block.kind not in ("heading", "summary"):
            break
        if block.kind != "heading" or is_summary_title(block.text) or _date_or_none(block.text):
            continue
        if given is None or block.text.casefold() == given.casefold():
            return block.text[:_LONGEST_TITLE], blocks[:number] + blocks[number + 1 :]
        break
    return None, blocks


def _take_date(blocks: list[Block]) -> tuple[str | None, list[Block]]:
    """The date of a line of its own among the first blocks, and the blocks without that line."""
    for number, block in enumerate(blocks[:3]):
        date = _date_or_none(block.text)
        if date:
            return date, blocks[:number] + blocks[number + 1 :]
    return None, blocks


def _date_or_none(line: str) -> str | None:
    if not _DATE_LINE.fullmatch(line):
        return None
    try:
        return _date(re.sub(r"^(?:published|updated|posted)[ :]*(?:on )?", "", line, flags=re.IGNORECASE))
    except SourceError:
        return None


def _date(value: object) -> str:
    import dateparser  # deferred: reads its locale data on import

    parsed = dateparser.parse(
        str(value), settings={"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]}
    )
    if parsed is None:
        raise SourceError(f"published {str(value)[:40]!r} is no full date; write it as 2025-08-19")
    return str(parsed.date().isoformat())


def _inferred_title(blocks: list[Block]) -> str:
    """The first summary line, else the first sentence, cut at a word."""
    first = next((b for b in blocks if b.kind == "summary"), None) or next(b for b in blocks if b.kind != "heading")
    span = next(block_sentences(first, 0), None)
    line = first.text[span.start : span.end] if span else first.text
    start, end = sentence_bounds(line)[0] if sentence_bounds(line) else (0, len(line))
    line = " ".join(line[start:end].split())
    return line if len(line) <= _INFERRED_TITLE else line[:_INFERRED_TITLE].rsplit(" ", 1)[0] + " …"
