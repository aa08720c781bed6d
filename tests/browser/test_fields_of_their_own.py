"""Fields that take text their own way: masks, editors, hidden fields behind something drawn."""

from collections.abc import Awaitable, Callable

import pytest

from webhand.browser import Context, Tab

Show = Callable[[str], Awaitable[Tab]]
Heard = Callable[..., Awaitable[list[str]]]

MASK = """<input aria-label=Date VALUE><script>
const field = document.querySelector("input");
field.oninput = () => {       // as many do, with no thought for the caret
  const digits = field.value.replace(/\\D/g, "").slice(0, 8);
  field.value = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4)].filter(Boolean).join("/");
};
</script>"""
# Editors with a text of their own, which they draw; what is selected on the page is nothing to them.
MODEL = """<script>
let text = "old words", all = false;
const draw = () => { SHOWN };
const put = (more) => { text = all ? more : text + more; all = false; draw(); };
draw();
const keys = (event) => {
  if (event.ctrlKey && event.key === "a") all = true;
  else if (event.key === "Delete" && all) put("");
  else if (event.key === "Enter" && event.shiftKey) put("\\n");
  else return;
  event.preventDefault();
};
</script>"""
RICH = f"""<div id=ed contenteditable role=textbox aria-label=Note></div>
{MODEL.replace("SHOWN", "ed.textContent = text")}<script>
ed.onkeydown = keys;
ed.onbeforeinput = (event) => {{ event.preventDefault(); put((event.data || "").split("\\n")[0]); }};
</script>"""
CODE = f"""<div id=ed onmousedown='hidden.focus(); event.preventDefault()' style='height:90px;position:relative'>
<pre id=drawn></pre><textarea id=hidden style='position:absolute;width:SIZE;height:SIZE;opacity:0'></textarea></div>
{MODEL.replace("SHOWN", "drawn.textContent = text")}<script>
hidden.onkeydown = keys;
hidden.oninput = () => {{ put(hidden.value); hidden.value = ""; }};
</script>"""
APART = CODE.replace("<textarea", "</div><textarea").replace("</textarea></div>", "</textarea>")


@pytest.fixture
def show(shown_again: Show) -> Show:
    return shown_again


async def first(tab: Tab) -> str:
    return next(iter((await tab.observe()).elements))


@pytest.mark.parametrize("text", ["05/31/2026", "05312026"])
@pytest.mark.parametrize("value", ["", "value=12/24/2020"])
async def test_a_mask(show: Show, heard: Heard, text: str, value: str) -> None:
    tab = await show(MASK.replace("VALUE", value))
    await heard(tab.page)
    assert (await tab.type(await first(tab), text)).value == "05/31/2026"
    assert await heard(tab.page, "keydown")


@pytest.mark.parametrize("html", [RICH, CODE.replace("SIZE", "1px"), CODE.replace("SIZE", "200px"), APART])
@pytest.mark.parametrize(
    ("text", "clear", "held"),
    [
        ("new", True, "new"),
        (" more", False, "old words more"),
        ("", True, ""),
        ("one\ntwo\nthree", True, "one\ntwo\nthree"),
        ("x" * 500, True, "x" * 500),
    ],
)
async def test_an_editor(show: Show, heard: Heard, html: str, text: str, clear: bool, held: str) -> None:
    tab = await show(html.replace("SIZE", "1px"))
    await heard(tab.page)
    seen = await tab.observe()
    await tab.type(list(seen.elements)[-1], text, clear)
    assert await tab.page.evaluate("text") == held
    await heard(tab.page)


@pytest.mark.parametrize("body", ["<body contenteditable>old", "<body><div contenteditable>old <p>words"])
async def test_an_editor_in_a_frame(show: Show, body: str) -> None:
    tab = await show(f'<iframe title=Letter srcdoc="{body}"></iframe>')
    assert (await tab.type(await first(tab), "new")).value == "new"


async def test_an_input_with_suggestions_of_its_own(show: Show) -> None:
    tab = await show(
        """<input aria-label=City role=combobox onkeyup="o.innerHTML = value ? `<li onclick='0'>${value}burg` : ''">
        <ul id=o></ul>"""
    )
    await tab.type(await first(tab), "Ham")
    assert "Hamburg" in (await tab.observe()).text


@pytest.mark.parametrize(
    ("attributes", "text", "said"),
    [
        ("maxlength=3", "abcdef", "; it holds 'abc' now (it takes 3 characters)"),
        ("type=number max=10", "12", "; it does not accept that: Value must be less than or equal to 10."),
        ("type=number", "ab", "; it holds '' now"),
        ("type=number step=5", "7", "; it does not accept that: Please enter a valid value. The two nearest"),
        ("type=email", "anna", "; it does not accept that: Please include an '@' in the email address."),
        ("type=url", "x", "; it does not accept that: Please enter a URL."),
        ("pattern=[0-9]+", "x", "; it does not accept that: Please match the requested format."),
        ("minlength=5", "x", "; it does not accept that: Please lengthen this text to 5 characters or more"),
        ("required", "", ""),
    ],
)
async def test_what_a_field_refuses_is_said(show: Show, attributes: str, text: str, said: str) -> None:
    tab = await show(f"<input aria-label=A {attributes}>")
    effect = await tab.type(await first(tab), text)
    assert effect.text.partition('"A"')[2].startswith(said)
    assert bool(said) is (effect.text.partition('"A"')[2] != "")


SEARCHED = """<span id=box role=combobox tabindex=0 aria-label=State aria-expanded=false>Alabama</span><script>
box.onclick = () => setTimeout(() => {
  box.insertAdjacentHTML("afterend", "<input id=search aria-label=Search>");
  search.focus();
}, DELAY);
</script>"""


@pytest.mark.parametrize("delay", [0, 200])
async def test_a_closed_list_that_is_searched(show: Show, delay: int) -> None:
    tab = await show(SEARCHED.replace("DELAY", str(delay)))
    effect = await tab.type(await first(tab), "Wy")
    assert effect.text == 'typed into the search field of combobox "State"'
    assert 'textbox Search = "Wy"' in (await tab.observe()).text


SUGGESTED = """<span id=box role=combobox tabindex=0 aria-label=Customer aria-expanded=false>-</span><script>
const ask = (text) => fetch("/page?" + new URLSearchParams({ html: text, after: 200 })).then((answer) => answer.text())
  .then((text) => { list.innerHTML = `<li role=option>${text}</li>`; });
let due;
box.onclick = () => {
  box.insertAdjacentHTML("afterend", "<input type=search aria-label=Search id=search><ul role=listbox id=list></ul>");
  search.oninput = () => {
    list.insertAdjacentHTML("afterbegin", "<li role=option aria-disabled=true>Searching…</li>");
    clearTimeout(due);
    due = setTimeout(() => ask(search.value), 250);
  };
  search.focus();
  ask("everybody");
};
</script>"""


async def test_what_was_typed_into_a_list_that_asks_for_all_first_is_waited_for(
    site: Callable[..., str], context: Context
) -> None:
    tab = await context.open(site("/page", html=SUGGESTED))
    await tab.type(await first(tab), "Keiko")
    text = (await tab.observe()).text
    assert "option Keiko" in text
    assert "Searching" not in text


async def test_a_document_that_is_edited(show: Show) -> None:
    tab = await show("<iframe title=Letter srcdoc='<p>Dear</p><p>Ann <a href=#>x</a>'></iframe>")
    await tab.page.evaluate("() => { document.querySelector('iframe').contentDocument.designMode = 'on'; }")
    seen = await tab.observe()
    (letter,) = seen.elements.values()
    assert (letter.role, letter.value) == ("textbox", "Dear\n\nAnn x")
    effect = await tab.type(letter.ref, "Hello")
    assert (await tab.observe()).elements[letter.ref].value == effect.value == "Hello"
