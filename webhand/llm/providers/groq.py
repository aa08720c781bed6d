"""Models on Groq: OpenAI's dialect with a few ways of its own, and answers rescued from its errors."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from webhand.llm.ask import Ask, Reply
from webhand.llm.dialect import Dialect
from webhand.llm.faults import Failure, mapping
from webhand.llm.messages import Message
from webhand.llm.model import Rung
from webhand.llm.outcome import Outcome
from webhand.llm.providers.chat import chat_body, chat_reply, failure_in, structure
from webhand.llm.providers.sdk import sent
from webhand.llm.vendor import VendorModel

if TYPE_CHECKING:
    import groq

Effort = Literal["low", "medium", "high"]
EFFORTS: Mapping[str, Effort] = {
    "none": "low",
    "minimal": "low",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "xhigh": "high",
    "max": "high",
}
# Groq samples at 1.0 by default, which is why its models miss a format; each failure cools them.
COOLED = (1.0, 0.5, 0.2)
SPOILT = ("json_validate_failed", "tool_use_failed")


class GroqModel(VendorModel["groq.AsyncGroq"]):
    """A model on Groq; the arguments are those of `VendorModel`."""

    provider: str = "groq"
    sdk: ClassVar[str] = "groq"
    # Groq takes 4 MB of base64 in a request.
    picture_limit: ClassVar[int] = 4_000_000
    own_path: ClassVar[str] = "/openai/v1"

    def _new_client(self) -> "groq.AsyncGroq":
        import groq

        return groq.AsyncGroq(
            api_key=self.endpoint.key, base_url=self.endpoint.base_url, timeout=self.timeout, max_retries=0
        )

    async def ask(self, messages: Sequence[Message], ask: Ask) -> Reply:
        """One chat completion; where Groq refuses what the model wrote, that text is the reply."""
        match await self._in_time(self._body(messages, ask)):
            case Failure(code=code) as failure if code in SPOILT and ask.rung is not None:
                return _spoilt(failure)
            case outcome:
                document = self._document(outcome, ask)
        failure = failure_in(document.body, document.headers)
        if failure is not None:
            raise self._refusal(failure, ask)
        reply = chat_reply(document.body, _with_groq_id(document.body, document.headers))
        if reply is None:
            raise self._faults.nonsense("without any choice", document.headers.get("x-request-id"))
        return reply

    def _body(self, messages: Sequence[Message], ask: Ask) -> dict[str, Any]:
        body = chat_body(self.model, messages, ask, self.abilities, cap="max_completion_tokens")
        if "reasoning_effort" in body:
            body["reasoning_effort"] = EFFORTS[body["reasoning_effort"]]
        if ask.failures and self.abilities.temperature:
            body["temperature"] = min(body.get("temperature", 1.0), COOLED[min(ask.failures, len(COOLED) - 1)])
        return body | structure(ask, strict=self.row.strict)

    def _dialect(self, rung: Rung) -> Dialect:
        return "openai_strict" if rung == "native_schema" else "plain_inlined"

    async def _send(self, body: Mapping[str, Any]) -> Outcome:
        import groq
        import httpx

        create: Callable[..., Awaitable[Any]] = self._clients.here().chat.completions.with_raw_response.create
        return await sent(create(**body), groq, httpx)


def _spoilt(failure: Failure) -> Reply:
    """What the model wrote although Groq would not pass it on; no tokens are told."""
    written = failure.body.get("failed_generation")
    return Reply(
        text=written if isinstance(written, str) else json.dumps(written) if written else "",
        stop="error",
        raw_stop=failure.code,
        request_id=failure.request_id,
        channel="groq_failed_generation",
    )


def _with_groq_id(body: Mapping[str, Any], headers: Mapping[str, str]) -> Mapping[str, str]:
    known = mapping(body.get("x_groq")).get("id")
    return headers if "x-request-id" in headers or not isinstance(known, str) else {**headers, "x-request-id": known}
