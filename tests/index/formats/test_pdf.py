"""PDF files to marked lines: every file is written by the test that reads it."""

from pathlib import Path

import pytest
from fpdf import FPDF

from index.errors import SourceError
from index.formats.pdf import read_pdf
from index.formats.raw import Content, RawArticle

_FONTS = Path("/usr/share/fonts")
_LONG = (
    "The council of the port voted on Tuesday to rebuild the northern pier, which a storm had broken in the "
    "spring, and asked three firms for their prices before the summer ends."
)
_SECOND = (
    "Fishermen had waited for the vote since April. Their boats lie in the southern basin, where the water is "
    "too low for the larger ones, so that half of the fleet sails from another town."
)


class _Paper(FPDF):
    """A page as a printer would set it; each method writes one part of an article."""

    def __init__(self) -> None:
        super().__init__(format="A4")
        self.set_margin(20)
        self.set_auto_page_break(True, 25)
        self.add_page()
        self.body()

    def body(self, style: str = "", size: float = 11) -> None:
        self.set_font("Times", style, size)

    def heading(self, text: str, size: float = 15, style: str = "B") -> None:
        self.body(style, size)
        self.multi_cell(0, size * 0.45, text, align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(2)
        self.body()

    def paragraph(self, text: str, gap: float = 3, align: str = "J") -> None:
        self.multi_cell(0, 5, text, align=align, new_x="LMARGIN", new_y="NEXT")
        self.ln(gap)

    def lines(self, *lines: str, x: float = 20) -> None:
        for line in lines:
            self.set_x(x)
            self.cell(0, 5, line, new_x="LMARGIN", new_y="NEXT")


class _Framed(_Paper):
    """Paper with a running header and page numbers."""

    def header(self) -> None:
        self.set_font("Times", "I", 9)
        self.text(20, 10, "The Pier Gazette")
        self.body()

    def footer(self) -> None:
        self.set_font("Times", "", 9)
        self.text(100, 285, f"Page {self.page_no()} of 9")


def _read(pdf: FPDF) -> RawArticle:
    return _read_bytes(bytes(pdf.output()))


def _read_bytes(data: bytes) -> RawArticle:
    (article,) = read_pdf(Content(data, "pier.pdf"))
    return article


def _blocks(pdf: FPDF) -> list[str]:
    return _read(pdf).text.split("\n\n")


def _font(pdf: FPDF, name: str) -> None:
    path = next(_FONTS.rglob(name), None)
    if path is None:
        pytest.skip(f"no font {name} on this machine")
    pdf.add_font("font", fname=path)
    pdf.set_font("font", size=11)


def test_an_article_of_one_page_keeps_its_title_headings_paragraphs_and_list() -> None:
    pdf = _Paper()
    pdf.heading("Northern pier to be rebuilt after the storm of this spring", 22)
    pdf.paragraph(_LONG)
    pdf.heading("What it costs")
    pdf.paragraph("The town has put aside 14 million for it:", gap=1)
    for item in ("nine million for the wall", "five million for two cranes, of which one is to be built " * 2):
        pdf.set_x(25)
        pdf.cell(4, 5, "\x95")
        pdf.multi_cell(140, 5, item.strip(), align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(3)
    pdf.paragraph(_SECOND)
    assert _blocks(pdf) == [
        "# Northern pier to be rebuilt after the storm of this spring",
        _LONG,
        "# What it costs",
        "The town has put aside 14 million for it:",
        "- nine million for the wall",
        "- " + ("five million for two cranes, of which one is to be built " * 2).strip(),
        _SECOND,
    ]


def test_a_bold_short_line_in_the_size_of_the_text_is_a_heading() -> None:
    pdf = _Paper()
    pdf.paragraph(_LONG)
    pdf.heading("Boats wait", 11)
    pdf.paragraph(_SECOND)
    assert _blocks(pdf) == [_LONG, "# Boats wait", _SECOND]


def test_a_bold_paragraph_is_a_paragraph() -> None:
    pdf = _Paper()
    pdf.body("B")
    pdf.paragraph(_LONG)
    pdf.body()
    pdf.paragraph(_SECOND * 2)
    assert _blocks(pdf) == [_LONG, _SECOND * 2]


def test_a_paragraph_broken_over_a_page_is_one_and_header_and_footer_are_gone() -> None:
    pdf = _Framed()
    pdf.heading("Northern pier to be rebuilt", 22)
    texts = [f"{number} boats are counted here. {_LONG} {_SECOND}" for number in range(10, 34)]
    for text in texts:
        pdf.paragraph(text)
    assert pdf.page_no() > 1
    assert _blocks(pdf) == ["# Northern pier to be rebuilt", *texts]


def test_a_header_is_not_taken_from_a_text_that_says_the_same() -> None:
    pdf = _Framed()
    pdf.heading("The Pier Gazette", 22)
    pdf.paragraph(_LONG)
    pdf.add_page()
    pdf.paragraph(_SECOND)
    assert _blocks(pdf) == ["# The Pier Gazette", _LONG, _SECOND]


def test_a_number_alone_on_its_line_within_the_text_stays() -> None:
    pdf = _Paper()
    pdf.paragraph(_LONG)
    pdf.paragraph("14")
    pdf.paragraph(_SECOND)
    assert _blocks(pdf) == [_LONG, "14", _SECOND]


def test_what_a_browser_prints_around_a_single_page_is_gone() -> None:
    pdf = _Paper()
    pdf.text(10, 8, "11/22/26, 3:08 PM Northern pier - Pier Gazette")
    pdf.text(10, 292, "https://gazette.example/pier 1/1")
    pdf.paragraph(_LONG)
    assert _blocks(pdf) == [_LONG]


def test_text_outside_the_page_is_not_read() -> None:
    pdf = _Paper()
    pdf.paragraph(_LONG)
    pdf.text(20, 320, "Cut here, plate four")
    assert _blocks(pdf) == [_LONG]


def test_indented_paragraphs_without_a_gap_are_parted() -> None:
    pdf = _Paper()
    for text in (_LONG, _SECOND, _LONG):
        pdf.paragraph(f"{6 * chr(32)}{text}", gap=0, align="L")
    assert _blocks(pdf) == [_LONG, _SECOND, _LONG]


def test_a_short_last_line_ends_a_paragraph_without_gap_or_indent() -> None:
    pdf = _Paper()
    for text in (_LONG, _SECOND, _LONG):
        pdf.paragraph(text, gap=0, align="L")
    assert _blocks(pdf) == [_LONG, _SECOND, _LONG]


def test_numbers_that_count_up_are_items_and_a_date_is_not() -> None:
    pdf = _Paper()
    pdf.paragraph(_LONG)
    for text in ("1. The wall is built first.", "2. The cranes follow."):
        pdf.paragraph(text, gap=0)
    pdf.ln(4)
    pdf.paragraph("12. March is the day on which the work begins.")
    assert _blocks(pdf)[1:] == [
        "- The wall is built first.",
        "- The cranes follow.",
        "12. March is the day on which the work begins.",
    ]


def test_a_line_that_happens_to_start_with_a_number_is_no_item() -> None:
    pdf = _Paper()
    pdf.lines("The council of the port will open the northern pier again, a month late, on May", "12. Boats may land.")
    assert "again, a month late, on May 12. Boats may land." in _read(pdf).text


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        ("The wall needs steel of good manufac-", "turing only.", "good manufacturing only."),
        ("The cranes hold magnets of rare-", "earth metals.", "of rare-earth metals."),
        ("They were ordered from a state-", "owned yard.", "a state-owned yard."),
        ("Talks were held in the years 2019-", "2020 and later.", "2019-2020 and later."),
        ("There was help from the Anglo-", "Danish fund.", "the Anglo-Danish fund."),
        ("Hopes rest on a fund that is EU-", "backed by law.", "is EU-backed by law."),
        ("The plan sets out both short- ", "and long-term aims.", "both short- and long-term aims."),
        ("It is the work of a 12-year-", "old firm.", "a 12-year-old firm."),
        ("Nobody knew what with-", "out a pier to do.", "what without a pier"),
        (
            "The yard is slow \x97 and the co-",
            "operative is slower.",
            "and the co-operative is slower. The co-operative",
        ),
    ],
)
def test_a_hyphen_at_a_line_end_stays_only_in_a_compound(before: str, after: str, joined: str) -> None:
    pdf = _Paper()
    pdf.lines(before, f"{after} The co-operative waits for the rest of the money, and so do all of its members.")
    assert joined in _read(pdf).text


def test_a_word_found_elsewhere_in_the_article_decides_its_hyphen() -> None:
    pdf = _Paper()
    pdf.paragraph("The seaside town and its deep-water basin are old.")
    pdf.lines("Nobody walks along the sea-", "side in winter, and the deep-", "water basin is closed.")
    assert "along the seaside in winter, and the deep-water basin is closed." in _read(pdf).text


def test_ligatures_are_letters_and_soft_hyphens_are_gone() -> None:
    pdf = _Paper()
    _font(pdf, "DejaVuSans.ttf")
    pdf.lines(
        "The o\ufb03ce \ufb01led a har\u00adbour plan and sent the \ufb02eet home for rebuil\u00ad", "ding of the pier."
    )
    assert _read(pdf).text == "The office filed a harbour plan and sent the fleet home for rebuilding of the pier."


def test_a_large_initial_belongs_to_its_word() -> None:
    pdf = _Paper()
    pdf.body(size=34)
    pdf.text(20, 31, "T")
    pdf.body()
    pdf.set_y(20)
    pdf.lines("he council of the port voted on Tuesday to rebuild", "the northern pier, which a storm had broken", x=29)
    pdf.lines("in the spring, and asked three firms for their prices.")
    assert _read(pdf).text.startswith("The council of the port voted on Tuesday to rebuild the northern pier, which a")


def test_two_columns_are_read_one_after_the_other() -> None:
    pdf = _Paper()
    pdf.heading("Northern pier to be rebuilt after the storm of this spring", 22)
    top = pdf.get_y()
    for x, text in ((20, _LONG + " Nobody spoke against the"), (108, "plan that evening.")):
        pdf.set_xy(x, top)
        pdf.multi_cell(80, 5, text, align="J", new_x="LMARGIN", new_y="NEXT")
    assert _blocks(pdf)[1:] == [_LONG + " Nobody spoke against the plan that evening."]


def test_chinese_lines_are_joined_without_a_space() -> None:
    pdf = _Paper()
    _font(pdf, "NotoSansCJK-Regular.ttc")
    text = "港口委员会星期二决定重建北部码头，并请三家公司在夏天结束以前报价。" * 4
    pdf.paragraph(text, align="L")
    pdf.paragraph("渔民从四月起就在等待这一决定。")
    assert _blocks(pdf) == [text, "渔民从四月起就在等待这一决定。"]


@pytest.mark.parametrize("title", ["Microsoft Word - pier.docx", "untitled", "pier_final_2", "pier.indd", "Slide 1"])
def test_a_title_that_a_program_made_up_is_no_title(title: str) -> None:
    pdf = _Paper()
    pdf.set_title(title)
    pdf.paragraph(_LONG)
    assert _read(pdf).title is None


def test_a_title_is_taken_from_the_metadata_and_the_date_of_printing_is_not_its_date() -> None:
    pdf = _Paper()
    pdf.set_title("Northern pier to be rebuilt")
    pdf.paragraph(_LONG)
    article = _read(pdf)
    assert (article.title, article.published) == ("Northern pier to be rebuilt", None)


def test_a_file_that_needs_a_password_is_refused() -> None:
    pdf = _Paper()
    pdf.paragraph(_LONG)
    pdf.set_encryption(owner_password="owner", user_password="user")
    with pytest.raises(SourceError, match="is a PDF that needs a password"):
        _read(pdf)


def test_a_file_that_only_forbids_changes_is_read() -> None:
    pdf = _Paper()
    pdf.paragraph(_LONG)
    pdf.set_encryption(owner_password="owner")
    assert _read(pdf).text == _LONG


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.99])
def test_a_truncated_file_is_refused_rather_than_read_in_part(share: float) -> None:
    pdf = _Paper()
    pdf.paragraph(_LONG)
    data = bytes(pdf.output())
    with pytest.raises(SourceError, match="is a damaged PDF"):
        _read_bytes(data[: int(share * len(data))])


def test_a_file_of_other_content_is_refused() -> None:
    with pytest.raises(SourceError, match="is a damaged PDF"):
        _read_bytes(b"%PDF-1.4\nnothing of the kind\n%%EOF\n")


@pytest.mark.parametrize("pages", [1, 3])
def test_empty_pages_are_said_to_be_a_scan(pages: int) -> None:
    pdf = _Paper()
    for _ in range(pages - 1):
        pdf.add_page()
    with pytest.raises(SourceError, match="has no text layer"):
        _read(pdf)


def test_an_empty_page_between_others_does_no_harm() -> None:
    pdf = _Paper()
    pdf.paragraph(_LONG)
    pdf.add_page()
    pdf.add_page()
    pdf.paragraph(_SECOND)
    assert _blocks(pdf) == [_LONG, _SECOND]


def test_a_file_of_very_many_pages_is_refused() -> None:
    pdf = _Paper()
    for _ in range(2_000):
        pdf.add_page()
    with pytest.raises(SourceError, match="2,001 pages; at most 2,000"):
        _read(pdf)
