"""HTML, and what trafilatura makes of it, to marked lines: see `RawArticle.text`."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from index.errors import SourceError

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "head"))
_ITEMS = frozenset(("li", "item"))
_CELLS = frozenset(("td", "th", "cell"))
_ROWS = frozenset(("tr", "row"))
_BREAKS = frozenset(("br", "lb"))
_UNSEEN = frozenset(
    ("script", "style", "template", "noscript", "svg", "iframe", "form", "button", "select", "object", "title")
)
_INLINE = frozenset(
    """a abbr acronym b bdi bdo big cite code data del dfn em font hi i ins kbd label mark meter nobr q ref ruby s samp
    small span strike strong sub sup time tt u var wbr""".split()  # noqa: SIM905  # as text it can be read
)
_SUPERSCRIPTS = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_DEEPEST = 200
"""Elements within each other that are followed; what lies deeper is read as running text."""


@dataclass
class _Lines:
    """Lines as they come, and the one being put together."""

    done: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    prefix: str = ""

    def write(self, text: str | None) -> None:
        """Adds to the open line."""
        self.open.append(text or "")

    def end(self) -> None:
        """Closes the open line, if it says anything."""
        line = " ".join("".join(self.open).split())
        if line:
            self.done.append(self.prefix + line)
            self.prefix = ""
        self.open = []


def marked_lines(root: Any) -> str:  # noqa: ANN401  # lxml's elements have no types
    """The text below the lxml element `root`, as marked lines."""
    lines = _Lines()
    _walk(root, lines, 0)
    lines.end()
    return "\n\n".join(lines.done)


def fragment_lines(html: str) -> str:
    """The text of an HTML fragment, all of it, as marked lines."""
    root = parsed(html)
    return "" if root is None else marked_lines(root)


def parsed(html: str) -> Any:  # noqa: ANN401  # lxml's elements have no types
    """The root element of a page or fragment, None where there is nothing in it.

    Raises SourceError where elements lie so deep within each other that the parser leaves out what is in them.
    """
    import lxml.html  # deferred: plain text needs no HTML parser

    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        root = lxml.html.document_fromstring(html.encode(), parser=parser)
    except (lxml.etree.ParserError, ValueError):
        root = None
    if any("depth" in entry.message for entry in parser.error_log):
        raise SourceError("is nested too deep to read")
    return root


def _walk(element: Any, lines: _Lines, depth: int) -> None:  # noqa: ANN401
    tag = element.tag if isinstance(element.tag, str) else ""  # comments have none
    if tag in _UNSEEN or not tag:
        return
    if tag == "table" and _is_data(element):
        lines.end()
        lines.done += _table(element)
        return
    if tag in _BREAKS:
        lines.write(" ")
        return
    if tag == "sup" or element.get("rend") == "#sup":
        lines.write("".join(element.itertext()).translate(_SUPERSCRIPTS))
        return
    block = tag not in _INLINE
    if block:
        lines.end()
        lines.prefix = "# " if tag in _HEADINGS else "- " if tag in _ITEMS else lines.prefix
    lines.write(element.text)
    if depth < _DEEPEST:
        for child in element:
            _walk(child, lines, depth + 1)
            lines.write(child.tail)
    else:
        lines.write(" ".join(text for child in element for text in child.itertext()))
    if block:
        lines.end()
        lines.prefix = ""


def _is_data(table: Any) -> bool:  # noqa: ANN401
    """Whether a table holds data; others lay out a page."""
    if next(table.iterdescendants("table", *_HEADINGS, *_ITEMS), None) is not None:
        return False
    rows = list(table.iter(*_ROWS))
    paragraphs = max((len(list(cell.iter("p"))) for cell in table.iter(*_CELLS)), default=0)
    return paragraphs < 2 and len(rows) > 1 and any(len(row) > 1 for row in rows)


def _table(table: Any) -> Iterator[str]:  # noqa: ANN401
    rows = [[_cell(cell) for cell in row if cell.tag in _CELLS] for row in table.iter(*_ROWS)]
    for number, row in enumerate(row for row in rows if any(row)):
        yield f"| {' | '.join(row)} |"
        if number == 0:
            yield f"| {' | '.join('---' for _ in row)} |"


def _cell(cell: Any) -> str:  # noqa: ANN401
    lines = _Lines()
    lines.write(cell.text)
    for child in cell:
        _walk(child, lines, _DEEPEST // 2)
        lines.write(child.tail)
    lines.end()
    return " ".join(line.removeprefix("- ").removeprefix("# ") for line in lines.done).replace("|", "/")
