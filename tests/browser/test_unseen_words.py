"""What nobody sees is not told, and what cannot be reached not offered; what only waits for the pointer is."""

from collections.abc import Awaitable, Callable

import pytest

from webhand.browser import Tab

Show = Callable[[str], Awaitable[Tab]]

CLOSED = "<button>Open</button><div style='max-height:0;overflow:hidden'><p>Answer</p></div>"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (CLOSED, "e1 button Open"),
        (CLOSED.replace("max-height:0", "max-height:99px"), "e1 button Open\nAnswer"),
        ("<div style='display:grid;grid-template-rows:0fr'><div style='overflow:hidden'><p>Answer</div></div>", ""),
        ("<div style='overflow:hidden;height:20px'><p style='margin:0;height:20px'>One<p>Two</div>", "One"),
        ("<div style='overflow:auto;height:20px'><p style='margin:0;height:20px'>One<p>Two</div>", "One\nTwo"),
        ("<div style='overflow:hidden;height:0'><div style='display:contents'>Words</div></div>x", "x"),
        ("<nav>Products<div style='opacity:0;pointer-events:none'><p>More<a href=#f>Boots</a></div></nav>", "Products"),
        ("<p>Row<span style='opacity:0'>Hint<button>Edit</button></span></p>", "Row e1 button Edit"),
        ("<p>Row<span style='opacity:0.1'>Hint<button>Edit</button></span></p>", "RowHint e1 button Edit"),
        ("<div style='height:3000px'></div><p style='opacity:0'>Fades in</p>", "Fades in"),
        ("<label style='opacity:0;pointer-events:none'>A<input type=checkbox></label>", "e1 [ ] A"),
        ("<button style='clip-path:inset(50%)'>Cut</button><button style='clip-path:circle(0)'>Away</button>x", "x"),
        ("<button style='clip-path:inset(10%)'>There</button>", "e1 button There"),
        ("<div style='position:fixed;left:100%'>Drawer<button>Close</button></div>x", "x"),
        ("<div style='width:3000px'><button style='margin-left:2500px'>Far</button></div>", "e1 button Far"),
    ],
)
async def test_words(show: Show, html: str, text: str) -> None:
    assert (await (await show(html)).observe()).text == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Was <s>$10</s> now $5", "Was ~~$10~~ now $5"),
        ("<p>Was <del> $10 </del> now $5", "Was ~~$10~~ now $5"),
        ("<p><span style='text-decoration:line-through'>$10</span> $5", "~~$10~~ $5"),
        ("<style>.old {text-decoration:line-through}</style><div class=old>$10</div>$5", "~~$10~~\n$5"),
        ("<p>Was <s></s>now", "Was now"),
        ("<p><u style='text-decoration:underline'>$10</u>", "$10"),
    ],
)
async def test_words_that_are_struck_out(show: Show, html: str, text: str) -> None:
    assert (await (await show(html)).observe()).text == text


@pytest.mark.parametrize(
    "html",
    [
        "<button><span aria-hidden=true>×</span></button>",
        "<style>button::before {content: '×'}</style><button></button>",
        "<button>×</button>",
    ],
)
async def test_a_button_is_called_by_the_sign_that_it_shows(show: Show, html: str) -> None:
    assert (await (await show(html)).observe()).text == "e1 button ×"


async def test_options_of_a_group_that_is_off(show: Show) -> None:
    tab = await show("<select aria-label=Size><option>S<optgroup label=Off disabled><option>M</optgroup></select>")
    assert (await tab.observe()).elements["e1"].options == ("S", "M (disabled)")
