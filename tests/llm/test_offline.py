"""The offline model: one decision after the other, as the task says, and honest ends."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.llm.offline_run import EMPTY, SHOP, Bare, Brief, Decision, Few, One, Order, Run, Typed, ended, page, user
from webhand.errors import ConfigError, UnsupportedInput
from webhand.llm.messages import Text
from webhand.llm.model import Model
from webhand.llm.offline import TASK_MARK, OfflineModel


def test_it_is_a_model() -> None:
    assert isinstance(OfflineModel(), Model)
    assert (OfflineModel().name, OfflineModel().abilities.vision) == ("offline", False)


async def test_a_task_is_followed_to_its_answer() -> None:
    run = Run(
        'Open http://shop.example/, type "boots" into "Search", click the button "Go", wait for "Boots" '
        "then tell me the order number."
    )
    assert await run.through(EMPTY, SHOP, SHOP, SHOP, SHOP) == [
        [{"navigate": {"url": "http://shop.example/"}}],
        [{"type": {"ref": "e1", "text": "boots"}}],
        [{"click": {"ref": "e2"}}],
        [{"wait": {"text": "Boots"}}],
        [{"done": {"answer": "WH-1234", "success": True}}],
    ]


@pytest.mark.parametrize(
    ("task", "action"),
    [
        ("open shop.example", {"navigate": {"url": "https://shop.example"}}),
        ('type "a" into "email"', {"type": {"ref": "e4", "text": "a"}}),
        ('fill "Name" with "a, b"', {"type": {"ref": "e10", "text": "a, b"}}),
        ('click the link "Go"', {"click": {"ref": "e3"}}),
        ('click the 2nd "Go"', {"click": {"ref": "e3"}}),
        ('click the last "add to cart"', {"click": {"ref": "e8"}}),
        ('click "maps"', {"click": {"ref": "e11"}}),
        ('click "Map"', {"click": {"ref": "e9"}}),
        ("press Enter", {"press": {"keys": "Enter"}}),
        ('press Tab in "Name"', {"press": {"keys": "Tab", "ref": "e10"}}),
        ('select "Red" in "Colour"', {"select": {"ref": "e5", "values": ["Red"]}}),
        ('choose "Red" from the "Colour" list', {"select": {"ref": "e5", "values": ["Red"]}}),
        ('check "News"', {"check": {"ref": "e6", "on": True}}),
        ('uncheck "News"', {"check": {"ref": "e6", "on": False}}),
        ("scroll down 2 times", {"scroll": {"direction": "down", "amount": 2}}),
        ("wait 2 seconds", {"wait": {"seconds": 2.0}}),
        ("go back", {"back": {}}),
        ('search for "boots"', {"type": {"ref": "e1", "text": "boots", "submit": True}}),
        ("tell me the heading", {"done": {"answer": "Boots", "success": True}}),
        ("tell me the price", {"done": {"answer": "12.90", "success": True}}),
        ('read "Order number"', {"done": {"answer": "WH-1234", "success": True}}),
        ("tell me the heading and the price", {"done": {"answer": "heading: Boots; price: 12.90", "success": True}}),
    ],
)
async def test_an_instruction_is_one_action(task: str, action: Mapping[str, Any]) -> None:
    assert await Run(task).step(SHOP) == [action]


async def test_the_end_says_that_all_was_done() -> None:
    run = Run("go back")
    _, last = await run.through(SHOP, SHOP)
    assert ended(last) == (True, "The instruction was carried out.")


async def test_fields_of_one_form_go_together() -> None:
    run = Run('type "a" into "Email", select "Red" in "Colour", check "News", click "Map"')
    first, second = await run.through(SHOP, SHOP)
    assert [list(action) for action in first] == [["type"], ["select"], ["check"]]
    assert second == [{"click": {"ref": "e9"}}]


async def test_only_fields_that_are_on_the_page_go_together() -> None:
    run = Run('type "a" into "Email", type "b" into "Later"')
    later = page(e20="textbox Later")
    assert await run.through(SHOP, later) == [
        [{"type": {"ref": "e4", "text": "a"}}],
        [{"type": {"ref": "e20", "text": "b"}}],
    ]


async def test_values_read_on_the_way_are_kept_to_the_end() -> None:
    run = Run("tell me the price, go back, tell me the heading")
    first, last = await run.through(page('Price: "12" & more, 100 %'), page("# Nästa sida"))
    assert first == [{"back": {}}]
    assert ended(last) == (True, 'price: "12" & more, 100 %; heading: Nästa sida')


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ("buy me boots", ["buy me boots", "Nothing was done", "open URL"]),
        ('go back, please sing "la"', ['sing "la"', "Nothing was done"]),
        ("", ["no instruction"]),
        ('click "Ad to card"', ["Instruction 1 of 1", '"Add to cart" (button)']),
        ('click "Add to cart"', ["2 that fit", "Say which one"]),
        ('click "Go"', ["2 that fit", '"Go" (button)', '"Go" (link)']),
        ('click the 3rd "Go"', ["only 2"]),
        ('click the button "Map"', ['no button called "Map"', '"Map" (generic)']),
        ('click ""', ["called"]),
        ('type "x" into "Colours"', ['"Colour" (combobox)']),
        ('type "x" into "News"', ['"News" (checkbox)']),
        ("tell me the colour of the sky", ['marked "colour of the sky"']),
    ],
)
async def test_what_it_cannot_do_ends_the_run_honestly(task: str, words: list[str]) -> None:
    success, answer = ended(await Run(task).step(SHOP))
    assert not success
    assert [word for word in words if word not in answer] == []


async def test_several_values_are_not_guessed_between() -> None:
    success, answer = ended(await Run("tell me the price").step(page("Price: 1\nPrice: 2")))
    assert not success
    assert "1; 2" in answer


@pytest.mark.parametrize("boxes", [{}, {"e1": "searchbox A", "e2": "searchbox B"}])
async def test_a_search_needs_the_one_search_box(boxes: dict[str, str]) -> None:
    success, answer = ended(await Run('search for "x"').step(page(**boxes)))
    assert not success
    assert "search boxes" in answer


@pytest.mark.parametrize("output", [Decision, Brief])
async def test_it_fills_the_texts_that_are_asked_for(output: type[Decision] | type[Brief]) -> None:
    reply = await OfflineModel().complete([user(Text(f"{TASK_MARK}go back"))], output)
    assert reply.output.next_goal == "go back"
    assert (reply.usage.prompt, reply.usage.completion, reply.model) == (0, 0, "offline")


async def test_a_run_that_takes_one_action_at_a_time_gets_one() -> None:
    run = Run('type "a" into "Email", type "b" into "Name"', One)
    assert [len(taken) for taken in await run.through(SHOP, SHOP)] == [1, 1]
    success, _ = ended(await run.step(SHOP))
    assert success


async def test_an_action_that_the_run_lacks_ends_it() -> None:
    success, answer = ended(await Run("scroll down", Few).step(SHOP))
    assert not success
    assert "does not offer scroll" in answer


async def test_what_it_is_not_made_for_is_refused() -> None:
    task = [user(Text(f"{TASK_MARK}tell me the heading"))]
    with pytest.raises(UnsupportedInput, match="cannot extract"):
        await OfflineModel().complete(task)
    with pytest.raises(UnsupportedInput, match="cannot extract"):
        await OfflineModel().complete(task, Order)
    with pytest.raises(UnsupportedInput, match="done action"):
        await OfflineModel().complete(task, Typed)
    with pytest.raises(UnsupportedInput, match="Task:"):
        await OfflineModel().complete([user(Text("go back"))], Decision)
    with pytest.raises(ConfigError, match="thinking"):
        await OfflineModel().complete(task, Bare)
