"""OpenRouter: OpenAI's dialect, passed on to one of many hosts."""

from collections.abc import Mapping
from typing import Any, ClassVar

from tests.llm.providers.double import Trouble
from tests.llm.providers.doubles.openai import OpenAIDouble
from tests.llm.providers.wire import Answer
from webhand.llm.providers.openrouter import OpenRouterModel
from webhand.llm.vendor import VendorModel


class OpenRouterDouble(OpenAIDouble):
    name: ClassVar[str] = "openrouter"
    model: ClassVar[str] = "openai/gpt-6-luna"
    blind: ClassVar[str | None] = None
    kind: ClassVar[type[VendorModel[Any]]] = OpenRouterModel
    key_env: ClassVar[str | None] = "OPENROUTER_API_KEY"
    cap_key: ClassVar[str] = "max_tokens"
    troubles: ClassVar[Mapping[Trouble, tuple[int, str, str]]] = {
        "throttled": (429, "", "Rate limit exceeded: free-models-per-min."),
        "busy": (503, "", "There is no available model provider that meets your routing requirements"),
        "bad_key": (401, "", "No auth credentials found:"),
        "no_model": (404, "", "No endpoints found for no/such-model."),
        "too_long": (400, "", "This endpoint's maximum context length is 8 tokens."),
        "no_credit": (402, "", "Insufficient credits. Add more using https://openrouter.ai/credits"),
        "blocked": (403, "", "Input was flagged by moderation"),
        "schema_refused": (404, "", "No endpoints found that can handle the requested parameters."),
        "bad_request": (400, "", "The moon is wrong"),
    }

    def address(self, server: str) -> str:
        return f"{server}/api/v1"

    def path(self, model: str) -> str:
        return "/api/v1/chat/completions"

    def error(self, status: int, message: str, code: str = "", headers: Mapping[str, str] | None = None) -> Answer:
        return Answer(self.told(status, message), status, headers or {})

    def told(self, code: int, message: str, **metadata: Any) -> dict[str, Any]:
        """The body of an error."""
        return {"error": {"code": code, "message": message, "metadata": metadata}, "user_id": "user_1"}
