"""Citation packs: every format read back by a library of its own, nothing lost, nothing executed."""

import copy
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import bibtexparser
import docx
import pytest
import rispy
from lxml import etree
from markdown_it import MarkdownIt

from assistant.__main__ import main
from assistant.assistant import Assistant
from assistant.export.markdown import markdown
from assistant.export.pack import Pack, pack_of
from assistant.export.references import bibtex, csl_json, ris
from assistant.export.word import word
from index.errors import ExportError

ODD = 'Rock & "roll" {50%}_#1 \\ <img src=x onerror=alert(1)> 包钢 ~ $5^2 [link](javascript:alert(1))'
QUESTION = "How much thin wear plate has Baotou Steel delivered in 2025?"


@pytest.fixture(scope="module")
def answer(assistant: Assistant) -> dict[str, Any]:
    given: dict[str, Any] = json.loads(json.dumps(assistant.ask(QUESTION).to_json()))
    assert given["disclaimers"]
    return given


@pytest.fixture(scope="module")
def odd(answer: dict[str, Any]) -> Pack:
    changed = copy.deepcopy(answer)
    for citation in changed["citations"]:
        citation["title"] = ODD
        citation["publisher"] = 'A "quoted" {publisher}'
    return pack_of([changed])


def _plain(latex: str) -> str:
    for written, sign in (
        (r"\textbraceleft{}", "{"),
        (r"\textbraceright{}", "}"),
        (r"\textasciitilde{}", "~"),
        (r"\textasciicircum{}", "^"),
        (r"\textless{}", "<"),
        (r"\textgreater{}", ">"),
        (r"\textbackslash{}", "\\"),
    ):
        latex = latex.replace(written, sign)
    return re.sub(r"\\([&%$#_])", r"\1", latex)


def test_bibtex_is_read_back(odd: Pack) -> None:
    [entry] = bibtexparser.parse_string(bibtex(odd)).entries
    fields = {name: field.value for name, field in entry.fields_dict.items()}
    assert _plain(fields["title"].removeprefix("{").removesuffix("}")) == ODD
    assert fields["date"] == "2025-08-19"
    assert all(" ".join(c.quote.split()) in _plain(fields["note"]) for c in odd.citations)
    assert odd.citations[0].revision in fields["note"]
    assert "Disclaimer: " in fields["note"]
    assert fields["note"].count("{") == fields["note"].count("}")


def test_ris_is_read_back(odd: Pack) -> None:
    [entry] = rispy.loads(ris(odd))
    assert entry["title"] == ODD
    assert entry["date"] == "2025/08/19"
    notes = " ".join(entry["notes"])
    assert all(" ".join(c.quote.split()) in notes for c in odd.citations)
    assert "a state-owned enterprise" in notes
    assert odd.disclaimers[0].text in notes


def test_csl_json_holds_the_citations_whole(odd: Pack) -> None:
    [item] = json.loads(csl_json(odd))
    assert (item["type"], item["title"]) == ("article-newspaper", ODD)
    assert item["issued"] == {"date-parts": [[2025, 8, 19]]}
    assert [c["quote"] for c in item["custom"]["assay"]["citations"]] == [c.quote for c in odd.citations]
    assert item["custom"]["assay"]["disclaimers"] == [d.text for d in odd.disclaimers]


def test_markdown_shows_odd_words_as_they_are(odd: Pack) -> None:
    text = markdown(odd)
    html = MarkdownIt().render(text)
    assert "<img" not in html
    assert "javascript:" not in re.findall(r'href="([^"]*)"', html)
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
    for citation in odd.citations:
        assert f"[^{citation.number}]:" in text
    assert all(d.text in html.replace("\\", "") for d in odd.disclaimers)


def test_a_word_document_has_real_footnotes(odd: Pack, tmp_path: Path) -> None:
    (tmp_path / "pack.docx").write_bytes(word(odd))
    document = docx.Document(str(tmp_path / "pack.docx"))
    texts = [p.text for p in document.paragraphs]
    assert texts[0] == QUESTION
    assert any(odd.disclaimers[0].text in text for text in texts)
    with zipfile.ZipFile(tmp_path / "pack.docx") as archive:
        notes = etree.fromstring(archive.read("word/footnotes.xml"))
        body = archive.read("word/document.xml").decode()
    namespace = notes.nsmap["w"]
    told = ["".join(n.itertext()) for n in notes.findall(f"{{{namespace}}}footnote")][2:]
    assert len(told) == len(odd.citations) == body.count("footnoteReference w:id")
    assert all(" ".join(c.quote.split()) in note and ODD in note for c, note in zip(odd.citations, told, strict=True))


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice: soffice is not on PATH")
def test_libreoffice_opens_it(odd: Pack, tmp_path: Path) -> None:
    (tmp_path / "pack.docx").write_bytes(word(odd))
    command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "pack.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)  # noqa: S603
    assert (tmp_path / "pack.pdf").stat().st_size > 1000


def test_a_conversation_is_numbered_through(answer: dict[str, Any]) -> None:
    pack = pack_of([answer, answer])
    assert [c.number for c in pack.citations] == list(range(1, 2 * len(answer["citations"]) + 1))
    assert len(pack.sources) == 1
    assert len(pack.disclaimers) == len(answer["disclaimers"])


def test_an_abstention_is_exported_with_what_it_says(assistant: Assistant) -> None:
    given = assistant.ask("What is the recipe for onion soup?").to_json()
    pack = pack_of([json.loads(json.dumps(given))])
    assert "do not answer this" in markdown(pack)
    assert word(pack).startswith(b"PK")


@pytest.mark.parametrize("given", [{}, {"citations": []}, [1], "text", None])
def test_what_is_no_answer_is_refused(given: object) -> None:
    with pytest.raises(ExportError, match="no answer"):
        pack_of([given])


def test_a_forged_citation_number_is_refused(answer: dict[str, Any]) -> None:
    forged = copy.deepcopy(answer)
    forged["sentences"][0]["citations"] = [99]
    with pytest.raises(ExportError, match="no answer"):
        pack_of([forged])


@pytest.mark.parametrize("name", ["md", "bibtex", "csl-json", "ris"])
def test_the_command_prints_every_text_format(
    answer: dict[str, Any], tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.json").write_text(json.dumps(answer), encoding="utf-8")
    assert main(["export", str(tmp_path / "a.json"), "--format", name]) == 0
    assert "4,000 tons" in capsys.readouterr().out


def test_verify_tells_what_became_of_citations(
    answer: dict[str, Any], tmp_path: Path, assistant: Assistant, capsys: pytest.CaptureFixture[str]
) -> None:
    index = str(assistant.index.path)
    (tmp_path / "a.json").write_text(json.dumps(answer), encoding="utf-8")
    assert main(["export", str(tmp_path / "a.json"), "--format", "csl-json", "--out", str(tmp_path / "e.json")]) == 0
    assert main(["verify", str(tmp_path / "e.json"), "--index", index]) == 0
    assert "unchanged" in capsys.readouterr().out
    gone, edited = copy.deepcopy(answer), copy.deepcopy(answer)
    gone["citations"][0]["article_id"] = "gone"
    edited["citations"][0]["revision"] = "0" * 64
    (tmp_path / "b.json").write_text(json.dumps([gone, edited]), encoding="utf-8")
    assert main(["verify", str(tmp_path / "b.json"), "--index", index, "--json"]) == 1
    states = [c["state"] for c in json.loads(capsys.readouterr().out)["citations"]]
    count = len(answer["citations"])
    assert (states[0], states[count]) == ("removed", "edited")
