"""Prices of the user's own file."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from webhand.errors import InvalidSetting
from webhand.llm.catalog import get_model, model_row
from webhand.llm.prices import VARIABLE, Prices, own_prices, prices_file
from webhand.llm.vendor import VendorModel
from webhand.usage import Usage

LUNA = "taken = 2026-11-20\ninput = 3\ncached = 0.5\noutput = 7.25\n"
Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes the file that the variable names."""
    file = tmp_path / "prices.toml"
    monkeypatch.setenv(VARIABLE, str(file))

    def written(text: str) -> Path:
        file.write_text(text)
        return file

    return written


def test_own_prices_win_over_the_tables(write: Write) -> None:
    write(f'["openai/gpt-6-luna"]\n{LUNA}')
    prices = model_row("openai", "gpt-6-luna").prices
    assert prices is not None
    assert prices.cost(Usage(prompt=1_000_000, cached=400_000, completion=1_000_000)) == Decimal("9.25")
    assert prices.cost(Usage(prompt=1, cache_write=1, completion=0)) is None, "what is not written is unknown"
    listed = model_row("openai", "gpt-6-sol").prices
    assert listed is not None
    assert listed.input == 2


def test_a_model_that_nobody_has_heard_of_gets_a_price(write: Write) -> None:
    write("")
    assert model_row("compatible", "mine").prices is None
    write('["compatible/mine"]\ninput = 0\noutput = 0\n')
    model = get_model("compatible/mine", base_url="http://127.0.0.1:1/v1")
    assert isinstance(model, VendorModel)
    assert model.prices is not None
    assert model.prices.cost(Usage(prompt=5, completion=5)) == 0


def test_a_star_prices_all_of_a_provider_and_a_name_wins(write: Write) -> None:
    write('["groq/*"]\ninput = 1\noutput = 1\n["groq/mine"]\ninput = 2\noutput = 2\n')
    mine, other = own_prices(["groq/mine", "groq/*"]), own_prices(["groq/other", "groq/*"])
    assert (mine and mine.input, other and other.input) == (2, 1)
    assert model_row("groq", "mine-2026-01-01").prices == mine


def test_more_cached_than_there_was_costs_no_less_than_nothing() -> None:
    prices = Prices(None, Decimal(10), Decimal(20), cached=Decimal(1))
    assert prices.cost(Usage(prompt=5, cached=50_000, completion=0)) == Decimal("0.05")


def test_the_file_stands_beside_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert prices_file().name == "prices.toml"
    assert prices_file().parent.name == "webhand"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("input = 3", "'input' names no model"),
        ("[luna]\ninput = 3\noutput = 3", "'luna' names no model"),
        ('["openai/x"]\ninput = 3', "openai/x has no output"),
        ('["openai/x"]\ninput = -3\noutput = 1', "input of openai/x is -3, which is no number from 0 up"),
        ('["openai/x"]\ninput = "3"\noutput = 1', "input of openai/x is '3'"),
        ('["openai/x"]\ninput = true\noutput = 1', "input of openai/x is True"),
        ('["openai/x"]\ninput = nan\noutput = 1', "input of openai/x"),
        ('["openai/x"]\ninput = 1e400\noutput = 1', "input of openai/x"),
        (f'["openai/x"]\ninput = 1\noutput = {10**400}', "output of openai/x"),
        ('["openai/x"]\nimput = 3\noutput = 1', "unknown key 'imput'"),
        ('["openai/x"]\ninput = 3\noutput = 1\ntaken = "today"', "taken of openai/x is 'today', which is no date"),
        ("[", "no valid TOML|not valid TOML"),
    ],
)
def test_a_wrong_file_is_told_with_its_path(write: Write, text: str, told: str) -> None:
    file = write(text)
    with pytest.raises(InvalidSetting, match=told) as caught:
        model_row("openai", "gpt-6-luna")
    assert str(file) in str(caught.value)


def test_a_file_that_is_named_has_to_be_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "gone.toml"))
    with pytest.raises(InvalidSetting, match="WEBHAND_PRICES: there is no file"):
        model_row("openai", "gpt-6-luna")
