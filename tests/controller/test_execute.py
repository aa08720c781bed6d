"""One action: found, validated, allowed, carried out within its time, and told."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest
from pydantic import BaseModel

from webhand.browser import Tab
from webhand.controller import ActionCall, ActionContext, ActionResult, Approval, Controller
from webhand.controller.action import Approve
from webhand.errors import NotInteractable

At = Callable[..., Awaitable[Tab]]


@pytest.fixture
def at(at_again: At) -> At:
    return at_again


BUTTON = "<button onclick=\"textContent = 'Done'\">Go</button>"


def own(**more: Any) -> Controller:
    """A controller with some actions of a user's own, `more` said of `greet`."""
    controller = Controller(action_timeout=more.pop("action_timeout", 30))

    @controller.action("Greet somebody", **more)
    async def greet(name: str, ref: str = "") -> str:
        return f"hello {name}{ref}"

    assert greet
    return controller


async def run(controller: Controller, tab: Tab, call: Mapping[str, Any], **context: Any) -> ActionResult:
    return await controller.execute(call, tab, ActionContext(**context))


async def test_a_default_action(at: At) -> None:
    tab = await at(BUTTON)
    result = await Controller().execute({"click": {"ref": "e1"}}, tab)
    assert (result.action, result.ok, result.text, result.error) == ("click", True, 'clicked button "Go"', None)
    assert result.ends == "nothing"
    assert result.seconds > 0
    assert (await tab.observe()).text.startswith("e1 button Done")


async def test_a_call_may_be_a_value_or_have_no_arguments(at: At) -> None:
    tab = await at(BUTTON)
    assert (await Controller().execute(ActionCall(action="read"), tab)).text == "Go"
    assert (await Controller().execute({"read": None}, tab)).text == "Go"
    assert (await Controller().execute({"screenshot": {}}, tab)).include_picture


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        ({"jump": {}}, "UnknownAction", 'there is no action "jump"; there are navigate, search,'),
        ({"click": {}}, "InvalidArguments", "ref: Field required. It is used as click(ref, button="),
        ({"click": {"ref": "e1", "x": 1}}, "InvalidArguments", "x: Extra inputs are not permitted"),
        (
            {"click": {"ref": "e1", "button": "top"}},
            "InvalidArguments",
            "button: Input should be 'left', 'right' or 'middle'",
        ),
        ({"click": "e1"}, "InvalidArguments", ""),
        ({"click": {"ref": "e9"}}, "StaleRef", "there is no element e9; look at the page again"),
        ({"type": {"ref": "e1", "text": "x"}}, "NotInteractable", "e1 is a button, not a field"),
        (
            {"navigate": {"url": "http://no-such-name.invalid"}},
            "NavigationFailed",
            "http://no-such-name.invalid did not open",
        ),
        ({"switch_tab": {"tab": 7}}, "TabClosed", "there is no tab 7; open tabs: 1"),
        ({"answer_dialog": {"accept": True}}, "NotInteractable", "no dialog is open"),
        ({"upload": {"ref": "e1", "files": ["/etc/passwd"]}}, "ActionDenied", "/etc/passwd may not be read"),
        ({"a": 1, "b": 2}, "UnknownAction", ""),
    ],
)
async def test_what_goes_wrong_is_a_result_that_says_what_to_do(
    at: At, call: Mapping[str, Any], error: str, text: str
) -> None:
    result = await Controller().execute(call, await at(BUTTON))
    assert (result.ok, result.error) == (False, error)
    assert result.text.startswith(text)
    assert result.ends == "nothing"


async def test_time_runs_out(at: At) -> None:
    controller, cancelled = Controller(action_timeout=0.05), asyncio.Event()

    @controller.action("Never ends")
    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    assert endless
    result = await controller.execute({"endless": {}}, await at(""))
    assert (result.ok, result.error) == (False, "ActionTimeout")
    assert result.text == "it did not end within 0.05 s and may have been done in part; look first"
    assert cancelled.is_set()


class _Weather(BaseModel):
    degrees: int


@pytest.mark.parametrize(
    ("returned", "text", "data"),
    [
        (None, "done", None),
        ("sunny", "sunny", None),
        (21, "21", None),
        (_Weather(degrees=21), '{"degrees":21}', {"degrees": 21}),
        (ActionResult(action="x", ok=True, text="sunny", data=[1]), "sunny", [1]),
        (ActionResult(action="x", ok=False, text="no", error="Own"), "no", None),
    ],
)
async def test_what_an_own_action_returns(at: At, returned: object, text: str, data: object) -> None:
    controller = Controller()

    @controller.action("Look up")
    async def weather() -> object:
        return returned

    assert weather
    result = await controller.execute({"weather": {}}, await at(""))
    assert (result.action, result.text, result.data) == ("weather", text, data)


@pytest.mark.parametrize(
    ("raised", "error", "text"),
    [
        (ValueError("no such city\nmore"), "ActionError", "ValueError: no such city"),
        (TimeoutError("of its own"), "ActionError", "TimeoutError: of its own"),
        (KeyError("x"), "ActionError", "KeyError: 'x'"),
        (RuntimeError(), "ActionError", "RuntimeError: "),
        (NotInteractable("first open it"), "NotInteractable", "first open it"),
    ],
)
async def test_what_an_own_action_raises(at: At, raised: Exception, error: str, text: str) -> None:
    controller = Controller()

    @controller.action("Fails")
    async def fails() -> None:
        raise raised

    assert fails
    result = await controller.execute({"fails": {}}, await at(""))
    assert (result.ok, result.error, result.text) == (False, error, text)


async def test_cancelling_goes_through(at: At) -> None:
    controller, begun = Controller(), asyncio.Event()

    @controller.action("Never ends")
    async def endless() -> None:
        begun.set()
        await asyncio.Event().wait()

    assert endless
    task = asyncio.create_task(controller.execute({"endless": {}}, await at("")))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_what_is_injected(at: At) -> None:
    controller, given = Controller(), list[object]()

    @controller.action("Takes all")
    async def takes(tab: Tab, context: ActionContext) -> None:
        given.extend((tab, context.page, context.step))

    assert takes
    tab = await at("")
    await run(controller, tab, {"takes": {}}, step=3)
    assert given == [tab, tab, 3]


async def test_what_is_not_there_to_inject(at: At) -> None:
    from webhand.browser import Browser

    controller = Controller()

    @controller.action("Takes a browser")
    async def takes(browser: Browser) -> None:
        assert browser

    assert takes
    result = await run(controller, await at(""), {"takes": {}})
    assert result.text == "takes needs a Browser, and there is none here"


@pytest.mark.parametrize(
    ("origins", "allowed"),
    [
        (["http://127.0.0.1:{port}"], True),
        (["HTTP://127.0.0.1:{port}/"], True),
        (["http://localhost:{port}", "http://127.0.0.1:{port}"], True),
        (["http://127.0.0.1"], False),
        (["https://127.0.0.1:{port}"], False),
    ],
)
async def test_an_action_for_some_sites(at: At, port: int, origins: list[str], allowed: bool) -> None:
    controller = own(origins=[one.format(port=port) for one in origins])
    result = await run(controller, await at(""), {"greet": {"name": "Anna"}})
    assert result.ok is allowed
    assert result.text.startswith("hello Anna" if allowed else "greet may only be used on http")
    assert result.error == (None if allowed else "ActionDenied")


async def _later(approval: Approval) -> bool:
    await asyncio.sleep(0)
    return approval.action == "greet"


APPROVALS: list[tuple[Approve | None, str]] = [
    (lambda _: True, "hello Anna"),
    (lambda _: False, "refused; do something else or end with done"),
    (lambda _: "not today", "refused: not today"),
    (lambda _: " Yes.", "hello Anna"),
    (_later, "hello Anna"),
    (None, "greet needs somebody's consent, and nobody is there to give it"),
]


@pytest.mark.parametrize(("approve", "text"), APPROVALS)
async def test_consent(at: At, approve: Approve | None, text: str) -> None:
    result = await run(own(approve=True), await at(""), {"greet": {"name": "Anna"}}, approve=approve)
    assert result.text == text
    assert result.error == (None if result.ok else "ActionDenied")


async def test_what_a_person_is_shown(at: At) -> None:
    shown = list[Approval]()

    def approve(approval: Approval) -> bool:
        shown.append(approval)
        return True

    controller, tab = Controller(), await at(BUTTON)

    @controller.action("Press with care", approve=True)
    async def press_it(tab: Tab, ref: str) -> None:
        await tab.click(ref)

    assert press_it
    await run(controller, tab, {"press_it": {"ref": "e1"}}, approve=approve)
    (approval,) = shown
    assert approval == Approval(
        action="press_it", arguments={"ref": "e1"}, target='button "Go"', url=tab.url, reason="Press with care"
    )
    result = await run(controller, tab, {"press_it": {"ref": "e8"}}, approve=approve)
    assert result.error == "StaleRef"
    # The word means an element only where a page is acted on.
    result = await run(own(approve=True), tab, {"greet": {"name": "x", "ref": "A-7"}}, approve=approve)
    assert result.text == "hello xA-7"
    assert shown[-1].target is None


async def test_wrong_arguments_are_found_before_anybody_is_asked(at: At) -> None:
    def approve(_: Approval) -> bool:
        raise AssertionError

    result = await run(own(approve=True), await at(""), {"greet": {"nam": "x"}}, approve=approve)
    assert result.error == "InvalidArguments"


async def test_events_are_written_before_and_after(at: At) -> None:
    events = list[tuple[str, Mapping[str, Any]]]()

    async def emit(kind: str, data: Mapping[str, Any]) -> None:
        events.append((kind, data))

    controller = Controller()

    @controller.action("Looks at the log")
    async def look(number: int) -> str:
        return f"{len(events)} {number}"

    assert look
    await run(controller, await at(""), {"look": {"number": 7}}, emit=emit, step=2)
    await run(controller, await at(""), {"jump": {}}, emit=emit, step=3)
    (_, started), (_, finished), (_, tried), (_, failed) = events
    assert [kind for kind, _ in events] == ["action.started", "action.finished"] * 2
    assert started == {"step": 2, "action": "look", "arguments": {"number": 7}}
    assert (finished["step"], finished["ok"], finished["text"]) == (2, True, "1 7")
    assert tried["action"] == "jump"
    assert (failed["ok"], failed["error"]) == (False, "UnknownAction")


async def test_the_run_ends_with_done(at: At) -> None:
    result = await Controller().execute({"done": {"answer": "42 CHF", "success": False}}, await at(""))
    assert (result.ok, result.text, result.ends) == (True, "42 CHF", "run")
    assert result.data == {"answer": "42 CHF", "success": False}


async def test_the_run_ends_with_an_own_action(at: At) -> None:
    result = await run(own(terminates=True), await at(""), {"greet": {"name": "Anna"}})
    assert result.ends == "run"
