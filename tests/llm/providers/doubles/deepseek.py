"""DeepSeek: OpenAI's dialect without schemas and pictures."""

from collections.abc import Mapping
from typing import Any, ClassVar

from tests.llm.providers.double import Trouble
from tests.llm.providers.doubles.openai import OpenAIDouble
from tests.llm.providers.wire import Request
from webhand.llm.model import Rung
from webhand.llm.providers.deepseek import DeepSeekModel
from webhand.llm.vendor import VendorModel


class DeepSeekDouble(OpenAIDouble):
    """The model thinks, as it does unless told otherwise."""

    name: ClassVar[str] = "deepseek"
    model: ClassVar[str] = "deepseek-v4-flash"
    blind: ClassVar[str | None] = "deepseek-v4-flash"
    kind: ClassVar[type[VendorModel[Any]]] = DeepSeekModel
    key_env: ClassVar[str | None] = "DEEPSEEK_API_KEY"
    cap_key: ClassVar[str] = "max_tokens"
    rungs: ClassVar[tuple[Rung, ...]] = ("json_object", "prompt_only")
    lacks: ClassVar[Mapping[int, str]] = {2: "text only", 3: "text only", 5: "text only"}
    troubles: ClassVar[Mapping[Trouble, tuple[int, str, str]]] = {
        "throttled": (429, "rate_limit_reached", "You are sending requests too quickly"),
        "busy": (503, "", "Server overloaded"),
        "bad_key": (401, "invalid_request_error", "Authentication Fails, your api key is invalid:"),
        "no_model": (400, "invalid_request_error", "Model Not Exist"),
        "too_long": (400, "invalid_request_error", "This model's maximum context length is 8 tokens"),
        "no_credit": (402, "invalid_request_error", "Insufficient Balance"),
        "blocked": (400, "invalid_request_error", "Content Exists Risk: flagged"),
        "schema_refused": (400, "invalid_request_error", "This response_format type is unavailable now"),
        "bad_request": (422, "", "The moon is wrong"),
    }

    def address(self, server: str) -> str:
        return server

    def path(self, model: str) -> str:
        return "/chat/completions"

    def rung(self, request: Request) -> Rung:
        asked = super().rung(request)
        assert asked != "native_schema"
        if asked == "forced_tool":
            assert request.body["thinking"] == {"type": "disabled"}, "a tool cannot be forced while the model thinks"
        return asked
