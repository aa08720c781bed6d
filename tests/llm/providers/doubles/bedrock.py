"""Bedrock's Converse."""

import base64
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import quote, unquote

from tests.llm.providers.double import Double, Picture, Trouble
from tests.llm.providers.wire import Answer, Request
from webhand.llm.model import Rung
from webhand.llm.providers.bedrock import BedrockModel
from webhand.llm.vendor import VendorModel

ID = {"x-amzn-requestid": "req-1"}


class BedrockDouble(Double):
    name: ClassVar[str] = "bedrock"
    model: ClassVar[str] = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
    blind: ClassVar[str | None] = "meta.llama3-3-70b-instruct-v1:0"
    kind: ClassVar[type[VendorModel[Any]]] = BedrockModel
    key_env: ClassVar[str | None] = "AWS_BEARER_TOKEN_BEDROCK"
    options: ClassVar[Mapping[str, Any]] = {"region": "us-east-1"}
    takes_urls: ClassVar[bool] = False
    knows_detail: ClassVar[bool] = False
    secure: ClassVar[bool] = True
    rungs: ClassVar[tuple[Rung, ...]] = ("native_schema", "forced_tool", "prompt_only")
    troubles: ClassVar[Mapping[Trouble, tuple[int, str, str]]] = {
        "throttled": (429, "ThrottlingException", "Too many requests, please wait before trying again."),
        "busy": (503, "ServiceUnavailableException", "Bedrock is unable to process your request."),
        "bad_key": (403, "UnrecognizedClientException", "The security token included in the request is invalid."),
        "no_model": (404, "ResourceNotFoundException", "Could not resolve the foundation model"),
        "too_long": (400, "ValidationException", "Input is too long for requested model."),
        "no_credit": (400, "ServiceQuotaExceededException", "Your request exceeds the service quota for your account."),
        "schema_refused": (400, "ValidationException", "The model does not support the outputConfig.textFormat field."),
        "bad_request": (400, "ValidationException", "The moon is wrong"),
    }

    def message(self, *blocks: Mapping[str, Any], stop: str = "end_turn", **more: Any) -> Answer:
        """A message of these blocks; `more` stands beside it."""
        told = {"message": {"role": "assistant", "content": blocks}}
        return Answer({"output": told, "stopReason": stop, "metrics": {"latencyMs": 1}, **more}, headers=ID)

    def reply(self, text: str, stop: str | None = None, *, usage: bool = True) -> Answer:
        counted = {"usage": {"inputTokens": 11, "outputTokens": 7, "totalTokens": 18}} if usage else {}
        return self.message({"text": text}, stop=stop or "end_turn", **counted)

    def cut(self, text: str) -> Answer:
        return self.reply(text, "max_tokens")

    def tool(self, arguments: Mapping[str, Any]) -> Answer:
        used = {"toolUseId": "t", "name": "Fruit", "input": arguments}
        return self.message({"toolUse": used}, stop="tool_use")

    def error(self, status: int, message: str, code: str = "", headers: Mapping[str, str] | None = None) -> Answer:
        known = {"x-amzn-errortype": f"{code}:http://internal.amazon.com/coral/"} if code else {}
        return Answer({"message": message}, status, {**ID, **known, **(headers or {})})

    def address(self, server: str) -> str:
        return server.replace("http:", "https:")

    def path(self, model: str) -> str:
        return f"/model/{quote(model, safe='')}/converse"

    def key(self, request: Request) -> str | None:
        return request.headers["authorization"].removeprefix("Bearer ")

    def model_of(self, request: Request) -> str:
        return unquote(request.path.removeprefix("/model/").removesuffix("/converse"))

    def turns(self, request: Request) -> list[tuple[str, str]]:
        system = [("system", block["text"]) for block in request.body.get("system", []) if "text" in block]
        return [*system, *((turn["role"], _text(turn["content"])) for turn in request.body["messages"])]

    def picture(self, request: Request) -> Picture | None:
        blocks = [block for turn in request.body["messages"] for block in turn["content"]]
        pictures = [block["image"] for block in blocks if "image" in block]
        if not pictures:
            return None
        data = base64.b64decode(pictures[-1]["source"]["bytes"], validate=True)
        return Picture(data, None, f"image/{pictures[-1]['format']}")

    def cap(self, request: Request) -> int:
        return request.body["inferenceConfig"]["maxTokens"]

    def rung(self, request: Request) -> Rung:
        if "toolConfig" in request.body:
            config = request.body["toolConfig"]
            [tool] = config["tools"]
            assert config["toolChoice"] == {"tool": {"name": tool["toolSpec"]["name"]}}
            return "forced_tool"
        return "native_schema" if "textFormat" in request.body.get("outputConfig", {}) else "prompt_only"


def _text(blocks: Any) -> str:
    return "\n".join(block["text"] for block in blocks if "text" in block)
