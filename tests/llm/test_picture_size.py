"""How large a picture of a view is made for a model."""

import math
import random
from typing import Any

import pytest

from webhand.llm.catalog import model_row
from webhand.llm.picture_size import PictureSize, picture_scale

TILES = PictureSize(edge=2048, side=768, patch=32, patches=2500)

SIZES: list[tuple[str, Any, tuple[int, int], tuple[int, int]]] = [
    # model, detail, view, picture
    ("openai/gpt-6-luna", "auto", (1280, 800), (1280, 800)),
    ("openai/gpt-6-luna", "high", (1920, 1080), (1920, 1080)),
    ("openai/gpt-6-luna", "low", (1280, 800), (512, 320)),
    ("openai/gpt-4o", "auto", (1280, 800), (1229, 768)),
    ("openai/gpt-4o", "high", (2560, 1440), (1365, 768)),
    ("openai/gpt-5-mini", "high", (1600, 1000), (1562, 976)),
    ("anthropic/claude-sonnet-4-5", "high", (1280, 800), (1280, 800)),
    ("anthropic/claude-opus-4-8", "high", (2560, 1440), (2560, 1440)),
    ("anthropic/claude-opus-4-8", "high", (3000, 400), (2576, 343)),
    ("groq/meta-llama/llama-4-scout-17b-16e-instruct", "auto", (390, 844), (390, 844)),
    ("compatible/anything", "auto", (1280, 800), (1280, 800)),
    ("openai/a-model-of-tomorrow", "low", (390, 844), (237, 512)),
]


@pytest.mark.parametrize(("model", "detail", "view", "picture"), SIZES)
def test_the_size_that_a_model_is_sent(
    model: str, detail: Any, view: tuple[int, int], picture: tuple[int, int]
) -> None:
    provider, _, name = model.partition("/")
    scale = picture_scale(model_row(provider, name).abilities.picture, detail, *view)
    assert (round(view[0] * scale), round(view[1] * scale)) == pytest.approx(picture, abs=6)


def test_auto_stays_under_what_costs_1600_tokens_everywhere() -> None:
    for width, height in ((1920, 1080), (2560, 1440), (3840, 2160)):
        scale = picture_scale(PictureSize(edge=4000, patches=20_000), "auto", width, height)
        assert math.ceil(round(width * scale) / 28) * math.ceil(round(height * scale) / 28) <= 1568


@pytest.mark.parametrize("size", [PictureSize(), TILES, PictureSize(edge=2576, patches=4784)])
def test_what_is_sent_is_never_larger_than_the_bounds_and_not_needlessly_small(size: PictureSize) -> None:
    dice = random.Random(4)
    for _ in range(300):
        width, height = dice.randrange(1, 5000), dice.randrange(1, 5000)
        scale = size.scale(width, height)
        wide, high = round(width * scale), round(height * scale)
        patches = math.ceil(wide / size.patch) * math.ceil(high / size.patch)
        assert max(wide, high) <= size.edge
        assert min(wide, high) <= (size.side or size.edge)
        assert patches <= size.patches
        bounds = (max(wide, high) / size.edge, min(wide, high) / (size.side or size.edge), patches / size.patches)
        assert scale == 1.0 or max(bounds) > 0.9, "one of the bounds is what made it smaller"
