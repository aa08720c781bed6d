"""Texts are selected as with the mouse or the keys, and what is selected is what was asked for."""

from collections.abc import Awaitable, Callable

import pytest

from webhand.browser import Tab
from webhand.errors import InvalidArguments, NotInteractable

Show = Callable[[str], Awaitable[Tab]]
Heard = Callable[..., Awaitable[list[str]]]

TEXT = """<p>Hello <b>big</b> world,
  how are you?<p style="width:120px">A second one that goes on over several lines of text<p>big"""


@pytest.fixture
def show(shown_again: Show) -> Show:
    return shown_again


async def selected(tab: Tab) -> str:
    return await tab.page.evaluate("getSelection().toString()")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("world", 'selected "world"'),
        ("big world, how", 'selected "big world, how"'),
        ("big", 'selected "big"; it stands in other places, too'),
        ("one that goes on over several", 'selected "one that goes on over several"'),
    ],
)
async def test_a_text_of_the_page(show: Show, heard: Heard, text: str, said: str) -> None:
    tab = await show(TEXT)
    await heard(tab.page)
    effect = await tab.select_text(text)
    assert (effect.text, effect.value) == (said, text)
    assert " ".join((await selected(tab)).split()) == text
    assert [one.strip() for one in await heard(tab.page, "mousedown mouseup")] == ["mousedown", "mouseup"]


async def test_in_an_element(show: Show) -> None:
    tab = await show(f"{TEXT}<div tabindex=0>A big box</div>")
    box = next(iter((await tab.observe()).elements))
    assert (await tab.select_text("big", box)).text == 'selected "big"'
    assert await tab.page.evaluate("getSelection().anchorNode.data") == "A big box"
    assert (await tab.select_text(ref=box)).value == "A big box"


@pytest.mark.parametrize("field", ["<input value='one two three'>", "<textarea>one two three</textarea>"])
@pytest.mark.parametrize(("text", "value"), [("two", "two"), ("", "one two three")])
async def test_in_a_field(show: Show, field: str, text: str, value: str) -> None:
    tab = await show(field)
    ref = next(iter((await tab.observe()).elements))
    assert (await tab.select_text(text, ref)).value == value
    chosen = "const { value, selectionStart, selectionEnd } = document.activeElement; "
    assert await tab.page.evaluate(f"() => {{ {chosen} return value.slice(selectionStart, selectionEnd); }}") == value


async def test_in_an_editor(show: Show) -> None:
    tab = await show("<div contenteditable>one two three</div>")
    ref = next(iter((await tab.observe()).elements))
    assert (await tab.select_text("two", ref)).text == 'selected "two"'
    await tab.press("x")
    assert await tab.page.evaluate("document.body.innerText") == "one x three"


async def test_below_the_view(show: Show) -> None:
    tab = await show(f"<div style='height:3000px'></div>{TEXT}")
    assert (await tab.select_text("world")).text == 'selected "world"'
    assert await selected(tab) == "world"


async def test_in_a_frame(show: Show) -> None:
    tab = await show("<p>Outside</p><iframe srcdoc='<p>Inside of it'></iframe>")
    assert (await tab.select_text("of it")).text == 'selected "of it"'
    assert await tab.page.frames[1].evaluate("getSelection().toString()") == "of it"


@pytest.mark.parametrize(
    ("html", "text", "error", "why"),
    [
        (TEXT, "nowhere", InvalidArguments, '"nowhere" is not on the page'),
        (TEXT, " ", InvalidArguments, "select_text needs a text or an element"),
        ("<a href=/x>A link</a>", "link", NotInteractable, 'the text begins in link "A link"'),
        ("<p style='user-select:none'>Fixed words</p>", "words", NotInteractable, '"" is selected in place of "words"'),
    ],
)
async def test_what_cannot_be_selected(
    show: Show, html: str, text: str, error: type[InvalidArguments | NotInteractable], why: str
) -> None:
    tab = await show(html)
    with pytest.raises(error, match=why):
        await tab.select_text(text)
