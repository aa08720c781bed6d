"""Every server that speaks OpenAI's chat completions: those of the table by name, any other by its address."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from webhand.llm.options import ModelOptions
from webhand.llm.providers.openai import OpenAIModel
from webhand.llm.providers.sdk import connection

if TYPE_CHECKING:
    import openai


class OpenAICompatibleModel(OpenAIModel):
    """A model behind a server that speaks OpenAI's chat completions.

    `vendor` names the server's row in the model table, such as `mistral` or `vllm`; without it `base_url` is needed,
    and no key. The other arguments are those of `VendorModel`.
    """

    provider: str = "compatible"
    doubts_structure: ClassVar[bool] = True

    def __init__(self, model: str, *, vendor: str | None = None, **more: Unpack[ModelOptions]) -> None:
        self.provider = vendor or self.provider
        super().__init__(model, **more)

    def _new_client(self) -> "openai.AsyncOpenAI":
        import openai

        # The SDK wants some key; what is sent, `_authorization` says.
        return openai.AsyncOpenAI(api_key="none", base_url=self.endpoint.base_url, **self._common())

    async def _authorization(self) -> Mapping[str, Any]:
        import openai

        # With each request: a header of this name among those of the environment would win over the client's.
        key = self.endpoint.revealed
        return {"Authorization": openai.Omit() if key is None else f"Bearer {key}"}

    def _common(self) -> dict[str, Any]:
        """Arguments of the SDK's client; what the environment holds for OpenAI is nobody else's business."""
        import httpx2
        import openai

        foreign = ("OpenAI-Organization", "OpenAI-Project", *_custom_headers())
        headers = {name: openai.Omit() for name in foreign} | dict(self._headers())
        return {**connection(openai, httpx2, self.timeout), "default_headers": headers}

    def _headers(self) -> Mapping[str, Any]:
        """Headers that this vendor takes besides the usual ones."""
        return {}


def _custom_headers() -> list[str]:
    """The names of the headers that the environment adds to OpenAI's requests."""
    lines = os.environ.get("OPENAI_CUSTOM_HEADERS", "").splitlines()
    return [line.partition(":")[0].strip() for line in lines if ":" in line]
