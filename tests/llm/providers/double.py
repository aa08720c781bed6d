"""What a vendor's double is: how that vendor's server phrases what it sends, and how it reads what it is asked.

To add a vendor to the contract, write `doubles/<vendor>.py` with a subclass of `Double` and name it in the table
`DOUBLES` of `bench.py`; every test that takes the fixture `bench` then runs for it too. A case of the contract that
does not concern the vendor is named with its reason in `lacks`: tests called `test_case_<number>_...` leave it out.
What only one vendor does is tested in `test_<vendor>_wire.py`, with `pytestmark = on("<vendor>")`.

A double decodes strictly what it reads: what the real server would refuse has to fail the test.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from tests.llm.providers.wire import Answer, Request
from webhand.llm.model import Rung
from webhand.llm.vendor import VendorModel

KEY = "sk-test-0123456789abcdef"

Trouble = Literal[
    "throttled", "busy", "bad_key", "no_model", "too_long", "no_credit", "blocked", "schema_refused", "bad_request"
]


@dataclass(frozen=True)
class Picture:
    """A picture of a request, decoded as the vendor would: `detail` in our words, None where none was said."""

    data: bytes | None = None
    url: str | None = None
    media_type: str | None = None
    detail: str | None = None


class Double(ABC):
    """One vendor on the wire.

    `model` has vision and native schemas; `blind` reads text only (None where none is known).
    `key_env` is the variable of the key, None where none is needed. `options` are further arguments of the model's
    class. `request_id` is the one that every reply carries, None where the vendor names no requests. `takes_urls`:
    addresses of pictures go out as they are, else the pictures are fetched. `knows_detail`: a picture's detail is
    sent. `secure`: it is served over TLS, as the SDK sends no key otherwise. `doubted`: a refusal that does not say
    why may mean the way in which a structure was asked for, and the next way is tried. `troubles` has the status, the
    code and the words of each error that the vendor knows.
    """

    name: ClassVar[str]
    model: ClassVar[str]
    blind: ClassVar[str | None] = None
    kind: ClassVar[type[VendorModel[Any]]]
    key_env: ClassVar[str | None]
    options: ClassVar[Mapping[str, Any]] = {}
    lacks: ClassVar[Mapping[int, str]] = {}
    request_id: ClassVar[str | None] = "req-1"
    takes_urls: ClassVar[bool] = True
    knows_detail: ClassVar[bool] = True
    secure: ClassVar[bool] = False
    doubted: ClassVar[bool] = False
    rungs: ClassVar[tuple[Rung, ...]] = ("native_schema", "forced_tool", "json_object", "prompt_only")
    troubles: ClassVar[Mapping[Trouble, tuple[int, str, str]]]

    # What the server sends.

    @abstractmethod
    def reply(self, text: str, stop: str | None = None, *, usage: bool = True) -> Answer:
        """A finished answer; `stop` in the vendor's words. It tells 11 tokens in and 7 out, or nothing of tokens."""

    @abstractmethod
    def cut(self, text: str) -> Answer:
        """An answer that ended at the cap."""

    @abstractmethod
    def tool(self, arguments: Mapping[str, Any]) -> Answer:
        """An answer through the forced tool."""

    @abstractmethod
    def error(self, status: int, message: str, code: str = "", headers: Mapping[str, str] | None = None) -> Answer:
        """An error as the vendor phrases errors."""

    def answer(self, rung: Rung, value: Mapping[str, Any]) -> Answer:
        """The value as it comes when it was asked for at this rung."""
        return self.tool(value) if rung == "forced_tool" else self.reply(json.dumps(value))

    def trouble(self, what: Trouble, said: str = "", headers: Mapping[str, str] | None = None) -> Answer:
        """One of the errors that the vendor knows, `said` added to its words."""
        status, code, words = self.troubles[what]
        return self.error(status, f"{words} {said}".strip(), code, headers)

    def aside(self, request: Request) -> Answer | None:
        """What is answered whenever it is asked and is no part of a test's script."""
        return None

    # What the server was asked.

    def address(self, server: str) -> str:
        """The `base_url` for a server at this address."""
        return f"{server}/v1"

    @abstractmethod
    def path(self, model: str) -> str:
        """Where a request for this model arrives, query and escapes included."""

    @abstractmethod
    def key(self, request: Request) -> str | None:
        """The key that the request carries; None where the vendor takes none."""

    @abstractmethod
    def model_of(self, request: Request) -> str:
        """The model that is asked for."""

    @abstractmethod
    def turns(self, request: Request) -> list[tuple[str, str]]:
        """Role, in our words, and text of each message; system text first."""

    def texts(self, request: Request) -> list[str]:
        """The texts alone."""
        return [text for _, text in self.turns(request)]

    @abstractmethod
    def picture(self, request: Request) -> Picture | None:
        """The last picture of the request."""

    @abstractmethod
    def cap(self, request: Request) -> int:
        """The largest number of tokens that the answer may have."""

    @abstractmethod
    def rung(self, request: Request) -> Rung:
        """How a structure is asked for."""
