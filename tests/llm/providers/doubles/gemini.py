"""The Gemini API."""

import base64
from collections.abc import Mapping
from typing import Any, ClassVar

from tests.llm.providers.double import Double, Picture, Trouble
from tests.llm.providers.wire import Answer, Request
from webhand.llm.model import Rung
from webhand.llm.providers.gemini import GeminiModel
from webhand.llm.vendor import VendorModel

DETAILS = {"MEDIA_RESOLUTION_LOW": "low", "MEDIA_RESOLUTION_MEDIUM": "auto", "MEDIA_RESOLUTION_HIGH": "high"}


class GeminiDouble(Double):
    name: ClassVar[str] = "gemini"
    model: ClassVar[str] = "gemini-3.8-flash"
    kind: ClassVar[type[VendorModel[Any]]] = GeminiModel
    key_env: ClassVar[str | None] = "GEMINI_API_KEY"
    takes_urls: ClassVar[bool] = False
    troubles: ClassVar[Mapping[Trouble, tuple[int, str, str]]] = {
        "throttled": (429, "RESOURCE_EXHAUSTED", "You exceeded your current quota, please check your plan and billing"),
        "busy": (503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
        "bad_key": (400, "API_KEY_INVALID", "API key not valid. Please pass a valid API key."),
        "no_model": (404, "NOT_FOUND", "models/x is not found for API version v1"),
        "too_long": (
            400,
            "INVALID_ARGUMENT",
            "The input token count (9) exceeds the maximum number of tokens allowed (8)",
        ),
        "no_credit": (429, "RESOURCE_EXHAUSTED", "Your prepayment credits are depleted"),
        "schema_refused": (
            400,
            "INVALID_ARGUMENT",
            "The schema produces a constraint that has too many states for serving",
        ),
        "bad_request": (400, "INVALID_ARGUMENT", "The moon is wrong"),
    }

    def candidate(self, *parts: Mapping[str, Any], stop: str | None = "STOP", **more: Any) -> Answer:
        """An answer with one candidate; `more` stands beside it."""
        told = {"content": {"parts": parts, "role": "model"}, "finishReason": stop, "index": 0}
        return Answer({"candidates": [told], "modelVersion": self.model, "responseId": "req-1", **more})

    def reply(self, text: str, stop: str | None = None, *, usage: bool = True) -> Answer:
        counted = {"promptTokenCount": 11, "candidatesTokenCount": 7, "totalTokenCount": 18}
        more = {"usageMetadata": counted} if usage else {}
        return self.candidate({"text": text}, stop=stop or "STOP", **more)

    def cut(self, text: str) -> Answer:
        return self.reply(text, "MAX_TOKENS")

    def tool(self, arguments: Mapping[str, Any]) -> Answer:
        return self.candidate({"functionCall": {"name": "Fruit", "args": arguments}})

    def error(
        self,
        status: int,
        message: str,
        code: str = "",
        headers: Mapping[str, str] | None = None,
        details: tuple[Mapping[str, Any], ...] = (),
    ) -> Answer:
        if code == "API_KEY_INVALID":
            info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": code}
            return self.error(status, message, "INVALID_ARGUMENT", headers, (info,))
        told = {"code": status, "message": message, "status": code, "details": details}
        return Answer({"error": told}, status, headers or {})

    def address(self, server: str) -> str:
        return server

    def path(self, model: str) -> str:
        return f"/v1/models/{model}:generateContent"

    def key(self, request: Request) -> str | None:
        return request.headers["x-goog-api-key"]

    def model_of(self, request: Request) -> str:
        return request.path.removeprefix("/v1/models/").removesuffix(":generateContent")

    def turns(self, request: Request) -> list[tuple[str, str]]:
        roles = {"user": "user", "model": "assistant"}
        system = request.body.get("systemInstruction", {}).get("parts", [])
        spoken = [(roles[turn["role"]], _text(turn["parts"])) for turn in request.body["contents"]]
        return [*(("system", part["text"]) for part in system), *spoken]

    def picture(self, request: Request) -> Picture | None:
        blobs: list[Any] = [
            part["inlineData"] for turn in request.body["contents"] for part in turn["parts"] if "inlineData" in part
        ]
        if not blobs:
            return None
        data = base64.b64decode(blobs[-1]["data"], altchars=b"-_", validate=True)
        detail = request.body["generationConfig"].get("mediaResolution")
        return Picture(data, None, _either(blobs[-1], "mimeType", "mime_type"), DETAILS[detail] if detail else None)

    def cap(self, request: Request) -> int:
        return request.body["generationConfig"]["maxOutputTokens"]

    def rung(self, request: Request) -> Rung:
        config = request.body["generationConfig"]
        if "tools" in request.body:
            assert "responseMimeType" not in config, "JSON formats and tools never stand together"
            [tool] = request.body["tools"]
            [function] = _either(tool, "functionDeclarations", "function_declarations")
            calling = request.body["toolConfig"]["functionCallingConfig"]
            assert (calling["mode"], calling["allowedFunctionNames"]) == ("ANY", [function["name"]])
            return "forced_tool"
        if "responseMimeType" not in config:
            return "prompt_only"
        assert config["responseMimeType"] == "application/json"
        return "native_schema" if "responseJsonSchema" in config else "json_object"


def _either(told: Mapping[str, Any], *names: str) -> Any:
    """The SDK writes some names in one way and some in the other; the server takes both."""
    return next(told[name] for name in names if name in told)


def _text(parts: Any) -> str:
    return "\n".join(part["text"] for part in parts if "text" in part)
