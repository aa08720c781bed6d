import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import Ended, called, started
from tests.cli.conftest import Answer
from webhand.cli import checks
from webhand.cli.models import models
from webhand.cli.options import chosen_model
from webhand.llm.catalog import get_model, model_names, providers
from webhand.llm.fallback import FallbackModel, way_of

PRIVATE = "zq-9f8e7d6c5b4a"
GOOD = '{"word": "lighthouse", "colour": "green"}'
Serve = Callable[[Answer], str]


def webhand(*arguments: str) -> Ended:
    return called("models", *arguments)


def listed(*arguments: str) -> dict[str, Any]:
    told = webhand(*arguments, "--json")
    assert told.returncode == 0, told.stderr
    return {vendor["name"]: vendor for vendor in json.loads(told.stdout)["vendors"]}


@pytest.mark.parametrize("columns", [80, 120])
def test_every_model_fits_on_a_line(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    told = started("models")
    assert told.returncode == 0, told.stderr
    lines = told.stdout.splitlines()
    assert max(len(line) for line in lines[:-1]) <= columns
    first = {line.split()[0] for line in lines if line.strip()}
    for provider in providers():
        assert {provider, *model_names(provider)} <= first


def test_what_a_model_can_do_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = {line.split()[0]: line.split()[1:] for line in webhand("groq").stdout.splitlines() if line.strip()}
    assert lines["openai/gpt-oss-120b"] == ["-STR", "131k", "0.15", "0.6"]
    assert lines["mixtral-8x7b-32768"] == ["--T-", "32k", "?", "?", "retired"]
    assert "anthropic" not in lines


def test_a_key_is_told_by_its_variable_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROQ_API_KEY", PRIVATE)
    told = webhand("groq"), webhand("groq", "--json"), webhand("openai"), webhand("ollama")
    assert "key in GROQ_API_KEY" in told[0].stdout
    assert json.loads(told[1].stdout)["vendors"][0]["keys"] == {"GROQ_API_KEY": True}
    assert "no key: set OPENAI_API_KEY" in told[2].stdout
    assert "needs no key" in told[3].stdout
    assert not any(PRIVATE[at : at + 4] in one.stdout + one.stderr for one in told for at in range(len(PRIVATE) - 3))


@pytest.mark.parametrize(
    ("credentials", "config", "profile", "found"),
    [
        ("[default]\naws_access_key_id = zq-9f8e7d6c5b4a\n", "", None, "default"),
        ("", "[profile work]\nsso_session = work\nregion = eu-west-1\n", "work", "work"),
        ("", "[default]\nregion = eu-west-1\n", None, None),
        ("[default]\naws_access_key_id = x\n", "", "work", None),
        ("no sections at all", "[", None, None),
    ],
    ids=["keys", "sign-in", "region alone", "another profile", "broken"],
)
def test_a_profile_of_aws_stands_for_a_key(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    credentials: str,
    config: str,
    profile: str | None,
    found: str | None,
) -> None:
    for variable, name, text in (
        ("AWS_SHARED_CREDENTIALS_FILE", "aws-keys", credentials),
        ("AWS_CONFIG_FILE", "aws-config", config),
    ):
        (tmp_path / name).write_text(text)
        monkeypatch.setenv(variable, str(tmp_path / name))
    if profile:
        monkeypatch.setenv("AWS_PROFILE", profile)
    told = webhand("bedrock")
    assert told.returncode == 0, told.stderr
    assert (f"key in the AWS profile {found}" if found else "no key: set AWS_BEARER") in told.stdout
    assert PRIVATE not in told.stdout
    assert listed("bedrock")["bedrock"]["profile"] == found
    assert (f"AWS profile {found}" in checks.keys().found) == (found is not None)


def test_own_prices_are_listed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('["groq/qwen/qwen3-32b"]\ninput = 9.5\noutput = 0\n')
    monkeypatch.setenv("WEBHAND_PRICES", str(file))
    prices = {one["name"]: one["prices"] for one in listed("groq")["groq"]["models"]}
    assert prices["groq/qwen/qwen3-32b"] == {"input": 9.5, "cached": None, "output": 0.0, "taken": None}
    assert prices["groq/openai/gpt-oss-20b"]["input"] == 0.075
    assert prices["groq/gemma2-9b-it"] is None


def test_json_has_everything() -> None:
    vendors = listed()
    assert set(vendors) == set(providers())
    [turbo] = [one for one in vendors["openai"]["models"] if one["name"] == "openai/gpt-4-turbo"]
    assert (turbo["vision"], turbo["schema"], turbo["retired"], turbo["ends"]) == (True, False, True, "2026-10-23")


def test_an_unknown_vendor_is_a_mistake() -> None:
    told = webhand("groqq")
    assert (told.returncode, told.stdout) == (2, "")
    assert "Did you mean groq?" in told.stderr


def check(url: str, *arguments: str) -> Ended:
    return webhand("check", "compatible/m", "--base-url", url, *arguments)


def test_a_model_that_does_all_is_told_line_by_line(serve_model: Serve) -> None:
    told = check(serve_model(lambda: GOOD))
    assert told.returncode == 0, told.stderr
    lines = [line.split(maxsplit=2) for line in told.stdout.splitlines()]
    assert lines[0] == ["compatible/m"]
    assert [(mark, what) for mark, what, _ in lines[1:]] == [
        ("✓", "text"), ("✓", "structure"), ("✓", "picture"), ("✓", "usage"), ("✓", "time"), ("–", "cost"),
    ]  # fmt: skip
    assert lines[2][2] == "native_schema"
    assert lines[4][2] == "100 in, 10 out"


@pytest.mark.parametrize("first", ["openai/gpt-6-luna", "groq/openai/gpt-oss-120b"])
def test_of_several_models_the_one_that_answered_is_judged(
    serve_model: Serve, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    for variable in ("OPENAI_API_KEY", "GROQ_API_KEY"):
        monkeypatch.setenv(variable, PRIVATE)
    url = serve_model(lambda: GOOD)
    monkeypatch.setenv("OPENAI_BASE_URL", url)
    monkeypatch.setenv("GROQ_BASE_URL", url.removesuffix("/v1"))
    second = "groq/openai/gpt-oss-20b" if first.startswith("openai") else "openai/gpt-6-luna"
    told = json.loads(webhand("check", f"{first}, {second}", "--json").stdout)
    assert told["model"] == first
    sees = {"state": "yes", "found": "green"}
    blind = {"state": "-", "found": "this model reads text only"}
    assert told["checks"]["picture"] == (sees if first.startswith("openai") else blind)


def test_a_wrong_answer_is_not_done(serve_model: Serve) -> None:
    told = check(serve_model(lambda: '{"word": "lighthouse", "colour": "none"}'), "--json")
    assert told.returncode == 1
    answer = json.loads(told.stdout)
    assert answer["ok"] is False
    assert answer["checks"]["picture"] == {"state": "no", "found": "it is green, the model says none"}
    assert answer["checks"]["text"]["state"] == "yes"
    assert answer["usage"]["prompt"] == 100


def test_what_it_cost_is_told(serve_model: Serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "prices.toml"
    file.write_text('["compatible/*"]\ninput = 10\noutput = 100\n')
    monkeypatch.setenv("WEBHAND_PRICES", str(file))
    told = json.loads(check(serve_model(lambda: GOOD), "--json").stdout)
    assert told["checks"]["cost"] == {"state": "yes", "found": "US$ 0.002"}


def test_what_works_is_told_where_something_does_not(serve_model: Serve) -> None:
    answers = iter(["400 this model takes no image", "A lighthouse!", '{"word": "lighthouse", "colour": "none"}'])
    told = check(serve_model(lambda: next(answers)), "--json")
    assert told.returncode == 1, told.stderr
    answer = json.loads(told.stdout)
    assert answer["ok"] is False
    assert {what: one["state"] for what, one in answer["checks"].items()} == {
        "text": "yes", "structure": "yes", "picture": "no", "usage": "yes", "time": "yes", "cost": "-",
    }  # fmt: skip
    assert "takes no image" in answer["checks"]["picture"]["found"]


def test_a_model_that_keeps_to_no_structure_is_told_with_the_text_that_it_wrote(serve_model: Serve) -> None:
    told = check(serve_model(lambda: "A lighthouse; it is green."), "--json")
    assert told.returncode == 1, told.stderr
    found = json.loads(told.stdout)["checks"]
    assert {what: one["state"] for what, one in found.items()} == {"text": "yes", "structure": "no", "picture": "-"}
    assert "A lighthouse" in found["text"]["found"]


def test_a_failure_of_the_vendor_ends_with_4(serve_model: Serve) -> None:
    told = check(serve_model(lambda: "401 no"))
    assert (told.returncode, told.stdout) == (4, "")
    assert told.stderr.startswith("error: compatible/m: the server wants a key, and there is none; pass api_key=")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["openai/gpt-6-luna"], "OPENAI_API_KEY"),
        (["nobody/x"], "no provider"),
        (["compatible/m"], "needs --base-url"),
        (["compatible/m", "--base-url", "http://256.1.1.1/v1"], "is none that a request can be sent to"),
        (["compatible/a,compatible/b"], "for one alone"),
        (["offline, compatible/b"], "for one alone"),
        (["compatible/a,compatible/b", "--base-url", "http://127.0.0.1:1"], "can belong to one model only"),
    ],
)
def test_a_wrong_set_up_ends_with_2(arguments: list[str], why: str) -> None:
    told = webhand("check", *arguments)
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.count("\n") == 1
    assert why in told.stderr


def test_several_models_with_addresses_of_their_own_are_found_again() -> None:
    several = FallbackModel([get_model("compatible/a", base_url="http://127.0.0.1:1"), "offline"])
    again = chosen_model(several.name, None, None, None, several.way)
    assert (again.name, way_of(again)) == (several.name, several.way)


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_long_answer_is_cut(serve_model: Serve, more: list[str]) -> None:
    long = json.dumps({"word": "lighthouse " * 20_000, "colour": "x" * 200_000})
    told = check(serve_model(lambda: long), *more)
    assert told.returncode == 1
    assert "lighthouse" in told.stdout
    assert len(told.stdout) < 3000


def test_the_help_names_both_commands() -> None:
    told = webhand("--help")
    assert told.returncode == 0
    assert [command.name for command in models.registered_commands] == ["list", "check"]
    assert "check" in told.stdout
