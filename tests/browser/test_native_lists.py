"""Native lists are chosen from as a person does: by their popup, or by clicks on their lines."""

from collections.abc import Awaitable, Callable

import pytest

from tests.browser.conftest import only
from webhand.browser import Browser, Context, Tab
from webhand.errors import InvalidArguments, NotInteractable

Show = Callable[[str], Awaitable[Tab]]
Heard = Callable[..., Awaitable[list[str]]]

CHANGES = "input change"


@pytest.fixture
def show(shown_again: Show) -> Show:
    return shown_again


async def chosen(tab: Tab) -> list[str]:
    return await tab.page.evaluate("Array.from(document.querySelector('select').selectedOptions, (one) => one.text)")


def options(*names: str) -> str:
    return "".join(f"<option>{name}" for name in names)


COUNTRIES = options("Austria", "Niger", "Nigeria", "Niue", "Aaland", "Aa", "Österreich", "日本")


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        (f"<select aria-label=A>{COUNTRIES}</select>", "Nigeria"),
        (f"<select aria-label=A>{COUNTRIES}</select>", "Niger"),
        (f"<select aria-label=A>{COUNTRIES}</select>", "Aa"),
        (f"<select aria-label=A>{COUNTRIES}</select>", "日本"),
        (f"<select aria-label=A>{options(*map(str, range(300)))}</select>", "250"),
        (f"<select aria-label=A>{options('A', 'B', *'C' * 9, 'D')}</select>", "D"),
        ("<select aria-label=A><option disabled selected>Choose<option>A<option disabled>B<option>C</select>", "C"),
        ("<select aria-label=A><option>A<option hidden>B<option style='display:none'>C<option>D</select>", "D"),
        (
            "<select aria-label=A><option>A<optgroup label=G><option>B<option>C</optgroup>"
            "<optgroup label=H disabled><option>D</optgroup><hr><option>E</select>",
            "E",
        ),
        (f"<select aria-label=A size=3>{COUNTRIES}</select>", "日本"),
        (f"<select aria-label=A size=3 style='display:block;margin-top:3000px'>{COUNTRIES}</select>", "Niue"),
        (f"<select aria-label=A multiple>{COUNTRIES}</select>", "Aa"),
        (
            f"<style>select, ::picker(select) {{ appearance: base-select }}</style><select aria-label=A>{COUNTRIES}",
            "Niue",
        ),
        (f"<select aria-label=A style='opacity:0'>{COUNTRIES}</select>", "Niue"),
        (f"<select aria-label=A style='position:absolute;clip-path:inset(50%)'>{COUNTRIES}</select>", "Niue"),
        (f"<select aria-label=A>{COUNTRIES}</select><p style='position:fixed;inset:0'>", "Niue"),
        (f"<select aria-label=A onmousedown='event.preventDefault()'>{COUNTRIES}</select>", "Niue"),
    ],
)
async def test_one_option(show: Show, heard: Heard, html: str, wanted: str) -> None:
    tab = await show(html)
    await heard(tab.page)
    effect = await tab.select(await only(tab), [wanted])
    assert await chosen(tab) == [wanted]
    assert effect.value == wanted
    assert "script" not in effect.text
    assert [event.split()[0] for event in await heard(tab.page, CHANGES)] == ["input", "change"]


@pytest.mark.parametrize(
    ("wanted", "changes"),
    [("B", 1), ("BCD", 2), ("ACE", 2), ("", 1), ("A", 0), ("FG", 2), ("ABCDEFG", 1)],
)
async def test_several_options(show: Show, heard: Heard, wanted: str, changes: int) -> None:
    tab = await show(f"<select aria-label=A multiple><option selected>A{options(*'BCDEFG')}</select>")
    await heard(tab.page)
    effect = await tab.select(await only(tab), list(wanted))
    assert effect.value == ", ".join(wanted)
    assert await chosen(tab) == list(wanted)
    assert len(await heard(tab.page, "change")) == changes


async def test_what_is_chosen_already(show: Show, heard: Heard) -> None:
    tab = await show(f"<select aria-label=A>{COUNTRIES}</select>")
    await heard(tab.page)
    assert (await tab.select(await only(tab), ["Austria"])).text == '"Austria" is chosen in combobox "A" already'
    assert await heard(tab.page, CHANGES) == []


async def test_a_list_that_its_page_keeps_shut(show: Show) -> None:
    tab = await show(f"<select aria-label=A onmousedown='return false' onkeydown='return false'>{COUNTRIES}</select>")
    effect = await tab.select(await only(tab), ["Niue"])
    assert effect.text == 'chose "Niue" in combobox "A"; set by script, as the page keeps the list from opening'
    assert await chosen(tab) == ["Niue"]


async def test_a_list_whose_page_takes_the_choice_back(show: Show) -> None:
    tab = await show(f"<select aria-label=A onchange='value = \"Aa\"'>{COUNTRIES}</select>")
    with pytest.raises(NotInteractable, match='e1 did not take "Niue": "Aa" is chosen in it now'):
        await tab.select(await only(tab), ["Niue"])


async def test_a_list_that_goes_with_the_choice(show: Show) -> None:
    tab = await show(f"<p><select aria-label=A onchange='parentNode.remove()'>{COUNTRIES}</select>")
    assert (await tab.select(await only(tab), ["Niue"])).text == 'chose "Niue" in combobox "A"'


async def test_a_list_in_a_frame_of_another_site(context: Context, site: Callable[..., str]) -> None:
    inner = site(
        "/page", host="localhost", html=f"<p style='height:900px'></p><select aria-label=A>{COUNTRIES}</select>"
    )
    tab = await context.open(site("/page", html=f"<p style='height:900px'></p><iframe src='{inner}'></iframe>"))
    assert (await tab.select(await only(tab), ["Niue"])).value == "Niue"
    multiple = site("/page", host="localhost", html=f"<select multiple aria-label=A>{COUNTRIES}</select>")
    tab = await context.open(site("/page", html=f"<iframe src='{multiple}'></iframe>"))
    assert (await tab.select(await only(tab), ["Niger", "Aa"])).value == "Niger, Aa"


async def test_a_list_in_a_tab_that_is_not_in_front(browser: Browser) -> None:
    async with await browser.new_context() as context:
        tab = await context.open()
        await tab.page.set_content(f"<select aria-label=A>{COUNTRIES}</select>")
        ref = await only(tab)
        await context.open()
        effect = await tab.select(ref, ["Niue"])
        assert effect.text == 'chose "Niue" in combobox "A"'


async def test_an_option_that_is_not_there(show: Show) -> None:
    tab = await show(f"<select aria-label=A>{COUNTRIES}</select>")
    with pytest.raises(InvalidArguments, match='e1 has no option "Nigera"; it has "Nigeria", "Niger"'):
        await tab.select(await only(tab), ["Nigera"])
