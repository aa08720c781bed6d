"""Typing and pressing keys: real key events, and only into what takes text."""

from collections.abc import Awaitable, Callable

import pytest

from tests.browser.conftest import only
from webhand.browser import Tab
from webhand.errors import InvalidArguments, NotInteractable

Show = Callable[[str], Awaitable[Tab]]


@pytest.fixture
def show(shown_again: Show) -> Show:
    return shown_again


@pytest.mark.parametrize(
    ("html", "text", "value"),
    [
        ("<input aria-label=A>", "boots", "boots"),
        ("<input aria-label=A value=old>", "new", "new"),
        ("<input aria-label=A value=old>", "", ""),
        ("<input aria-label=A>", "żółw 🐢 \u202etrick", "żółw 🐢 \u202etrick"),
        ("<input aria-label=A>", "x" * 2000, "x" * 2000),
        ("<input aria-label=A maxlength=3>", "abcdef", "abc"),
        ("<input type=number aria-label=A value=1>", "42", "42"),
        ("<input type=email aria-label=A>", "anna@example.com", "anna@example.com"),
        ("<input type=password aria-label=A value=old>", "hunter2", "•••••••"),
        ("<textarea aria-label=A>old</textarea>", "one\ntwo", "one\ntwo"),
        ("<div contenteditable aria-label=A>old <b>words</b></div>", "new", "new"),
        ("<input type=date aria-label=A>", "2026-05-31", "2026-05-31"),
        ("<input type=time aria-label=A>", "14:30", "14:30"),
        ("<input type=color aria-label=A>", "#ff0000", "#ff0000"),
        ("<input type=range min=0 max=10 aria-label=A>", "7", "7"),
    ],
)
async def test_typing_replaces_what_a_field_holds(show: Show, html: str, text: str, value: str) -> None:
    tab = await show(html)
    assert (await tab.type(await only(tab), text)).value == value
    (element,) = (await tab.observe()).elements.values()
    assert element.value == value


async def test_typing_at_the_end(show: Show) -> None:
    tab = await show("<input aria-label=A value='red '>")
    effect = await tab.type(await only(tab), "boots", clear=False)
    assert effect.value == "red boots"
    assert effect.text == "typed into textbox \"A\"; it holds 'red boots' now"


async def test_a_page_sees_real_keys(show: Show) -> None:
    told = "onkeydown='event.isTrusted && (document.title += event.key)' onchange='document.title += 1'"
    tab = await show(f"<input aria-label=A {told}>")
    await tab.type(await only(tab), "ab", submit=True)
    assert await tab.page.title() == "abEnter1"


async def test_submitting_sends_the_form(show: Show) -> None:
    tab = await show("<form action='#sent'><input aria-label=A name=q></form>")
    effect = await tab.type(await only(tab), "boots", submit=True)
    assert effect.text.startswith('typed into textbox "A", then Enter; the page went to')


async def test_a_picked_value_that_does_not_fit(show: Show) -> None:
    tab = await show("<input type=date aria-label=A>")
    with pytest.raises(InvalidArguments, match="e1 does not take '31.5.2026'; dates are written 2026-05-31"):
        await tab.type(await only(tab), "31.5.2026")


@pytest.mark.parametrize(
    ("html", "why"),
    [
        ("<button onclick='document.title = 1'>A</button>", "e1 is a button, not a field that takes text"),
        ("<a href='#x'>A</a>", "e1 is a link, not a field"),
        ("<input type=checkbox aria-label=A onclick='document.title = 1'>", "e1 is a checkbox, not a field"),
        ("<select aria-label=A><option>B</select>", "e1 is a list; choose one of its options with select"),
        ("<input disabled aria-label=A>", "e1 cannot be typed into: it is disabled"),
        ("<input readonly aria-label=A value=x>", "e1 cannot be typed into: it is read only"),
        ("<div onclick='document.title'>A</div>", "e1 is a clickable, not a field"),
    ],
)
async def test_what_takes_no_text(show: Show, html: str, why: str) -> None:
    tab = await show(html)
    with pytest.raises(NotInteractable) as raised:
        await tab.type(await only(tab), "x")
    assert str(raised.value).startswith(why)
    assert await tab.page.title() == ""


async def test_a_field_that_opens_on_a_click_is_typed_into(show: Show) -> None:
    tab = await show("<div role=combobox aria-label=City tabindex=0 onclick='firstChild.focus()'><input></div>")
    seen = await tab.observe()
    box = next(one.ref for one in seen.elements.values() if one.tag == "div")
    await tab.type(box, "Bern")
    assert await tab.page.locator("input").input_value() == "Bern"


async def test_a_covered_field_is_reached_by_the_keyboard(show: Show) -> None:
    tab = await show("<input aria-label=A><div style='position:fixed;inset:0'></div>")
    assert (await tab.type(await only(tab), "x")).value == "x"


@pytest.mark.parametrize("keys", ["Enter", "Escape", "ArrowDown", "Control+A", "Shift+Tab", "a", "F5"])
async def test_keys(show: Show, keys: str) -> None:
    tab = await show(
        "<script>onkeydown = (event) => { event.preventDefault(); document.title = [event.ctrlKey && 'Control', "
        "event.shiftKey && 'Shift', event.key].filter(Boolean).join('+') }</script>"
    )
    assert (await tab.press(keys)).text == f"pressed {keys}"
    assert (await tab.page.title()).lower() == keys.lower()


async def test_a_key_on_an_element(show: Show) -> None:
    tab = await show("<input aria-label=A onkeydown='document.title = event.key'>")
    await tab.press("End", await only(tab))
    assert await tab.page.title() == "End"


async def test_a_key_pressed_many_times(show: Show) -> None:
    tab = await show("<input type=range aria-label=A max=100 value=50>")
    assert (await tab.press("ArrowRight*12", await only(tab))).text == "pressed ArrowRight*12"
    assert (await tab.observe()).elements["e1"].value == "62"
    with pytest.raises(InvalidArguments, match="a key is pressed 1 to 200 times at once, not 1000"):
        await tab.press("ArrowRight*1000")


@pytest.mark.parametrize(
    ("keys", "key"), [("Ctrl+a", "a"), ("Return", "Enter"), ("esc", "Escape"), ("Up", "ArrowUp"), ("*", "*")]
)
async def test_keys_as_people_call_them(show: Show, keys: str, key: str) -> None:
    tab = await show("<input aria-label=A onkeydown='document.title = event.key'>")
    await tab.press(keys, await only(tab))
    assert await tab.page.title() == key


@pytest.mark.parametrize("keys", ["Hyper+A", "Return!", "", "enter key"])
async def test_a_key_that_does_not_exist(show: Show, keys: str) -> None:
    tab = await show("<p>")
    with pytest.raises(InvalidArguments, match='there is no key ".*"; use names such as Enter'):
        await tab.press(keys)


async def test_a_key_on_what_takes_no_keys(show: Show) -> None:
    tab = await show("<div onclick='1'>A</div>")
    with pytest.raises(NotInteractable, match="e1 does not take the keyboard; click it first"):
        await tab.press("Enter", await only(tab))
