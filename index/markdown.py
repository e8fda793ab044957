"""Markdown to plain lines: one per paragraph, heading, list item or table row, without its markup."""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

_CODE = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?[a-z][^>]*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)


def plain_text(markdown: str) -> str:
    """The text of `markdown`; headings keep "#", list items "-", table rows their pipes."""
    return "\n\n".join(_lines(MarkdownIt("commonmark").enable("table").parse(markdown)))


def _lines(tokens: Sequence[Token]) -> Iterator[str]:
    prefix, cells = "", list[str]()
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "inline":
            line = _inline(token.children or [])
            if before is not None and before.type in ("th_open", "td_open"):
                cells.append(line.replace("|", "/"))
            elif line:
                yield prefix + line
            prefix = ""
        elif token.type in ("heading_open", "list_item_open"):
            prefix = "# " if token.type == "heading_open" else "- "
        elif token.type == "tr_close":
            yield "| " + " | ".join(cells) + " |"
            cells = []
        elif token.type == "thead_close":
            yield "--- | ---"
        elif token.type == "html_block":
            yield " ".join(_TAG.sub(" ", _CODE.sub("", token.content)).split())
        elif token.type in ("fence", "code_block"):
            yield from filter(str.strip, token.content.split("\n"))


def _inline(tokens: Sequence[Token]) -> str:
    return " ".join("".join(map(_plain, tokens)).split())


def _plain(token: Token) -> str:
    if token.type.endswith("break") or token.content.lower().startswith("<br"):
        return " "
    return token.content if token.type in ("text", "code_inline") else ""
