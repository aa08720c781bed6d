"""DeepSeek's models: text only, no schemas, and thoughts beside the answer."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from webhand.llm.ask import Ask
from webhand.llm.messages import Message
from webhand.llm.model import Rung
from webhand.llm.providers.chat import first_choice
from webhand.llm.providers.compatible import OpenAICompatibleModel

BROKEN_OFF = "insufficient_system_resource"


class DeepSeekModel(OpenAICompatibleModel):
    """A model of DeepSeek; the arguments are those of `VendorModel`.

    Its models think unless the settings say `reasoning="none"`.
    """

    provider: str = "deepseek"
    doubts_structure: ClassVar[bool] = False

    @property
    def _thinks(self) -> bool:
        return self.abilities.reasoning and self.settings.reasoning != "none"

    def _offered(self) -> tuple[Rung, ...]:
        # While it thinks, the vendor refuses to force a tool.
        return ("json_object", "prompt_only") if self._thinks else ("forced_tool", "json_object", "prompt_only")

    def _wrong(self, body: Mapping[str, Any]) -> object:
        if first_choice(body).get("finish_reason") == BROKEN_OFF:
            return {"code": BROKEN_OFF, "type": "overloaded", "message": "the server broke the answer off"}
        return super()._wrong(body)

    def _body(self, messages: Sequence[Message], ask: Ask) -> dict[str, Any]:
        body = super()._body(messages, ask)
        if self.abilities.reasoning and ask.settings.reasoning == "none":
            del body["reasoning_effort"]
            body["thinking"] = {"type": "disabled"}
        return body
