"""The table of providers and models, and how a name becomes a model."""

import subprocess
import sys
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from webhand.errors import InvalidSetting, MissingKey, UnknownProvider
from webhand.llm.catalog import Prices, get_model, model_row, provider_row, providers
from webhand.llm.model import Abilities, Model, Usage
from webhand.llm.picture_size import PictureSize
from webhand.secrets import Secret

KEY = "sk-test-0123456789abcdef"


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction]
    for row in providers().values():
        for name in (row.api_key_env, row.base_url_env):
            if name is not None:
                monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    "name", ["openai/gpt-6-luna", "anthropic/claude-sonnet-5-5", "groq/openai/gpt-oss-120b", "compatible/my/model"]
)
def test_a_name_becomes_a_model(name: str) -> None:
    model: Any = get_model(name, api_key=Secret(KEY), base_url="http://127.0.0.1:1/v1", structured="tool")
    assert model.name == name
    assert model.endpoint.key == KEY
    assert KEY not in repr(model)
    assert isinstance(model, Model)


def test_offline_needs_no_slash() -> None:
    assert isinstance(get_model("offline"), Model)


def test_an_unknown_provider_is_told_with_the_known_ones() -> None:
    with pytest.raises(UnknownProvider, match=r"Did you mean openai\?.*anthropic, compatible, groq, offline, openai"):
        get_model("opnai/gpt-6-luna")
    with pytest.raises(UnknownProvider) as caught:
        get_model("zzz")
    assert "Did you mean" not in str(caught.value)


@pytest.mark.parametrize("name", ["openai", "openai/", "groq/"])
def test_a_name_without_a_model_is_told(name: str) -> None:
    with pytest.raises(InvalidSetting, match="names no model"):
        get_model(name, api_key=KEY)


@pytest.mark.parametrize(("provider", "variable"), [(name, row.api_key_env) for name, row in providers().items()])
def test_a_missing_key_names_its_variable(provider: str, variable: str | None) -> None:
    if variable is None:
        pytest.skip("needs no key")
    with pytest.raises(MissingKey, match=variable):
        get_model(f"{provider}/m")


def test_every_row_can_be_read() -> None:
    for provider in providers():
        assert provider_row(provider).docs.startswith("https://")
    tiles = PictureSize(edge=2048, side=768, patch=32, patches=2500)
    assert model_row("openai", "gpt-4o").abilities == Abilities(context=128_000, picture=tiles)
    assert model_row("openai", "gpt-4o").ends == date(2027, 1, 14)
    assert model_row("openai", "gpt-3.5-turbo").retired
    assert not model_row("anthropic", "claude-fable-5-1").forcing
    assert not model_row("groq", "moonshotai/kimi-k2-instruct").strict


def test_a_dated_name_has_the_row_of_its_model_unless_it_has_its_own() -> None:
    assert model_row("openai", "gpt-4o-2024-08-06") == model_row("openai", "gpt-4o")
    assert model_row("anthropic", "claude-haiku-4-5-20251001") == model_row("anthropic", "claude-haiku-4-5")
    assert not model_row("openai", "gpt-4o-2024-05-13").abilities.schema


def test_an_unknown_model_has_its_providers_safe_defaults() -> None:
    patches = PictureSize(edge=2048, patch=32, patches=2500)
    assert model_row("openai", "brand-new").abilities == Abilities(picture=patches)
    assert model_row("anthropic", "brand-new").abilities == Abilities(temperature=False, context=200_000)
    assert model_row("groq", "brand-new").abilities == Abilities(vision=False, context=131_072)


def test_prices_give_a_cost_or_none_and_never_a_guess() -> None:
    prices = Prices(date(2026, 11, 1), Decimal("2"), Decimal("10"), cached=Decimal("0.2"), up_to=1000)
    assert prices.cost(Usage(prompt=100, cached=50, completion=10)) == Decimal("0.00021")
    assert prices.cost(Usage(prompt=100)) is None
    assert prices.cost(Usage(prompt=100, completion=1, cache_write=5)) is None
    assert prices.cost(Usage(prompt=1001, completion=1)) is None
    assert prices.cost(Usage(prompt=0, completion=0)) == 0


@pytest.mark.parametrize("module", ["catalog", "vendor", "providers.openai", "providers.groq", "providers.anthropic"])
def test_no_sdk_is_loaded_before_a_model_is_made(module: str) -> None:
    program = (
        f"import sys, webhand.llm.{module}\n"
        "heavy = ('openai', 'anthropic', 'groq', 'httpx', 'httpx2', 'playwright')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
