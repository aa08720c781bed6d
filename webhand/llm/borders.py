"""The borders that page text stands between in a prompt, and what keeps pages from writing them. Pure."""

import re

BEGIN, END = "<<<page", "page>>>"

# By what a character looks like, and how many of the sign it looks like.
_OPENING = {**dict.fromkeys("<＜﹤≮‹˂❮〈〈⟨ᐸ", 1), **dict.fromkeys("«≪⟪《", 2), "⋘": 3}
_CLOSING = {**dict.fromkeys(">＞﹥≯›˃❯〉〉⟩ᐳ", 1), **dict.fromkeys("»≫⟫》", 2), "⋙": 3}
_UNSEEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u0300-\u036f\u0483-\u0489\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"
    "\u115f\u1160\u17b4\u17b5\u180b-\u180f\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u20d0-\u20ff\u2800\u3164\ufe00-\ufe0f\ufe20-\ufe2f\ufeff\uffa0\ufff9-\ufffb\U000110bd\U000110cd"
    "\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""What draws nothing, or only on the character before it."""


def _run(signs: dict[str, int]) -> re.Pattern[str]:
    one = re.escape("".join(signs))
    return re.compile(f"[{one}](?:[{_UNSEEN}]*[{one}])*")


_RUNS = ((_run(_OPENING), _OPENING, "((("), (_run(_CLOSING), _CLOSING, ")))"))


def unforgeable(text: str) -> str:
    """The text with everything replaced that looks like a border of the page, in whatever guise."""
    for pattern, signs, instead in _RUNS:

        def plain(found: re.Match[str], signs: dict[str, int] = signs, instead: str = instead) -> str:
            return found[0] if sum(signs.get(sign, 0) for sign in found[0]) < 3 else instead

        text = pattern.sub(plain, text)
    return text


def one_line(text: str, shown: int = 300) -> str:
    """The text on one line, so that what a page says cannot begin a line of ours; cut after `shown` characters."""
    text = " ".join(text.split())
    return text if len(text) <= shown else text[:shown] + "…"


def inset(text: str) -> str:
    """The text with all lines after its first marked as going on from it."""
    return "\n    | ".join(text.splitlines())
