"""Which expressions are dates, which are not plain or not full, and which lie out of bounds."""

from datetime import date

import pytest

from index.dates import DateSpan, find_dates, parse_date

TODAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    "value",
    [
        "2025-08-19",
        "2025-8-19",
        "2025/08/19",
        "20250819",
        "20250819T233000Z",
        "2025-08-19T23:30:00.000Z",
        "2025-08-19 23:30:00+00:00",
        "Tue, 19 Aug 2025 23:30:00 GMT",
        "Aug 19, 2025",
        "Aug. 19th, 2025",
        "August 19 2025",
        "19 August 2025",
        "19th of August, 2025",
        "19-Aug-2025",
        "19.08.2025",
        "19. 8. 2025",
        "Tuesday, August 19, 2025 at 10:30 AM ET",
        "10:30 AM EDT, Tue August 19, 2025",
        "Aug 19, 2025 10:30 a.m. Eastern Time",
        "Tue 19 Aug 2025 08.00 BST",
        "  19\n August  2025 ",
    ],
)
def test_a_full_date_of_metadata_is_understood(value: str) -> None:
    assert parse_date(value, today=TODAY) == "2025-08-19"


@pytest.mark.parametrize(
    "value",
    [
        "2025年8月19日",
        "2025年08月19日 10:30",
        "2025年8月19日 星期二",
        "2025年8月19日（火）",
        "2025년 8월 19일",
        "19. August 2025",
        "Dienstag, 19. August 2025 um 10:15 Uhr",
        "19 août 2025",
        "mardi 19 août 2025 à 10h30",
        "19 de agosto de 2025",
        "19 agosto 2025",
        "19 августа 2025",
        "2025. augusztus 19.",
        "19 Ağustos 2025",
    ],
)
def test_months_and_weekdays_of_other_languages_are_understood(value: str) -> None:
    assert parse_date(value, today=TODAY) == "2025-08-19"


@pytest.mark.parametrize("value", ["2025-08-19T23:30:00-05:00", "2025-08-19T01:00:00+09:00", "19 Aug 2025 01:00 +0800"])
def test_the_date_is_taken_as_written_and_no_time_zone_applied(value: str) -> None:
    assert parse_date(value, today=TODAY) == "2025-08-19"


@pytest.mark.parametrize(
    "value",
    ["2025", "May 2025", "2025-08", "August 19", "On September 5", "19 Aug 25", "may", "10", "Monday", "1755561600"],
)
def test_a_date_without_a_day_month_or_year_is_none(value: str) -> None:
    assert parse_date(value, today=TODAY) is None


@pytest.mark.parametrize(
    "value",
    [
        "",
        "now",
        "today",
        "tomorrow",
        "3 days ago",
        "19 steel 2025",
        "12 units 2025",
        "12 to 2025",
        "sat 19 2025",
        "1 2 3",
    ],
)
def test_rubbish_that_a_lenient_parser_takes_is_none(value: str) -> None:
    assert parse_date(value, today=TODAY) is None


@pytest.mark.parametrize("value", ["2025-02-30", "31 February 2025", "13.13.2025", "8.19.2025", "12345678", "2025-W34"])
def test_a_day_that_does_not_exist_is_none(value: str) -> None:
    assert parse_date(value, today=TODAY) is None


@pytest.mark.parametrize(
    "value",
    ["Founded 19 August 2025", "Born 2025-08-19", "by 19 August 2025", "1 May 2025 to 3 May 2025", "v2025.08.19.1"],
)
def test_an_expression_with_other_words_is_none(value: str) -> None:
    assert parse_date(value, today=TODAY) is None


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("2026-03-12", "2026-03-12"),
        ("2026-03-13", None),
        ("2568-08-19", None),
        ("1900-01-02", "1900-01-02"),
        ("1899-12-30", None),
        ("0001-01-01T00:00:00", None),
        ("1970-01-01T00:00:00Z", None),
    ],
)
def test_dates_far_ahead_before_1900_and_unset_ones_are_none(value: str, found: str | None) -> None:
    assert parse_date(value, today=TODAY) == found


@pytest.mark.parametrize(
    ("value", "language", "found"),
    [
        ("10/11/2025", None, None),
        ("10/11/2025", "en", None),
        ("10/11/2025", "en-CA", None),
        ("10/11/2025", "zh", None),
        ("10/11/2025", "es-US", None),
        ("10/11/2025", "fr", "2025-11-10"),
        ("10/11/2025", "de-AT", "2025-11-10"),
        ("10/11/2025", "en_GB", "2025-11-10"),
        ("10-11-2025", "nl", "2025-11-10"),
        ("10/11/2025", "en-US", "2025-10-11"),
        ("13/11/2025", "en-US", "2025-11-13"),
        ("11/13/2025", "fr", "2025-11-13"),
        ("11/13/2025", None, "2025-11-13"),
        ("10/10/2025", None, "2025-10-10"),
        ("10.11.2025", "en-US", "2025-11-10"),
    ],
)
def test_slashes_are_read_only_where_they_are_plain_or_the_language_decides(
    value: str, language: str | None, found: str | None
) -> None:
    assert parse_date(value, language, TODAY) == found


def test_dates_in_a_text_come_with_their_place_and_weekday() -> None:
    text = "It shut on Monday, 3 March 2025 at 10:30 and again on 2025-05-04; in May 2025 it was sold."
    spans = list(find_dates(text, today=TODAY))
    assert [text[s.start : s.end] for s in spans] == ["Monday, 3 March 2025 at 10:30", "2025-05-04"]
    assert [s.date for s in spans] == ["2025-03-03", "2025-05-04"]


def test_a_word_before_a_date_that_is_no_weekday_is_not_part_of_it() -> None:
    assert list(find_dates("Published 3 March 2025", today=TODAY)) == [DateSpan(10, 22, "2025-03-03")]


@pytest.mark.parametrize(
    "text", ["3–5 March 2025", "part 12-2025-03-03", "1/2025-03-03", "a 10/11/2025 b", "12 to 2025"]
)
def test_ranges_and_numbers_in_a_text_are_no_dates(text: str) -> None:
    assert not list(find_dates(text, today=TODAY))


def test_in_a_text_months_are_those_of_its_language_and_english() -> None:
    text = "Le 3 mars 2025 et le 4 March 2025."
    assert [s.date for s in find_dates(text, "fr", TODAY)] == ["2025-03-03", "2025-03-04"]
    assert [s.date for s in find_dates(text, "en", TODAY)] == ["2025-03-04"]
    assert [s.date for s in find_dates(text, "xx", TODAY)] == ["2025-03-04"]
