"""Dialogs of a page: notices are closed and told, questions wait for an answer, nothing hangs."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from webhand.browser import Context, DialogInfo, Tab
from webhand.errors import NotInteractable

Show = Callable[[str], Awaitable[Tab]]

CONFIRM = "<button onclick='o.textContent = confirm(\"Sure?\")'>Ask</button><p id=o></p>"
PROMPT = '<button onclick=\'o.textContent = prompt("Name?", "Anna")\'>Ask</button><p id=o></p>'


async def asked(tab: Tab) -> Tab:
    """The tab, its question asked and held open."""
    tab.context.hold_dialogs(True)
    ref = next(iter((await tab.observe()).elements))
    await tab.click(ref)
    return tab


async def test_an_alert_is_closed_and_told(show: Show) -> None:
    tab = await show("<button onclick='alert(\"Saved\"); o.textContent = 1'>Save</button><p id=o></p>")
    await tab.observe()
    effect = await tab.click("e1")
    assert effect.dialog is None
    seen = await tab.observe()
    assert seen.notices == ('alert "Saved" was closed',)
    assert seen.text.endswith("\n1")


async def test_a_question_is_an_effect_and_stands_in_the_look(show: Show) -> None:
    tab = await asked(await show(CONFIRM))
    seen = await tab.observe()
    assert seen.dialog == DialogInfo("confirm", "Sure?")
    assert seen.text.startswith("e1 button Ask")
    (question,) = tab.context.questions()
    await tab.context.dismiss((question,))
    assert (await tab.observe()).text.endswith("\nfalse")


@pytest.mark.parametrize(
    ("html", "accept", "text", "outcome", "said"),
    [
        (CONFIRM, True, None, "true", 'accepted the confirm "Sure?"'),
        (CONFIRM, False, None, "false", 'dismissed the confirm "Sure?"'),
        (PROMPT, True, "Berta", "Berta", 'accepted the prompt "Name?"'),
        (PROMPT, True, None, "Anna", 'accepted the prompt "Name?"'),
        (PROMPT, True, "", "", 'accepted the prompt "Name?"'),
        (PROMPT, False, "Berta", "", 'dismissed the prompt "Name?"'),
    ],
)
async def test_answering(show: Show, html: str, accept: bool, text: str | None, outcome: str, said: str) -> None:
    tab = await asked(await show(html))
    effect = await tab.answer_dialog(accept, text)
    assert (effect.text, effect.dialog) == (said, None)
    assert await tab.page.locator("#o").inner_text() == outcome


async def test_the_prompt_says_its_default(show: Show) -> None:
    tab = await asked(await show(PROMPT))
    assert (await tab.observe()).dialog == DialogInfo("prompt", "Name?", "Anna")


async def test_an_answer_can_open_the_next_question(show: Show) -> None:
    tab = await asked(
        await show('<button onclick=\'o.textContent = confirm("One") + confirm("Two")\'>Ask</button><p id=o>')
    )
    effect = await tab.answer_dialog(True)
    assert effect.text == 'accepted the confirm "One"; a confirm dialog asks "Two"'
    assert effect.dialog == DialogInfo("confirm", "Two")
    await tab.answer_dialog(True)
    assert await tab.page.locator("#o").inner_text() == "2"


async def test_a_question_that_nobody_holds_open_is_dismissed(show: Show) -> None:
    tab = await show(CONFIRM)
    tab.dialogs.patience = 0.1
    await tab.observe()
    await tab.click("e1")
    await tab.page.wait_for_function("o.textContent === 'false'")
    assert 'confirm "Sure?" was dismissed because nobody answered it' in (await tab.observe()).notices


ACTS: list[Callable[[Tab], Awaitable[object]]] = [
    lambda tab: tab.click("e1"),
    lambda tab: tab.click_at(1, 1),
    lambda tab: tab.press("Enter"),
    lambda tab: tab.goto("about:blank"),
    lambda tab: tab.back(),
    lambda tab: tab.scroll("down"),
    lambda tab: tab.find("x"),
    lambda tab: tab.read(),
    lambda tab: tab.wait(text="x"),
]


@pytest.mark.parametrize("act", ACTS)
async def test_nothing_else_can_be_done_meanwhile(show: Show, act: Callable[[Tab], Awaitable[object]]) -> None:
    tab = await asked(await show(CONFIRM))
    with pytest.raises(NotInteractable, match='a confirm dialog asks "Sure\\?"; answer it with answer_dialog first'):
        await act(tab)


async def test_an_answer_to_nothing(show: Show) -> None:
    tab = await show("<p>")
    with pytest.raises(NotInteractable, match="no dialog is open"):
        await tab.answer_dialog(True)


ASKING: list[tuple[str, Callable[[Tab, Path], Awaitable[object]]]] = [
    ("<select aria-label=A onchange='confirm(1)'><option>x<option>y</select>", lambda tab, _: tab.select("e1", ["y"])),
    ("<input aria-label=A onfocus='confirm(1)'>", lambda tab, _: tab.type("e1", "x")),
    ("<input aria-label=A oninput='confirm(1)'>", lambda tab, _: tab.type("e1", "x")),
    ("<input type=date aria-label=A onchange='confirm(1)'>", lambda tab, _: tab.type("e1", "2026-05-31")),
    ("<input type=checkbox aria-label=A onchange='confirm(1)'>", lambda tab, _: tab.check("e1")),
    ("<input type=file aria-label=A onchange='confirm(1)'>", lambda tab, file: tab.upload("e1", [file])),
    ("<button onpointerenter='confirm(1)'>A</button>", lambda tab, _: tab.hover("e1")),
    ("<p tabindex=0 onkeydown='confirm(1)'>A</p>", lambda tab, _: tab.press("a", "e1")),
]


@pytest.mark.parametrize(("html", "act"), ASKING)
async def test_every_action_can_open_a_question(
    show: Show, tmp_path: Path, html: str, act: Callable[[Tab, Path], Awaitable[object]]
) -> None:
    file = tmp_path / "a.txt"
    file.write_text("a")
    tab = await show(html)
    tab.context.hold_dialogs(True)
    await tab.observe()
    await act(tab, file)
    assert (await tab.observe()).dialog == DialogInfo("confirm", "1")
    await tab.answer_dialog(True)


LATER = "<input aria-label=A oninput='setTimeout(() => {{ {0} }}, 300)'><p id=o></p>"


async def test_a_question_that_a_field_brings_a_moment_later(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webhand.browser.linger.LINGER", 60)
    tab = await show(LATER.format("confirm(1)"))
    tab.context.hold_dialogs(True)
    await tab.observe()
    await tab.type("e1", "x")
    assert (await tab.observe()).dialog == DialogInfo("confirm", "1")
    await tab.answer_dialog(True)


async def test_an_alert_that_a_field_brings_a_moment_later(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webhand.browser.linger.LINGER", 60)
    tab = await show(LATER.format("alert(1); o.textContent = 2"))
    await tab.observe()
    await tab.type("e1", "x")
    seen = await tab.observe()
    assert seen.notices == ('alert "1" was closed',)
    assert seen.text.endswith("\n2")


async def test_a_question_on_loading(context: Context, site: Callable[..., str]) -> None:
    context.hold_dialogs(True)
    tab = await context.open()
    effect = await tab.goto(site("/page", html="<p id=o></p><script>o.textContent = confirm('Cookies?')</script>"))
    assert effect.dialog == DialogInfo("confirm", "Cookies?")
    await tab.answer_dialog(True)
    assert (await tab.observe()).text == "true"


async def test_a_page_that_would_rather_keep_its_visitor(context: Context, site: Callable[..., str]) -> None:
    html = "<input aria-label=A><script>onbeforeunload = (event) => event.preventDefault()</script>"
    tab = await context.open(site("/page", html=html))
    await tab.observe()
    await tab.type("e1", "touched")
    effect = await tab.goto(site("/page", html="There"))
    assert effect.navigated
    seen = await tab.observe()
    assert seen.text == "There"
    assert any(notice.startswith("beforeunload") for notice in seen.notices)


STORM = """<button onclick="let n = 0; while (n < 60) { confirm(++n) } o.textContent = n">Ask</button>
<button onclick="for (let n = 0; n < 60; n++) alert(n)">Tell</button>
<button onclick="o.textContent = confirm('Delete?')">Delete</button><p id=o></p>"""


async def test_a_storm_of_questions_ends_and_is_told(show: Show) -> None:
    tab = await asked(await show(STORM))
    while (effect := await tab.answer_dialog(True)).dialog:
        pass
    assert effect.text == (
        'accepted the confirm "20"; 40 questions were dismissed, as too many were asked in a row, the last confirm "60"'
    )
    notices = (await tab.observe()).notices
    assert notices[0] == 'confirm "21" was dismissed because 20 had been asked before it'
    assert notices[-1] == "and 20 more such notices"
    await tab.page.wait_for_function("o.textContent === '60'")


async def test_a_question_after_a_storm_of_notices_is_asked(show: Show) -> None:
    tab = await show(STORM)
    tab.context.hold_dialogs(True)
    await tab.observe()
    await tab.click("e2")
    assert (await tab.click("e3")).dialog == DialogInfo("confirm", "Delete?")
    await tab.answer_dialog(True)


async def test_a_page_may_ask_as_often_as_it_is_acted_on(show: Show) -> None:
    tab = await show(STORM)
    tab.context.hold_dialogs(True)
    await tab.observe()
    for _ in range(25):
        await tab.click("e3")
        assert (await tab.answer_dialog(True)).text == 'accepted the confirm "Delete?"'
    assert await tab.page.locator("#o").inner_text() == "true"


async def test_a_storm_that_goes_on_stays_one(show: Show) -> None:
    tab = await asked(await show("<button onclick='setInterval(() => confirm(1), 50)'>Ask</button><button>Go</button>"))
    while tab.dialogs.open:
        await tab.answer_dialog(True)
    for _ in range(3):
        assert (await tab.click("e2")).dialog is None


async def test_closing_a_tab_with_an_open_question(show: Show) -> None:
    tab = await asked(await show(CONFIRM))
    await tab.close()
    assert tab.context.questions() == ()
