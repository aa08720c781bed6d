"""OpenAI's models, and every server that speaks its chat completions."""

import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from webhand.llm.ask import Ask, Reply
from webhand.llm.dialect import Dialect
from webhand.llm.messages import Message
from webhand.llm.model import Rung
from webhand.llm.outcome import Outcome
from webhand.llm.providers.chat import chat_body, chat_reply, failure_in, structure
from webhand.llm.providers.sdk import sent
from webhand.llm.vendor import VendorModel

if TYPE_CHECKING:
    import openai


class OpenAIModel(VendorModel["openai.AsyncOpenAI"]):
    """A model of OpenAI; the arguments are those of `VendorModel`."""

    provider: str = "openai"
    sdk: ClassVar[str] = "openai"
    cap: ClassVar[str] = "max_completion_tokens"

    def _new_client(self) -> "openai.AsyncOpenAI":
        import openai

        return openai.AsyncOpenAI(
            api_key=self.endpoint.key, base_url=self.endpoint.base_url, timeout=self.timeout, max_retries=0
        )

    async def ask(self, messages: Sequence[Message], ask: Ask) -> Reply:
        """One chat completion."""
        document = await self._post(self._body(messages, ask), ask)
        failure = failure_in(document.body, document.headers)
        if failure is not None:
            raise self._refusal(failure, ask)
        reply = chat_reply(document.body, document.headers)
        if reply is None:
            raise self._faults.nonsense("without any choice", document.headers.get("x-request-id"))
        return reply

    def _body(self, messages: Sequence[Message], ask: Ask) -> dict[str, Any]:
        body = chat_body(self.model, messages, ask, self.abilities, cap=self.cap) | structure(ask, strict=True)
        if ask.rung == "forced_tool":
            body["parallel_tool_calls"] = False
        return body

    def _dialect(self, rung: Rung) -> Dialect:
        return "openai_strict" if rung == "native_schema" else "plain_inlined"

    async def _send(self, body: Mapping[str, Any]) -> Outcome:
        import httpx2
        import openai

        create: Callable[..., Awaitable[Any]] = self._clients.here().chat.completions.with_raw_response.create
        return await sent(create(**body), openai, httpx2)


class OpenAICompatibleModel(OpenAIModel):
    """A model behind any server that speaks OpenAI's chat completions; `base_url` is needed, a key is not.

    The older `max_tokens` is sent, as many of these servers know nothing else.
    """

    provider: str = "compatible"
    cap: ClassVar[str] = "max_tokens"
    key_required: ClassVar[bool] = False
    doubts_structure: ClassVar[bool] = True

    def _new_client(self) -> "openai.AsyncOpenAI":
        import openai

        # The SDK wants some key, and adds what the environment holds for OpenAI: that is nobody else's business.
        client = openai.AsyncOpenAI(
            api_key=self.endpoint.key or "none",
            base_url=self.endpoint.base_url,
            timeout=self.timeout,
            max_retries=0,
            organization="",
            project="",
            default_headers=cast(Mapping[str, str], {name: openai.Omit() for name in _custom_headers()}),
        )
        client.organization = client.project = None
        return client

    def _body(self, messages: Sequence[Message], ask: Ask) -> dict[str, Any]:
        return chat_body(self.model, messages, ask, self.abilities, cap=self.cap) | structure(ask, strict=True)


def _custom_headers() -> list[str]:
    """The names of the headers that the environment adds to OpenAI's requests."""
    lines = os.environ.get("OPENAI_CUSTOM_HEADERS", "").splitlines()
    return [line.partition(":")[0].strip() for line in lines if ":" in line]
