"""Pictures of the view: their size, the marks on them, what is painted over, and which are alike."""

import asyncio
import io
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw

from tests.conftest import Configured, Show
from webhand.browser import BrowserConfig, Tab, confided
from webhand.browser.camera import drawn_share
from webhand.browser.marks import COLOURS
from webhand.browser.picture import VEIL, alike
from webhand.errors import ActionTimeout
from webhand.secrets import Secret

Site = Callable[..., str]


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    assert picture.format == "JPEG"
    return picture.convert("RGB")


def near(one: tuple[int, ...], colour: str, most: int = 40) -> bool:
    return all(abs(a - b) <= most for a, b in zip(one, rgb(colour), strict=True))


def at(picture: Image.Image, x: float, y: float) -> tuple[int, ...]:
    found = picture.getpixel((int(x), int(y)))
    assert isinstance(found, tuple)
    return found


def has_a_mark(picture: Image.Image) -> bool:
    pixels = picture.getcolors(picture.width * picture.height) or []
    return any(near(pixel, colour, 24) for _, pixel in pixels if isinstance(pixel, tuple) for colour in COLOURS)


# --- size -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("device_scale", [None, 2.0])
async def test_a_picture_is_in_css_pixels_and_the_page_is_not_told(
    device_scale: float | None, configured: Configured
) -> None:
    config = BrowserConfig(viewport=(900, 600), device_scale=device_scale)
    browser = await configured(config)
    tab = await browser.open()
    await tab.page.set_content(
        "<body style='margin:0;background:#d02020'><script>window.told=[];"
        "for (const name of ['resize', 'scroll', 'blur']) addEventListener(name, () => told.push(name));"
        "matchMedia('(min-resolution: 1.5dppx)').addEventListener('change', () => told.push('media'))</script>"
    )
    picture = opened(await tab.screenshot())
    assert picture.size == (900, 600)
    assert near(at(picture, 450, 300), "#d02020")
    assert tab.picture_scale == 1.0
    small = opened(await tab.screenshot(fit=lambda width, height: 300 / width))
    assert small.size == (300, 200)
    assert near(at(small, 150, 100), "#d02020")
    assert await tab.page.evaluate("told") == []


async def test_what_stands_at_a_point_of_a_small_picture_is_what_its_scale_says(show: Show) -> None:
    tab = await show("<div style='position:absolute;left:700px;top:500px;width:60px;height:40px;background:#1030d0'>")
    picture = opened(await tab.screenshot(fit=lambda width, height: 0.4))
    assert picture.size == (512, 320)
    blue = [(x, y) for x in range(512) for y in range(320) if near(at(picture, x, y), "#1030d0")]
    x, y = blue[len(blue) // 2]
    assert tab.picture_scale == pytest.approx(2.5)
    under = "([x, y]) => document.elementFromPoint(x, y).tagName"
    assert await tab.page.evaluate(under, [x * tab.picture_scale, y * tab.picture_scale]) == "DIV"


async def test_a_scrolled_page_is_shown_where_it_stands(show: Show) -> None:
    tab = await show("<body style='margin:0'><div style='height:3000px'></div><p style='height:999px;background:#0a0'>")
    await tab.scroll("bottom")
    assert near(at(opened(await tab.screenshot()), 640, 600), "#00aa00")


async def test_a_hanging_page_gives_no_picture_in_time_and_a_look_all_the_same(
    show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webhand.browser.camera.LIMIT", 0.5)
    tab = await show("<p>here")
    seen = await tab.observe()
    busy = asyncio.ensure_future(
        tab.page.evaluate("() => { const end = Date.now() + 2500; while (Date.now() < end); }")
    )
    await asyncio.wait([busy], timeout=0.1)
    with pytest.raises(ActionTimeout, match="no picture could be taken"):
        await tab.screenshot(seen)
    await busy
    assert (await tab.observe(vision=True)).screenshot is not None


# --- marks ----------------------------------------------------------------------------------------------------------


async def test_a_look_with_vision_has_marks_and_the_page_does_not(show: Show) -> None:
    tab = await show("<body style='background:#fff'><button style='margin:80px;background:#eee;color:#000'>Go</button>")
    before = await tab.page.content()
    seen = await tab.observe(vision=True)
    assert seen.screenshot is not None
    assert has_a_mark(opened(seen.screenshot))
    [button] = seen.elements.values()
    assert button.box is not None
    edge = at(opened(seen.screenshot), button.box.x + button.box.width / 2, button.box.y - 1)
    assert any(near(edge, colour) for colour in COLOURS)
    assert await tab.page.content() == before
    assert not has_a_mark(opened(await tab.screenshot())), "a plain picture has none"
    assert (await tab.observe()).screenshot is None


async def test_only_what_the_text_names_is_marked(show: Show) -> None:
    tab = await show("<body style='background:#fff'><button style='margin:80px;background:#eee;color:#000'>Go</button>")
    seen = await tab.observe()
    silent = seen.__class__(seen.url, "", "nothing is named here", seen.elements, seen.tabs, seen.scroll)
    assert has_a_mark(opened(await tab.screenshot(seen)))
    assert not has_a_mark(opened(await tab.screenshot(silent)))


# --- secrets --------------------------------------------------------------------------------------------------------

FIELDS = """<body style='margin:0;background:#fff'><style>input{position:absolute;left:40px;width:300px;height:40px;
border:0;background:#ffe000;font:20px monospace}</style>"""


async def middles(tab: Tab, selector: str) -> tuple[float, float]:
    found = await tab.page.locator(selector).first.bounding_box()
    assert found is not None
    return found["x"] + found["width"] / 2, found["y"] + found["height"] / 2


async def veiled(tab: Tab, selector: str, **more: object) -> bool:
    return near(at(opened(await tab.screenshot()), *await middles(tab, selector)), VEIL, 16)


async def test_password_fields_are_painted_over_when_they_hold_something(show: Show) -> None:
    tab = await show(
        FIELDS + "<input id=a type=password value=hunter22 style='top:40px'>"
        "<input id=b type=password style='top:140px'><input id=c value=plain style='top:240px'>"
    )
    assert await veiled(tab, "#a")
    assert not await veiled(tab, "#b")
    assert not await veiled(tab, "#c")


async def test_a_field_that_was_given_a_secret_is_painted_over_even_shown_in_plain(show: Show) -> None:
    tab = await show(FIELDS + "<input id=a aria-label=Code style='top:40px'><input id=b style='top:140px'>")
    seen = await tab.observe()
    ref = next(one.ref for one in seen.elements.values() if one.name == "Code")
    await tab.type(ref, "12345678")
    assert not await veiled(tab, "#a")
    tab.secret_refs.add(ref)
    assert await veiled(tab, "#a")
    assert not await veiled(tab, "#b")


async def test_fields_that_took_signs_of_a_secret_are_painted_over(show: Show) -> None:
    tab = await show(
        FIELDS + "<input id=a aria-label=Code maxlength=1 style='top:40px' oninput='b.focus()'>"
        "<input id=b style='top:140px'><input id=c value=1 style='top:240px'>"
    )
    seen = await tab.observe()
    ref = next(one.ref for one in seen.elements.values() if one.name == "Code")
    await confided.begin(tab, tab.target(ref), ["47"])
    await tab.type(ref, "47")
    await confided.end(tab)
    assert await tab.page.locator("#b").input_value() == "7"
    assert await veiled(tab, "#b")
    assert not await veiled(tab, "#c")
    await tab.page.locator("#b").fill("anna")
    assert not await veiled(tab, "#b")


async def test_in_a_shadow_root_and_in_frames_of_every_kind(show: Show, site: Site) -> None:
    inner = FIELDS + "<input id=f type=password value=hunter22 style='top:30px'>"
    same, other = site("/page", html=inner), site("/page", html=inner, host="localhost")
    frame = "position:absolute;border:7px solid #000;padding:5px;width:500px;height:120px;left:60px"
    html = (
        "<body style='margin:0'><div id=host></div><script>host.attachShadow({mode: 'open'}).innerHTML ="
        "\"<input id=s type=password value=hunter22 style='position:absolute;left:700px;top:40px;width:300px;"
        "height:40px;border:0;background:#ffe000'>\"</script>"
        f"<iframe name=same src='{same}' style='{frame};top:40px'></iframe>"
        f"<iframe name=other src='{other}' style='{frame};top:240px'></iframe>"
        f"<iframe name=written srcdoc=\"{inner.replace(chr(34), '&quot;')}\" style='{frame};top:440px'></iframe>"
    )
    tab = await show("")
    await tab.goto(site("/page", html=html))
    await tab.observe()
    picture = opened(await tab.screenshot())
    assert near(at(picture, 850, 60), VEIL, 16), "in the shadow root"
    for top in (40, 240, 440):
        assert near(at(picture, 60 + 12 + 40 + 150, top + 12 + 30 + 20), VEIL, 16), f"in the frame at {top}"
        assert not near(at(picture, 60 + 12 + 40 + 400, top + 12 + 30 + 20), VEIL, 16), "beside it"


async def test_a_secret_that_the_page_says_elsewhere_is_painted_over_on_its_own_site_only(
    show: Show, site: Site
) -> None:
    html = (
        "<body style='margin:0;background:#fff;font:30px monospace'><p id=t style='margin:60px'>Card 4111222233334444 "
        "is yours</p><input id=f value='no 4111222233334444' style='margin:60px;width:500px;font:30px monospace'>"
    )
    tab = await show("")
    await tab.goto(site("/page", html=html))
    origin = await tab.page.evaluate("origin")
    assert not await veiled(tab, "#f")
    tab.context.secrets = [Secret("4111222233334444", origins=[origin])]
    picture = opened(await tab.screenshot())
    box = await tab.page.evaluate(
        "() => { const r = new Range(); r.setStart(t.firstChild, 5); r.setEnd(t.firstChild, 21);"
        " const b = r.getBoundingClientRect(); return [b.x, b.y, b.right, b.bottom] }"
    )
    middle = (box[1] + box[3]) / 2
    assert all(near(at(picture, box[0] + part * (box[2] - box[0]), middle), VEIL, 16) for part in (0.02, 0.5, 0.98))
    assert not near(at(picture, box[2] + 20, middle), VEIL, 16)
    assert await veiled(tab, "#f")
    tab.context.secrets = [Secret("4111222233334444", origins=["https://another.example"])]
    assert not await veiled(tab, "#f"), "another site is not told of it, so it cannot be looked for there"


async def test_a_field_that_moves_while_the_picture_is_taken_is_painted_over_all_its_way(show: Show) -> None:
    tab = await show(
        FIELDS + "<input id=a value='in plain' style='top:40px'><script>let y = 40; const step = () => {"
        "y = (y + 3) % 600; a.style.top = `${y}px`; requestAnimationFrame(step) }; step()</script>"
    )
    seen = await tab.observe()
    tab.secret_refs.update(seen.elements)
    for _ in range(8):
        picture = opened(await tab.screenshot())
        yellow = sum(near(at(picture, 200, y), "#ffe000", 30) for y in range(800))
        assert yellow <= 24, "of its 40 lines hardly more than it moves in one frame can show"


# --- alike ----------------------------------------------------------------------------------------------------------


def encoded(draw: Callable[[ImageDraw.ImageDraw], object], size: tuple[int, int] = (1280, 800)) -> bytes:
    picture = Image.new("RGB", size, "#f4f4f4")
    pen = ImageDraw.Draw(picture)
    for y in range(40, 760, 24):
        pen.line((60, y, 900, y), fill="black", width=9)
    draw(pen)
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=80)
    return written.getvalue()


ALIKE: dict[str, tuple[Callable[[ImageDraw.ImageDraw], object], bool]] = {
    "the same": (lambda pen: None, True),
    "a caret": (lambda pen: pen.line((1000, 100, 1000, 118), fill="black", width=2), True),
    "a word more": (lambda pen: pen.rectangle((1000, 100, 1060, 112), fill="black"), False),
    "another label": (lambda pen: pen.rectangle((1000, 100, 1024, 113), fill="#c2185b"), False),
    "another page": (lambda pen: pen.rectangle((0, 0, 1280, 800), fill="#123456"), False),
}


@pytest.mark.parametrize("name", ALIKE)
def test_pictures_that_are_alike(name: str) -> None:
    change, same = ALIKE[name]
    assert alike(encoded(lambda pen: None), encoded(change)) is same


def test_pictures_of_another_size_are_others() -> None:
    assert not alike(encoded(lambda pen: None), encoded(lambda pen: None, (640, 400)))


# --- what is drawn --------------------------------------------------------------------------------------------------

DRAWN: dict[str, tuple[str, float]] = {
    "text": ("<h1>Shop</h1><p>" + "words " * 400, 0.0),
    "a canvas": ("<canvas style='position:absolute;left:0;top:0;width:640px;height:800px'></canvas>", 0.5),
    "a video": ("<video style='position:absolute;left:0;top:0;width:1280px;height:400px'></video>", 0.5),
    "a canvas below the view": ("<div style='height:2000px'></div><canvas width=1200 height=700></canvas>", 0.0),
    "a hidden canvas": ("<canvas width=1200 height=700 style='visibility:hidden'></canvas>", 0.0),
    "a picture with a name": ("<img alt='A hill' style='width:1200px;height:700px'>", 0.0),
    "a picture without": ("<img src='data:,' style='position:absolute;left:0;top:0;width:1280px;height:800px'>", 1.0),
    "a named link of a picture": ("<a href=/><img src='data:,' style='width:900px;height:700px'>Boots</a>", 0.0),
    "a drawing without a name": ("<svg style='position:absolute;left:0;top:0;width:640px;height:400px'></svg>", 0.25),
    "a drawing with a name": ("<svg aria-label=Chart style='width:900px;height:700px'></svg>", 0.0),
    "many icons": ("<svg width=24 height=24></svg>" * 400, 0.0),
    "a game in a frame": (
        "<iframe style='position:absolute;left:0;top:0;width:640px;height:800px;border:0' srcdoc=\""
        "<body style='margin:0'><canvas style='width:640px;height:800px'></canvas>\"></iframe>",
        0.5,
    ),
    "a game in a frame below the view": (
        "<div style='height:2000px'></div><iframe width=900 height=700 srcdoc='<canvas width=800>'></iframe>",
        0.0,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DRAWN)
async def test_how_much_of_a_view_is_drawn(name: str, show: Show) -> None:
    html, share = DRAWN[name]
    tab = await show(f"<body style='margin:0'>{html}")
    assert await drawn_share(tab) == pytest.approx(share, abs=0.02)
