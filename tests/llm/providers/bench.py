"""One vendor's models against the loopback server, and the table of the vendors' doubles."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic

import pytest
from pydantic import BaseModel
from typing_extensions import TypeVar

from tests.llm.providers.double import KEY, Double, Trouble
from tests.llm.providers.doubles.anthropic import AnthropicDouble
from tests.llm.providers.doubles.azure import AzureDouble, AzureV1Double
from tests.llm.providers.doubles.bedrock import BedrockDouble
from tests.llm.providers.doubles.deepseek import DeepSeekDouble
from tests.llm.providers.doubles.gemini import GeminiDouble
from tests.llm.providers.doubles.groq import GroqDouble
from tests.llm.providers.doubles.ollama import OllamaDouble
from tests.llm.providers.doubles.openai import CompatibleDouble, OpenAIDouble
from tests.llm.providers.doubles.openrouter import OpenRouterDouble
from tests.llm.providers.wire import Waits, Wire
from webhand.llm.messages import Text, UserMessage
from webhand.llm.model import Rung
from webhand.llm.retry import RetryPolicy
from webhand.llm.vendor import VendorModel

D = TypeVar("D", bound=Double, default=Double)

DOUBLES: Mapping[str, Double] = {
    "anthropic": AnthropicDouble(),
    "azure": AzureDouble(),
    "azure-v1": AzureV1Double(),
    "bedrock": BedrockDouble(),
    "compatible": CompatibleDouble(),
    "deepseek": DeepSeekDouble(),
    "gemini": GeminiDouble(),
    "groq": GroqDouble(),
    "ollama": OllamaDouble(),
    "openai": OpenAIDouble(),
    "openrouter": OpenRouterDouble(),
}

PNG = b"\x89PNG\r\n\x1a\n" + bytes(16)
TEXT = [UserMessage(parts=(Text("hello"),))]


class Fruit(BaseModel):
    """What the shared tests ask for."""

    name: str
    count: int = 1


@dataclass
class Bench(Generic[D]):
    """One vendor against the wire: makes models that are closed at the end of the test."""

    wire: Wire
    vendor: D
    waits: Waits = field(default_factory=Waits)
    models: list[VendorModel[Any]] = field(default_factory=list[VendorModel[Any]])

    def build(self, model: str | None = None, **options: Any) -> VendorModel[Any]:
        options = {
            "api_key": KEY,
            "base_url": self.vendor.address(self.wire.url),
            "timeout": 20.0,
            "retry": RetryPolicy(sleep=self.waits, jitter=lambda: 1.0),
            **self.vendor.options,
            **options,
        }
        built = self.vendor.kind(model or self.vendor.model, **options)
        self.models.append(built)
        return built


def on(*names: str) -> pytest.MarkDecorator:
    """Run for these doubles only."""
    return pytest.mark.parametrize("bench", names, indirect=True)


def knowing(trouble: Trouble) -> pytest.MarkDecorator:
    """Run for the doubles of the vendors that have this error."""
    return on(*(name for name, double in DOUBLES.items() if trouble in double.troubles))


def offering(rung: Rung) -> pytest.MarkDecorator:
    """Run for the doubles of the vendors that can be asked in this way."""
    return on(*(name for name, double in DOUBLES.items() if rung in double.rungs))
