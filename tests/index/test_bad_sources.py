"""Three hundred bad files: none crashes or hangs, each is named with its reason, the good ones beside them are read."""

import io
import json
import os
import random
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from fpdf import FPDF

from index.adding import add_sources
from index.store import ArticleIndex
from tests.fakes import FakeEncoder
from tests.index.formats.test_one_text import as_feed, as_jsonl, as_page, as_pdf, as_word

Make = Callable[[random.Random, Path], object]
GOOD = 12


def cut(whole: bytes, chance: random.Random, least: float = 0.1, most: float = 0.9) -> bytes:
    return whole[: int(len(whole) * chance.uniform(least, most))]


def noise(chance: random.Random, size: int) -> bytes:
    return chance.randbytes(size)


def encrypted_pdf() -> bytes:
    pdf = FPDF()
    pdf.set_encryption(owner_password="owner", user_password="user")  # noqa: S106  # of a test file
    pdf.add_page()
    pdf.set_font("Helvetica", size=12)
    pdf.multi_cell(0, 6, "Nobody reads this without its password.")
    return bytes(pdf.output())


def zip_bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w") as part:
            for _ in range(300):
                part.write(b"<w:p>" * 200_000)
    return buffer.getvalue()


def laughing(root: str) -> bytes:
    """Entities that multiply: a billion characters when each is put in its place."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY l0 "haha">{entities}]><{root}>&l9;</{root}>'.encode()


def archive(name: str, content: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr(name, content)
    return buffer.getvalue()


def written(suffix: str, content: Callable[[random.Random], bytes]) -> Make:
    return lambda chance, stem: stem.with_name(stem.name + suffix).write_bytes(content(chance))


MANY: dict[str, Make] = {
    "cut-page": written(".html", lambda c: cut(as_page(), c, 0.3)),
    "cut-pdf": written(".pdf", lambda c: cut(as_pdf(), c)),
    "cut-word": written(".docx", lambda c: cut(as_word(), c)),
    "cut-feed": written(".xml", lambda c: cut(as_feed(), c, 0.3)),
    "cut-line": written(".jsonl", lambda c: cut(as_jsonl(), c)),
    "cut-character": written(".txt", lambda c: ("The mill’s plate – " * c.randint(5, 90)).encode()[:-3]),
    "noise": written(".txt", lambda c: noise(c, c.randint(50, 5000))),
    "noise-page": written(".html", lambda c: noise(c, c.randint(50, 5000))),
    "noise-pdf": written(".pdf", lambda c: b"%PDF-1.7\n" + noise(c, c.randint(50, 5000))),
    "noise-word": written(".docx", lambda c: b"PK\x03\x04" + noise(c, c.randint(50, 5000))),
    "noise-feed": written(".xml", lambda c: noise(c, c.randint(50, 5000))),
    "picture": written(".md", lambda c: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + noise(c, 500)),
    "invalid": written(".txt", lambda c: ("Stahl für Brücken – 钢 " * 20).encode() + b"\xff\xc3(" * c.randint(1, 9)),
    "zeros": written(".txt", lambda c: b"The crane fell.\0\0" * c.randint(1, 99)),
    "empty": written(".txt", lambda c: b" \n" * c.randint(0, 9)),
    "empty-page": written(".html", lambda c: b"<html><body>" + b"<p></p>" * c.randint(0, 99) + b"</body></html>"),
    "hollow": written(".jsonl", lambda c: json.dumps({"title": "x", "text": " " * c.randint(0, 9)}).encode()),
    "no-text": written(".jsonl", lambda c: json.dumps({"title": "x", "n": c.random()}).encode()),
    "no-feed": written(".rss", lambda c: b"<?xml version='1.0'?><other>" + b"<a/>" * c.randint(1, 99) + b"</other>"),
    "no-entries": written(".atom", lambda c: b"<feed xmlns='http://www.w3.org/2005/Atom'></feed>"),
    "front": written(".md", lambda c: b"---\ntitle: [" + b"open, " * c.randint(1, 99) + b"\n---\nText of it."),
    "archive": written(".docx", lambda c: archive("xl/workbook.xml", "<workbook/>" * c.randint(1, 9))),
    "hollow-word": written(".docx", lambda c: archive("word/document.xml", "<" * c.randint(0, 9))),
    "old-office": written(".docx", lambda c: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + noise(c, 5000)),
}
FEW: dict[str, Make] = {
    "deep": written(".html", lambda c: b"<html><body>" + b"<div>" * 200_000),
    "deep-line": written(".jsonl", lambda c: b'{"text": ' + b"[" * 200_000),
    "deep-front": written(".md", lambda c: b"---\ntitle: " + b"[" * 50_000 + b"\n---\nText."),
    "long": written(".txt", lambda c: b"word " * 10_000_000),
    "long-page": written(".html", lambda c: b"<p>" + b"word " * 10_000_000),
    "long-line": written(".jsonl", lambda c: b'{"text": "' + b"word " * 10_000_000 + b'"}'),
    "bomb": written(".docx", lambda c: zip_bomb()),
    "laughs": written(".xml", lambda c: laughing("rss")),
    "laughs-word": written(".docx", lambda c: archive("word/document.xml", laughing("document").decode())),
    "locked": written(".pdf", lambda c: encrypted_pdf()),
    "circle": lambda c, stem: stem.with_suffix(".txt").symlink_to(stem.with_suffix(".txt").name),
    "nowhere": lambda c, stem: stem.with_suffix(".md").symlink_to("not-there.md"),
    "pipe": lambda c, stem: os.mkfifo(stem.with_suffix(".txt")),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sources")
    for name, make in FEW.items():
        make(random.Random(name), folder / name)  # noqa: S311  # repeatable
    for number in range(300 - len(FEW)):
        name = sorted(MANY)[number % len(MANY)]
        make, chance = MANY[name], random.Random(number)  # noqa: S311
        make(chance, folder / f"{name}-{number}")
    for number in range(GOOD):
        (folder / f"{'amz'[number % 3]}-good-{number}.txt").write_text(f"Crane number {number} fell on Monday.")
    inner = folder / "inner"
    inner.mkdir()
    (inner / "back").symlink_to(folder)  # a folder within itself
    return folder


def test_bad_files_are_named_with_their_reason_and_good_ones_are_stored(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "index").mkdir()
    index = ArticleIndex(tmp_path / "index", FakeEncoder())
    times: dict[str, float] = {}
    last = time.monotonic()

    def clock(progress: object) -> None:
        nonlocal last
        now = time.monotonic()
        name = getattr(progress, "name", "")
        times[name] = max(times.get(name, 0), now - last)
        last = now

    report = add_sources(index, [str(folder)], progress=clock)
    assert {article.text for article in index.articles().values()} >= {
        f"Crane number {number} fell on Monday." for number in range(GOOD)
    }
    named = {Path(failure.source.rsplit(":", 1)[0]).name for failure in report.failed}
    bad = {file.name for file in folder.iterdir() if "good" not in file.name and not file.is_dir()}
    assert len(bad) == 300
    assert bad - named == set()
    assert all(len(failure.reason) > 5 and "\n" not in failure.reason for failure in report.failed)
    assert not [f for f in report.failed if "could not be read" in f.reason or "crashed" in f.reason]
    assert max(times.values()) < 30


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_files_and_folders_that_may_not_be_read_are_named(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    (sources / "shut").mkdir(parents=True)
    (sources / "shut.txt").write_text("Nobody reads this.")
    for path in (sources / "shut", sources / "shut.txt"):
        path.chmod(0)
    (tmp_path / "index").mkdir()
    report = add_sources(ArticleIndex(tmp_path / "index", FakeEncoder()), [str(sources)])
    (sources / "shut").chmod(0o700)
    assert {(Path(f.source).name, f.reason) for f in report.failed} == {
        ("shut", "permission denied"),
        ("shut.txt", "permission denied"),
    }
