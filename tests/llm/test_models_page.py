"""The page about models says what the code does."""

import re
import tomllib
from pathlib import Path

import pytest

from webhand.llm.catalog import OFFLINE, provider_row, providers
from webhand.llm.fallback import FallbackModel
from webhand.llm.prices import VARIABLE, own_prices
from webhand.settings import KEY_VARIABLES

PAGE = Path(__file__).parents[2] / "docs" / "models.md"
ROWS = {
    cells[0].strip(" `"): [cell.strip() for cell in cells[1:]]
    for line in PAGE.read_text("utf-8").splitlines()
    if line.startswith("| `")
    for cells in [line.strip("|").split("|")]
}


def test_every_provider_has_a_row_and_every_row_a_provider() -> None:
    assert set(ROWS) == {*providers(), OFFLINE}


@pytest.mark.parametrize("provider", sorted(providers()))
def test_a_row_names_the_variables_and_an_example_of_its_provider(provider: str) -> None:
    variables, example, *_ = ROWS[provider]
    row = provider_row(provider)
    named = set(re.findall(r"[A-Z][A-Z_]{4,}", variables))
    keys = set(KEY_VARIABLES.get(provider, ())) - {"AWS_ACCESS_KEY_ID"}
    assert keys | {row.api_key_env} - {None} <= named
    if provider != "bedrock":
        assert {row.base_url_env} - {None} <= named
    assert example.strip("`").partition("/")[0] == provider


def test_the_prices_of_the_page_can_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [block] = re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    file = tmp_path / "prices.toml"
    file.write_text(block)
    monkeypatch.setenv(VARIABLE, str(file))
    assert all(own_prices([name]) for name in tomllib.loads(block))


def test_the_code_of_the_page_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789")
    monkeypatch.setenv("GROQ_API_KEY", "gsk-test-0123456789")
    [block] = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(block, str(PAGE), "exec"), names)
    assert isinstance(names["model"], FallbackModel)
