"""Lists that a page draws itself are opened by a click, and their options found by what they say."""

from collections.abc import Awaitable, Callable

import pytest

from webhand.browser import Context, Tab
from webhand.errors import InvalidArguments, NotInteractable

Show = Callable[[str], Awaitable[Tab]]
Heard = Callable[..., Awaitable[list[str]]]

SIZES = "".join(f"<ITEM>{name}</ITEM>" for name in ("Small", "Medium", "Large", "Extra large"))
OPTIONS = SIZES.replace("<ITEM", "<div role=option").replace("/ITEM", "/div")
BOX = """<style>[role=option], li { cursor: pointer }</style><p>Large sizes cost more</p>
<div id=box role=combobox tabindex=0 aria-label=Size aria-controls=list>Choose</div>
<div id=list role=listbox hidden>OPTIONS</div><script>
box.onclick = () => { setTimeout(() => { list.hidden = !list.hidden; }, DELAY); };
list.onclick = (event) => { box.textContent = event.target.textContent; list.hidden = true; };
</script>"""
# Neither roles nor references: an application's own invention.
PLAIN = BOX.replace("role=combobox ", "").replace(" aria-controls=list", "").replace(" role=listbox", "")
FILTERED = """<input id=box role=combobox aria-label=City aria-controls=list autocomplete=off>
<ul id=list role=listbox></ul><script>
const cities = Array.from({length: 300}, (_, n) => "City " + n);
box.oninput = () => setTimeout(() => {
  const fits = box.value ? cities.filter((one) => one.startsWith(box.value)).slice(0, 5) : [];
  list.innerHTML = fits.map((one) => `<li role=option>${one}</li>`).join("");
}, 100);
list.onclick = (event) => { box.value = event.target.textContent; list.innerHTML = ""; };
</script>"""
VIRTUAL = """<style>#list { height: 100px; overflow: auto; position: relative }
[role=option] { position: absolute; height: 20px }</style>
<div id=box role=combobox tabindex=0 aria-label=Row aria-controls=list>none</div>
<div id=list role=listbox hidden><div style="height:4000px"></div></div><script>
const draw = () => {
  list.querySelectorAll("[role=option]").forEach((one) => one.remove());
  const first = Math.floor(list.scrollTop / 20);
  for (let n = first; n < Math.min(first + 8, 200); n++) list.insertAdjacentHTML("beforeend",
    `<div role=option style="top:${n * 20}px">Row ${n}</div>`);
};
list.onscroll = draw;
box.onclick = () => { list.hidden = false; draw(); };
list.onclick = (event) => { box.textContent = event.target.textContent; list.hidden = true; };
</script>"""
OPEN = f"""<div role=listbox aria-label=Size tabindex=0 aria-multiselectable=MANY id=list>{OPTIONS}</div><script>
list.onclick = (event) => {{
  const on = event.target.ariaSelected === "true";
  if (list.ariaMultiSelectable !== "true") for (const one of list.children) one.ariaSelected = "false";
  event.target.ariaSelected = String(!on);
}};
</script>"""
MENU = """<button id=b aria-haspopup=menu>Sort</button><script>
b.onclick = () => {
  document.body.insertAdjacentHTML("beforeend", "<ul role=menu><li role=menuitem>Name<li role=menuitem>Price</ul>");
  document.querySelector("ul").onclick = (event) => { b.textContent = "By " + event.target.textContent; };
};
</script>"""


@pytest.fixture
def show(shown_again: Show) -> Show:
    return shown_again


async def first(tab: Tab) -> str:
    return next(iter((await tab.observe()).elements))


def box(html: str, item: str, delay: int = 0) -> str:
    options = SIZES.replace("<ITEM", f"<{item}").replace("/ITEM", f"/{item.split()[0]}")
    return html.replace("OPTIONS", options).replace("DELAY", str(delay))


@pytest.mark.parametrize("wanted", ["Large", "large", " Extra  large "])
@pytest.mark.parametrize(
    "html",
    [
        box(BOX, "div role=option"),
        box(BOX, "div role=option", delay=400),
        box(PLAIN, "div role=option"),
        box(PLAIN, "li"),
        box(PLAIN, "div"),
    ],
)
async def test_an_option_of_a_list_that_opens(show: Show, heard: Heard, html: str, wanted: str) -> None:
    tab = await show(html)
    await heard(tab.page)
    effect = await tab.select(await first(tab), [wanted])
    chosen = "Extra large" if "Extra" in wanted else "Large"
    assert await tab.page.locator("#box").text_content() == chosen
    assert effect.text.startswith(f'chose "{chosen}" in ')
    assert effect.value == chosen
    assert await heard(tab.page, "click")


async def test_a_list_that_is_open_already(show: Show) -> None:
    tab = await show(box(BOX, "div role=option"))
    ref = await first(tab)
    await tab.click(ref)
    assert (await tab.select(ref, ["Medium"])).value == "Medium"


async def test_options_that_come_when_their_name_is_typed(show: Show, heard: Heard) -> None:
    tab = await show(FILTERED)
    await heard(tab.page)
    assert (await tab.select(await first(tab), ["City 123"])).value == "City 123"
    assert await tab.page.locator("#box").input_value() == "City 123"


async def test_options_that_are_drawn_anew_for_a_while(show: Show, heard: Heard) -> None:
    again = "const draw = box.oninput; box.oninput = () => { for (let n = 0; n < 300; n++) setTimeout(draw, 3 * n); }"
    tab = await show(FILTERED.replace("</script>", f"{again}</script>"))
    await heard(tab.page)
    assert (await tab.select(await first(tab), ["City 123"])).value == "City 123"
    assert await tab.page.locator("#box").input_value() == "City 123"


# As Select2 does: what the list had stays until the server has answered what was typed.
ASKED = """<input id=box role=combobox aria-label=Product aria-controls=list autocomplete=off>
<ul id=list role=listbox hidden><li role=option>Aurora Monitor<li role=option>Delta Monitor</ul><script>
box.onclick = () => { list.hidden = false; };
let waiting;
box.oninput = () => { clearTimeout(waiting); waiting = setTimeout(async () => {
  list.innerHTML = await (await fetch("WHERE")).text();
}, 250); };
list.onclick = (event) => { box.value = event.target.textContent; list.hidden = true; };
</script>"""


@pytest.mark.parametrize("wanted", ["Fjord Monitor", "Fjord Minotaur"])
async def test_options_that_a_server_finds(context: Context, site: Callable[..., str], wanted: str) -> None:
    found = "<li role=option>Fjord Monitor<li role=option>Fjord Cable"
    tab = await context.open(site("/page", html=ASKED.replace("WHERE", site("/page", html=found, after=1200))))
    ref = await first(tab)
    if wanted == "Fjord Monitor":
        assert (await tab.select(ref, [wanted])).value == wanted
    else:
        with pytest.raises(InvalidArguments, match='has no option "Fjord Minotaur"; it has "Fjord Monitor", "Fjord '):
            await tab.select(ref, [wanted])


async def test_options_that_are_drawn_as_one_scrolls(show: Show) -> None:
    tab = await show(VIRTUAL)
    assert (await tab.select(await first(tab), ["Row 150"])).value == "Row 150"
    assert await tab.page.locator("#box").text_content() == "Row 150"


async def test_a_list_that_is_too_long_is_not_said_to_lack_what_is_asked_for(
    show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webhand.browser.options.SCROLL_LIMIT", 0.2)
    tab = await show(VIRTUAL)
    with pytest.raises(InvalidArguments, match=r'"Row 190" is not among the first \d+ options of e1, which has more; '):
        await tab.select(await first(tab), ["Row 190"])


async def test_where_a_list_ends_is_found(show: Show) -> None:
    tab = await show(VIRTUAL)
    with pytest.raises(InvalidArguments, match='e1 has no option "Row 777"; it has "Row 77", "Row 177"'):
        await tab.select(await first(tab), ["Row 777"])


@pytest.mark.parametrize(
    ("many", "wanted", "selected"),
    [("false", ["Large"], ["Large"]), ("true", ["Large", "Small"], ["Small", "Large"]), ("true", [], [])],
)
async def test_a_list_box_in_the_page(show: Show, many: str, wanted: list[str], selected: list[str]) -> None:
    tab = await show(OPEN.replace("MANY", many).replace(">Medium", " aria-selected=true>Medium"))
    seen = await tab.observe()
    ref = next(one.ref for one in seen.elements.values() if one.role == "listbox")
    await tab.select(ref, wanted)
    chosen = "Array.from(document.querySelectorAll('[aria-selected=true]'), (one) => one.textContent)"
    assert await tab.page.evaluate(chosen) == selected


async def test_an_entry_of_a_menu(show: Show) -> None:
    tab = await show(MENU)
    await tab.select(await first(tab), ["Price"])
    assert await tab.page.locator("#b").text_content() == "By Price"


async def test_suggestions_of_the_browser(show: Show, heard: Heard) -> None:
    tab = await show("<input list=l aria-label=Fruit><datalist id=l><option>Apple<option>Pear</datalist>")
    await heard(tab.page)
    assert (await tab.select(await first(tab), ["pear"])).value == "Pear"
    assert await heard(tab.page, "keydown")
    with pytest.raises(InvalidArguments, match='e1 has no option "Appel"; it has "Apple"'):
        await tab.select("e1", ["Appel"])


@pytest.mark.parametrize("html", [box(BOX, "div role=option"), box(PLAIN, "li")])
async def test_an_option_that_is_not_there(show: Show, html: str) -> None:
    tab = await show(html)
    with pytest.raises(InvalidArguments, match='e1 has no option "Lagre"; it has "Large", "Extra large"'):
        await tab.select(await first(tab), ["Lagre"])
    assert await tab.page.locator("#box").text_content() == "Choose"


ESCAPED = VIRTUAL.replace("</script>", "onkeydown = ({ key }) => { list.hidden ||= key === 'Escape'; };</script>")
OVERLAID = ESCAPED.replace("<div id=list", "<div id=list style='position:fixed;inset:0'")
DIALOG = "<dialog id=d aria-label=Order>{0}</dialog><script>d.showModal()</script>"
SEARCHED = FILTERED.replace("<input", "<input value=Berlin")


@pytest.mark.parametrize(
    "html",
    [
        box(BOX, "div role=option"),
        box(BOX, "div role=option", delay=300),
        box(PLAIN, "li"),
        DIALOG.format(box(BOX, "div role=option")),
        FILTERED,
        SEARCHED,
        ESCAPED,
        OVERLAID,
    ],
)
async def test_a_list_without_what_is_asked_for_is_left_as_it_was(show: Show, html: str) -> None:
    tab = await show(html)
    ref = await first(tab)
    before = (await tab.observe()).text.replace(" (focused)", "")
    with pytest.raises((InvalidArguments, NotInteractable)):
        await tab.select(ref, ["Lagre"])
    assert (await tab.observe()).text.replace(" (focused)", "") == before


async def test_a_dialog_around_a_list_stays_open(show: Show) -> None:
    tab = await show(DIALOG.format(VIRTUAL))
    with pytest.raises(InvalidArguments):
        await tab.select(await first(tab), ["Lagre"])
    assert await tab.page.locator("#d").is_visible()


async def test_a_list_that_was_open_stays_open(show: Show) -> None:
    tab = await show(box(BOX, "div role=option"))
    ref = await first(tab)
    await tab.click(ref)
    with pytest.raises(InvalidArguments, match=f'{ref} has no option "Lagre"'):
        await tab.select(ref, ["Lagre"])
    assert await tab.page.locator("#list").is_visible()


async def test_an_option_that_is_disabled(show: Show) -> None:
    tab = await show(OPEN.replace("MANY", "false").replace(">Medium", " aria-disabled=true>Medium"))
    seen = await tab.observe()
    ref = next(one.ref for one in seen.elements.values() if one.role == "listbox")
    with pytest.raises(NotInteractable, match=f'option "Medium" of {ref} is disabled'):
        await tab.select(ref, ["Medium"])


async def test_an_option_that_is_disabled_and_drawn_as_one_scrolls(show: Show) -> None:
    tab = await show(VIRTUAL.replace("<div role=option style", "<div role=option aria-disabled=${n === 150} style"))
    ref = await first(tab)
    with pytest.raises(NotInteractable, match=f'option "Row 150" of {ref} is disabled'):
        await tab.select(ref, ["Row 150"])
    assert (await tab.select(ref, ["Row 160"])).value == "Row 160"


async def test_what_opens_no_list(show: Show) -> None:
    tab = await show("<div role=combobox tabindex=0 aria-label=Size>Choose</div>")
    with pytest.raises(NotInteractable, match="e1 was clicked but no options appeared; look at the page"):
        await tab.select(await first(tab), ["Large"])


async def test_a_list_in_a_frame(context: Context, site: Callable[..., str]) -> None:
    inner = site("/page", host="localhost", html=box(BOX, "div role=option"))
    tab = await context.open(site("/page", html=f"<p>Large</p><iframe src='{inner}'></iframe>"))
    seen = await tab.observe()
    ref = next(one.ref for one in seen.elements.values() if one.name == "Size")
    assert (await tab.select(ref, ["Large"])).value == "Large"
