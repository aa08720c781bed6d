"""The table of providers and models, and how a name becomes a model."""

import inspect
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, get_type_hints

import pytest

from webhand.errors import InvalidSetting, MissingExtra, MissingKey, UnknownProvider
from webhand.llm.catalog import Prices, get_model, model_row, provider_row, providers
from webhand.llm.model import Abilities, Model, Usage
from webhand.llm.options import ModelOptions
from webhand.llm.picture_size import PictureSize
from webhand.llm.providers.openai import OpenAIModel
from webhand.secrets import Secret
from webhand.settings import KEY_VARIABLES

KEY = "sk-test-0123456789abcdef"
ADAPTERS = [f"providers.{name}" for name in ("anthropic", "bedrock", "gemini", "groq", "ollama", "openai")]


@pytest.mark.parametrize(
    "name",
    [
        *(f"{provider}/some/model" for provider in providers()),
        "bedrock/arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-opus-4-6-v1",
    ],
)
def test_a_name_becomes_a_model(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    model: Any = get_model(name, api_key=Secret(KEY), base_url="https://127.0.0.1:1/v1", structured="tool")
    assert model.name == name
    assert model.provider == name.partition("/")[0]
    assert model.endpoint.revealed == KEY
    assert KEY not in repr(model)
    assert isinstance(model, Model)


def test_offline_needs_no_slash() -> None:
    assert isinstance(get_model("offline"), Model)


def test_an_unknown_provider_is_told_with_the_known_ones() -> None:
    with pytest.raises(UnknownProvider, match=r"Did you mean openai\?.*anthropic, .*groq, .*offline, .*vllm"):
        get_model("opnai/gpt-6-luna")
    with pytest.raises(UnknownProvider) as caught:
        get_model("zzz")
    assert "Did you mean" not in str(caught.value)


@pytest.mark.parametrize("name", ["openai", "openai/", "groq/"])
def test_a_name_without_a_model_is_told(name: str) -> None:
    with pytest.raises(InvalidSetting, match="names no model"):
        get_model(name, api_key=KEY)


@pytest.mark.parametrize(("provider", "variable"), [(name, row.api_key_env) for name, row in providers().items()])
def test_a_missing_key_names_its_variable(provider: str, variable: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    if variable is None:
        pytest.skip("needs no key")
    with pytest.raises(MissingKey, match=variable):
        get_model(f"{provider}/m", base_url="http://127.0.0.1:1")
    assert variable in KEY_VARIABLES[provider], "webhand doctor looks for it"


def test_every_row_can_be_read() -> None:
    for provider in providers():
        assert provider_row(provider).docs.startswith("https://")
    tiles = PictureSize(edge=2048, side=768, patch=32, patches=2500)
    assert model_row("openai", "gpt-4o").abilities == Abilities(context=128_000, picture=tiles)
    assert model_row("openai", "gpt-4o").ends == date(2027, 1, 14)
    assert model_row("openai", "gpt-3.5-turbo").retired
    assert not model_row("anthropic", "claude-fable-5-1").forcing
    assert not model_row("groq", "moonshotai/kimi-k2-instruct").strict


def test_a_deployment_called_by_its_model_has_its_abilities_but_not_its_prices() -> None:
    ours, azures = model_row("openai", "gpt-6-luna"), model_row("azure", "gpt-6-luna")
    assert ours.prices is not None
    assert azures == replace(ours, prices=None)
    assert model_row("azure", "our-own-name").abilities == model_row("openai", "brand-new").abilities


# What each can do on Groq, and the day it was shut down; None: it is served.
GROQ: dict[str, tuple[bool, bool, bool, bool, date | str | None]] = {
    "openai/gpt-oss-20b": (False, True, True, True, None),
    "openai/gpt-oss-120b": (False, True, True, True, None),
    "qwen/qwen3.8-27b": (True, True, False, True, None),
    "qwen/qwen3.6-27b": (True, False, True, True, None),
    "qwen/qwen3-32b": (False, False, True, True, date(2026, 7, 17)),
    "meta-llama/llama-4-maverick-17b-128e-instruct": (True, True, False, False, date(2026, 3, 9)),
    "meta-llama/llama-4-scout-17b-16e-instruct": (True, True, False, False, date(2026, 7, 17)),
    "moonshotai/kimi-k2-instruct": (False, True, False, False, date(2025, 10, 10)),
    "moonshotai/kimi-k2-instruct-0905": (False, True, False, False, date(2026, 4, 15)),
    "llama-3.3-70b-versatile": (False, False, True, False, date(2026, 8, 16)),
    "llama-3.1-8b-instant": (False, False, True, False, date(2026, 8, 16)),
    "llama-3.1-70b-versatile": (False, False, True, False, "unknown day"),
    "mixtral-8x7b-32768": (False, False, True, False, date(2025, 3, 20)),
    "gemma2-9b-it": (False, False, True, False, "unknown day"),
}


@pytest.mark.parametrize("name", GROQ)
def test_groqs_models_are_known_with_what_they_can_do(name: str) -> None:
    vision, schema, strict, reasoning, ended = GROQ[name]
    row = model_row("groq", name)
    told = row.abilities
    assert (told.vision, told.schema, row.strict, told.reasoning, told.tools) == (
        vision,
        schema,
        strict,
        reasoning,
        True,
    )
    assert row.retired is (ended is not None)
    assert row.ends == (ended if isinstance(ended, date) else None)
    assert not told.reasoning or row.extra, "its thoughts are kept out of the answer"


def test_a_dated_name_has_the_row_of_its_model_unless_it_has_its_own() -> None:
    assert model_row("openai", "gpt-4o-2024-08-06") == model_row("openai", "gpt-4o")
    assert model_row("anthropic", "claude-haiku-4-5-20251001") == model_row("anthropic", "claude-haiku-4-5")
    assert not model_row("openai", "gpt-4o-2024-05-13").abilities.schema


@pytest.mark.parametrize(
    ("provider", "name", "row"),
    [
        ("bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic.claude-sonnet-4-5"),
        ("bedrock", "eu.anthropic.claude-opus-4-6-v1", "eu.anthropic.claude-opus-4-6"),
        ("bedrock", "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0:300k", "amazon.nova-pro"),
        (
            "bedrock",
            "arn:aws:bedrock:us-east-1:1:inference-profile/eu.anthropic.claude-sonnet-5",
            "eu.anthropic.claude-sonnet-5",
        ),
        ("bedrock", "us.meta.llama4-scout-17b-instruct-v1:0", "meta.llama4-scout-17b-instruct"),
        ("bedrock", "openai.gpt-oss-120b-1:0", "openai.gpt-oss-120b-1:0"),
        ("gemini", "models/gemini-2.5-flash-001", "gemini-2.5-flash"),
    ],
)
def test_a_name_is_read_without_region_version_and_path(provider: str, name: str, row: str) -> None:
    assert model_row(provider, name) == model_row(provider, row)
    assert model_row(provider, row) != model_row(provider, "brand-new")


def test_what_is_not_known_of_a_resource_is_not_guessed() -> None:
    profile = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123"
    assert model_row("bedrock", profile) == model_row("bedrock", "brand-new")
    assert not model_row("bedrock", profile).abilities.schema
    assert model_row("bedrock", profile).prices is None


def test_a_european_profile_costs_a_tenth_more() -> None:
    usage = Usage(prompt=1_000_000, completion=0)
    for region, cost in (("us", "1"), ("eu", "1.1")):
        prices = model_row("bedrock", f"{region}.anthropic.claude-haiku-4-5-20251001-v1:0").prices
        assert prices is not None
        assert prices.cost(usage) == Decimal(cost)


def test_an_unknown_model_has_its_providers_safe_defaults() -> None:
    patches = PictureSize(edge=2048, patch=32, patches=2500)
    assert model_row("openai", "brand-new").abilities == Abilities(picture=patches)
    assert model_row("anthropic", "brand-new").abilities == Abilities(temperature=False, context=200_000)
    assert model_row("groq", "brand-new").abilities == Abilities(vision=False, context=131_072)
    assert model_row("bedrock", "brand-new").abilities == Abilities(schema=False)
    tiles = PictureSize(edge=3072, patch=768, patches=16)
    assert model_row("gemini", "brand-new").abilities == Abilities(reasoning=True, context=1_048_576, picture=tiles)


@pytest.mark.parametrize(("provider", "sdk"), [("gemini", "google.genai"), ("bedrock", "boto3")])
def test_a_missing_sdk_is_told_with_the_extra_that_brings_it(
    provider: str, sdk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, sdk, None)
    with pytest.raises(MissingExtra, match=rf'pip install "webhand\[{provider}\]"'):
        get_model(f"{provider}/m", api_key=KEY)


def test_prices_give_a_cost_or_none_and_never_a_guess() -> None:
    prices = Prices(date(2026, 11, 1), Decimal("2"), Decimal("10"), cached=Decimal("0.2"), up_to=1000)
    assert prices.cost(Usage(prompt=100, cached=50, completion=10)) == Decimal("0.00021")
    assert prices.cost(Usage(prompt=100)) is None
    assert prices.cost(Usage(prompt=100, completion=1, cache_write=5)) is None
    assert prices.cost(Usage(prompt=1001, completion=1)) is None
    assert prices.cost(Usage(prompt=0, completion=0)) == 0


def test_the_options_that_are_passed_on_are_those_that_are_taken() -> None:
    taken = dict(inspect.signature(OpenAIModel).parameters)
    assert list(taken) == ["model", *ModelOptions.__annotations__]
    assert {name: taken[name].annotation for name in ModelOptions.__annotations__} == get_type_hints(ModelOptions)


@pytest.mark.parametrize("module", ["catalog", "vendor", *ADAPTERS])
def test_no_sdk_is_loaded_before_a_model_is_made(module: str) -> None:
    program = (
        f"import sys, webhand.llm.{module}\n"
        "heavy = ('openai', 'anthropic', 'groq', 'google.genai', 'botocore', 'httpx', 'httpx2', 'playwright')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
