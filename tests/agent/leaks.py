"""Looks for a value in whatever left a run, in all the ways it may be written."""

import base64
import html
import json
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote, quote_plus

PART = 24
"""Signs of a long value that are a leak already."""


def forms(value: str) -> set[bytes]:
    """What would be a leak; of a long value each part."""
    raw = value.encode()
    texts = {value, quote(value), quote(value, safe=""), quote_plus(value), quote(quote(value, safe=""), safe="")}
    texts |= {json.dumps(value)[1:-1], html.escape(value), html.escape(html.escape(value)), repr(value)[1:-1]}
    texts |= {raw.hex(), raw.hex().upper(), "".join(f"&#{ord(sign)};" for sign in value)}
    for shift, begin in enumerate((0, 2, 3)):
        texts.add(base64.b64encode(bytes(shift) + raw).decode()[begin : (shift + len(raw)) * 8 // 6])
    parts = (text[at : at + PART] for text in texts for at in range(0, max(len(text) - PART, 0) + 1, 7))
    return {part.encode() for part in (parts if len(value) > 2 * PART else texts)}


def leaks(values: Iterable[str], told: bytes) -> list[bytes]:
    """The forms of the values that stand in what was told."""
    return [form for value in values for form in forms(value) if form in told]


def kept(folder: Path) -> bytes:
    """Every byte below a folder, names of files included."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    assert files
    return b"\n".join(str(path).encode() + b"\n" + path.read_bytes() for path in files)
