"""Choosing in lists and ticking boxes."""

from collections.abc import Awaitable, Callable

import pytest

from webhand.browser import Context, Tab
from webhand.errors import InvalidArguments, NotInteractable

Show = Callable[[str], Awaitable[Tab]]

SIZES = "<select aria-label=Size><option value=1>Small<option value=2>Large<option disabled>Huge</select>"


@pytest.fixture
def show(shown_again: Show) -> Show:
    return shown_again


async def first(tab: Tab) -> str:
    return next(iter((await tab.observe()).elements))


@pytest.mark.parametrize("wanted", ["Large", "2", "large", " Large "])
async def test_an_option_is_chosen_by_what_it_says_or_its_value(show: Show, wanted: str) -> None:
    tab = await show(SIZES.replace("<select", "<select oninput='document.title += 1' onchange='document.title += 2'"))
    effect = await tab.select(await first(tab), [wanted])
    assert (effect.text, effect.value) == ('chose "Large" in combobox "Size"', "Large")
    assert await tab.page.locator("select").input_value() == "2"
    assert await tab.page.title() == "12"


async def test_several_options(show: Show) -> None:
    tab = await show("<select multiple aria-label=Many><option selected>A<option>B<option>C</select>")
    assert (await tab.select(await first(tab), ["B", "C"])).value == "B, C"


@pytest.mark.parametrize(
    ("wanted", "error", "why"),
    [
        (["Lagre"], InvalidArguments, 'e1 has no option "Lagre"; it has "Large"'),
        (["Red"], InvalidArguments, 'e1 has no option "Red"; it has'),
        (["Huge"], NotInteractable, 'option "Huge" of e1 is disabled'),
        (["Small", "Large"], InvalidArguments, "e1 takes one option, not 2"),
        ([], InvalidArguments, "e1 takes one option, not 0"),
    ],
)
async def test_what_cannot_be_chosen(show: Show, wanted: list[str], error: type[Exception], why: str) -> None:
    tab = await show(SIZES)
    with pytest.raises(error) as raised:
        await tab.select(await first(tab), wanted)
    assert str(raised.value).startswith(why)
    assert await tab.page.locator("select").input_value() == "1"


@pytest.mark.parametrize(
    ("html", "why"),
    [
        (SIZES.replace("<select", "<select disabled"), "e1 is disabled"),
        ("<button>Size</button>", "e1 is no list; click it"),
    ],
)
async def test_what_is_no_list_or_cannot_be_used(show: Show, html: str, why: str) -> None:
    tab = await show(html)
    with pytest.raises(NotInteractable, match=why):
        await tab.select(await first(tab), ["Large"])


@pytest.mark.parametrize(
    "html",
    [
        "<label><input type=checkbox> A</label>",
        "<input id=a type=checkbox style='position:absolute;opacity:0'><label for=a>A</label>",
        "<input id=a type=checkbox hidden><label for=a>A</label>",
        "<div role=switch aria-checked=false tabindex=0 onclick='ariaChecked = ariaChecked !== \"true\"'>A</div>",
        "<button aria-pressed=false onclick='ariaPressed = ariaPressed !== \"true\"'>A</button>",
    ],
)
async def test_a_box_is_turned_on_and_off_and_left_as_it_is(show: Show, html: str) -> None:
    tab = await show(html)
    box = await first(tab)
    for on in (True, True, False, False):
        effect = await tab.check(box, on)
        assert effect.value == ("on" if on else "off")
        states = (await tab.observe()).elements[box].states
        assert bool({"checked", "pressed"} & set(states)) is on


async def test_a_radio_button(show: Show) -> None:
    tab = await show("<label><input type=radio name=r checked>A</label><label><input type=radio name=r>B</label>")
    await tab.observe()
    await tab.check("e2")
    assert (await tab.observe()).text == "e1 ( ) A\ne2 (x) B (focused)"
    with pytest.raises(NotInteractable, match="e2 was clicked but did not turn off"):
        await tab.check("e2", on=False)


async def test_what_cannot_be_ticked(show: Show) -> None:
    tab = await show("<button>A</button>")
    with pytest.raises(NotInteractable, match="e1 is nothing that can be on or off"):
        await tab.check(await first(tab))


async def test_a_box_that_leads_away(context: Context, site: Callable[..., str]) -> None:
    there = site("/page", html="There")
    tab = await context.open(
        site("/page", html=f"<input type=checkbox aria-label=A onchange='location = \"{there}\"'>")
    )
    effect = await tab.check(await first(tab))
    assert effect.navigated == there
    assert effect.text.startswith('clicked checkbox "A" to turn it on; the page went to')


async def test_a_box_that_is_drawn_anew_by_its_own_click(show: Show) -> None:
    box = "<input type=checkbox aria-label=A"
    tab = await show(f"<p id=p>{box} onchange='p.innerHTML = `{box} checked>`'></p>")
    assert (await tab.check(await first(tab))).text == 'checkbox "A" is on'
    tab = await show(f"<p id=p>{box} onchange='p.innerHTML = `{box}>`'></p>")
    with pytest.raises(NotInteractable, match="e1 was clicked but did not turn on; look at the page again"):
        await tab.check(await first(tab))
