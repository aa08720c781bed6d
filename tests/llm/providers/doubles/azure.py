"""Azure: OpenAI's dialect at the address of a deployment, or at the one that all deployments share."""

from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import quote

from tests.llm.providers.double import Trouble
from tests.llm.providers.doubles.openai import OpenAIDouble
from tests.llm.providers.wire import Answer, Request
from webhand.llm.providers.azure import AzureOpenAIModel
from webhand.llm.vendor import VendorModel

VERSION = "2024-10-21"


class AzureDouble(OpenAIDouble):
    """The classic address."""

    name: ClassVar[str] = "azure"
    model: ClassVar[str] = "gpt-4o"
    kind: ClassVar[type[VendorModel[Any]]] = AzureOpenAIModel
    key_env: ClassVar[str | None] = "AZURE_OPENAI_API_KEY"
    options: ClassVar[Mapping[str, Any]] = {"api_version": VERSION}
    troubles: ClassVar[Mapping[Trouble, tuple[int, str, str]]] = {
        **OpenAIDouble.troubles,
        "throttled": (429, "429", "Requests to the ChatCompletions operation have exceeded the call rate limit."),
        "bad_key": (401, "401", "Access denied due to invalid subscription key or wrong API endpoint:"),
        "no_model": (404, "DeploymentNotFound", "The API deployment for this resource does not exist."),
    }

    def filtered(self) -> Answer:
        """The refusal of a prompt, as Azure's filter words it."""
        inner = {"code": "ResponsibleAIPolicyViolation", "content_filter_result": {"hate": {"filtered": True}}}
        told = {"code": "content_filter", "message": "Your prompt triggered the policy.", "innererror": inner}
        return Answer({"error": told}, 400)

    def address(self, server: str) -> str:
        return server

    def path(self, model: str) -> str:
        return f"/openai/deployments/{quote(model, safe=':@')}/chat/completions?api-version={VERSION}"

    def key(self, request: Request) -> str | None:
        assert "authorization" not in request.headers
        return request.headers["api-key"]


class AzureV1Double(AzureDouble):
    """The newer address."""

    options: ClassVar[Mapping[str, Any]] = {}

    def path(self, model: str) -> str:
        return "/openai/v1/chat/completions"

    def key(self, request: Request) -> str | None:
        assert "api-key" not in request.headers
        return OpenAIDouble.key(self, request)
