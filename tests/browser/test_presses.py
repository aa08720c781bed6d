"""What moves or goes between the press of the mouse and its release gets no click: pressed again, or told."""

from collections.abc import Awaitable, Callable

import pytest

from tests.browser.conftest import ref
from webhand.browser import Tab
from webhand.errors import NotInteractable

Show = Callable[[str], Awaitable[Tab]]

FIELD = """<input id=i aria-label=Code><div id=e>A code has 22 signs</div>{0}<p id=o></p><script>
i.onblur = () => {{ {1} }}; const log = (event) => {{ o.textContent += event.type + " "; }};
for (const type of ["mousedown", "click"]) b.addEventListener(type, log);</script>"""
GO = "<button id=b>Go</button>"
LATER = "setTimeout(() => { e.textContent = '' }, 0)"


@pytest.fixture
def show(shown_again: Show) -> Show:
    return shown_again


async def typed(tab: Tab) -> Tab:
    await tab.type(await ref(tab, "Code"), "DE89")
    return tab


async def told(tab: Tab) -> str:
    return (await tab.page.locator("#o").inner_text()).strip()


@pytest.mark.parametrize("moves", ["e.textContent = ''", LATER, "e.style.height = '300px'", "e.append(b)"])
async def test_what_moves_when_a_field_loses_the_focus_is_clicked_once(show: Show, moves: str) -> None:
    tab = await typed(await show(FIELD.format(GO, moves)))
    assert (await tab.click(await ref(tab, "Go"))).text == 'clicked button "Go"'
    assert (await told(tab)).count("click") == 1


async def test_a_box_that_moves_then_is_ticked(show: Show) -> None:
    box = "<label><input type=checkbox id=b>Agree</label>"
    tab = await typed(await show(FIELD.format(box, "e.textContent = ''")))
    assert (await tab.check(await ref(tab, "Agree"))).value == "on"


async def test_what_moves_at_each_press_is_told(show: Show) -> None:
    html = FIELD.format(GO, "b.style.marginTop = b.style.marginTop ? '' : '100px'")
    tab = await typed(await show(html + "<script>b.onfocus = () => i.focus()</script>"))
    with pytest.raises(NotInteractable, match=r"e\d moved away as it was pressed, so that no click came of it; look"):
        await tab.click(await ref(tab, "Go"))
    assert await told(tab) == "mousedown mousedown"


async def test_a_click_that_something_around_it_took_is_not_made_again(show: Show) -> None:
    html = FIELD.format(f"<div id=d>{GO}</div>", "e.textContent = ''")
    tab = await typed(await show(html + "<script>d.style.height = '60px'; d.onclick = log</script>"))
    with pytest.raises(NotInteractable, match="moved away as it was pressed"):
        await tab.click(await ref(tab, "Go"))
    assert await told(tab) == "mousedown click"


@pytest.mark.parametrize("does", ["b.remove()", "b.hidden = true", "b.style.marginTop = '100px'"])
async def test_a_press_that_does_it_is_enough(show: Show, does: str) -> None:
    tab = await show(FIELD.format(GO, "") + f"<script>b.onmousedown = () => {{ {does} }}</script>")
    assert (await tab.click(await ref(tab, "Go"))).text == 'clicked button "Go"'
    assert await told(tab) == "mousedown"


@pytest.mark.parametrize("goes", ["b.hidden = true", "b.remove()"])
async def test_what_goes_before_it_gets_a_click_is_told(show: Show, goes: str) -> None:
    tab = await typed(await show(FIELD.format(GO, goes)))
    effect = await tab.click(await ref(tab, "Go"))
    assert effect.text == 'clicked button "Go"; it went away as it was pressed, before a click came of it'
    assert await told(tab) == "mousedown"


@pytest.mark.parametrize("when", ["i.onblur", "b.onmousedown"])
async def test_what_is_drawn_anew_before_it_gets_a_click_is_told(show: Show, when: str) -> None:
    html = FIELD.format(f"<div id=d>{GO}</div>", "")
    tab = await typed(await show(html + f"<script>{when} = () => {{ d.innerHTML = d.innerHTML }}</script>"))
    effect = await tab.click(await ref(tab, "Go"))
    assert effect.text == 'clicked button "Go"; it was drawn anew as it was pressed, before a click came of it'


async def test_a_press_that_opens_something_over_what_was_pressed(show: Show) -> None:
    opens = "b.onmousedown = () => document.body.insertAdjacentHTML('beforeend', '<p style=position:fixed;inset:0>')"
    tab = await show(FIELD.format(GO, "") + f"<script>{opens}</script>")
    assert (await tab.click(await ref(tab, "Go"))).text == 'clicked button "Go"'
    assert await told(tab) == "mousedown"
