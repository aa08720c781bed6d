"""Reading, finding, scrolling and waiting: actions that change nothing but the view."""

from collections.abc import Awaitable, Callable

import pytest

from webhand.browser import Context, Tab
from webhand.errors import ActionTimeout, InvalidArguments

Show = Callable[[str], Awaitable[Tab]]
Heard = Callable[..., Awaitable[list[str]]]
Site = Callable[..., str]


@pytest.fixture
def show(shown_again: Show) -> Show:
    return shown_again


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<button value=v>Press <b>me</b></button>", "Press me"),
        ("<input aria-label=A value='what it holds'>", "what it holds"),
        ("<input type=password value=hunter2>", "•••••••"),
        ("<textarea aria-label=A>one\ntwo</textarea>", "one\ntwo"),
        ("<select aria-label=A><option value=1>Small</select>", "Small"),
        ("<input type=checkbox aria-label=Agree>", "Agree"),
    ],
)
async def test_the_text_of_an_element(show: Show, html: str, text: str) -> None:
    tab = await show(html)
    (ref,) = (await tab.observe()).elements
    effect = await tab.read(ref)
    assert (effect.text, effect.value) == (text, text)


async def test_a_long_text_is_read_in_pieces(show: Show) -> None:
    tab = await show(f"<p>{'a' * 6000}{'b' * 6000}{'c' * 100}</p>")
    first = await tab.read()
    assert first.value == "a" * 6000
    assert first.text.endswith("(characters 0 to 6000 of 12100; read on with offset 6000)")
    assert (await tab.read(offset=6000)).value == "b" * 6000
    assert (await tab.read(offset=12000)).text == "c" * 100
    assert (await tab.read(offset=12100)).text == "there is no text after character 12100; it has 12100"
    assert (await tab.read(offset=-5)).value == "a" * 6000


async def test_frames_are_read_too(context: Context, site: Site) -> None:
    frame = site("/page", host="localhost", html="<p>Within</p>").replace("&", "&amp;")
    tab = await context.open(site("/page", html=f"<p>Outside</p><iframe src='{frame}'></iframe>"))
    assert (await tab.read()).text == "Outside\nWithin"
    assert "- Within" in (await tab.find("within")).text
    assert (await tab.wait(text="Within")).text == '"Within" is on the page'


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("needle", '"needle" stands in 2 places, the first is in view now:\n- A needle here\n- a NEEDLE there'),
        ("no such", '"no such" is not on the page'),
        ("Hello World", '"Hello World" stands in 1 place, the first is in view now:\n- Hello World'),
        ("over two  lines", '"over two  lines" stands in 1 place, the first is in view now:\n- over two lines'),
        ("unseen", '"unseen" is not on the page'),
        ("script", '"script" is not on the page'),
    ],
)
async def test_finding(show: Show, text: str, answer: str) -> None:
    tab = await show(
        "<div style='height:3000px'></div><p>A needle here</p><p>a NEEDLE there</p><p>Hello <b>World</b></p>"
        "<p>over\n two\n lines</p><p hidden>unseen</p><script>'script unseen'</script>"
    )
    assert (await tab.find(text)).text == answer


async def test_what_is_found_comes_into_view(show: Show) -> None:
    tab = await show("<div style='height:3000px'></div><button>Far</button>")
    await tab.find("Far")
    assert (await tab.observe()).elements["e1"].in_view


async def test_finding_nothing_is_an_error(show: Show) -> None:
    tab = await show("<p>")
    with pytest.raises(InvalidArguments, match="find needs a text"):
        await tab.find("  ")


async def test_scrolling_the_page(show: Show) -> None:
    tab = await show("<!doctype html><body style='margin:0'><div style='height:4000px;width:3000px'></div>")
    assert (await tab.scroll("down")).text == "scrolled down: 680 px above, 2520 px below"
    assert (await tab.scroll("down", 2)).text == "scrolled down: 2040 px above, 1160 px below"
    assert (await tab.scroll("up", 0.5)).text == "scrolled up: 1700 px above, 1500 px below"
    assert (await tab.scroll("bottom")).text == "scrolled bottom: 3200 px above, 0 px below"
    assert (await tab.scroll("down")).text == "nothing moved: it is at its end already (3200 px above, 0 px below)"
    assert (await tab.scroll("top")).text == "scrolled top: 0 px above, 3200 px below"
    await tab.scroll("right")
    assert await tab.page.evaluate("scrollX") > 1000


async def test_scrolling_a_box(show: Show) -> None:
    tab = await show(
        "<ul role=listbox aria-label=Cities style='height:100px;overflow:auto'>"
        + "".join(f"<li role=option tabindex=0 style='height:50px'>City {number}</li>" for number in range(20))
    )
    seen = await tab.observe()
    city = next(one.ref for one in seen.elements.values() if one.name == "City 1")
    assert (await tab.scroll("bottom", ref=city)).text.startswith('scrolled bottom in listbox "Cities": 900 px above')
    last = next(one for one in (await tab.observe()).elements.values() if one.name == "City 19")
    assert last.in_view


async def test_the_wheel_over_a_canvas(show: Show, heard: Heard) -> None:
    tab = await show("<canvas width=200 height=100></canvas>")
    ref = next(iter((await tab.observe()).elements))
    await heard(tab.page, "wheel")
    effect = await tab.scroll("up", amount=2, ref=ref)
    assert effect.text == f"turned the wheel up over canvas {ref}"
    assert await heard(tab.page, "wheel") == ["wheel ", "wheel "]
    with pytest.raises(InvalidArguments, match="has no end to scroll to"):
        await tab.scroll("bottom", ref=ref)


async def test_the_page_that_does_not_scroll_lets_what_fills_it_scroll(show: Show) -> None:
    tab = await show(
        "<!doctype html><main style='position:fixed;inset:0;overflow:auto'><p style='height:3000px'>Long</main>"
    )
    assert (await tab.scroll("down")).text.startswith("scrolled down in ")


async def test_what_comes_on_scrolling_is_in_the_next_look(context: Context, site: Site) -> None:
    more = site("/page", html="More", after=50)
    tab = await context.open(
        site(
            "/page",
            html=f"<p style='height:2000px'></p><p id=p></p><script>onscroll = () => fetch('{more}')"
            ".then((reply) => reply.text()).then((text) => { p.textContent = text; })</script>",
        )
    )
    await tab.scroll("bottom")
    assert "More" in (await tab.observe()).text


async def test_waiting_for_a_text_to_come_and_to_go(show: Show) -> None:
    tab = await show("<p id=p>Loading</p><script>setTimeout(() => { p.textContent = 'Loaded'; }, 250)</script>")
    assert (await tab.wait(text="loaded", gone="Loading")).text == '"loaded" is on the page and "Loading" is gone'


@pytest.mark.parametrize(
    ("text", "gone", "why"),
    [
        ("Never", None, 'after 1 s it is not so that "Never" is on the page; look at the page'),
        (None, "Here", 'after 1 s it is not so that "Here" is gone; look at the page'),
        ("Here", "Here", 'after 1 s it is not so that "Here" is gone; look at the page'),
    ],
)
async def test_waiting_in_vain(show: Show, text: str | None, gone: str | None, why: str) -> None:
    tab = await show("<p>Here</p>")
    with pytest.raises(ActionTimeout) as raised:
        await tab.wait(seconds=1, text=text, gone=gone)
    assert str(raised.value) == why


async def test_just_waiting(show: Show) -> None:
    assert (await (await show("<p>")).wait(seconds=0.01)).text == "waited 0.01 s"


async def test_waiting_goes_on_over_a_navigation(context: Context, site: Site) -> None:
    there = site("/page", html="<p>Arrived", after=100)
    tab = await context.open(
        site("/page", html=f"<p>Here<script>setTimeout(() => {{ location = '{there}' }}, 100)</script>")
    )
    assert (await tab.wait(text="Arrived", gone="Here")).text == '"Arrived" is on the page and "Here" is gone'


async def test_a_page_that_went_elsewhere_by_itself_is_read_as_it_is_now(context: Context, site: Site) -> None:
    tab = await context.open(site("/page", html="<p>Here"))
    await tab.observe()
    for act in (tab.read, lambda: tab.find("There"), lambda: tab.wait(text="There"), lambda: tab.scroll("down")):
        await tab.page.goto(site("/page", html="<p>There"))
        assert (await act()).text
