"""How one request over an SDK went."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from webhand.llm.failure import Failure, described
from webhand.llm.keys import answer_without
from webhand.secrets import Secret


@dataclass(frozen=True)
class Document:
    """A vendor's answer, decoded. The names in `headers` are lower case."""

    body: Mapping[str, Any]
    headers: Mapping[str, str]

    @property
    def request_id(self) -> str | None:
        """The vendor's name for the request, where a header or the document has it."""
        named = self.body.get("responseId")
        return _request_id(self.headers) or (named if isinstance(named, str) else None)


@dataclass(frozen=True)
class Received:
    """An answer that the vendor calls a success. The names in `headers` are lower case."""

    content: bytes
    headers: Mapping[str, str]

    def without(self, *keys: Secret | None) -> "Received":
        """The same without these keys."""
        headers = {name: answer_without(told, *keys) for name, told in self.headers.items()}
        return Received(answer_without(self.content, *keys), headers)

    @property
    def request_id(self) -> str | None:
        """The vendor's name for the request, where a header has it."""
        return _request_id(self.headers)

    def document(self) -> Document | None:
        """The JSON object in it, None where there is none.

        Some servers send blank lines first to keep the line open.
        """
        try:
            body = json.loads(self.content)
        except (ValueError, RecursionError):
            return None
        return Document(cast(dict[str, Any], body), self.headers) if isinstance(body, dict) else None

    def start(self) -> str:
        """The beginning of what came, in a few words."""
        return described(self.content[:2000].decode("utf-8", "replace")) or "nothing"


def _request_id(headers: Mapping[str, str]) -> str | None:
    return headers.get("x-request-id") or headers.get("request-id")


@dataclass(frozen=True)
class Unreachable:
    """No answer came; `why` is for people."""

    why: str


class TimedOut:
    """No answer came in time."""


Outcome = Received | Failure | Unreachable | TimedOut
