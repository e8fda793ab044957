"""The chat page in a real browser: what a reader sees, clicks and must never be served."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect

ROOT = Path(__file__).parents[1]
ARTICLES = ROOT / "eval" / "articles"
PLATE = "What thicknesses of rare earth wear plate can Baotou Steel make?"
SPILL = "What caused the ladle spill at Brackmoor?"
ABSENT = "Best way to cook a risotto for six people?"
HOSTILE = {
    "id": "hostile",
    "title": "<img src=x onerror=alert(1)> Quorvex *smelter* pours zircalite",
    "publisher": '"><script>alert(2)</script>',
    "url": "javascript:alert(3)",
    "published": "2026-01-01",
    "text": "The Quorvex smelter poured 512 tons of zircalite in March, the most since it opened, says **Bold** and "
    "[a link](https://elsewhere.example/x) and $$x^2$$ and ${alert(4)} and {{7*7}} and &lt;b&gt; as plain words.\n\n"
    "Its furnace was rebuilt last year by engineers from the town of Quorvex, who now run it in three shifts.",
}


@dataclass
class Reader:
    """Someone at the page; what must not happen to them is recorded in `troubles`."""

    context: BrowserContext
    url: str
    troubles: list[str] = field(default_factory=list)

    def open(self) -> Page:
        page = self.context.new_page()
        page.on("console", lambda m: self.troubles.append(f"console: {m.text}") if m.type == "error" else None)
        page.on("pageerror", lambda error: self.troubles.append(f"script error: {error}"))
        page.on("request", lambda request: self._check(request.url))
        page.on("dialog", self._dialog)
        page.goto(self.url)
        expect(page.locator("#question textarea")).to_be_editable()
        return page

    def _check(self, url: str) -> None:
        if not url.startswith((self.url, "data:", "blob:")):
            self.troubles.append(f"request elsewhere: {url}")

    def _dialog(self, dialog: Dialog) -> None:
        self.troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory, encoder_folder: Path) -> Iterator[str]:
    """The address of a page that serves the sample corpus and the hostile article."""
    folder = tmp_path_factory.mktemp("page")
    articles, index, port = folder / "articles", folder / "index", free_port()
    shutil.copytree(ARTICLES, articles)
    (articles / "hostile.jsonl").write_text(json.dumps(HOSTILE) + "\n", encoding="utf-8")
    index.mkdir()
    (index / "encoder").symlink_to(encoder_folder)
    command = [sys.executable, "app.py", "--index", str(index), "--articles", str(articles), "--port", str(port)]
    environment = os.environ | {"HTTP_PROXY": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        try:
            assert line == f"Assay serves {len(list(articles.glob('*.*')))} articles at http://127.0.0.1:{port}\n"
            yield line.split()[-1]
        finally:
            server.send_signal(signal.SIGINT)
            rest, _ = server.communicate(timeout=30)
    assert (rest, server.returncode) == ("", 0)


@pytest.fixture
def reader(browser: Browser, url: str) -> Iterator[Reader]:
    """A reader at a desk; the test fails if the page troubles them."""
    yield from reading(browser, url, 1280, 800)


@pytest.fixture
def phone_reader(browser: Browser, url: str) -> Iterator[Reader]:
    """A reader with a phone; the test fails if the page troubles them."""
    yield from reading(browser, url, 390, 844)


def reading(browser: Browser, url: str, width: int, height: int) -> Iterator[Reader]:
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    reader = Reader(context, url)
    yield reader
    context.close()
    assert reader.troubles == []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(page: Page, question: str) -> None:
    """Asks and waits until the question has its answer, abstention or error."""
    replies = page.locator("#chat :is(.answer:not(.streaming), .abstention, .failure)")
    before = replies.count()
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    expect(replies).to_have_count(before + 1)


def words(text: str | None) -> str:
    return " ".join((text or "").split())


def test_a_citation_shows_its_words_highlighted_in_the_article(reader: Reader) -> None:
    page = reader.open()
    expect(page.locator("#sources")).to_contain_text("Click a citation")
    ask(page, PLATE)
    said = words(page.locator("#chat .said > span").first.text_content())
    page.locator("#chat .said a.mark").first.click()
    card = page.locator("#sources .card.chosen")
    expect(card).to_be_focused()
    expect(card.locator("mark")).to_be_in_viewport()
    quote = words(card.locator("mark").text_content())
    assert quote == said
    assert quote in words((ARTICLES / "baotou-full-range-plate.md").read_text(encoding="utf-8"))
    expect(card).to_contain_text("State-owned enterprise: Baogang Group")


def test_an_answer_says_how_sure_it_is_and_what_to_know_of_its_sources(reader: Reader) -> None:
    page = reader.open()
    ask(page, PLATE)
    expect(page.locator("#chat .match")).to_have_text(re.compile("(Strong|Fair|Weak) match in the articles"))
    expect(page.locator("#chat .reliance")).to_contain_text("on one state source")
    expect(page.locator("#chat .disclaimer")).to_contain_text("Baogang Group, a state-owned enterprise (owner: ")


def test_a_citation_of_an_earlier_answer_brings_its_sources_back(reader: Reader) -> None:
    page = reader.open()
    ask(page, PLATE)
    ask(page, SPILL)
    expect(page.locator("#sources .asked:visible")).to_have_text(SPILL)
    page.locator("#chat .answer").first.locator("a.mark").first.press("Enter")
    expect(page.locator("#sources .asked:visible")).to_have_text(PLATE)
    page.locator("#sources .chosen .back").click()
    expect(page.locator("#chat .answer").first.locator("a.mark").first).to_be_focused()


def test_an_abstention_cites_nothing(reader: Reader) -> None:
    page = reader.open()
    ask(page, ABSENT)
    expect(page.locator("#chat .abstention")).to_contain_text("The articles do not answer this.")
    expect(page.locator("#chat a.mark, #sources .card")).to_have_count(0)


def test_a_follow_up_is_understood_in_its_conversation(reader: Reader) -> None:
    page = reader.open()
    ask(page, "How much thin wear plate did Baotou Steel deliver in 2025?")
    ask(page, "And the thick plate?")
    expect(page.locator("#chat .understood")).to_contain_text("Baotou Steel")
    expect(page.locator("#chat .answer").last).to_contain_text("3,000 tons")


def test_a_hostile_article_and_question_show_as_plain_words(reader: Reader) -> None:
    page = reader.open()
    ask(page, "How many tons of zircalite did the Quorvex smelter pour in March? <b>x</b> **y**")
    expect(page.locator("#chat .question")).to_contain_text("<b>x</b> **y**")
    for words in ("**Bold**", "[a link](https://elsewhere.example/x)", "$$x^2$$", "${alert(4)}", "{{7*7}}"):
        expect(page.locator("#chat .said")).to_contain_text(words)
        expect(page.locator("#sources mark")).to_contain_text(words)
    expect(page.locator("#sources h3")).to_contain_text(HOSTILE["title"])
    expect(page.locator("#sources .byline")).to_contain_text(HOSTILE["publisher"])
    expect(page.locator("#sources a:not(.back), #chat img, #sources img, #chat .katex")).to_have_count(0)


def test_two_readers_do_not_see_each_others_conversation(reader: Reader, browser: Browser, url: str) -> None:
    page = reader.open()
    ask(page, PLATE)
    for other in reading(browser, url, 1280, 800):
        elsewhere = other.open()
        ask(elsewhere, "And the thick plate?")
        expect(elsewhere.locator("#chat .question")).to_have_count(1)
        expect(elsewhere.locator("#chat .understood")).to_have_count(0)
    expect(page.locator("#chat .question")).to_have_text([PLATE])


def test_a_question_that_cannot_be_asked_gives_one_line_and_the_next_is_answered(reader: Reader) -> None:
    page = reader.open()
    ask(page, "plate " * 3334)
    expect(page.locator("#chat .failure")).to_have_text(re.compile(r"The question has 20,003 characters; [^\n]*"))
    ask(page, PLATE)
    expect(page.locator("#chat .answer a.mark").first).to_be_visible()
    expect(page.locator("#chat .question")).to_have_count(2)


def test_an_empty_question_is_not_asked(reader: Reader) -> None:
    page = reader.open()
    with page.expect_response(re.compile("queue/join")):
        page.press("#question textarea", "Enter")
    page.wait_for_timeout(500)
    expect(page.locator("#chat .example").first).to_be_visible()
    expect(page.locator("#chat .message-row")).to_have_count(0)


def test_an_example_is_answered_and_a_new_conversation_starts_empty(reader: Reader) -> None:
    page = reader.open()
    page.locator("#chat .example").last.click()
    expect(page.locator("#chat .answer a.mark").first).to_be_visible()
    page.click("#new")
    expect(page.locator("#chat .example").first).to_be_visible()
    expect(page.locator("#chat .question, #sources .card")).to_have_count(0)
    ask(page, "And the thick plate?")
    expect(page.locator("#chat .understood")).to_have_count(0)


def test_on_a_phone_everything_is_in_one_column_in_reach(phone_reader: Reader) -> None:
    page = phone_reader.open()
    ask(page, PLATE)
    ask(page, SPILL)
    expect(page.locator("#question textarea")).to_be_in_viewport()
    page.locator("#chat .answer").first.locator(".said a.mark").first.click()
    expect(page.locator("#sources .chosen mark")).to_be_in_viewport()
    expect(page.locator("#question textarea")).to_be_in_viewport()
    widest, width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widest <= width


def test_a_port_in_use_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "app.py", "--index", str(tmp_path / "index"), "--port", str(port)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(rf"Cannot serve at 127\.0\.0\.1, port {port}: [^\n]*--port\.\n", done.stderr)
