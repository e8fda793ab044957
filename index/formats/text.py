"""Plain text, Markdown and JSON lines: what is text already."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from index.dates import parse_date
from index.decoding import decode
from index.errors import SourceError
from index.formats.markup import fragment_lines
from index.formats.raw import Content, RawArticle, Unreadable

_FIELDS = ("id", "title", "published", "publisher", "url", "language")
"""What a line of JSON or Markdown front matter may give beside its text."""
_FRONT = re.compile(
    r"\ufeff?(?P<rule>---|\+\+\+)[ \t]*\r?\n(?P<front>.*?)(?:^|\n)(?P=rule)[ \t]*(?:\r?\n|\Z)", re.DOTALL
)
_LONGEST_FRONT = 20_000
"""Characters of front matter; YAML's parser does not bear much more that is hostile."""
_LONGEST_LINE = 8_000_000
"""Characters of a line of JSON that is still looked at."""


def read_text(content: Content) -> Iterator[RawArticle]:
    """The one article of a text file."""
    yield RawArticle(decode(content.data, content.charset))


def read_markdown(content: Content) -> Iterator[RawArticle]:
    """The one article of a Markdown file, with what its front matter says."""
    from markdown_it import MarkdownIt  # deferred: only Markdown needs it

    text = decode(content.data, content.charset)
    front, body = _front_matter(text)
    html = MarkdownIt("commonmark").enable("table").render(body)
    yield RawArticle(fragment_lines(html), **_said(front))


def read_jsonl(content: Content) -> Iterator[RawArticle | Unreadable]:
    """An article a line."""
    for number, line in enumerate(decode(content.data, content.charset).split("\n"), 1):
        if line.strip():
            yield _from_line(line, f":{number}")


def _front_matter(text: str) -> tuple[Mapping[str, Any], str]:
    """The fields before the text, in YAML between "---" or TOML between "+++", and the text."""
    import yaml

    match = _FRONT.match(text)
    if match is None:
        return {}, text
    if len(match["front"]) > _LONGEST_FRONT:
        raise SourceError(f"has front matter of {len(match['front']):,} characters")
    try:
        front = yaml.safe_load(match["front"]) if match["rule"] == "---" else tomllib.loads(match["front"])
    except (yaml.YAMLError, tomllib.TOMLDecodeError, RecursionError) as error:
        reason = (str(error) or "too deep").splitlines()[0]
        yaml_like = match["rule"] == "---"
        kind, hint = ("YAML", "put quotes around a value that holds a colon") if yaml_like else ("TOML", "correct it")
        raise SourceError(f"has front matter that is not {kind} ({reason}); {hint}") from None
    except ValueError as error:
        raise SourceError(f"has front matter with a date that is none ({error}); write it as 2025-08-19") from None
    if not isinstance(front, dict):
        return {}, text  # two rules are not always front matter
    return {str(name).lower(): value for name, value in front.items()}, text[match.end() :]


def _from_line(line: str, key: str) -> RawArticle | Unreadable:
    if len(line) > _LONGEST_LINE:
        return Unreadable(key, f"has {len(line):,} characters in a line; an article has fewer")
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Unreadable(key, f"not JSON: {error}")
    if not isinstance(fields, dict) or not isinstance(fields.get("text"), str):
        return Unreadable(key, 'needs an object with a "text" string')
    try:
        return RawArticle(fields["text"], "" if fields.get("id") else key, **_said(fields))
    except SourceError as error:
        return Unreadable(key, str(error))


def _said(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that are given, as text. Raises SourceError for a date that is none."""
    given = {"published": fields.get("date"), **fields}  # as most programs that write Markdown call it
    said = {name: str(given[name]) for name in _FIELDS if given.get(name) not in (None, "", [], {})}
    if "published" in said and parse_date(said["published"], said.get("language")) is None:
        raise SourceError(f"published {said['published'][:40]!r} is no full date; write it as 2025-08-19")
    return said
