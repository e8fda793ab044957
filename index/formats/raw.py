"""What every format takes and gives: the bytes of a source, and its articles before cleaning."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Content:
    """The bytes of a file or of a fetched page.

    `name` is a path or URL, its suffix a hint at the format. `url` is where the content was fetched from,
    `charset` what the server said of it.
    """

    data: bytes
    name: str
    url: str | None = None
    charset: str | None = None


@dataclass(frozen=True)
class RawArticle:
    """One article as its format gives it, before cleaning.

    `text` has paragraphs parted by blank lines; a line that starts with "# " is a heading, with "- " a list
    item, and "| a | b |" is a row of a table, whose header row is followed by "| --- | --- |". `published`
    is a date as it was written. `site` is the outlet that a page names itself, weaker than `publisher`.
    `key` tells an article from the others of its source, "" where there is only one. `fallback_id` is an
    id to use before one made from the source's name. A `teaser` is only the beginning of an article.
    """

    text: str
    key: str = ""
    id: str | None = None
    fallback_id: str | None = None
    title: str | None = None
    published: str | None = None
    publisher: str | None = None
    site: str | None = None
    url: str | None = None
    language: str | None = None
    teaser: bool = False


@dataclass(frozen=True)
class Unreadable:
    """A source, or one part of it, that gave no article, and why."""

    source: str
    reason: str
