"""Groq: chat completions, and what the model wrote in the errors."""

from collections.abc import Mapping
from typing import Any, ClassVar

from tests.llm.providers.double import Trouble
from tests.llm.providers.doubles.openai import OpenAIDouble
from tests.llm.providers.wire import Answer
from webhand.llm.providers.groq import GroqModel
from webhand.llm.vendor import VendorModel


class GroqDouble(OpenAIDouble):
    name: ClassVar[str] = "groq"
    model: ClassVar[str] = "meta-llama/llama-4-scout-17b-16e-instruct"
    blind: ClassVar[str | None] = "openai/gpt-oss-120b"
    kind: ClassVar[type[VendorModel[Any]]] = GroqModel
    key_env: ClassVar[str | None] = "GROQ_API_KEY"
    troubles: ClassVar[Mapping[Trouble, tuple[int, str, str]]] = {
        **OpenAIDouble.troubles,
        "bad_key": (401, "invalid_api_key", "Invalid API Key"),
        "schema_refused": (400, "", "This model does not support response format `json_schema`"),
    }

    def address(self, server: str) -> str:
        return server

    def path(self, model: str) -> str:
        return "/openai/v1/chat/completions"

    def spoilt(self, code: str | None, written: object) -> Answer:
        """The refusal of what the model wrote; `code` or `written` None leaves it out."""
        told = {"message": "Failed. See 'failed_generation'.", "type": "invalid_request_error"}
        told |= {} if code is None else {"code": code}
        return Answer({"error": told if written is None else {**told, "failed_generation": written}}, 400)
