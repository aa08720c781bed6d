"""An answer that is an error, read as the vendor worded it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from webhand.errors import LLMError

READ = 20_000
"""Characters of a foreign text that are looked at."""
# Where to go with an error says little about what it is: throttles carry links to the page of bills.
LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Failure:
    """An answer that is an error, as the vendor worded it.

    The names in `headers` are lower case; `body` is the error's inner document. `meant` is the kind of error where the
    adapter knows better than status and words tell; `inside` says that it stood in what the server calls a success,
    and that its status is ours. What the server words itself is not shown: it may repeat the key.
    """

    status: int
    message: str = field(repr=False)
    code: str | None = None
    kind: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    request_id: str | None = None
    body: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)
    meant: type[LLMError] | None = None
    inside: bool = False

    @property
    def words(self) -> str:
        """Everything that is said about the reason, in lower case and without links."""
        return reasons(f"{self.code or ''} {self.kind or ''} {self.message[:READ]}")

    @classmethod
    def within(cls, told: object, headers: Mapping[str, str]) -> "Failure":
        """Read from an error in an answer with status 200; one without a status of its own is the server's fault."""
        code = str(mapping(told).get("code"))
        own = re.fullmatch(r"[45]\d\d", code) is not None
        return replace(cls.of(int(code) if own else 502, {"error": told}, headers), inside=not own)

    @classmethod
    def of(cls, status: int, body: object, headers: Mapping[str, str]) -> "Failure":
        """Read from an error's body: the whole document, its inner `error`, or text."""
        document = mapping(body)
        request_id = headers.get("x-request-id") or headers.get("request-id") or _text(document.get("request_id"))
        told = mapping(document.get("error")) or document
        if not told or isinstance(document.get("error"), str):
            said = described(document.get("error") or body)
            return cls(status, said, headers=headers, request_id=request_id)
        message = _said(told.get("message")) or _said(told.get("detail")) or ""
        if host := mapping(told.get("metadata")).get("raw"):
            message = f"{message}: {described(host)}"
        kinds = (_text(told.get("type")), _text(mapping(told.get("innererror")).get("code")))
        kind = " ".join(kind for kind in kinds if kind) or None
        return cls(status, message, _text(told.get("code")), kind, headers, request_id, told)


def reasons(text: str) -> str:
    """What a text says about the reason of an error, in lower case and without links."""
    return LINK.sub("", text.lower())


def mapping(value: object) -> Mapping[str, Any]:
    """The value if it is an object, else an empty one."""
    return cast(Mapping[str, Any], value) if isinstance(value, Mapping) else {}


def _text(value: object) -> str | None:
    return str(value) if isinstance(value, str | int) and value != "" else None


def _said(message: object) -> str | None:
    """A message, which may be a text, or a list of what is wrong at which place."""
    details = mapping(message).get("detail", message)
    if not isinstance(details, list):
        return _text(details)
    wrong = [mapping(detail) for detail in cast(list[object], details)]
    return "; ".join(f"{_place(one.get('loc'))}: {one.get('msg')}" for one in wrong) or None


def _place(path: object) -> str:
    return ".".join(str(step) for step in cast(list[object], path)) if isinstance(path, list) else "request"


def described(body: object) -> str:
    """A body that is no error document, in a few words: a page by its title, text by its beginning."""
    text = str(body or "").strip()
    if text.startswith("<"):
        title = re.search(r"<title[^>]*>([^<]+)", text, re.IGNORECASE)  # whole: a key that is cut is not found in it
        return f"an HTML page {title[1].strip()!r}" if title else "an HTML page"
    return text
