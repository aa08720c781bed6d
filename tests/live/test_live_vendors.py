"""The same small contract against every real vendor whose key is there.

`WEBHAND_LIVE_<VENDOR>` names another model than the usual one; vendors without a usual one need it.
`WEBHAND_LIVE_COMPATIBLE_URL` is the address of a server of one's own.
"""

import io
import os
from collections.abc import AsyncIterator, Mapping
from typing import Literal

import pytest
from PIL import Image as Picture
from pydantic import BaseModel

from webhand.errors import AuthError, MissingExtra, MissingKey
from webhand.llm.catalog import get_model, needs_key, providers
from webhand.llm.messages import Image, SystemMessage, Text, UserMessage
from webhand.llm.model import Model
from webhand.llm.vendor import VendorModel

pytestmark = [pytest.mark.live, pytest.mark.timeout(300)]

USUAL: Mapping[str, str] = {
    "openai": "gpt-6-luna",
    "anthropic": "claude-haiku-4-5",
    "gemini": "gemini-3.5-flash-lite",
    "bedrock": "us.anthropic.claude-haiku-4-5-20251001-v1:0",
    "groq": "openai/gpt-oss-20b",
    "deepseek": "deepseek-v4-flash",
    "openrouter": "openai/gpt-6-luna",
}


class Order(BaseModel):
    """What is to be bought."""

    article: str
    count: int
    express: bool = False


class Seen(BaseModel):
    """What a picture shows."""

    colour: Literal["red", "green", "blue", "yellow"]


def named(vendor: str) -> str:
    """The model to call; skips the test where nobody has said which."""
    variable = f"WEBHAND_LIVE_{vendor.upper()}"
    model = os.environ.get(variable) or USUAL.get(vendor)
    if model is None:
        pytest.skip(f"set {variable} to the name of a model")
    return f"{vendor}/{model}"


def address(vendor: str) -> str | None:
    return os.environ.get(f"WEBHAND_LIVE_{vendor.upper()}_URL")


@pytest.fixture(params=sorted(providers()))
async def model(request: pytest.FixtureRequest) -> AsyncIterator[Model]:
    try:
        model = get_model(named(request.param), base_url=address(request.param))
    except (MissingKey, MissingExtra) as error:
        pytest.skip(str(error))
    yield model
    await model.aclose()


async def test_text(model: Model) -> None:
    done = await model.complete([SystemMessage("Answer with one word."), UserMessage("Say: lighthouse")])
    assert "lighthouse" in done.text.lower()
    assert done.stop == "stop"
    assert done.model == model.name


async def test_structure(model: Model) -> None:
    done = await model.complete([UserMessage("Order three kettles, as fast as can be.")], Order)
    assert "kettle" in done.output.article.lower()
    assert (done.output.count, done.output.express) == (3, True)
    assert done.rung is not None


async def test_picture(model: Model) -> None:
    await model.complete([UserMessage("Say: ready")])  # some learn with the first call what they can do
    if not model.abilities.vision:
        pytest.skip("reads text only")
    file = io.BytesIO()
    Picture.new("RGB", (128, 128), "blue").save(file, "PNG")
    asked = UserMessage([Text("Which colour has this picture?"), Image(data=file.getvalue(), detail="low")])
    assert (await model.complete([asked], Seen)).output.colour == "blue"


async def test_usage_and_cost(model: Model) -> None:
    done = await model.complete([UserMessage("Say: ready")])
    assert (done.usage.prompt or 0) > 0
    assert (done.usage.completion or 0) > 0
    if isinstance(model, VendorModel) and model.prices is not None:
        assert done.cost is not None
        assert 0 < done.cost < 1


async def test_a_wrong_key_is_told(model: Model) -> None:
    vendor = model.name.partition("/")[0]
    if not needs_key(vendor) or vendor == "bedrock":
        pytest.skip("there is no single key")
    stranger = get_model(model.name, api_key="sk-wrong-0123456789abcdef", base_url=address(vendor))
    with pytest.raises(AuthError):
        await stranger.complete([UserMessage("Say: ready")])
    await stranger.aclose()
