"""Which encoding a file of text is in, found from its bytes and open to correction."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes

from calidez.engine.errors import EngineError

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Among encodings of one byte the bytes alone prove nothing: these are what the exports of our users use.
WESTERN = frozenset("áéíóúüñÁÉÍÓÚÜÑ¿¡ªº°çÇàèòÀÈÒïÏâêôãõ€“”‘’–—·²³×½¼\xa0£«»äößÄÖ")


def detect_encoding(sample: bytes, *, whole: bool) -> str:
    """The encoding of `sample`; `whole` says that nothing of the file comes after it."""
    for mark, name in MARKS:
        if sample.startswith(mark):
            return name
    wide = _wide_without_mark(sample)
    if wide:
        return wide
    if _is_utf8(sample, whole=whole):
        return "utf-8"
    return _one_byte(sample)


def canonical(encoding: str) -> str:
    """Python's name of an encoding, or a refusal."""
    try:
        return codecs.lookup(encoding).name
    except LookupError as error:
        raise EngineError("unknown_encoding", encoding=encoding) from error


def is_utf8(encoding: str) -> bool:
    return canonical(encoding) in ("utf-8", "utf-8-sig", "ascii")


def _wide_without_mark(sample: bytes) -> str | None:
    """UTF-16 without a mark: nearly every other byte of western text is zero."""
    if len(sample) < 8:
        return None
    even, odd = sample[0::2], sample[1::2]
    if odd.count(0) > 0.6 * len(odd) and even.count(0) < 0.05 * len(even):
        return "utf-16-le"
    if even.count(0) > 0.6 * len(even) and odd.count(0) < 0.05 * len(odd):
        return "utf-16-be"
    return None


def _is_utf8(sample: bytes, *, whole: bool) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, final=whole)
    except UnicodeDecodeError:
        return False
    return True


def _one_byte(sample: bytes) -> str:
    """cp1252 where its letters read as western text, otherwise what the statistics of the bytes say."""
    try:
        text = sample.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    foreign = [character for character in text if ord(character) > 127]
    if foreign and sum(character in WESTERN for character in foreign) >= 0.9 * len(foreign):
        return "cp1252"
    best = from_bytes(sample[:200_000]).best()
    return best.encoding.replace("_", "-") if best else "latin-1"
