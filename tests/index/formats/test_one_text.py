"""One text in every format gives the same article, up to what the format cannot carry."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from html import escape
from pathlib import Path

import docx
import pytest
from fpdf import FPDF

from index.article import Article
from index.reading import Reading, read

TITLE = "Harbour mill rolls its first frost-proof plate"
DATE = "2025-09-02"
OUTLET = "Harbour Metals Letter"
Part = tuple[str, str]
BODY: tuple[Part, ...] = (
    ("heading", "Highlights"),
    ("item", "The mill has rolled plate that stays tough at minus forty degrees."),
    ("item", "Two shipyards have ordered trial lots of it."),
    (
        "paragraph",
        "The mill at Norrhamn rolled 1,250 tons of frost-proof plate in August, its manager said, “and every slab "
        "of it passed”. The plate is 12–45 mm thick, and it holds its toughness in the coldest months of the year.",
    ),
    ("heading", "Why the yards wait for it"),
    (
        "paragraph",
        "Icebreakers wear their bows out in a few winters. A bow of the new plate should last for eight, according to "
        "tests that the mill has made in its own basin; nobody else has repeated them so far.",
    ),
    ("paragraph", "The mill’s plan has three parts:"),
    ("item", "a second furnace for clean steel,"),
    ("item", "a cooling line that reaches minus sixty, and"),
    ("item", "a school for inspectors."),
    ("paragraph", "Not all of it is paid for. The owners decide on the furnace in the spring, the manager said."),
)
TABLE = (("Yard", "Tons ordered", "Delivery"), ("Skagerby", "300", "March"), ("Olmavik", "180", "May"))
DISCLAIMER = "Disclaimer: This item relies on what the mill says about itself. Nobody has checked its figures."


def as_text() -> bytes:
    lines = [TITLE, "", "Sep 2, 2025", ""]
    for kind, text in BODY:
        lines += [f"• {text}" if kind == "item" else text, ""]
    lines += [" | ".join(row) for row in TABLE[:1]] + ["--- | --- | ---"] + [" | ".join(row) for row in TABLE[1:]]
    return "\n".join([*lines, "", DISCLAIMER]).encode()


def as_markdown() -> bytes:
    marks = {"heading": "## ", "item": "- ", "paragraph": ""}
    lines = ["---", f"title: {TITLE}", f"published: {DATE}", f"publisher: {OUTLET}", "---", "", f"# {TITLE}", ""]
    for number, (kind, text) in enumerate(BODY):
        follows_item = kind == "item" and BODY[number + 1][0] == "item"
        lines += [marks[kind] + text] if follows_item else [marks[kind] + text, ""]
    rows = ["| " + " | ".join(row) + " |" for row in TABLE]
    return "\n".join([*lines, rows[0], "|---|---|---|", *rows[1:], "", DISCLAIMER]).encode()


def as_fragment() -> str:
    out: list[str] = []
    for kind, text in BODY:
        tag = {"heading": "h2", "item": "li", "paragraph": "p"}[kind]
        out.append(f"<{tag}>{escape(text)}</{tag}>")
    html = "\n".join(out).replace("</p>\n<li>", "</p>\n<ul><li>").replace("</h2>\n<li>", "</h2>\n<ul><li>")
    html = html.replace("</li>\n<p>", "</li></ul>\n<p>")
    cells = ["".join(f"<td>{cell}</td>" for cell in row) for row in TABLE]
    table = "".join(f"<tr>{row}</tr>" for row in cells)
    return f"{html}<table>{table}</table><p>{DISCLAIMER}</p>"


def as_page() -> bytes:
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{TITLE} | {OUTLET}</title>
    <meta property="og:title" content="{TITLE}"><meta property="og:site_name" content="{OUTLET}">
    <meta property="article:published_time" content="{DATE}T06:30:00+02:00"></head><body>
    <div id="cookie-banner" role="dialog"><p>We use cookies to make this site better.</p><button>Accept</button></div>
    <header><nav><ul><li><a href="/">Home</a></li><li><a href="/steel">Steel</a></li></ul></nav></header>
    <main><article><h1>{TITLE}</h1><div class="meta">By Ada Writer · 2 September 2025</div>{as_fragment()}
    <div class="share-bar">Share this: <a href="#">Facebook</a> <a href="#">X</a></div></article>
    <aside><h3>Related articles</h3><ul><li><a href="/z">Zinc price climbs for a fifth week</a></li></ul></aside>
    <section id="comments"><h3>2 Comments</h3><p>Reader: I do not believe a word of it.</p></section></main>
    <footer><p>© 2025 {OUTLET}. All rights reserved.</p></footer></body></html>""".encode()


def as_word() -> bytes:
    document = docx.Document()
    document.core_properties.title = TITLE
    document.add_heading(TITLE, 0)
    document.add_paragraph("Published 2 September 2025")
    styles = {"heading": "Heading 2", "item": "List Bullet", "paragraph": "Normal"}
    for kind, text in BODY:
        document.add_paragraph(text, style=styles[kind])
    table = document.add_table(0, len(TABLE[0]))
    for row in TABLE:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.add_paragraph(DISCLAIMER)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def as_jsonl() -> bytes:
    fields = {"id": "one", "title": TITLE, "published": DATE, "publisher": OUTLET, "text": as_text().decode()}
    return json.dumps(fields).encode()


def as_feed(wordpress: bool = False) -> bytes:
    post = "<wp:post_name>one</wp:post_name><wp:post_type>post</wp:post_type><wp:status>publish</wp:status>"
    content = as_fragment().replace("<p>", "<!-- wp:paragraph --><p>") if wordpress else as_fragment()
    return f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
    xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">
    <channel><title>{OUTLET}</title><language>en</language><item><title>{TITLE}</title>
    <link>https://letter.example/2025/one/</link><pubDate>Tue, 02 Sep 2025 06:30:00 +0200</pubDate>
    <description>The mill at Norrhamn rolled […]</description><content:encoded><![CDATA[{content}
    <p>The post <a href="#">{TITLE}</a> appeared first on <a href="#">{OUTLET}</a>.</p>]]></content:encoded>
    {post if wordpress else ""}</item></channel></rss>""".encode()


def as_atom() -> bytes:
    return f"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>{OUTLET}</title>
    <entry><title>{TITLE}</title><id>urn:one</id><published>{DATE}T06:30:00Z</published>
    <link href="https://letter.example/one"/><content type="html">{escape(as_fragment())}</content></entry>
    </feed>""".encode()


def as_pdf() -> bytes:
    """The same on two pages, in a Latin font without the signs that it lacks, and without the table."""
    pdf = FPDF(format=(148, 210))
    pdf.set_auto_page_break(True, 18)
    pdf.add_page()

    def write(size: int, style: str, text: str, indent: float = 0) -> None:
        pdf.set_font("Times", style, size)
        pdf.set_x(pdf.l_margin + indent)
        pdf.multi_cell(0, size * 0.45, text, new_x="LMARGIN", new_y="NEXT", align="L")
        pdf.ln(size * 0.25)

    pdf.core_fonts_encoding = "windows-1252"
    write(20, "B", TITLE)
    write(10, "", "2 September 2025")
    for kind, text in BODY:
        if kind == "heading":
            write(14, "B", text)
        else:
            write(11, "", f"\u2022 {text}" if kind == "item" else text, 5 if kind == "item" else 0)
    write(11, "", DISCLAIMER)
    return bytes(pdf.output())


FORMATS: dict[str, Callable[[], bytes]] = {
    "one.txt": as_text,
    "one.md": as_markdown,
    "one.html": as_page,
    "one.docx": as_word,
    "one.jsonl": as_jsonl,
    "feed.xml": as_feed,
    "export.xml": lambda: as_feed(wordpress=True),
    "one.atom": as_atom,
}


def only(file: Path) -> Article:
    [found] = read(str(file), Reading(OUTLET))
    assert isinstance(found, Article), found
    return found


@pytest.fixture
def expected(tmp_path: Path) -> Article:
    (tmp_path / "given").mkdir()
    file = tmp_path / "given" / "one.txt"
    file.write_bytes(as_text())
    return only(file)


def plain(article: Article) -> Article:
    return replace(article, source=None, url=None, title_inferred=False)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_article(tmp_path: Path, expected: Article, name: str) -> None:
    (tmp_path / name).write_bytes(FORMATS[name]())
    assert plain(only(tmp_path / name)) == plain(expected)


def test_the_article_is_the_one_that_was_written(expected: Article) -> None:
    assert (expected.title, expected.published, expected.language) == (TITLE, DATE, "en")
    assert expected.disclaimer_text == DISCLAIMER
    sections = [(expected.text[s.start : s.end], s.section) for s in expected.sentences]
    assert ("Two shipyards have ordered trial lots of it.", "summary") in sections
    assert ("Yard: Skagerby; Tons ordered: 300; Delivery: March", "table") in sections
    assert TITLE not in expected.text
    assert "2025" not in expected.text


def test_a_pdf_gives_the_same_words_paragraphs_and_sections(tmp_path: Path, expected: Article) -> None:
    (tmp_path / "one.pdf").write_bytes(as_pdf())
    found = only(tmp_path / "one.pdf")
    rows = expected.text.index("Yard: Skagerby")
    assert found.text == expected.text[:rows] + DISCLAIMER
    assert (found.title, found.published, found.disclaimer_text) == (TITLE, DATE, DISCLAIMER)
    prose = [s for s in expected.sentences if s.section in ("summary", "body")]
    assert [s for s in found.sentences if s.section != "disclaimer"] == prose


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_every_encoding_gives_the_same_text(tmp_path: Path, expected: Article, encoding: str) -> None:
    (tmp_path / "one.txt").write_bytes(as_text().decode().encode(encoding))
    assert plain(only(tmp_path / "one.txt")) == plain(expected)


@pytest.mark.parametrize("name", ["one.docx", "one.html", "feed.xml", "one.jsonl"])
@pytest.mark.parametrize("lie", ["lie.txt", "lie.pdf", "lie"])
def test_what_is_in_a_file_decides_where_its_name_lies(tmp_path: Path, expected: Article, name: str, lie: str) -> None:
    (tmp_path / lie).write_bytes(FORMATS[name]())
    assert only(tmp_path / lie).text == expected.text
