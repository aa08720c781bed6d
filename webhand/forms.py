"""What a secret value may be written as: patterns that find it in addresses, scripts, markup and encodings. Pure."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html.entities import codepoint2name
from urllib.parse import quote

SHORT = 6
"""Characters under which a value is looked for as it is only: its other forms would be found everywhere."""
LONG = 32
"""Signs from which a value is found by its pieces as well: texts are cut, and a part of a key is still a secret."""
PIECE = 16
ANCHOR = 12
"""Signs of an encoding, without any that differs from place to place, by which a part of it is found."""
BREAK = re.compile(r"(?:\\?[\r\n]|\\[rn])*")
"""Lines of an encoding end somewhere."""
CUT = 6
"""Signs of a shorter value that are told apart where a text is cut."""
_UNSEEN = " \t\r\n*_~`\u00a0\u00ad\u200b\u200c\u200d\u2060\ufeff"
"""What may come between the signs of a value that markup has split: blanks, Markdown, signs without width."""
_ESCAPED = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f", "\v": "v", '"': '"', "'": "'", "/": "/"}


def replaced(text: str, value: str, mark: str, code: bool = False) -> str:
    """The text with the mark for a value however it is written; a one-time `code` only as a number of its own."""
    for pattern in _patterns(value, mark, code):
        text = pattern.sub(lambda _: mark, text)
    if len(value) < LONG:
        return text
    text = _without(text, [part for form in _encoded(value) for part in _parts(text, form)], mark)
    return joined(text, mark) if mark in text else text


@lru_cache(maxsize=256)
def _patterns(value: str, mark: str, code: bool) -> tuple[re.Pattern[str], ...]:
    if len(value) < SHORT:
        return (re.compile(re.escape(value)),)
    gap = _gap(value, "-" if code else "")
    signs = [_sign(one) for one in value]
    if len(value) >= LONG:
        return tuple(map(re.compile, _in_pieces(signs, gap, mark)))
    begin = gap.join(signs[:CUT]) + _as_far_as_it_goes(signs[CUT:], gap)
    whole = [gap.join(signs), *([begin + r"(?=\s?…)"] if len(signs) > CUT else [])]
    whole = [rf"(?<!\d){one}(?!\d)" for one in whole] if code else whole
    forms = ("".join("(?:" + "|".join(map(re.escape, _ways(sign))) + ")" for sign in form) for form in _encoded(value))
    return (re.compile("|".join([*whole, *forms])),)


def joined(text: str, mark: str) -> str:
    """The text with one mark where a long value has left one for each of its pieces."""
    return re.sub(f"{re.escape(mark)}(?:{_gap('', '')}{re.escape(mark)})+", mark, text)


def _in_pieces(signs: Sequence[str], gap: str, mark: str) -> Iterator[str]:
    """A pattern for each piece, with as much of the next as is there; and for what is left of one that is cut."""
    pieces = [signs[at : at + PIECE] for at in range(0, len(signs), PIECE)]
    if len(pieces[-1]) < PIECE:
        pieces[-2:] = [[*pieces[-2], *pieces[-1]]]
    for piece, following in zip(pieces, [*pieces[1:], []], strict=True):
        yield gap.join(piece) + _as_far_as_it_goes(following, gap)
    for piece in pieces:
        yield f"(?<={re.escape(mark)}){piece[0]}{_as_far_as_it_goes(piece[1:], gap)}"


def _parts(text: str, form: str) -> Iterator[tuple[int, int]]:
    """Where parts of an encoded form stand that are long enough to be no chance."""
    for anchor in re.finditer(f"[A-Za-z0-9]{{{ANCHOR}}}", form):
        end = 0
        while (found := text.find(anchor[0], end)) >= 0:
            end = _on(text, found + ANCHOR, form[anchor.end() :])
            yield _back(text, found, form[: anchor.start()]), end


def _without(text: str, parts: list[tuple[int, int]], mark: str) -> str:
    """The text with the mark for each run of parts: they overlap, as encodings of one value have much in common."""
    kept, last = list[str](), 0
    for begin, end in sorted(parts):
        if begin > last or not kept:
            kept.append(text[last:begin])
        last = max(last, end)
    return mark.join([*kept, text[last:]]) if kept else text


def _on(text: str, at: int, form: str) -> int:
    """How far the text goes on as the form does."""
    for sign in form:
        if broken := BREAK.match(text, at):
            at = broken.end()
        way = next((way for way in _ways(sign) if text.startswith(way, at)), None)
        if way is None:
            break
        at += len(way)
    return at


def _back(text: str, at: int, form: str) -> int:
    """From where the text goes as the form does, up to here."""
    for sign in reversed(form):
        before = len(text[max(at - 4, 0) : at].rstrip("\r\n"))
        before = max(at - 4, 0) + before
        way = next((way for way in _ways(sign) if text.endswith(way, 0, before)), None)
        if way is None:
            break
        at = before - len(way)
    return at


def _ways(sign: str) -> Sequence[str]:
    """How a sign of base64 may be written in addresses and scripts."""
    return {"+": ("+", "-", "%2B", "%2b"), "/": ("/", "_", "%2F", "%2f", "\\/")}.get(sign, (sign,))


def _as_far_as_it_goes(signs: Sequence[str], gap: str) -> str:
    """Finds as many of the signs as are there."""
    rest = ""
    for sign in reversed(signs):
        rest = f"(?:{gap}{sign}{rest})?"
    return rest


def _gap(value: str, more: str) -> str:
    between = "".join(re.escape(sign) for sign in _UNSEEN + more if sign not in value)
    return f"(?:[{between}]|<[^<>]{{0,300}}>){{0,4}}"


@lru_cache(maxsize=1024)
def _sign(sign: str) -> str:
    """One sign: as it is, with percent signs (repeatedly too), as HTML, or as a string of a script has it."""
    number = ord(sign)
    raws = [sign.encode(errors="surrogatepass"), *([sign.encode("latin-1")] if 127 < number < 256 else [])]
    ways = ["".join(f"%(?:25)*{_digits(f'{byte:02x}')}" for byte in one) for one in raws]
    named = ["apos"] if sign == "'" else [codepoint2name[number]] if number in codepoint2name else []
    entity = "|".join([f"#0*{number};?", f"#[xX]0*{_digits(f'{number:x}')};?", *(f"{name};" for name in named)])
    ways.append(f"&(?:amp;)*(?:{entity})")
    units = sign.encode("utf-16-be", "surrogatepass").hex()
    pair = r"\\{1,4}".join(f"u{_digits(units[at : at + 4])}" for at in range(0, len(units), 4))
    inside = [pair, rf"u\{{0*{_digits(f'{number:x}')}\}}", f"U{_digits(f'{number:08x}')}"]
    inside += [f"x{_digits(f'{number:02x}')}"] if number < 256 else []
    inside += [re.escape(_ESCAPED[sign])] if sign in _ESCAPED else []
    ways.append(rf"\\{{1,4}}(?:{'|'.join(inside)})")
    ways += {" ": [r"\+"], "\\": [r"\\{2,8}"], "\n": [r"\r\n", "%(?:25)*0[dD]%(?:25)*0[aA]"]}.get(sign, [])
    return f"(?:{'|'.join([*ways, re.escape(sign)])})"  # as it is comes last: a % or \\ may begin one of the others


def _digits(hexadecimal: str) -> str:
    return "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in hexadecimal)


@lru_cache(maxsize=256)
def _encoded(value: str) -> tuple[str, ...]:
    """The value, and what scripts make of it before, as hexadecimal and base64; the longest first."""
    raw = value.encode(errors="surrogatepass")
    raws = {raw, quote(raw, safe="").encode(), json.dumps(value)[1:-1].encode()}
    raws.add(json.dumps(value, ensure_ascii=False)[1:-1].encode(errors="surrogatepass"))
    if all(sign < "\u0100" for sign in value):
        raws.add(value.encode("latin-1"))
    forms: set[str] = set()
    for one in raws:
        forms |= {one.hex(), one.hex().upper()}
        for shift, begin in enumerate((0, 2, 3)):  # the characters at the edges hold bits of what stands beside it
            forms.add(base64.b64encode(bytes(shift) + one).decode()[begin : (shift + len(one)) * 8 // 6])
    return tuple(sorted(forms, key=len, reverse=True))
