"""Cited articles for reference managers: BibTeX, CSL-JSON and RIS, an entry for each revision, quotes in notes."""

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from assistant.answer import Citation
from assistant.export.pack import Pack, Source, said_by

_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
}


def bibtex(pack: Pack) -> str:
    """BibTeX of type @online, as biber and BibTeX read it; letters stay Unicode, signs of LaTeX are spelled out."""
    from bibtexparser.entrypoint import write_string  # deferred, as rispy is: only exports need them
    from bibtexparser.library import Library
    from bibtexparser.model import Block, Entry, Field

    entries: list[Block] = []
    for key, source in _keyed(pack):
        first = source.first
        fields = {
            "title": f"{{{_tex(_line(first.title))}}}",
            "publisher": _tex(_line(first.publisher or "")),
            "date": first.published or "",
            "url": _url(first.url),
            "urldate": _accessed(first),
            "note": _tex(" ".join(_notes(source))),
        }
        entries.append(Entry("online", key, [Field(name, value) for name, value in fields.items() if value]))
    return write_string(Library(entries))


def ris(pack: Pack) -> str:
    """RIS, of type NEWS."""
    import rispy

    entries = []
    for key, source in _keyed(pack):
        first = source.first
        entry = {
            "type_of_reference": "NEWS",
            "id": key,
            "title": _line(first.title),
            "publisher": _line(first.publisher or ""),
            "date": (first.published or "").replace("-", "/"),
            "year": (first.published or "")[:4],
            "access_date": _accessed(first).replace("-", "/"),
            "urls": [first.url] if first.url else [],
            "notes": list(_notes(source)),
        }
        entries.append({name: value for name, value in entry.items() if value})
    return str(rispy.dumps(entries))


def csl_json(pack: Pack) -> str:
    """CSL-JSON; `custom.assay` holds the citations whole, for `assistant verify` and other programs."""
    return json.dumps(list(_csl(pack)), ensure_ascii=False, indent=1) + "\n"


def _csl(pack: Pack) -> Iterator[dict[str, Any]]:
    from dataclasses import asdict

    for key, source in _keyed(pack):
        first = source.first
        item: dict[str, Any] = {"id": key, "type": "article-newspaper", "title": _line(first.title)}
        if first.publisher:
            item["container-title"] = _line(first.publisher)
        for name, day in (("issued", first.published), ("accessed", _accessed(first))):
            if day:
                item[name] = {"date-parts": [[int(part) for part in day.split("-")]]}
        if first.url:
            item["URL"] = first.url
        item["note"] = "\n".join(_notes(source))
        item["custom"] = {
            "assay": {
                "revision": first.revision,
                "citations": [asdict(c) for c in source.citations],
                "disclaimers": list(source.disclaimers),
            }
        }
        yield item


def _notes(source: Source) -> Iterator[str]:
    """Each quote with who claims it, the revision, and the disclaimers."""
    for citation in source.citations:
        said = said_by(citation)
        yield f"[{citation.number}] “{_line(citation.quote)}”{f' ({said})' if said else ''}"
    yield f"Article {source.first.article_id}, revision {source.first.revision}."
    yield from (f"Disclaimer: {_line(text)}" for text in source.disclaimers)


def _keyed(pack: Pack) -> Iterator[tuple[str, Source]]:
    """The sources with keys that any of the formats takes, each another."""
    taken: set[str] = set()
    for source in pack.sources:
        plain = unicodedata.normalize("NFKD", source.first.article_id).encode("ascii", "ignore").decode()
        key = base = re.sub(r"[^A-Za-z0-9-]+", "-", plain).strip("-") or "article"
        number = 2
        while key in taken:
            key, number = f"{base}-{number}", number + 1
        taken.add(key)
        yield key, source


def _accessed(citation: Citation) -> str:
    """The day of the export, where the article has an address that can be visited."""
    from datetime import date

    return date.today().isoformat() if citation.url else ""


def _line(text: str) -> str:
    return " ".join(text.split())


def _tex(text: str) -> str:
    return "".join(_LATEX.get(sign, sign) for sign in text)


def _url(url: str | None) -> str:
    """An address without what would end its braces."""
    return (url or "").replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")
