"""Models: one call for all of them, whatever they speak on the wire."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from webhand.llm.answer import parse_answer
    from webhand.llm.catalog import get_model
    from webhand.llm.fallback import FallbackModel
    from webhand.llm.messages import AssistantMessage, Image, PageElement, PageView, SystemMessage, Text, UserMessage
    from webhand.llm.model import Abilities, Completion, Model, ModelSettings, Usage
    from webhand.llm.offline import OfflineModel
    from webhand.llm.providers.anthropic import AnthropicModel
    from webhand.llm.providers.azure import AzureOpenAIModel
    from webhand.llm.providers.bedrock import BedrockModel
    from webhand.llm.providers.compatible import OpenAICompatibleModel
    from webhand.llm.providers.deepseek import DeepSeekModel
    from webhand.llm.providers.gemini import GeminiModel
    from webhand.llm.providers.groq import GroqModel
    from webhand.llm.providers.ollama import OllamaModel
    from webhand.llm.providers.openai import OpenAIModel
    from webhand.llm.providers.openrouter import OpenRouterModel
    from webhand.llm.retry import RetryPolicy
    from webhand.llm.schema import compile_schema
    from webhand.llm.scripted import ScriptedModel, ScriptExhausted, by_name

__all__ = [
    "Abilities",
    "AnthropicModel",
    "AssistantMessage",
    "AzureOpenAIModel",
    "BedrockModel",
    "Completion",
    "DeepSeekModel",
    "FallbackModel",
    "GeminiModel",
    "GroqModel",
    "Image",
    "Model",
    "ModelSettings",
    "OfflineModel",
    "OllamaModel",
    "OpenAICompatibleModel",
    "OpenAIModel",
    "OpenRouterModel",
    "PageElement",
    "PageView",
    "RetryPolicy",
    "ScriptExhausted",
    "ScriptedModel",
    "SystemMessage",
    "Text",
    "Usage",
    "UserMessage",
    "by_name",
    "compile_schema",
    "get_model",
    "parse_answer",
]

_HOMES = {
    "answer": ("parse_answer",),
    "catalog": ("get_model",),
    "fallback": ("FallbackModel",),
    "messages": (
        "AssistantMessage",
        "Image",
        "PageElement",
        "PageView",
        "SystemMessage",
        "Text",
        "UserMessage",
    ),
    "model": ("Abilities", "Completion", "Model", "ModelSettings", "Usage"),
    "offline": ("OfflineModel",),
    "providers.anthropic": ("AnthropicModel",),
    "providers.azure": ("AzureOpenAIModel",),
    "providers.bedrock": ("BedrockModel",),
    "providers.compatible": ("OpenAICompatibleModel",),
    "providers.deepseek": ("DeepSeekModel",),
    "providers.gemini": ("GeminiModel",),
    "providers.groq": ("GroqModel",),
    "providers.ollama": ("OllamaModel",),
    "providers.openai": ("OpenAIModel",),
    "providers.openrouter": ("OpenRouterModel",),
    "retry": ("RetryPolicy",),
    "schema": ("compile_schema",),
    "scripted": ("ScriptExhausted", "ScriptedModel", "by_name"),
}


def __getattr__(name: str) -> object:
    # Loaded on first use: an adapter loads its vendor's SDK, and nobody needs all of them.
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
