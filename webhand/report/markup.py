"""HTML from text: whatever was not made here is escaped."""

from __future__ import annotations

import html
import re

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_WEB = ("http://", "https://")


class Markup(str):
    """Text that is HTML already; only this module makes it of something else."""

    __slots__ = ()


def escaped(text: str) -> Markup:
    """The text as it is to be read, in an element or in a quoted attribute."""
    return text if isinstance(text, Markup) else Markup(html.escape(_CONTROLS.sub("\ufffd", text.replace("\r", ""))))


def joined(*content: str | None) -> Markup:
    """Text and markup one after the other; None is left out."""
    return Markup("".join(escaped(one) for one in content if one is not None))


def tag(name: str, kind: str, *content: str | None, **attributes: str) -> Markup:
    """An element of the class `kind`."""
    given = {"class": kind} | attributes if kind else attributes
    written = "".join(f' {key}="{escaped(value)}"' for key, value in given.items())
    return Markup(f"<{name}{written}>{joined(*content)}</{name}>")


def link(url: str) -> Markup:
    """The address, to be followed only where it leads to a web page."""
    if not url.lower().startswith(_WEB):
        return tag("span", "url", url)
    return tag("a", "url", url, href=url, rel="noreferrer noopener", target="_blank")
