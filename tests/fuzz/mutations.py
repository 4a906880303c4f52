"""Spoils files the way networks, editors and enemies do; equal seeds give equal files."""

import io
import random
import re
import warnings
import zipfile
from collections.abc import Callable, Sequence

# Texts that have broken readers before: limits, signs of other formats, halves of letters, other numbers.
TOKENS: Sequence[str] = (
    "",
    "-1",
    "0",
    "1",
    "65535",
    "1048577",
    "2147483648",
    "99999999999999999999",
    "1e999",
    "NaN",
    "-0.0",
    "Infinity",
    "A1",
    "ZZZ9999999",
    "A0",
    "A1:XFD1048576",
    "B2:A1",
    "A1:A1",
    "true",
    "#REF!",
    "=1+1",
    "&amp;",
    "&#0;",
    "&#xD800;",
    "&lt;x&gt;",
    "\u0000",
    "\ufeff",
    "\u202e",
    "\u0301" * 40,
    "ộ" * 300,
    "\U0001f600",
    "\\ud800",
    "None",
    "Tổng cộng",
    "Trong đó:",
    "Đơn vị tính: Triệu đồng",
    "A B 1 2 3=2/1",
    "(1)",
    "I",
    "Biểu số 64/CK-NSNN",
    "Mã đơn vị",
    "Kỳ báo cáo",
    "Dân số",
    "31/12/2025",
    "29/02/2025",
    "00/00/0000",
    "13/2026",
    "1.234.567,89",
    "14,5%",
    '"',
    '""',
    "\r\n",
    "\t",
    ";",
    "s",
    "e",
    "inlineStr",
    "d",
)
_ATTRIBUTE = re.compile(r'(\s[\w:.-]+=")([^"]*)(")')
_CONTENT = re.compile(r"(>)([^<>]+)(<)")
_ELEMENT = re.compile(r"<(\w[\w:]*)[^<>]*?(?:/>|>[^<>]*</\1>)")


def spoiled(content: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    """The file with one to six things wrong with it; `others` lend their parts."""
    ways: list[Callable[[bytes, Sequence[bytes], random.Random], bytes]]
    ways = [_flip, _cut, _splice, _insert]
    if content[:2] == b"PK":
        ways = [_archive] * 12 + ways
    elif content[:4] not in (b"\xd0\xcf\x11\xe0", b"PAR1"):
        ways = [_lines] * 8 + ways
    for _ in range(rng.choice((1, 1, 1, 2, 3, 6))):
        content = rng.choice(ways)(content, others, rng)
    return content


def _flip(content: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    raw = bytearray(content)
    for _number in range(rng.choice((1, 1, 2, 8, 64)) if raw else 0):
        raw[rng.randrange(len(raw))] = rng.choice((0, 1, 127, 128, 255, rng.randrange(256)))
    return bytes(raw)


def _cut(content: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    start, end = sorted(rng.randrange(len(content) + 1) for _number in range(2))
    return rng.choice((content[:start], content[start:], content[:start] + content[end:], content[:-1]))


def _splice(content: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    other = rng.choice(others)
    return content[: rng.randrange(len(content) + 1)] + other[rng.randrange(len(other) + 1) :]


def _insert(content: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    at = rng.randrange(len(content) + 1)
    token = _encoded(rng.choice(TOKENS), rng) * rng.choice((1, 1, 3, 200))
    return content[:at] + token + content[at + rng.choice((0, len(token))) :]


def _encoded(token: str, rng: random.Random) -> bytes:
    return token.encode(rng.choice(("utf-8", "utf-8", "utf-8", "utf-16-le", "utf-16-be")))


def _lines(content: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    """Text with lines moved, doubled, joined, or cells replaced."""
    lines = content.split(b"\n")
    at = rng.randrange(len(lines))
    way = rng.randrange(8)
    if way == 0:
        lines.insert(at, rng.choice(lines))
    elif way == 1:
        lines.pop(at)
    elif way == 2:
        rng.shuffle(lines)
    elif way == 3:
        lines[at : at + 2] = [b"".join(lines[at : at + 2])]
    elif way == 4:
        lines.insert(at, rng.choice(rng.choice(others).split(b"\n"))[:2000])
    elif way == 5:
        return content.replace(
            rng.choice((b",", b";", b"\t", b"\r\n", b'"')), rng.choice((b";", b",", b"|", b"\t", b"\r"))
        )
    else:
        mark = rng.choice((b",", b";", b"\t", b":"))
        cells = lines[at].split(mark)
        cells[rng.randrange(len(cells))] = _encoded(rng.choice(TOKENS), rng)
        lines[at] = mark.join(cells)
    return b"\n".join(lines)


def _archive(content: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    """A workbook or document with one member changed, taken from another file, doubled or gone."""
    try:
        held = _members(content)
    except Exception:
        return content
    if not held:
        return content
    name = rng.choice(sorted(held))
    if rng.random() < 0.6:
        sheets = [
            n for n in sorted(held) if re.search(r"sheet\d|sharedStr|content\.xml|styles|workbook\.xml", n)
        ]
        name = rng.choice(sheets or sorted(held))
    way = rng.randrange(10)
    if way == 0:
        del held[name]
    elif way == 1:
        held[name] = _borrowed(name, others, rng)
    elif way == 2:
        other = rng.choice(sorted(held))
        held[name], held[other] = held[other], held[name]
    elif way == 3:
        held[name] = rng.choice((_flip, _cut, _insert))(held[name], others, rng)
    else:
        held[name] = _markup(held[name].decode("utf-8", "surrogateescape"), rng).encode(
            "utf-8", "surrogateescape"
        )
    return _packed(held, rng)


def _members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        infos = file.infolist()[:60]
        return {info.filename: file.read(info) for info in infos if info.file_size < 2_000_000}


def _borrowed(name: str, others: Sequence[bytes], rng: random.Random) -> bytes:
    try:
        held = _members(rng.choice(others))
    except Exception:
        return b""
    return held.get(name) or next(iter(held.values()), b"")


def _packed(held: dict[str, bytes], rng: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file, warnings.catch_warnings():
        for name, data in held.items():
            file.writestr(zipfile.ZipInfo(name, (2026, 4, 1, 0, 0, 0)), data, compresslevel=1)
        if held and rng.random() < 0.03:
            warnings.simplefilter("ignore", UserWarning)
            twice = rng.choice(sorted(held))
            file.writestr(
                zipfile.ZipInfo(twice + rng.choice(("", " ", "/", "\\x")), (2026, 4, 1, 0, 0, 0)), b"<x/>"
            )
    return out.getvalue()


def _markup(text: str, rng: random.Random) -> str:
    """XML with attributes, texts or elements changed; several at once where they are small."""
    for _ in range(rng.choice((1, 1, 2, 5))):
        pattern = rng.choice((_ATTRIBUTE, _ATTRIBUTE, _CONTENT, _CONTENT, _ELEMENT))
        found = list(pattern.finditer(text))
        if not found:
            continue
        match = rng.choice(found)
        if pattern is _ELEMENT:
            text = text[: match.end()] + match[0] * rng.choice((1, 1, 3, 300)) + text[match.end() :]
            if rng.random() < 0.3:
                text = text[: match.start()] + text[match.end() :]
        else:
            token = rng.choice((*TOKENS, rng.choice(found)[2], match[2] * 2, match[2][:-1])).replace("\0", "")
            text = text[: match.start(2)] + token.replace('"', "").replace("<", "") + text[match.end(2) :]
    if rng.random() < 0.1 and "</sheetData>" in text:
        first, last = (
            rng.choice(("A1", "A2", "C1", "B3", "ZZ9")),
            rng.choice(("A9", "F1", "F3", "XFD1048576", "A1")),
        )
        merge = f'<mergeCells count="1"><mergeCell ref="{first}:{last}"/></mergeCells>'
        text = text.replace("</sheetData>", f"</sheetData>{merge}", 1)
    return text
