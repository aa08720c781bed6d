"""What a look at a page says: roles, names, values and states, in reading order."""

import io
from collections.abc import Awaitable, Callable

import pytest
from PIL import Image

from webhand.browser import Element, Tab

Show = Callable[[str], Awaitable[Tab]]


@pytest.fixture
def show(shown_again: Show) -> Show:
    return shown_again


async def only(tab: Tab) -> Element:
    """The one element of the page."""
    (element,) = (await tab.observe()).elements.values()
    return element


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<button>Sign in</button>", "e1 button Sign in"),
        ("<button aria-label='Close'>x</button>", "e1 button Close"),
        ("<button><img alt='Search' src=''></button>", "e1 button Search"),
        ("<button title='Undo'><svg></svg></button>", "e1 button Undo"),
        ("<input type=submit>", "e1 button Submit"),
        ("<input type=button value='Go'>", "e1 button Go"),
        ("<a href='#x'>More <b>about</b> us</a>", "e1 link More about us"),
        ("<label>Email <input value='anna@example.com'></label>", 'e1 textbox Email = "anna@example.com"'),
        ("<label for=a>Name</label><input id=a>", 'e1 textbox Name = ""'),
        ("<p id=a>City</p><input aria-labelledby=a>", 'City\ne1 textbox City = ""'),
        ("<input placeholder='Search the shop'>", 'e1 textbox Search the shop = ""'),
        ("<input aria-label='Term' placeholder='a word'>", 'e1 textbox Term = "" hint "a word"'),
        ("<input type=search aria-label=Q>", 'e1 searchbox Q = ""'),
        ("<textarea aria-label='Note'>one\ntwo</textarea>", 'e1 textarea Note = "one⏎two"'),
        ("<input type=password aria-label='Word' value='hunter2'>", 'e1 password Word = "•••••••"'),
        ("<label><input type=checkbox checked> Terms</label>", "e1 [x] Terms"),
        ("<label><input type=checkbox> Terms</label>", "e1 [ ] Terms"),
        ("<div role=checkbox aria-checked=mixed tabindex=0>All</div>", "e1 [-] All"),
        ("<label><input type=radio checked> Blue</label>", "e1 (x) Blue"),
        ("<div role=switch aria-checked=true tabindex=0>Wifi</div>", "e1 switch [x] Wifi"),
        (
            "<select aria-label=Size><option>S<option selected>M<option disabled>L</select>",
            'e1 combobox Size = "M" {S; M; L (disabled)}',
        ),
        (
            "<select aria-label=Many multiple><option selected>A<option selected>B</select>",
            'e1 listbox Many = "A, B" {A; B}',
        ),
        (
            "<input aria-label=Fruit list=l><datalist id=l><option value=Apple><option value=Pear></datalist>",
            'e1 combobox Fruit = "" {Apple; Pear}',
        ),
        ("<input type=number aria-label=Count min=1 max=9 value=3>", 'e1 spinbutton Count = "3" [1..9]'),
        ("<input type=range aria-label=Price min=0 max=50 value=20>", 'e1 slider Price = "20" [0..50]'),
        ("<input type=date aria-label=Day value=2026-05-31>", 'e1 date Day = "2026-05-31"'),
        ("<button aria-expanded=false>Menu</button>", "e1 button Menu (collapsed)"),
        ("<button aria-pressed=true>Bold</button>", "e1 button Bold (pressed)"),
        ("<button disabled>Pay</button>", "e1 button Pay (disabled)"),
        ("<fieldset disabled><button>Pay</button></fieldset>", "e1 button Pay (disabled)"),
        ("<button aria-disabled=true>Pay</button>", "e1 button Pay (disabled)"),
        (
            "<input aria-label=Name required readonly aria-invalid=true>",
            'e1 textbox Name = "" (required, readonly, invalid)',
        ),
        ("<div role=tablist><div role=tab aria-selected=true tabindex=0>One</div></div>", "e1 tab One (selected)"),
        ("<a href=# aria-current=page>Home</a>", "e1 link Home (current)"),
        ("<details><summary>More</summary>hidden text</details>", "e1 summary More (collapsed)"),
        ("<details open><summary>More</summary>shown text</details>", "e1 summary More (expanded)\nshown text"),
        ("<div contenteditable aria-label=Text>Hello</div>", 'e1 textbox Text = "Hello"'),
        ("<div onclick='1'>Card</div>", "e1 clickable Card"),
        ("<div style='cursor:pointer'>Card</div>", "e1 clickable Card"),
        ("<div tabindex=0>Card</div>", "e1 clickable Card"),
        ("<h2>News</h2><p>Nothing new", "## News\nNothing new"),
        ("<div role=heading aria-level=3>Part</div>", "### Part"),
        ("<ul><li>One<li>Two <a href=#>more</a></ul>", "- One\n- Two e1 link more"),
        ("<ul><li>One<ul><li>Inner</ul></ul>", "- One\n  - Inner"),
        ("<table><tr><th>Name<th>Age<tr><td>Anna<td>30</table>", "Name\tAge\nAnna\t30"),
        ("<table><tr><td><td>Anna<td><td>30</table>", "\tAnna\t\t30"),
        ("<nav aria-label=Main><a href=#>Home</a></nav>", "navigation Main:\ne1 link Home"),
        ("<p>A <b>bold</b>\n word</p>", "A bold word"),
        ("<img alt='A cat' src=''> sits", "(image: A cat) sits"),
        ("<p hidden>no</p><p style='visibility:hidden'>no</p><script>no</script><template>no</template>yes", "yes"),
        ("<div aria-hidden=true>icon</div>yes", "yes"),
        ("<div inert>no <button>no</button></div>yes", "yes"),
    ],
)
async def test_a_page_as_text(show: Show, html: str, text: str) -> None:
    assert (await (await show(html)).observe()).text == text


async def test_an_element_as_a_value(show: Show) -> None:
    tab = await show(
        "<!doctype html><body style='margin:0'><input id=mail data-testid=m aria-label=Mail value=x "
        "style='box-sizing:border-box;width:100px;height:30px' autofocus>"
    )
    element = await only(tab)
    assert (element.ref, element.role, element.name, element.tag, element.value) == (
        "e1",
        "textbox",
        "Mail",
        "input",
        "x",
    )
    assert element.in_view
    assert element.box
    assert element.box.centre == (50, 15)
    assert element.frame == ""
    assert element.attributes == {"id": "mail", "data-testid": "m"}
    assert (element.fingerprint.role, element.fingerprint.name, element.fingerprint.tag) == ("textbox", "Mail", "input")


async def test_the_focused_field_is_said(show: Show) -> None:
    tab = await show("<input aria-label=A><input aria-label=B>")
    await tab.press("Tab")
    await tab.press("Tab")
    states = {element.name: element.states for element in (await tab.observe()).elements.values()}
    assert states == {"A": (), "B": ("focused",)}


async def test_what_is_out_of_view_is_known_and_said_to_be(show: Show) -> None:
    tab = await show("<button>Near</button><div style='height:5000px'></div><button>Far</button>")
    seen = await tab.observe()
    assert {one.name: one.in_view for one in seen.elements.values()} == {"Near": True, "Far": False}
    assert seen.scroll.above == 0
    assert seen.scroll.below > 4000
    assert seen.scroll.height == 800


async def test_a_long_page_is_cut_to_the_budget_and_says_so(show: Show) -> None:
    tab = await show("<button>First</button>" + "<p>" + "word " * 30 + "</p>" * 1 + "<p>text text text text</p>" * 3000)
    seen = await tab.observe()
    assert seen.tokens <= 6000
    assert seen.text.startswith("e1 button First")
    assert "more parts below; find(text) or read(offset)" in seen.text.splitlines()[-1]


@pytest.mark.parametrize(
    ("html", "cover"),
    [
        ("<button>Pay</button><div style='position:fixed;inset:0'>Cookies?</div>", "div"),
        (
            "<button>Pay</button><div role=dialog aria-label=Consent style='position:fixed;inset:0'></div>",
            'dialog "Consent"',
        ),
    ],
)
async def test_a_covered_element_says_by_what(show: Show, html: str, cover: str) -> None:
    seen = await (await show(html)).observe()
    element = next(one for one in seen.elements.values() if one.name == "Pay")
    assert "covered" in element.states
    assert element.cover
    assert element.cover.startswith(cover)


async def test_a_styled_checkbox_stands_where_its_label_is(show: Show) -> None:
    tab = await show(
        "<input id=c type=checkbox style='opacity:0;position:absolute;left:-99px'><label for=c>Agree</label>"
    )
    element = await only(tab)
    assert element.name == "Agree"
    assert element.in_view
    assert "covered" not in element.states


async def test_a_hidden_file_input_is_there(show: Show) -> None:
    element = await only(await show("<input type=file hidden>"))
    assert (element.role, element.name, element.box) == ("file", "hidden file input", None)


async def test_a_picture_is_a_jpeg_of_the_view(show: Show) -> None:
    seen = await (await show("<h1>Hi</h1>")).observe(vision=True)
    assert seen.screenshot
    assert seen.screenshot.startswith(b"\xff\xd8\xff")
    assert Image.open(io.BytesIO(seen.screenshot)).size == (1280, 800)


async def test_a_page_with_a_frameset_or_without_a_body_is_no_error(show: Show) -> None:
    tab = await show("")
    await tab.page.evaluate("document.documentElement.remove()")
    seen = await tab.observe()
    assert seen.text == ""
    assert not seen.elements


async def test_a_page_that_hangs_is_told_within_the_limit(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    tab = await show("<p>Hello</p>")
    await tab.observe()
    await tab.page.evaluate("setTimeout(() => { const until = Date.now() + 2000; while (Date.now() < until); }, 0)")
    with monkeypatch.context() as patch:
        patch.setattr("webhand.browser.frames.FRAME_LIMIT", 0.5)
        seen = await tab.observe()
    assert seen.text == ""
    assert seen.partial == ("about:blank did not answer within 0.5 s",)
    assert (await tab.observe()).text == "Hello"
