"""Walls are recognised by what a look holds, on pages written after the markup of the real ones; other pages are none.

Frames of other hosts are answered from files: nothing leaves this machine.
"""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from playwright.async_api import Route

from tests.conftest import PAGES, Show
from webhand.browser import Box, Context, FrameInfo, Observation, Scroll, Tab
from webhand.browser.walls import Wall, walls
from webhand.testing import DemoShop

FRAMES = {
    "k=solved": "recaptcha_solved",
    "size=invisible": "recaptcha_badge",
    "/anchor": "recaptcha_anchor",
    "/bframe": "recaptcha_challenge",
    "hcaptcha.html": "hcaptcha_checkbox",
    "/passes/": "turnstile_passes",
    "/turnstile/": "turnstile_asks",
    "captcha-delivery.com": "datadome",
    "arkoselabs.com": "arkose",
    "frcapi.com": "friendly",
    "privacy-mgmt.com": "sourcepoint",
}
"""What answers in a frame whose address has this in it."""

WALLS: dict[str, tuple[str, ...]] = {
    "captcha_recaptcha_checkbox": ("captcha (reCAPTCHA)",),
    "captcha_recaptcha_challenge": ("captcha (reCAPTCHA)",),
    "captcha_hcaptcha": ("captcha (hCaptcha)",),
    "captcha_turnstile": ("captcha (Turnstile)",),
    "captcha_datadome": ("captcha (DataDome)",),
    "captcha_arkose": ("captcha (Arkose Labs)",),
    "captcha_friendly": ("captcha (Friendly Captcha)",),
    "captcha_geetest": ("captcha",),
    "captcha_wiki": ("captcha",),
    "captcha_characters_in_an_image": ("captcha",),
    "captcha_shop_characters": ("captcha",),
    "captcha_own_checkbox": ("captcha",),
    "bot_check_cloudflare": ("bot check (Cloudflare)", "captcha (Turnstile)"),
    "bot_check_cloudflare_verifying": ("bot check (Cloudflare)",),
    "bot_check_cloudflare_blocked": ("bot check (Cloudflare)",),
    "bot_check_press_and_hold": ("bot check (HUMAN)", "captcha"),
    "bot_check_imperva": ("bot check (Imperva)",),
    "bot_check_akamai": ("bot check (Akamai)",),
    "bot_check_search_sorry": ("bot check (Google)", "captcha (reCAPTCHA)"),
    "bot_check_aws": ("bot check (AWS WAF)",),
    "bot_check_anubis": ("bot check (Anubis)",),
    "bot_check_datadome": ("bot check (DataDome)",),
    "consent_dialog": ("consent",),
    "consent_in_a_shadow_root": ("consent",),
    "consent_in_a_frame": ("consent",),
    "consent_page_of_its_own": ("consent",),
    "consent_banner_over_the_page": ("consent",),
    "sign_in_password": ("sign-in (password)",),
    "sign_in_name_first": ("sign-in",),
    "sign_in_code": ("sign-in (one-time code)",),
    "sign_in_code_boxes": ("sign-in (one-time code)",),
    "sign_in_with_others": ("sign-in",),
    "sign_in_over_a_page": ("sign-in (password)",),
}
NONE = sorted(PAGES.glob("*.html")) + sorted(PAGES.glob("no_walls/*.html"))


def test_every_page_is_in_the_table() -> None:
    assert {page.stem for page in PAGES.glob("walls/*.html")} == {*WALLS}


@pytest.fixture
async def closed(shown_again: Show, pages: str) -> AsyncIterator[Tab]:
    """A tab in which addresses beyond this machine are answered from the files of tests/pages/walls/frames."""

    async def answer(route: Route) -> None:
        name = next((name for mark, name in FRAMES.items() if mark in route.request.url), None)
        if name is None:
            await route.abort()
        else:
            await route.fulfill(path=PAGES / "walls" / "frames" / f"{name}.html", content_type="text/html")

    tab = await shown_again("")
    await tab.page.route(lambda url: not url.startswith(pages), answer)
    yield tab
    await tab.page.unroute_all()


async def look(tab: Tab, address: str) -> Observation:
    await tab.goto(address)
    return await tab.observe()


@pytest.mark.parametrize("name", WALLS)
async def test_a_wall_is_recognised(name: str, closed: Tab, pages: str) -> None:
    seen = await look(closed, f"{pages}/walls/{name}.html")
    assert tuple(map(str, walls(seen))) == WALLS[name], seen.text


@pytest.mark.parametrize("page", NONE, ids=lambda page: page.stem)
async def test_another_page_is_none(page: Path, closed: Tab, pages: str) -> None:
    seen = await look(closed, f"{pages}/{page.relative_to(PAGES)}")
    assert walls(seen) == (), seen.text


async def test_of_the_demo_shop_only_the_sign_in_is_one(context: Context) -> None:
    with DemoShop() as shop:
        tab = await context.open(shop.url)
        addresses = {shop.url}
        for address in [one.attributes.get("href", "") for one in (await tab.observe()).elements.values()]:
            addresses.add(f"{shop.url.rstrip('/')}{address}" if address.startswith("/") else shop.url)
        assert len(addresses) > 3
        for address in sorted(addresses):
            await tab.goto(address)
            expected = (Wall("sign-in", "password"),) if address.endswith("/sign-in") else ()
            assert walls(await tab.observe()) == expected, address


async def test_a_captcha_that_was_answered_is_one_no_more(closed: Tab, pages: str) -> None:
    before = await look(closed, f"{pages}/walls/captcha_own_checkbox.html")
    await closed.check(next(ref for ref, one in before.elements.items() if one.role == "checkbox"))
    assert walls(await closed.observe()) == ()


def framed(url: str, box: Box) -> Observation:
    return Observation("https://shop.example/", "", "", {}, (), Scroll(0, 0, 800), frames=(FrameInfo(url, "", box),))


ADDRESSES: Sequence[tuple[str, str]] = [
    ("https://www.google.com/recaptcha/api2/anchor?k=1&size=normal", "reCAPTCHA"),
    ("https://recaptcha.google.cn/recaptcha/api2/bframe?k=1", "reCAPTCHA"),
    ("https://newassets.hcaptcha.com/captcha/v1/503a6fc/static/hcaptcha.html", "hCaptcha"),
    ("https://geo.captcha-delivery.com/captcha/?initialCid=1", "DataDome"),
    ("https://shop-api.arkoselabs.com/fc/assets/ec-game-core/game-core/1.2.3/standard/index.html", "Arkose Labs"),
    ("https://iframe.funcaptcha.com/fc/gc/?token=1", "Arkose Labs"),
    ("https://service.mtcaptcha.com/mtcv1/client/iframe.html?v=1", "MTCaptcha"),
    ("https://smartcaptcha.yandexcloud.net/checkbox.rev.html", "SmartCaptcha"),
    ("https://t.captcha.qq.com/template/drag_ele.html", "Tencent Captcha"),
]
LIKE: Sequence[str] = [
    "https://www.google.com/recaptcha/api2/anchor?k=1&size=invisible",
    "https://www.google.com/recaptcha/api2/aframe",
    "https://www.google.com/maps/embed?pb=recaptcha",
    "https://challenges.cloudflare.com/cdn-cgi/challenge-platform/h/g/turnstile/f/ov2/1",  # nothing in it to press
    "https://evil.example/captcha-delivery.com/captcha/",
    "https://notarkoselabs.com/fc",
]


@pytest.mark.parametrize(("url", "whose"), ADDRESSES)
def test_a_frame_is_known_by_its_address(url: str, whose: str) -> None:
    assert walls(framed(url, Box(0, 0, 300, 76))) == (Wall("captcha", whose),)
    assert walls(framed(url, Box(0, 0, 300, 10))) == ()


@pytest.mark.parametrize("url", LIKE)
def test_a_frame_of_another_address_is_none(url: str) -> None:
    assert walls(framed(url, Box(0, 0, 300, 76))) == ()
