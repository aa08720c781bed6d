"""The actions of one decision: carried out up to the first after which the rest would act blindly."""

from collections.abc import Awaitable, Callable

import pytest

from webhand.browser import Tab
from webhand.controller import ActionCall, ActionResult, Controller

At = Callable[..., Awaitable[Tab]]

FORM = """<input aria-label=Name><input aria-label=City oninput="list.innerHTML = '<li>' + this.value">
<button onclick="textContent = 'Sent'">Send</button><ul id=list></ul>"""


def calls(*asked: tuple[str, dict[str, object]]) -> list[ActionCall]:
    return [ActionCall(action=name, arguments=arguments) for name, arguments in asked]


async def run(tab: Tab, *asked: tuple[str, dict[str, object]], within: float | None = None) -> tuple[ActionResult, ...]:
    return await Controller().execute_all(calls(*asked), tab, within=within)


async def test_a_form_is_filled_in_one_go(at: At) -> None:
    tab = await at(FORM)
    results = await run(
        tab,
        ("type", {"ref": "e1", "text": "Anna"}),
        ("type", {"ref": "e2", "text": "Bern"}),
        ("click", {"ref": "e3"}),
    )
    assert [result.ok for result in results] == [True, True, True]
    assert (await tab.observe()).text.startswith('e1 textbox Name = "Anna"\ne2 textbox City = "Bern"\ne3 button Sent')


@pytest.mark.parametrize(
    ("html", "first", "text"),
    [
        ("<button>Go</button>", ("click", {"ref": "e7"}), "there is no element e7"),
        ("<a href='#/part'>Go</a>", ("click", {"ref": "e1"}), "the page went to"),
        ("<a href='?html=There'>Go</a>", ("click", {"ref": "e1"}), "the page went to"),
        ("<button onclick='window.open()'>Go</button>", ("click", {"ref": "e1"}), "tab 2 opened"),
        ("<button onclick='confirm(1)'>Go</button>", ("click", {"ref": "e1"}), 'a confirm dialog asks "1"'),
        ("", ("navigate", {"url": "about:blank"}), "opened about:blank"),
        ("", ("navigate", {"url": "about:blank", "new_tab": True}), "it is tab 2"),
        ("", ("switch_tab", {"tab": 1}), "tab 1 is in front"),
        ("", ("close_tab", {"tab": 1}), "tab 1 is closed"),
        ("", ("done", {"answer": "yes"}), "yes"),
    ],
)
async def test_the_rest_is_not_carried_out(at: At, html: str, first: tuple[str, dict[str, object]], text: str) -> None:
    tab = await at(html)
    tab.context.hold_dialogs(True)
    (result,) = await run(tab, first, ("done", {"answer": "never"}))
    assert text in result.text


async def test_the_next_target_became_something_else(at: At) -> None:
    tab = await at("<button onclick=\"other.textContent = 'Delete'\">Go</button><button id=other>Save</button>")
    one, two = await run(tab, ("click", {"ref": "e1"}), ("click", {"ref": "e2"}), ("click", {"ref": "e1"}))
    assert one.ok
    assert two.error == "StaleRef"
    assert two.text == 'e2 was button "Save" and is button "Delete" now; look again'


async def test_another_place_on_the_same_page_is_no_other_page(at: At) -> None:
    tab = await at("<a href='#part'>Go</a><button onclick='textContent = 1'>Do</button>")
    one, two = await run(tab, ("click", {"ref": "e1"}), ("click", {"ref": "e2"}))
    assert one.text == 'clicked link "Go"; the address ends in #part now'
    assert two.ok


async def test_what_an_action_writes_into_a_row_does_not_make_another_row_of_it(at: At) -> None:
    row = """<li><b></b> <input aria-label=Product oninput="this.previousElementSibling.textContent = this.value">
        <input aria-label=Number> Remove</li>"""
    tab = await at(f"<ul>{row}{row}</ul>")
    seen = await tab.observe()
    assert seen.elements["e2"].label == "Remove"
    number: tuple[str, dict[str, object]] = ("type", {"ref": "e2", "text": "3"})
    results = await run(tab, ("type", {"ref": "e1", "text": "Cable"}), number)
    assert [one.ok for one in results] == [True, True]
    await tab.page.evaluate("document.querySelector('b').textContent = 'Lamp'")
    (refused,) = await run(tab, number)
    assert refused.text == 'e2 was beside "Remove" and is beside "Lamp" now; look again'


async def test_time_for_all_together(at: At) -> None:
    tab = await at("<p>")
    one, two = await run(tab, ("wait", {"seconds": 0.05}), ("wait", {"seconds": 5}), ("read", {}), within=0.2)
    assert one.ok
    assert two.error == "ActionTimeout"


async def test_no_action_at_all(at: At) -> None:
    assert await run(await at("<p>")) == ()


async def test_a_new_tab_is_in_the_effect(at: At) -> None:
    tab = await at("<p>")
    (result,) = await run(tab, ("navigate", {"url": "about:blank", "new_tab": True}))
    assert result.text == "opened about:blank; the page went to about:blank; it is tab 2"
    assert result.ends == "decision"
    assert tab.context.active is tab.context.get(2)
