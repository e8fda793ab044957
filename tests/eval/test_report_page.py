"""The report in a real browser, offline: plots drawn, filters working, nothing fetched, nothing executed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from eval.report import reliability, report, roc
from eval.running import ask_all
from eval.samples import Sample
from eval.scoring import score
from tests.eval.test_scoring import SAMPLES, good, wrong_facts

HOSTILE = "</script><script>document.title = 'taken'</script><img src=x onerror=\"document.title = 'taken'\">"


@pytest.fixture
def page(tmp_path: Path, browser: Browser) -> Iterator[Page]:
    hostile = Sample("h1", HOSTILE, (), True, ("a",), ((HOSTILE,),), (HOSTILE,), True, (HOSTILE,), ("near-miss", "a b"))
    samples = [*SAMPLES, hostile]
    run = ask_all(
        samples, lambda s: (wrong_facts if s.id == "s2" else good)(s), tmp_path, {"model": HOSTILE}, resume=False
    )
    (tmp_path / "report.html").write_text(report(run, HOSTILE), encoding="utf-8")
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    requests: list[str] = []
    errors: list[str] = []
    opened.on("request", lambda request: requests.append(request.url))
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto(f"file://{tmp_path / 'report.html'}")
    yield opened
    assert [url for url in requests if not url.startswith(("file:", "data:", "blob:"))] == []
    assert errors == []
    opened.close()


def test_the_plots_are_drawn(page: Page) -> None:
    for plot in ("tags", "roc", "reliability", "latency"):
        expect(page.locator(f"#{plot} svg.main-svg").first).to_be_visible()
    assert page.locator("#tags .bars path").count() == 3


def test_samples_are_filtered_by_words_state_and_tag(page: Page) -> None:
    shown = page.locator("details[data-state]:visible")
    expect(shown).to_have_count(5)
    page.locator("#state").select_option("wrong")
    expect(shown).to_have_count(1)
    expect(page.locator("#count")).to_have_text("1 of 5 samples")
    page.locator("#state").select_option("")
    page.locator("#tag").select_option("near-miss")
    expect(shown).to_have_count(3)
    page.locator("#words").fill("who lost")
    expect(shown).to_have_count(1)


def test_a_sample_opens_with_its_answer_citation_and_gold(page: Page) -> None:
    sample = page.locator("details[data-state]").first
    sample.locator("summary").click()
    expect(sample.locator("mark")).to_have_text("The state mill made 90 tons.")
    expect(sample.locator(".note")).to_have_text("State!")
    expect(sample.locator(".inside")).to_contain_text("Answerable")


def test_text_is_never_markup(page: Page) -> None:
    assert page.title() == HOSTILE
    expect(page.locator("h1")).to_have_text(HOSTILE)


def test_points_of_the_curves_by_hand() -> None:
    scored = [score(s, good(s)) for s in SAMPLES]
    assert roc(scored) == [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)]
    assert reliability(scored) == [
        {"confidence": 0.1, "answerable": 0.0, "samples": 2},
        {"confidence": 0.9, "answerable": 1.0, "samples": 2},
    ]
    assert roc(scored[:2]) == []
