"""OpenAI's models."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from webhand.llm.outcome import Outcome
from webhand.llm.providers.chat_model import ChatModel, without
from webhand.llm.providers.sdk import connection, sent

if TYPE_CHECKING:
    import openai

HEADERS = "OPENAI_CUSTOM_HEADERS"


class OpenAIModel(ChatModel["openai.AsyncOpenAI"]):
    """A model of OpenAI; the arguments are those of `VendorModel`."""

    provider: str = "openai"
    sdk: ClassVar[str] = "openai"
    added: ClassVar[Mapping[str, str | None]] = {
        HEADERS: None,
        "OPENAI_ORG_ID": "OpenAI-Organization",
        "OPENAI_PROJECT_ID": "OpenAI-Project",
    }

    def _new_client(self) -> "openai.AsyncOpenAI":
        import httpx2
        import openai

        return openai.AsyncOpenAI(
            api_key=self.endpoint.revealed,
            base_url=self.endpoint.base_url,
            **connection(openai, httpx2, self.timeout, self.endpoint),
        )

    async def _send(self, body: Mapping[str, Any]) -> Outcome:
        import httpx2
        import openai

        create: Callable[..., Awaitable[Any]] = self._clients.here().chat.completions.with_raw_response.create
        # The SDK takes no parameter that it does not know, but merges the extra body at the top.
        call = create(
            model=body["model"],
            messages=body["messages"],
            extra_body=without(body, "model", "messages"),
            extra_headers=await self._authorization(),
        )
        return await sent(call, openai, httpx2)

    async def _authorization(self) -> Mapping[str, Any]:
        """The headers that let the request in, where those of the SDK's client cannot be relied on."""
        return {}
