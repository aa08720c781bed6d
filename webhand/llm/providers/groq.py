"""Models on Groq: OpenAI's dialect with a few ways of its own, and answers rescued from its errors."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Unpack

from webhand.llm.ask import Ask, Reply
from webhand.llm.failure import Failure, mapping
from webhand.llm.keys import answer_without
from webhand.llm.kinds import check_option
from webhand.llm.messages import Message
from webhand.llm.options import ModelOptions
from webhand.llm.outcome import Document, Outcome
from webhand.llm.providers.chat_model import ChatModel
from webhand.llm.providers.sdk import connection, sent

if TYPE_CHECKING:
    import groq

Tier = Literal["auto", "on_demand", "flex", "performance"]

# Groq samples at 1.0 by default, which is why its models miss a format; each failure cools them.
COOLED = (1.0, 0.5, 0.2)
SPOILT = ("json_validate_failed", "tool_use_failed")
WRITTEN = "failed_generation"
# Stands in the place of what the model wrote, where its thoughts took all the room.
NO_ROOM = "max completion tokens reached"


class GroqModel(ChatModel["groq.AsyncGroq"]):
    """A model on Groq.

    `service_tier` is Groq's own: which queue a request waits in. The other arguments are those of `VendorModel`.
    """

    provider: str = "groq"
    sdk: ClassVar[str] = "groq"
    # Groq takes 4 MB of base64 in a request.
    picture_limit: ClassVar[int] = 4_000_000
    own_path: ClassVar[str] = "/openai/v1"
    added: ClassVar[Mapping[str, str | None]] = {"GROQ_CUSTOM_HEADERS": None}

    def __init__(
        self,
        model: str,
        *,
        service_tier: Tier | None = None,
        **more: Unpack[ModelOptions],
    ) -> None:
        check_option("service_tier", service_tier, Tier | None)
        super().__init__(model, **more)
        self._tier = {} if service_tier is None else {"service_tier": service_tier}
        self._way |= self._tier

    def _new_client(self) -> "groq.AsyncGroq":
        import groq
        import httpx

        return groq.AsyncGroq(
            api_key=self.endpoint.revealed,
            base_url=self.endpoint.base_url,
            **connection(groq, httpx, self.timeout, self.endpoint),
        )

    async def ask(self, messages: Sequence[Message], ask: Ask) -> Reply:
        """One chat completion; where Groq refuses what the model wrote, that text is the reply."""
        match await self._in_time(self._body(messages, ask)):
            case Failure() as failure if ask.rung is not None and _is_spoilt(failure):
                return self._spoilt(failure)
            case outcome:
                return self._reply(_named(self._document(outcome, ask)))

    def _body(self, messages: Sequence[Message], ask: Ask) -> dict[str, Any]:
        body = super()._body(messages, ask) | self._tier
        if ask.failures and self.abilities.temperature:
            body["temperature"] = min(body.get("temperature", 1.0), COOLED[min(ask.failures, len(COOLED) - 1)])
        return body

    def _spoilt(self, failure: Failure) -> Reply:
        """What the model wrote although Groq would not pass it on; no tokens are told."""
        written = failure.body.get(WRITTEN)
        text = written if isinstance(written, str) else json.dumps(written) if written else ""
        cut = text.startswith(NO_ROOM)
        return Reply(
            text="" if cut else answer_without(text, *self.endpoint.secrets),
            stop="length" if cut else "error",
            raw_stop=failure.code,
            request_id=failure.request_id,
            channel="groq_failed_generation",
        )

    async def _send(self, body: Mapping[str, Any]) -> Outcome:
        import groq
        import httpx

        create: Callable[..., Awaitable[Any]] = self._clients.here().chat.completions.with_raw_response.create
        return await sent(create(**body), groq, httpx)


def _is_spoilt(failure: Failure) -> bool:
    """Whether what the model wrote is refused; the code is not always one of those that say so, or is missing."""
    written = failure.status == 400 and failure.body.get(WRITTEN) is not None
    return written or failure.code in SPOILT


def _named(document: Document) -> Document:
    """The document with the request's name, which Groq may tell in the body alone, among its headers."""
    known = mapping(document.body.get("x_groq")).get("id")
    if "x-request-id" in document.headers or not isinstance(known, str):
        return document
    return replace(document, headers={**document.headers, "x-request-id": known})
