"""The page about models says what the code does."""

import json
import re
import tomllib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from PIL import Image as Picture

from webhand.llm.catalog import OFFLINE, provider_row, providers
from webhand.llm.fallback import FallbackModel
from webhand.llm.prices import VARIABLE, own_prices
from webhand.settings import KEY_VARIABLES

PAGE = Path(__file__).parents[2] / "docs" / "models.md"
COLUMNS = 6
"""Of the table of providers; others have fewer."""
ROWS = {
    cells[0].strip(" `"): [cell.strip() for cell in cells[1:]]
    for line in PAGE.read_text("utf-8").splitlines()
    if line.startswith("| `")
    for cells in [line.strip("|").split("|")]
    if len(cells) == COLUMNS
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


def run_block(number: int) -> dict[str, object]:
    """The names that a block of code of the page leaves behind."""
    block = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)[number]
    names: dict[str, object] = {"__name__": "a block of the page"}
    exec(compile(block, str(PAGE), "exec"), names)
    return names


class _Seer(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        """Answer one message as Anthropic does."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert [part["type"] for part in asked["messages"][0]["content"]] == ["text", "image"]
        answer = {"type": "text", "text": '{"colour": "red", "boats": 2}'}
        body = {"content": [answer], "stop_reason": "end_turn", "usage": {"input_tokens": 90, "output_tokens": 9}}
        data = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def test_a_model_by_itself_answers_as_the_page_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Seer)
    Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-test-0123456789")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.chdir(tmp_path)
    Picture.new("RGB", (90, 60), "red").save("harbour.png")
    run_block(0)
    server.shutdown()
    server.server_close()
    assert capsys.readouterr().out.startswith("red 90 ")


def test_the_several_models_of_the_page_become_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789")
    monkeypatch.setenv("GROQ_API_KEY", "gsk-test-0123456789")
    assert isinstance(run_block(1)["model"], FallbackModel)
