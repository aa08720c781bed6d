"""Arguments of another kind than they have to be are told before anything is sent."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from webhand.errors import InvalidSetting
from webhand.llm.catalog import get_model
from webhand.llm.fallback import FallbackModel
from webhand.llm.messages import AssistantMessage, Image, SystemMessage, Text, UserMessage
from webhand.llm.model import ModelSettings
from webhand.llm.retry import RetryPolicy

KEY = "sk-test-0123456789abcdef"
HERE = "http://127.0.0.1:1/v1"


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("timeout", "30", "timeout is of type str; it has to be a valid number"),
        ("timeout", True, "timeout is of type bool"),
        ("timeout", 0, "timeout is 0"),
        ("api_key", 12345678, "api_key is of type int; it has to be a valid string"),
        ("base_url", b"http://x", "base_url is of type bytes"),
        ("retry", 3, "retry is of type int; it has to be an instance of RetryPolicy"),
        ("settings", {}, "settings is of type dict; it has to be an instance of ModelSettings"),
        ("abilities", {"vision": True}, "abilities is of type dict; it has to be an instance of Abilities"),
        ("pictures", "no", "it has to be 'note' or 'refuse'"),
        ("structured", "yes", "structured='yes' is unknown"),
        ("max_concurrency", 2.5, "max_concurrency is of type float; it has to be a valid integer"),
        ("api_key_env", 5, "api_key_env is of type int"),
    ],
)
def test_an_argument_of_another_kind_is_told(name: str, value: Any, wanted: str) -> None:
    options: dict[str, Any] = {"api_key": KEY, "base_url": HERE, name: value}
    with pytest.raises(InvalidSetting, match=wanted) as caught:
        get_model("compatible/m", **options)
    assert "12345678" not in str(caught.value)


@pytest.mark.parametrize(
    ("model", "options"),
    [
        ("ollama/m", {"num_ctx": "many"}),
        ("ollama/m", {"keep_alive": 1.5}),
        ("bedrock/m", {"connections": "64"}),
        ("bedrock/m", {"region": 1}),
        ("groq/m", {"service_tier": "fast"}),
        ("azure/m", {"api_version": 2024}),
        ("azure/m", {"azure_ad_token": 1}),
        ("openrouter/m", {"routing": "cheap"}),
        ("openrouter/m", {"title": 1}),
    ],
)
def test_an_argument_of_one_vendor_is_told(model: str, options: dict[str, Any]) -> None:
    [name] = options
    with pytest.raises(InvalidSetting, match=f"{name} is of type"):
        get_model(model, base_url=HERE, **({} if name == "azure_ad_token" else {"api_key": KEY}), **options)


@pytest.mark.parametrize(
    ("model", "options", "wanted"),
    [
        *(
            ("openrouter/m", {option: value}, f"{option} cannot be sent as the header")
            for option in ("title", "referer")
            for value in ("Übersicht", "a\nb", "x\x00", "\ud800", " x")
        ),
        *(
            ("openrouter/m", {"routing": {"order": value}}, "routing holds what cannot be sent as JSON")
            for value in ({1, 2}, object(), b"x", float("nan"), "\ud800")
        ),
        *(
            ("azure/m", {"api_version": version}, "api_version is no version of an API")
            for version in ("2024 10", "2024&x=1", "../..", "ü", "a\nb", "\ud800")
        ),
        *((f"azure/{name}", {}, "cannot be the name of a deployment") for name in (".", "..")),
    ],
)
def test_an_argument_that_cannot_be_sent_is_told(model: str, options: dict[str, Any], wanted: str) -> None:
    with pytest.raises(InvalidSetting, match=wanted):
        get_model(model, base_url=HERE, api_key=KEY, **options)


@pytest.mark.parametrize("name", [None, 5, ["openai/m"]])
def test_a_model_is_named_by_a_text(name: Any) -> None:
    with pytest.raises(InvalidSetting, match="A model is named by a text such as openai/"):
        get_model(name)


@pytest.mark.parametrize("name", ["m\n", "m\nx", " m", "m\x00"])
def test_a_name_that_no_model_can_have_is_told(name: str) -> None:
    with pytest.raises(InvalidSetting, match="holds a line break or a blank too many"):
        get_model(f"compatible/{name}", base_url=HERE)


@pytest.mark.parametrize(
    ("messages", "output", "wanted"),
    [
        ("hello", None, "messages is of type str; give a list"),
        (UserMessage("hello"), None, "messages is of type UserMessage; give a list"),
        (["hello"], None, "One of messages is of type str"),
        ([UserMessage("hello")], BaseModel, "output is the class BaseModel"),
        ([UserMessage("hello")], int, "output is the class int; give a class derived from pydantic.BaseModel"),
        ([UserMessage("hello")], {"type": "object"}, "output is of type dict"),
    ],
)
async def test_a_question_that_is_none_is_told(messages: Any, output: Any, wanted: str) -> None:
    with pytest.raises(InvalidSetting, match=wanted):
        await get_model("compatible/m", base_url=HERE).complete(messages, output)


@pytest.mark.parametrize("role", [SystemMessage, UserMessage, AssistantMessage])
@pytest.mark.parametrize(
    "content",
    [5, None, {1: 2}, b"x", bytearray(b"x"), ["text"], [None], [Text("a"), "b"], range(2), [Text], [{"kind": "text"}]],
    ids=str,
)
def test_a_message_that_is_none_is_told(role: Any, content: Any) -> None:
    with pytest.raises(InvalidSetting, match="a message is a text, or a list of Text and Image"):
        role(content)


def test_a_message_is_read_again_from_what_is_kept_of_it() -> None:
    message = UserMessage([Text("a"), Image(url="https://host.example/x.png")])
    assert UserMessage.model_validate_json(message.model_dump_json()) == message


@pytest.mark.parametrize("policy", [{"attempts": "x"}, {"budget": "x"}, {"sleep": None}, {"jitter": 0.5}])
def test_a_policy_of_another_kind_is_told(policy: dict[str, Any]) -> None:
    [name] = policy
    with pytest.raises(InvalidSetting, match=f"{name} is of type"):
        RetryPolicy(**policy)


@pytest.mark.parametrize(
    ("members", "more"),
    [
        ([None], {}),
        ([["offline"]], {}),
        (["offline"], {"on": ["RateLimited"]}),
        (["offline"], {"on": "RateLimited"}),
        (["offline"], {"on": [ValueError]}),
        (["offline"], {"on": ValueError}),
        (["offline"], {"on": None}),
        (["offline"], {"on": 5}),
        (["offline"], {"on": [list[int]]}),
        (["offline"], {"clock": 5}),
        (5, {}),
        (None, {}),
        ("offline", {}),
        (["offline"], {"cooldown": "x"}),
        (["offline"], {"cooldown": float("nan")}),
        (["offline"], {"cooldown": -1}),
    ],
)
def test_a_fallback_of_another_kind_is_told(members: Any, more: dict[str, Any]) -> None:
    with pytest.raises(InvalidSetting):
        FallbackModel(members, **more)


def test_an_error_about_a_picture_does_not_quote_it() -> None:
    with pytest.raises(ValidationError) as caught:
        Image(data=b"very private", path="x.png")  # pyright: ignore[reportArgumentType]
    assert "very private" not in str(caught.value)


@pytest.mark.parametrize(
    "settings", [{"temperature": float("nan")}, {"temperature": -1}, {"max_tokens": 0}, {"reasoning": "lots"}]
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ModelSettings(**settings)
