"""Dates, times and sliders are filled by the keyboard, so that the page sees what it would see of a person."""

from collections.abc import Awaitable, Callable

import pytest

from tests.browser.conftest import only
from webhand.browser import Tab
from webhand.errors import InvalidArguments, NotInteractable

Show = Callable[[str], Awaitable[Tab]]
Heard = Callable[..., Awaitable[list[str]]]


@pytest.fixture
def show(shown_again: Show) -> Show:
    return shown_again


async def held(tab: Tab) -> str:
    return await tab.page.locator("input").input_value()


@pytest.mark.parametrize(
    ("attributes", "text", "changes"),
    [
        ("type=date", "2026-05-31", 1),
        ("type=date", "2026-11-02", 1),
        ("type=date", "2026-11-30", 2),
        ("type=date", "0026-01-01", 1),
        ("type=date", "12026-12-09", 1),
        ("type=date max=2030-01-01", "2029-02-28", 1),
        ("type=date value=2020-02-29", "2026-05-31", 2),
        ("type=date value=2020-02-29", "", 1),
        ("type=time", "00:05", 1),
        ("type=time", "12:00", 1),
        ("type=time", "14:30", 1),
        ("type=time value=23:59", "11:59", 2),
        ("type=time step=1", "14:30:07", 1),
        ("type=time step=0.001", "14:30:07.050", 1),
        ("type=datetime-local", "2026-05-31T14:30", 1),
        ("type=datetime-local value=2020-01-01T10:10", "2026-12-31T00:30", 2),
        ("type=month", "2026-05", 1),
        ("type=month", "2026-12", 2),
        ("type=week", "2026-W07", 1),
        ("type=week", "2026-W53", 2),
    ],
)
async def test_a_date_or_time(show: Show, heard: Heard, attributes: str, text: str, changes: int) -> None:
    tab = await show(f"<input aria-label=A {attributes}>")
    await heard(tab.page)
    effect = await tab.type(await only(tab), text)
    assert await held(tab) == text
    assert (effect.value, "script" in effect.text) == (text, False)
    assert len(await heard(tab.page, "change")) == changes


@pytest.mark.parametrize(
    ("attributes", "text", "why"),
    [
        ("type=date", "31.5.2026", "e1 does not take '31.5.2026'; dates are written 2026-05-31"),
        ("type=date", "2026-02-30", "e1 does not take '2026-02-30'; dates are written 2026-05-31"),
        ("type=time", "2pm", "e1 does not take '2pm'; times are written 14:30"),
        ("type=month", "May 2026", "e1 does not take 'May 2026'; months are written 2026-05"),
        ("type=week", "22", "e1 does not take '22'; weeks are written 2026-W22"),
        ("type=datetime-local", "now", "e1 does not take 'now'; moments are written 2026-05-31T14:30"),
        ("type=date min=2026-01-01 max=2026-12-31", "2027-01-01", "e1 takes 2026-01-01 to 2026-12-31, not 2027-01-01"),
        ("type=date min=2026-01-01", "2025-01-01", "e1 takes 2026-01-01 or more, not 2025-01-01"),
        ("type=time step=900", "14:20", "e1 does not take 14:20; near it are 14:15 and 14:30"),
        ("type=range min=0 max=10", "11", "e1 takes 0 to 10, not 11"),
        ("type=range min=0 max=10 step=5", "7", "e1 does not take 7; near it are 5 and 10"),
        ("type=range", "much", "e1 does not take 'much'; it takes a number from 0 to 100"),
        ("type=color", "red", "e1 does not take 'red'; colours are written #rrggbb"),
    ],
)
async def test_what_such_a_field_refuses(show: Show, attributes: str, text: str, why: str) -> None:
    tab = await show(f"<input aria-label=A {attributes} onchange='document.title = 1'>")
    with pytest.raises(InvalidArguments) as raised:
        await tab.type(await only(tab), text)
    assert str(raised.value) == why
    assert await tab.page.title() == ""


@pytest.mark.parametrize("attributes", ["type=date readonly", "type=range disabled", "type=time disabled"])
async def test_what_cannot_be_changed(show: Show, attributes: str) -> None:
    tab = await show(f"<input aria-label=A {attributes}>")
    with pytest.raises(NotInteractable, match="e1 cannot be typed into: it is (disabled|read only)"):
        await tab.type(await only(tab), "2026-05-31")


@pytest.mark.parametrize(
    ("attributes", "text"),
    [
        ("min=0 max=10 value=2", "7"),
        ("min=0 max=10", "0"),
        ("min=-5 max=5 step=0.5", "-2.5"),
        ("min=0 max=1000", "333"),
        ("min=0 max=1 step=0.01", "0.77"),
        ("min=3 max=100 step=7", "94"),
        ("dir=rtl", "13"),
        ("style='writing-mode:vertical-lr'", "64"),
        ("style='opacity:0'", "8"),
    ],
)
async def test_a_slider(show: Show, heard: Heard, attributes: str, text: str) -> None:
    tab = await show(f"<input type=range aria-label=A {attributes}>")
    await heard(tab.page)
    effect = await tab.type(await only(tab), text)
    assert (effect.value, await held(tab), "script" in effect.text) == (text, text, False)
    assert (await heard(tab.page, "input change"))[-2:] == [f"input {text}", f"change {text}"]


async def test_a_slider_that_no_keys_bring_there(show: Show) -> None:
    tab = await show("<input type=range step=any aria-label=A>")
    effect = await tab.type(await only(tab), "7.3")
    assert await held(tab) == "7.3"
    assert effect.text == 'typed into slider "A"; set by script, as keys do not bring it there; it holds that now'


async def test_a_colour_is_set(show: Show) -> None:
    tab = await show("<input type=color aria-label=A oninput='document.title = value'>")
    assert (await tab.type(await only(tab), "#FF0000")).value == "#ff0000"
    assert await tab.page.title() == "#ff0000"


async def test_a_date_whose_page_takes_it_back(show: Show) -> None:
    tab = await show("<input type=date aria-label=A onchange='value = \"\"'>")
    effect = await tab.type(await only(tab), "2026-05-31")
    assert effect.text == "typed into date \"A\"; it holds '' now"


DRAWN = """<div id=h role=slider tabindex=0 aria-label=Volume aria-valuemin=0 aria-valuemax=100 aria-valuenow=30
ORIENTATION style="width:20px;height:20px"></div><script>
h.onkeydown = (event) => setTimeout(() => {
  const by = { ArrowRight: STEP, ArrowLeft: -STEP, ArrowUp: STEP, ArrowDown: -STEP }[event.key] || 0;
  h.ariaValueNow = String(Math.min(Math.max(Number(h.ariaValueNow) + by, 0), 100));
});
</script>"""


def drawn(step: float = 1, orientation: str = "") -> str:
    return DRAWN.replace("STEP", str(step)).replace("ORIENTATION", orientation)


@pytest.mark.parametrize(
    ("words", "value"),
    [("17:00", "17:00 (30)"), ("30 %", "30 %"), ("$1,030", "$1,030 (30)"), ("30.0 dB", "30.0 dB"), ("", "30")],
)
async def test_a_slider_that_has_words_for_its_numbers(show: Show, words: str, value: str) -> None:
    tab = await show(drawn().replace("aria-valuemin", f'aria-valuetext="{words}" aria-valuemin'))
    seen = await tab.observe()
    assert f'slider Volume = "{value}" [0..100]' in seen.text
    effect = await tab.type(await only(tab), "30")
    assert effect.value == value


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (drawn(), "37"),
        (drawn(), "0"),
        (drawn(0.1), "31.4"),
        (drawn(5), "80"),
        (drawn(2, "aria-orientation=vertical"), "2"),
    ],
)
async def test_a_slider_that_the_page_draws(show: Show, heard: Heard, html: str, text: str) -> None:
    tab = await show(html)
    await heard(tab.page, "keydown")
    ref = next(iter((await tab.observe()).elements))
    assert (await tab.type(ref, text)).text.startswith('typed into slider "Volume"')
    value = (await tab.observe()).elements[ref].value
    assert value is not None
    assert float(value) == pytest.approx(float(text))
    assert await heard(tab.page)


@pytest.mark.parametrize(
    ("html", "text", "error", "said"),
    [
        (drawn(10), "37", InvalidArguments, "e1 stands at 40 or 30, not at 37; it is at 30 now"),
        (drawn(), "101", InvalidArguments, "e1 takes 0 to 100, not 101"),
        (drawn(), "loud", InvalidArguments, "e1 takes a number, not 'loud'; it is at 30 now"),
        (drawn(0), "37", NotInteractable, "e1 stays at 30 when keys are pressed; drag it"),
        (drawn(0.1), "99", NotInteractable, "e1 moves by 0.1 a key, from 30.1; drag it close to 99 first"),
    ],
)
async def test_where_such_a_slider_does_not_stand(
    show: Show, html: str, text: str, error: type[Exception], said: str
) -> None:
    tab = await show(html)
    with pytest.raises(error) as problem:
        await tab.type(next(iter((await tab.observe()).elements)), text)
    assert str(problem.value) == said
