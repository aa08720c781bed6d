"""Frames of all kinds are read in their place and acted in."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.browser.conftest import ref
from webhand.browser import Context, Effect, Tab
from webhand.errors import ActionTimeout, NotInteractable, StaleRef

Show = Callable[[str], Awaitable[Tab]]
Site = Callable[..., str]

BUTTON = "<button onclick=\"this.textContent = 'Done'\">Go</button>"


def frame(url: str, more: str = "") -> str:
    return f'<iframe {more} src="{url.replace("&", "&amp;")}"></iframe>'


async def _page(context: Context, site: Site, html: str) -> Tab:
    return await context.open(site("/page", html=html))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_frame_is_read_where_it_stands_and_clicked_in(context: Context, site: Site, host: str) -> None:
    inner = frame(site("/page", host=host, html=f"<p>Within</p>{BUTTON}"), "title=Chat")
    tab = await _page(context, site, f"<p>Before</p>{inner}<p>After</p>")
    seen = await tab.observe()
    assert seen.text == "Before\nframe Chat:\n  Within\n  f2e1 button Go\nAfter"
    assert seen.elements["f2e1"].frame.startswith(f"http://{host}:")
    effect = await tab.click("f2e1")
    assert effect.text == 'clicked button "Go"'
    assert "f2e1 button Done" in (await tab.observe()).text


async def test_srcdoc(show: Show) -> None:
    tab = await show(f"<iframe srcdoc='{BUTTON.replace(chr(39), '&apos;')}'></iframe>")
    await tab.click(await ref(tab, "Go"))
    assert await ref(tab, "Done")


async def test_frames_in_frames_of_other_sites(context: Context, site: Site) -> None:
    inmost = frame(site("/page", html=BUTTON))
    middle = frame(site("/page", host="localhost", html=f"<p>Middle</p>{inmost}"), "width=400 height=300")
    tab = await _page(context, site, f"<p>Outer</p>{middle}")
    seen = await tab.observe()
    assert seen.text == "Outer\nframe:\n  Middle\n  frame:\n    f3e1 button Go"
    await tab.click("f3e1")
    assert "f3e1 button Done" in (await tab.observe()).text


async def test_boxes_are_in_the_view_of_the_main_frame(context: Context, site: Site) -> None:
    style = "style='position:absolute;left:100px;top:200px;border:5px solid;padding:7px'"
    button = "<body style=margin:0><button style='width:50px;height:20px'>Go</button>"
    tab = await _page(context, site, frame(site("/page", host="localhost", html=button), style))
    box = (await tab.observe()).elements["f2e1"].box
    assert box
    assert (box.x, box.y, box.width, box.height) == (112, 212, 50, 20)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("box", ["", "height:300px;overflow:auto"])
async def test_deep_in_a_tall_frame(context: Context, site: Site, host: str, box: str) -> None:
    inner = site("/page", host=host, html=f"<div style='height:2000px'></div>{BUTTON}")
    tab = await _page(context, site, f"<div style='{box}'>{frame(inner, 'height=3000')}</div>")
    element = (await tab.observe()).elements["f2e1"]
    assert not element.in_view
    await tab.click("f2e1")
    assert await ref(tab, "Done")


async def test_a_frame_below_the_view(context: Context, site: Site) -> None:
    inner = frame(site("/page", host="localhost", html=BUTTON))
    tab = await _page(context, site, f"<div style='height:3000px'></div>{inner}")
    await tab.click(await ref(tab, "Go"))
    assert await ref(tab, "Done")


async def test_a_covered_frame(context: Context, site: Site) -> None:
    cover = "<div role=dialog aria-label=Consent style='position:fixed;inset:0;background:white'></div>"
    tab = await _page(context, site, frame(site("/page", host="localhost", html=BUTTON)) + cover)
    with pytest.raises(NotInteractable, match='covered by dialog "Consent"; deal with what covers it first'):
        await tab.click(await ref(tab, "Go"))


CONSENT = "<div role=dialog aria-label=Consent style='position:fixed;{0};background:white'></div>"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_what_covers_a_part_of_a_frame_is_told_of_that(context: Context, site: Site, host: str) -> None:
    html = "<body style=margin:0><button style='height:50px'>One</button><br><button style='height:50px'>Two</button>"
    inner = frame(site("/page", host=host, html=html), "style='border:10px solid;padding:10px'")
    style = "left:0;top:85px;width:300px;height:100px"
    tab = await _page(context, site, f"<body style=margin:0>{inner}{CONSENT.format(style)}")
    seen = await tab.observe()
    assert [(one.name, one.cover) for one in seen.elements.values()] == [("One", None), ("Two", 'dialog "Consent"')]
    assert 'button Two (covered by dialog "Consent")' in seen.text
    await tab.page.evaluate("document.querySelector('[role=dialog]').remove()")
    assert not any(one.cover for one in (await tab.observe()).elements.values())


@pytest.mark.parametrize("where", ["outer", "middle"])
async def test_what_covers_a_frame_in_a_frame(context: Context, site: Site, where: str) -> None:
    cover = {where: CONSENT.format("inset:0")}
    inmost = frame(site("/page", html=BUTTON))
    middle = site("/page", host="localhost", html=inmost + cover.get("middle", ""))
    tab = await _page(context, site, frame(middle, "width=400 height=300") + cover.get("outer", ""))
    (button,) = (await tab.observe()).elements.values()
    assert (button.name, button.cover, button.states) == ("Go", 'dialog "Consent"', ("covered",))


async def test_what_only_cuts_a_frame_off_does_not_cover_it(context: Context, site: Site) -> None:
    inner = frame(site("/page", host="localhost", html=f"<div style='height:100px'></div>{BUTTON}"))
    tab = await _page(context, site, f"<div style='height:60px;overflow:hidden'>{inner}</div><p>Below")
    (button,) = (await tab.observe()).elements.values()
    assert button.cover is None


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_click_into_a_frame_waits_for_what_covers_it_to_go(context: Context, site: Site, host: str) -> None:
    cover = "<div id=c style='position:fixed;inset:0;transition:opacity .4s' ontransitionend='this.remove()'></div>"
    tab = await _page(context, site, frame(site("/page", host=host, html=BUTTON)) + cover)
    button = await ref(tab, "Go")
    await tab.page.evaluate("c.style.opacity = 0")
    await tab.click(button)
    assert await ref(tab, "Done")


async def test_a_frame_that_is_gone(context: Context, site: Site) -> None:
    tab = await _page(context, site, frame(site("/page", host="localhost", html=BUTTON)) + "<p>Rest")
    gone = await ref(tab, "Go")
    await tab.page.evaluate("document.querySelector('iframe').remove()")
    assert (await tab.observe()).text == "Rest"
    with pytest.raises(StaleRef):
        await tab.click(gone)


async def test_a_frame_that_goes_elsewhere_keeps_its_number(context: Context, site: Site) -> None:
    tab = await _page(context, site, frame(site("/page", html=BUTTON), "name=f"))
    first = await ref(tab, "Go")
    there = site("/page", host="localhost", html="<button>Other</button>")
    async with tab.page.expect_event("framenavigated"):
        await tab.page.evaluate("url => { document.querySelector('iframe').src = url; }", there)
    await tab.wait(text="Other")
    assert await ref(tab, "Other") == "f2e2"
    with pytest.raises(StaleRef):
        await tab.click(first)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_frame_is_scrolled_out_from_under_what_sticks_to_the_view(
    context: Context, site: Site, host: str
) -> None:
    long = site("/page", host=host, html=f"<body style='margin:300px 0 900px'>{BUTTON}")
    head = "<header style='position:sticky;top:0;height:80px;background:red'>Top</header>"
    tab = await _page(
        context, site, head + frame(long, "style='height:1500px;width:100%;border:0'") + "<p style='height:900px'>End"
    )
    ref_of_button = await ref(tab, "Go")
    await tab.page.evaluate("scrollTo(0, 340)")
    assert (await tab.click(ref_of_button)).text == 'clicked button "Go"'
    assert "button Done" in (await tab.observe()).text


async def test_typing_into_a_frame_of_another_site(context: Context, site: Site) -> None:
    tab = await _page(context, site, frame(site("/page", host="localhost", html="<input aria-label=Card>")))
    effect = await tab.type(await ref(tab, "Card"), "4111 1111")
    assert effect.value == "4111 1111"
    assert (await tab.observe()).elements["f2e1"].value == "4111 1111"


async def test_a_hidden_frame_is_not_read(context: Context, site: Site) -> None:
    tab = await _page(context, site, "<p>Seen</p>" + frame(site("/page", html="<p>Unseen"), "style=display:none"))
    assert (await tab.observe()).text == "Seen"


async def test_a_frame_that_hangs_does_not_hold_up_the_others(
    context: Context, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webhand.browser.frames.FRAME_LIMIT", 1.5)
    loop = """<p>Stuck<script>
        const busy = () => { const until = Date.now() + 5000; while (Date.now() < until); };
        onmessage = () => { parent.postMessage(1, '*'); setTimeout(busy, 0); }</script>"""
    tab = await _page(context, site, "<p>Fine</p>" + frame(site("/page", host="localhost", html=loop)))
    await tab.wait(text="Stuck")
    begun = "new Promise((told) => { onmessage = () => told(); frames[0].postMessage(1, '*') })"
    await tab.page.evaluate(begun)
    seen = await tab.observe()
    assert seen.text.startswith("Fine\nframe: http://localhost")
    assert "did not answer within 1.5 s" in seen.partial[0]


KEYS: list[Callable[[Tab], Awaitable[Effect]]] = [
    lambda tab: tab.type("f2e1", "Anna"),
    lambda tab: tab.press("a", "f2e1"),
    lambda tab: tab.press("a"),
]


@pytest.mark.parametrize("event", ["keydown", "input"])
@pytest.mark.parametrize("act", KEYS)
async def test_a_frame_that_keys_catch_in_a_loop(
    context: Context, site: Site, monkeypatch: pytest.MonkeyPatch, act: Callable[[Tab], Awaitable[Effect]], event: str
) -> None:
    for limit in ("change.LONG", "change.ANSWER_LIMIT", "navigation.ANSWER_LIMIT"):
        monkeypatch.setattr(f"webhand.browser.{limit}", 0.5)
    inner = site("/page", host="localhost", html=f"Here <input aria-label=Name on{event}='for (;;);'>")
    tab = await _page(context, site, "<p>Fine</p>" + frame(inner))
    await tab.click(await ref(tab, "Name"))
    with pytest.raises(ActionTimeout, match="the page has not answered for 1 s, as if caught in a loop; "):
        await act(tab)
    await tab.reload()
    await tab.wait(text="Here")  # on a busy machine a new process may take longer than a look waits for it
    assert "textbox Name" in (await tab.observe()).text


async def test_what_follows_a_key_in_a_frame(context: Context, site: Site) -> None:
    html = "<p id=o></p><input aria-label=Name onkeydown=\"setTimeout(() => { o.textContent = 'Here' }, 300)\">"
    inmost = frame(site("/page", host="localhost", html=html))
    tab = await _page(context, site, frame(site("/page", html=f"<p>Middle</p>{inmost}")))
    await tab.click(await ref(tab, "Name"))
    await tab.press("a")
    assert "Here" in (await tab.observe()).text


async def test_a_frame_that_hangs_before_it_was_ever_read(
    context: Context, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webhand.browser.frames.FRAME_LIMIT", 1.5)
    url = site("/page", host="localhost", html="<p>Stuck<script>onmessage = () => { for (;;); }</script>")
    tab = await context.open()
    await tab.page.goto(site("/page", html="<p>Fine</p>" + frame(url)))
    await tab.page.evaluate("frames[0].postMessage(1, '*')")
    for _ in range(2):
        seen = await tab.observe()
        assert seen.text == "Fine"
        assert seen.partial == (f"{url} did not answer within 0.5 s",)
    await tab.page.evaluate("document.querySelector('iframe').remove()")
    assert (await tab.observe()).partial == ()


async def test_a_frame_that_never_loads(context: Context, site: Site) -> None:
    tab = await context.open()
    await tab.page.set_content("<p>Fine</p>" + frame(site("/never")), wait_until="commit")
    assert (await tab.observe()).text.startswith("Fine")


async def test_a_look_that_is_broken_off_or_made_twice_at_once_loses_no_frame(context: Context) -> None:
    tab = await context.open()
    broken_off = asyncio.create_task(tab.frames.list())
    await asyncio.sleep(0)
    broken_off.cancel()
    both = await asyncio.gather(tab.frames.main(), tab.frames.main())
    assert [one.number for one in both] == [1, 1]
