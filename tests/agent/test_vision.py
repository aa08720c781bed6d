"""When a model is shown a picture, and what is kept of it."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow

from tests.agent.conftest import Site, done, said
from webhand import Agent, AgentConfig, Browser, Decision, Observation, Result, RunStore, Secret, Step
from webhand.agent.history import History, Seen
from webhand.agent.vision import reason_for_picture
from webhand.browser.observation import Scroll
from webhand.controller import ActionCall, ActionResult
from webhand.llm.messages import Image, Message
from webhand.llm.model import Abilities
from webhand.llm.picture_size import PictureSize
from webhand.llm.scripted import ScriptedModel, by_name

SHOP, BANK = "https://shop.example/boots", "https://bank.example/"


def step(url: str = SHOP, action: str = "click", *, ok: bool = True, text: str = "a", picture: bool = False) -> Step:
    return Step(
        number=1,
        observation=Seen(url=url, title="", tokens=1, elements=1, text=Path(text)),
        decision=Decision(actions=(ActionCall(action=action, arguments={"ref": "e1"}),)),
        results=(ActionResult(action=action, ok=ok, text="", include_picture=picture),),
    )


FAILED = step(ok=False)
REFUSED = step().model_copy(update={"decision": None, "results": (), "error": "OutputInvalid: no"})

# mode, steps before, address now, part of the view that is drawn, the reason for a picture
REASONS: dict[str, tuple[Any, Sequence[Step], str, float, str | None]] = {
    "the first look of all": ("auto", [], SHOP, 0.0, "first"),
    "a page of the same site": ("auto", [step()], "https://shop.example/cart", 0.0, None),
    "the first look at another site": ("auto", [step()], BANK, 0.0, "first"),
    "back at a site that was seen": ("auto", [step(), step(BANK)], SHOP, 0.0, None),
    "another port is another site": ("auto", [step()], "https://shop.example:8443/", 0.0, "first"),
    "a little is drawn": ("auto", [step()], SHOP, 0.2, None),
    "much is drawn": ("auto", [step()], SHOP, 0.25, "drawn"),
    "an action asked": ("auto", [step(picture=True)], SHOP, 0.0, "asked"),
    "an earlier action asked": ("auto", [step(picture=True), step(action="hover")], SHOP, 0.0, None),
    "a point was clicked": ("auto", [step(action="click_at")], SHOP, 0.0, "aimed"),
    "a point was clicked before": ("auto", [step(action="click_at"), step(action="wait")], SHOP, 0.0, None),
    "one failure": ("auto", [step(action="hover"), FAILED], SHOP, 0.0, None),
    "always": ("always", [step()], SHOP, 0.0, "always"),
    "always, and asked": ("always", [step(picture=True)], SHOP, 0.0, "asked"),
    "never, at the first look": ("never", [], SHOP, 1.0, None),
    "never, even when asked": ("never", [step(picture=True)], SHOP, 1.0, None),
}


@pytest.mark.parametrize("name", REASONS)
def test_why_a_picture_goes_along(name: str) -> None:
    mode, steps, url, drawn, reason = REASONS[name]
    seen = Observation(url, "", "", {}, (), Scroll(0, 0, 0))
    assert reason_for_picture(mode, History("t", tuple(steps)), seen, drawn, stuck=False) == reason


# --- in a run -------------------------------------------------------------------------------------------------------


async def run(
    script: Sequence[Any], browser: Browser, store: RunStore, url: str, *, sees: Any = True, **more: Any
) -> tuple[Result[Any], ScriptedModel]:
    """A run, and the model that was asked in it; `sees` may be what its largest picture is."""
    size = sees if isinstance(sees, PictureSize) else PictureSize()
    model = ScriptedModel(script, abilities=Abilities(vision=bool(sees), picture=size))
    secrets = more.pop("secrets", None)
    config = AgentConfig(**more)
    agent = Agent[Any]("Look", model, browser=browser, start_url=url, config=config, store=store, secrets=secrets)
    return await agent.run(), model


def pictures(model: ScriptedModel) -> list[bytes | None]:
    """The picture of each prompt."""
    found = [[part.data for part in one[-1].parts if isinstance(part, Image)] for one in model.prompts]
    return [one[0] if one else None for one in found]


def size(data: bytes) -> tuple[int, int]:
    return Pillow.open(io.BytesIO(data)).size


async def test_what_was_sent_is_what_is_kept(browser: Browser, store: RunStore, site: Site) -> None:
    result, model = await run([done()], browser, store, site.url)
    [sent] = pictures(model)
    assert sent is not None
    kept, seen = result.steps[0].screenshot, result.steps[0].observation
    assert kept is not None
    assert seen is not None
    assert (kept.suffix, kept.read_bytes(), seen.pictured) == (".jpg", sent, True)


@pytest.mark.parametrize("more", [{"vision": "never"}, {"vision": "always", "sees": False}])
async def test_a_picture_is_kept_of_every_step_though_the_model_sees_none(
    browser: Browser, store: RunStore, site: Site, more: dict[str, Any]
) -> None:
    result, model = await run([{"wait": {"seconds": 0}}, done()], browser, store, site.url, **more)
    assert pictures(model) == [None, None]
    for one in result.steps:
        assert one.screenshot is not None
        assert size(one.screenshot.read_bytes()) == (1280, 800)
        assert one.observation is not None
        assert one.observation.pictured is False


async def test_no_picture_is_kept_where_none_is_wanted(browser: Browser, store: RunStore, site: Site) -> None:
    result, _ = await run([done()], browser, store, site.url, vision="never", record_pictures=False)
    assert result.steps[0].screenshot is None


@pytest.mark.parametrize(("detail", "expected"), [("auto", (1229, 768)), ("low", (512, 320)), ("high", (1229, 768))])
async def test_a_picture_has_the_size_that_the_model_can_use(
    browser: Browser, store: RunStore, site: Site, detail: str, expected: tuple[int, int]
) -> None:
    tiles = PictureSize(edge=2048, side=768, patch=32, patches=2500)
    _, model = await run([done()], browser, store, site.url, sees=tiles, image_detail=detail)
    [sent] = pictures(model)
    assert sent is not None
    assert size(sent) == pytest.approx(expected, abs=1)


async def test_a_picture_like_the_last_one_is_not_sent_again_unless_it_is_asked_for(
    browser: Browser, store: RunStore, site: Site
) -> None:
    script: list[Any] = [
        {"wait": {"seconds": 0}},
        {"find": {"text": "Welcome"}},
        {"screenshot": {}},
        {"click": {"ref": by_name("Other page")}},
        done(),
    ]
    result, model = await run(script, browser, store, site.url, vision="always")
    assert [one is not None for one in pictures(model)] == [True, False, False, True, True]
    told = ["the picture is as before" in said(one) for one in model.prompts]
    assert told == [False, True, True, False, False]
    assert all(one.screenshot is not None for one in result.steps)


async def test_a_canvas_is_shown_and_shown_again_after_a_click_into_it(
    browser: Browser, store: RunStore, site: Site
) -> None:
    site.pages["/game"] = (
        "<!doctype html><title>Game</title><body style='margin:0'><canvas id=c width=1280 height=700></canvas>"
        "<script>c.onclick = (e) => { c.getContext('2d').fillRect(e.offsetX, e.offsetY, 80, 80) }"
        "</script>"
    )
    script: list[Any] = [
        {"wait": {"seconds": 0}},  # first look at the site
        {"read": {}},  # drawn, but as before
        {"click_at": {"x": 300, "y": 300}},
        {"wait": {"seconds": 0}},  # changed
        done(),
    ]
    _, model = await run(script, browser, store, site.url + "game")
    assert [one is not None for one in pictures(model)] == [True, False, False, True, False]


async def test_a_page_that_hangs_costs_no_second_wait_for_its_picture(
    browser: Browser, store: RunStore, site: Site, click_in_haste: Callable[[Sequence[Message]], Any]
) -> None:
    site.pages["/loop"] = "<!doctype html><button onclick='setTimeout(() => { for (;;); }, 0)'>Go</button>"
    result, model = await run([click_in_haste, done()], browser, store, site.url + "loop", vision="always")
    assert [one is not None for one in pictures(model)] == [True, False]
    assert result.steps[1].screenshot is None
    seen = result.steps[1].observation
    assert seen is not None
    assert not any("picture" in problem for problem in seen.partial)


async def test_a_model_that_gets_nowhere_is_shown_a_picture(browser: Browser, store: RunStore, site: Site) -> None:
    script: list[Any] = [{"wait": {"seconds": 0}}, {"click": {"ref": "e999"}}, {"click": {"ref": "e998"}}, done()]
    _, model = await run(script, browser, store, site.url)
    assert [one is not None for one in pictures(model)] == [True, False, False, True]


async def test_a_secret_is_not_in_the_pictures_that_follow(browser: Browser, store: RunStore, site: Site) -> None:
    style = "border:0;background:#ffe000;width:400px;height:60px;font:30px monospace"
    site.pages["/code"] = (
        f"<!doctype html><title>Code</title><label>Code <input style='{style}' oninput='o.textContent = value'></label>"
        "<p id=o style='font:30px monospace'></p>"
    )
    script: list[Any] = [{"type": {"ref": by_name("Code"), "text": "<secret:pin>"}}, {"screenshot": {}}, done()]
    secrets = {"pin": Secret("8264119035", origins=[site.url])}
    shown: list[bool] = []
    for hidden in (True, False):
        if not hidden:  # the same typed in plain: what is seen then must be what was veiled
            script[0] = {"type": {"ref": by_name("Code"), "text": "8264119035"}}
        result, model = await run(script, browser, store, site.url + "code", secrets=secrets if hidden else None)
        sent = pictures(model)[2]
        assert sent is not None
        assert result.steps[1].screenshot is not None
        for data in (sent, result.steps[1].screenshot.read_bytes()):
            picture = Pillow.open(io.BytesIO(data)).convert("RGB").tobytes()
            pixels = zip(picture[::3], picture[1::3], picture[2::3], strict=True)
            shown.append(sum(r > 220 and g > 190 and b < 90 for r, g, b in pixels) > 5000)
    assert shown == [False, False, True, True]


@pytest.mark.parametrize("sees", [True, False])
async def test_a_picture_that_is_opened_is_shown_once(
    browser: Browser, store: RunStore, site: Site, tmp_path: Path, sees: bool
) -> None:
    path = tmp_path / "plan.png"
    Pillow.new("RGB", (8, 8), "red").save(path)
    config = AgentConfig(vision="auto" if sees else "never")
    model = ScriptedModel([{"open_file": {"name": "plan.png"}}, {"wait": {"seconds": 0}}, done()])
    agent = Agent("Look", model=model, browser=browser, store=store, start_url=site.url, config=config, files=[path])
    result = await agent.run()
    assert result.steps[0].results[0].text == "plan.png is shown below"
    shown = [[part.path for part in one[-1].parts if isinstance(part, Image) and part.path] for one in model.prompts]
    assert shown == [[], [path.resolve()] if sees else [], []]
    notices = result.steps[1].observation.notices if result.steps[1].observation else ()
    assert notices == (() if sees else ("pictures cannot be shown: you are given text only",))
