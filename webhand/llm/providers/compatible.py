"""Every server that speaks OpenAI's chat completions: those of the table by name, any other by its address."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from webhand.llm.headers import header_lines
from webhand.llm.options import ModelOptions
from webhand.llm.providers.openai import HEADERS, OpenAIModel
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
    added: ClassVar[Mapping[str, str | None]] = {}

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
        return {"Authorization": self.endpoint.authorization or openai.Omit()}

    def _common(self) -> dict[str, Any]:
        """Arguments of the SDK's client; what the environment holds for OpenAI is nobody else's business."""
        import httpx2
        import openai

        foreign = ("OpenAI-Organization", "OpenAI-Project", *header_lines(HEADERS))
        headers = {name: openai.Omit() for name in foreign} | dict(self._headers())
        return {**connection(openai, httpx2, self.timeout, self.endpoint), "default_headers": headers}

    def _headers(self) -> Mapping[str, Any]:
        """Headers that this vendor takes besides the usual ones."""
        return {}
