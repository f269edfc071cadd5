"""Bytes into text, whatever a mail says about its charset: it may be unknown, missing, or a lie."""

from __future__ import annotations

import codecs
import re

__all__ = ["codec_of", "readable", "text_of"]

LATIN = "cp1252"

_CODECS = {
    "utf-8": "utf-8",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "utf-7": "utf-7",
    "us-ascii": LATIN,
    "iso-8859-1": LATIN,
    "windows-1252": LATIN,
    "iso-8859-2": "iso8859-2",
    "iso-8859-3": "iso8859-3",
    "iso-8859-4": "iso8859-4",
    "iso-8859-5": "iso8859-5",
    "iso-8859-6": "iso8859-6",
    "iso-8859-7": "iso8859-7",
    "iso-8859-8": "iso8859-8",
    "iso-8859-9": "cp1254",
    "iso-8859-10": "iso8859-10",
    "iso-8859-11": "cp874",
    "iso-8859-13": "iso8859-13",
    "iso-8859-14": "iso8859-14",
    "iso-8859-15": "iso8859-15",
    "iso-8859-16": "iso8859-16",
    "windows-874": "cp874",
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "macintosh": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
    "cp437": "cp437",
    "cp850": "cp850",
    "cp852": "cp852",
    "cp866": "cp866",
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-2022-kr": "iso2022_kr",
    "shift-jis": "cp932",
    "euc-jp": "euc_jp",
    "gb2312": "gb18030",
    "hz-gb-2312": "hz",
    "big5": "cp950",
    "big5-hkscs": "big5hkscs",
    "euc-kr": "cp949",
    **{f"windows-{page}": f"cp{page}" for page in (*range(1250, 1252), *range(1253, 1259))},
}
"""The codec of each charset: the one that reads what mail programs really send under that name, a superset where there is one."""

_OTHER_NAMES = {
    "us-ascii": "ascii ansi-x3-4-1968 ansi default 7bit 8bit",
    "utf-8": "utf8 utf-8mb4 utf8mb4 unicode-1-1-utf-8 cp65001 utf-8-sig",
    "utf-7": "utf7 unicode-1-1-utf-7",
    "iso-8859-1": "latin1 latin-1 l1 iso8859-1 iso-8859 8859-1 iso-ir-100",
    "iso-8859-2": "latin2 latin-2",
    "iso-8859-6": "iso-8859-6-e iso-8859-6-i",
    "iso-8859-8": "iso-8859-8-i iso-8859-8-e logical",
    "iso-8859-9": "latin5",
    "iso-8859-11": "tis-620",
    "iso-8859-15": "latin9 latin-9",
    "windows-1252": "cp1252 cp-1252 win-1252 x-ansi",
    "macintosh": "mac mac-roman x-mac-roman",
    "cp437": "ibm437",
    "cp850": "ibm850 cp-850",
    "cp852": "ibm852",
    "cp866": "ibm866",
    "koi8-r": "koi8 koi8r",
    "iso-2022-jp": "iso-2022-jp-1 iso-2022-jp-2 iso-2022-jp-3 iso-2022-jp-ms cp50220 cp50221 csiso2022jp",
    "shift-jis": "sjis x-sjis ms-kanji windows-31j cp932 ms932 shiftjis",
    "euc-jp": "x-euc-jp eucjp",
    "gb2312": "gbk gb18030 x-gbk cp936 ms936 euc-cn chinese gb-2312 gb2312-80 csgb2312 gb-2312-80",
    "hz-gb-2312": "hz",
    "big5": "cp950 x-x-big5 csbig5 cn-big5",
    "euc-kr": "ks-c-5601-1987 ks-c-5601 ksc5601 cp949 uhc windows-949 euckr",
}
_NAMES = {other: _CODECS[name] for name, others in _OTHER_NAMES.items() for other in others.split()}
_MANY_BYTES = frozenset({"cp932", "euc_jp", "gb18030", "cp950", "big5hkscs", "cp949", "iso2022_jp_ext", "iso2022_kr", "hz"})
_FOREIGN = re.compile(r"[^\W\d_a-zA-Z]{3,}")
_ODD = re.compile(r"[\s_]+")
_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127))

_KANA = "".join(map(chr, range(0x3041, 0x30FB)))
_COMMON = {
    "koi8-r": "оеаинтсрвлкмдпуя",
    "cp1251": "оеаинтсрвлкмдпуя",
    "cp932": _KANA,
    "euc_jp": _KANA,
    "gb18030": "的一是不了在有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年",
    "cp949": "이다는을에의가은하고지한로도",
}
"""For each charset that is guessed, the letters that its languages use most: whoever guesses wrong reads hardly any of them."""
_GUESSED_FROM = 4000


def codec_of(charset: str | None) -> str | None:
    """Return the codec for a charset as a mail names it; ``None`` where nobody knows it."""
    name = _ODD.sub("-", (charset or "").strip().strip("\"'").lower())[:40]
    if name.startswith("cp") and f"windows-{name[2:].strip('-')}" in _CODECS:
        name = f"windows-{name[2:].strip('-')}"
    if name.startswith("iso8859-"):
        name = f"iso-{name[3:]}"
    return _CODECS.get(name) or _NAMES.get(name)


def text_of(data: bytes, charset: str | None, hint: str | None = None) -> str:
    """Return ``data`` as text. It never fails: what cannot be read becomes U+FFFD.

    What is UTF-8 without a fault is read so even where it was declared as a charset of single bytes. Where the charset is unknown
    or does not fit, ``hint`` (what the rest of the mail uses) is tried, and then the letters decide.
    """
    codec = codec_of(charset)
    if data.isascii() and codec not in ("utf-7", "hz", "utf-16", "utf-16-le", "utf-16-be") and b"\x1b" not in data:
        return data.decode("ascii")
    if data.startswith(codecs.BOM_UTF8):
        data, codec = data[3:], "utf-8"
    escaped = b"\x1b$" in data and codec not in _MANY_BYTES
    for name in ("iso2022_jp_ext",) * escaped + _order(codec, codec_of(hint)):
        told = _strictly(data, name)
        if told is not None:
            return told
    return _at_any_price(data, codec)


def _order(codec: str | None, hint: str | None) -> tuple[str, ...]:
    first = [codec] if codec in _MANY_BYTES or (codec or "").startswith("utf-") else ["utf-8", codec if codec != LATIN else None]
    return tuple(name for name in dict.fromkeys([*first, "utf-8", hint if codec in (None, "utf-8") else None]) if name)


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        told = data.decode(codec)
    except (UnicodeError, ValueError):
        return None
    return None if _broken(told) else told


def _broken(told: str) -> bool:
    return any("\ud800" <= sign <= "\udfff" for sign in told) if not told.isprintable() else False


def _at_any_price(data: bytes, codec: str | None) -> str:
    """Read what fits no charset exactly: as declared where more letters fit than do not, else as the letters look."""
    if codec is not None and codec != LATIN:
        told = data.decode(codec, "replace")
        right = sum(sign > "\x7f" for sign in told) - 2 * told.count("\ufffd")
        if right > 0:
            return told.encode("utf-8", "replace").decode("utf-8")
    return _likely(data) or data.decode(LATIN, "replace")


def _likely(data: bytes) -> str | None:
    """Return ``data`` in the charset whose commonest letters it is full of; ``None`` where no such charset stands out."""
    sample, best, most = data[:_GUESSED_FROM], None, 0.2
    for codec, letters in _COMMON.items():
        told = sample.decode(codec, "ignore")
        runs = "".join(_FOREIGN.findall(told))
        share = sum(sign in letters for sign in runs) / len(runs) if len(runs) > 3 else 0.0
        if share > most:
            best, most = codec, share
    return None if best is None else data.decode(best, "replace")


def readable(text: str) -> str:
    """Return ``text`` with one kind of line end, and without NUL and the other characters that nobody can read."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n").translate(_CONTROLS)
