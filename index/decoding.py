"""Bytes of a text file to text: the encoding is found out where nobody says it, and never guessed half."""

import codecs
import re
from collections.abc import Iterator

from index.errors import SourceError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY = (
    "gb18030",
    "big5",
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp1257",
    "cp932",
    "koi8_r",
)
_LATIN: dict[str, frozenset[str]] = {
    "cp1252": frozenset("en fr de es pt it nl sv da nb nn no fi is ga ca eu gl sw id ms".split()),  # noqa: SIM905
    "cp1250": frozenset("cs pl hu sk sl hr bs ro sq".split()),  # noqa: SIM905
    "cp1254": frozenset(["tr", "az"]),
    "cp1257": frozenset(["lv", "lt", "et"]),
}
"""Languages of the Latin code pages, the commonest page first; their signs look alike to a frequency count."""
_AS = {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252", "latin-1": "cp1252", "ascii": "cp1252"}
"""Encodings that a page names when it means a wider one (WHATWG's table of labels)."""
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\x80-\x84\x86-\x9f]")
_SAMPLE = 200_000
"""Bytes that are looked at to find out an encoding."""
_MOST_CONTROLS = 0.01


def decode(data: bytes, declared: str | None = None) -> str:
    """`data` as text. `declared` is the encoding that a server or page names; what the bytes say goes before it.

    Raises SourceError when this is no text, or text that is damaged.
    """
    for text in _attempts(data, declared):
        if len(_CONTROLS.findall(text[:_SAMPLE])) > _MOST_CONTROLS * min(len(text), _SAMPLE):
            raise SourceError("is a binary file, not text")
        return text
    raise SourceError("is in an encoding that is not known; save it as UTF-8")


def _attempts(data: bytes, declared: str | None) -> Iterator[str]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            yield _strictly(data, encoding)
            return
    wide = _wide_encoding(data)
    if wide:
        yield _strictly(data, wide)
        return
    try:
        yield data.decode("utf-8")
        return
    except UnicodeDecodeError as error:
        _refuse_damaged_utf8(data, error)
    for likely in (_known(declared), _found_out(data)):
        if likely:
            try:
                yield data.decode(likely)
            except UnicodeDecodeError:
                continue


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        label = encoding.removesuffix("-sig").upper()
        raise SourceError(f"is damaged {label} text (byte {error.start}); restore the file") from None


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 without its mark: plain letters have a zero in every other byte."""
    sample = data[:_SAMPLE]
    zeros = (sample[0::2].count(0), sample[1::2].count(0))
    half = len(sample) // 2
    if not half or max(zeros) < 0.3 * half or min(zeros) > 0.05 * half:
        return None
    return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"


def _refuse_damaged_utf8(data: bytes, error: UnicodeDecodeError) -> None:
    """Raises SourceError when most of the bytes that are not ASCII do form UTF-8: then it is that, and damaged."""
    sequences = _MULTIBYTE.findall(data)
    formed = sum(map(len, sequences))
    if formed * 2 < len(_HIGH.findall(data)):
        return
    if error.end >= len(data) and "unexpected end" in error.reason:
        raise SourceError("ends in the middle of a character: it is cut off. Restore the file")
    raise SourceError(f"is damaged UTF-8 text (byte {error.start}); restore the file")


def _known(name: str | None) -> str | None:
    if not name:
        return None
    lowered = name.strip().lower()
    try:
        return codecs.lookup(_AS.get(lowered, lowered)).name
    except LookupError:
        return None


def _found_out(data: bytes) -> str | None:
    from charset_normalizer import from_bytes  # deferred: nearly all files are UTF-8

    best = from_bytes(data[:_SAMPLE], cp_isolation=list(_LEGACY), steps=5, chunk_size=512, threshold=0.2).best()
    if best is None or best.encoding not in _LATIN:
        return best.encoding if best else None
    return _latin_page(data[:_SAMPLE]) or best.encoding


def _latin_page(sample: bytes) -> str | None:
    """The Latin code page that is the page of the language which the text shows when read with it."""
    from index.metadata import detect_language

    for encoding, languages in _LATIN.items():
        try:
            text = sample.decode(encoding)
        except UnicodeDecodeError:
            continue
        if detect_language(text) in languages:
            return encoding
    return None
