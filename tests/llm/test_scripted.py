"""The scripted model: what each kind of item answers, how names become refs, and how it says what is wrong."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import BaseModel, RootModel

from webhand.errors import ConfigError, LLMError, OutputInvalid, RateLimited
from webhand.llm.messages import (
    AssistantMessage,
    Image,
    Message,
    PageElement,
    PageView,
    Part,
    SystemMessage,
    Text,
    UserMessage,
)
from webhand.llm.model import Abilities, Model
from webhand.llm.scripted import ScriptedModel, ScriptExhausted, by_name


class Click(BaseModel):
    ref: str


class Drag(BaseModel):
    ref: str
    to: str


class Done(BaseModel):
    answer: str
    success: bool = True


class ClickAction(BaseModel):
    click: Click


class DragAction(BaseModel):
    drag: Drag


class DoneAction(BaseModel):
    done: Done


class Action(RootModel[ClickAction | DragAction | DoneAction]):
    pass


class Full(BaseModel):
    evaluation: str
    memory: str
    next_goal: str
    actions: list[Action]


class Brief(BaseModel):
    memory: str
    next_goal: str
    actions: list[Action]


class Bare(BaseModel):
    actions: list[Action]


class Summary(BaseModel):
    text: str


def element(ref: str, role: str, name: str) -> PageElement:
    return PageElement(ref=ref, role=role, name=name)


PAGE = PageView(
    text="a page",
    elements=(
        element("e1", "link", "Sign in"),
        element("e2", "button", "Sign in"),
        element("e3", "button", "sign IN"),
        element("e4", "button", " Add to cart "),
        element("e5", "button", "Add to cart"),
        element("e6", "textbox", "Search"),
    ),
)


def user(*parts: Part) -> UserMessage:
    return UserMessage(parts=parts)


PROMPT: Sequence[Message] = (SystemMessage(parts=(Text("rules"),)), user(PAGE))


async def actions(script: Sequence[Any], output: type[Full] | type[Brief] | type[Bare] = Full) -> list[dict[str, Any]]:
    reply = await ScriptedModel(script).complete(PROMPT, output)
    return [action.model_dump() for action in reply.output.actions]


def test_it_is_a_model() -> None:
    model = ScriptedModel([], abilities=Abilities(vision=False))
    assert isinstance(model, Model)
    assert (model.name, model.abilities.vision) == ("scripted/script", False)
    assert ScriptedModel([]).abilities == Abilities()


CLICK: dict[str, Any] = {"click": {"ref": "e1"}}
DONE: dict[str, Any] = {"done": {"answer": "x", "success": True}}
BARE = Bare.model_validate({"actions": [CLICK]})


def click_first(messages: Sequence[Message]) -> list[dict[str, Any]]:
    return [CLICK] if messages == PROMPT else []


def say_later(messages: Sequence[Message]) -> Any:
    return click_first


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (CLICK, [CLICK]),
        ([CLICK, DONE], [CLICK, DONE]),
        ((CLICK, DONE), [CLICK, DONE]),
        ({"actions": [DONE]}, [DONE]),
        ({"actions": DONE}, [DONE]),
        ('{"evaluation":"","memory":"","next_goal":"","actions":[{"click":{"ref":"e1"}}]}', [CLICK]),
        (
            'Here:\n```json\n{"evaluation":"","memory":"","next_goal":"","actions":[{"click":{"ref":"e1"}}]}\n```',
            [CLICK],
        ),
        (BARE, [CLICK]),
        (click_first, [CLICK]),
        (say_later, [CLICK]),
    ],
)
async def test_an_item_becomes_the_actions(item: Any, expected: list[Any]) -> None:
    output = Bare if isinstance(item, BaseModel) else Full
    assert await actions([item], output) == expected


@pytest.mark.parametrize("output", [Full, Brief, Bare])
async def test_texts_that_the_decision_asks_for_are_filled(output: type[Full] | type[Brief] | type[Bare]) -> None:
    reply = await ScriptedModel([DONE]).complete(PROMPT, output)
    said = reply.output.model_dump()
    assert said.pop("actions") == [DONE]
    assert said == dict.fromkeys(said, "")
    assert list(said) == [name for name in output.model_fields if name != "actions"]


async def test_a_text_with_a_default_keeps_it() -> None:
    class Remembering(Bare):
        memory: str = "nothing yet"

    assert (await ScriptedModel([DONE]).complete(PROMPT, Remembering)).output.memory == "nothing yet"


async def test_a_full_decision_keeps_its_texts() -> None:
    reply = await ScriptedModel([{"memory": "two of three", "actions": [DONE]}]).complete(PROMPT, Full)
    assert (reply.output.evaluation, reply.output.memory) == ("", "two of three")


async def test_a_function_sees_the_messages_and_may_wait() -> None:
    async def answer(messages: Sequence[Message]) -> dict[str, Any]:
        await asyncio.sleep(0)
        return {"done": {"answer": messages[0].text}}

    assert await actions([answer]) == [{"done": {"answer": "rules", "success": True}}]


async def test_exceptions_are_raised_and_the_script_goes_on() -> None:
    model = ScriptedModel([RateLimited("slow down", status=429), DONE])
    with pytest.raises(RateLimited, match="slow down"):
        await model.complete(PROMPT, Full)
    assert (await model.complete(PROMPT, Full)).output.actions
    assert model.calls == 2


async def test_a_raw_text_that_does_not_fit_is_a_bad_answer() -> None:
    with pytest.raises(OutputInvalid):
        await actions(["I would click it."])
    with pytest.raises(OutputInvalid):
        await actions([{"clikc": {"ref": "e1"}}])


async def test_the_end_of_the_script_is_no_bad_answer() -> None:
    model = ScriptedModel([DONE])
    await model.complete(PROMPT, Full)
    for _ in range(2):
        with pytest.raises(ScriptExhausted, match="1 item") as caught:
            await model.complete(PROMPT, Full)
        assert isinstance(caught.value, LLMError)
        assert not isinstance(caught.value, OutputInvalid)


@pytest.mark.parametrize(
    ("mark", "ref"),
    [
        (by_name("Sign in"), "e1"),
        (by_name("Sign in", "button"), "e2"),
        (by_name("sign IN"), "e3"),
        (by_name("SIGN IN", nth=1), "e2"),
        (by_name("Sign in", nth=-1), "e2"),
        (by_name("Add to cart"), "e4"),
        (by_name("Add to cart", nth=1), "e5"),
        (by_name("search", "textbox"), "e6"),
    ],
)
async def test_by_name_is_the_ref_of_the_element(mark: Any, ref: str) -> None:
    assert await actions([{"click": {"ref": mark}}]) == [{"click": {"ref": ref}}]


async def test_by_name_works_at_any_depth() -> None:
    drag: dict[str, Any] = {"drag": {"ref": by_name("Sign in"), "to": by_name("Search")}}
    item = {"memory": "m", "actions": [drag, {"click": {"ref": by_name("sign IN")}}]}
    assert await actions([item]) == [{"drag": {"ref": "e1", "to": "e6"}}, {"click": {"ref": "e3"}}]

    def say(messages: Sequence[Message]) -> dict[str, Any]:
        return drag

    assert await actions([say]) == [{"drag": {"ref": "e1", "to": "e6"}}]


async def test_by_name_looks_at_the_last_page() -> None:
    later = PageView(text="later", elements=(element("e9", "button", "Sign in"),))
    answer = AssistantMessage(parts=(Text("{}"),))
    prompt = (user(PAGE), answer, user(PAGE, later, Image(data=b"x")), user(Text("go")))
    reply = await ScriptedModel([{"click": {"ref": by_name("Sign in")}}]).complete(prompt, Bare)
    assert reply.output.model_dump() == {"actions": [{"click": {"ref": "e9"}}]}


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        (by_name("Sing in"), ['called "Sing in"', '"Sign in" (link)', '"Sign in" (button)']),
        (by_name("Search", "button"), ['no button called "Search"', '"Search" (textbox)']),
        (by_name("Qqqq"), ["it has", '"Sign in" (link)']),
        (by_name("Add to cart", nth=2), ["has 2", "nth=2"]),
        (by_name("Add to cart", nth=-3), ["has 2", "nth=-3"]),
    ],
)
async def test_a_name_that_is_not_there_is_the_authors_error(mark: Any, words: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        await actions([{"click": {"ref": mark}}])
    assert [word for word in words if word not in str(caught.value)] == []


async def test_by_name_without_a_page_is_the_authors_error() -> None:
    with pytest.raises(ConfigError, match="the prompt shows none"):
        await ScriptedModel([{"click": {"ref": by_name("Go")}}]).complete([user(Text("hello"))], Full)


async def test_others_answer_what_is_no_decision() -> None:
    model = ScriptedModel([DONE], others=[{"text": "short"}, '{"text": "raw"}', Summary(text="typed")])
    said = [(await model.complete(PROMPT, Summary)).output.text for _ in range(3)]
    assert said == ["short", "raw", "typed"]
    assert (await model.complete(PROMPT, Full)).output.actions
    with pytest.raises(ScriptExhausted, match="others has 3 item"):
        await model.complete(PROMPT, Summary)


async def test_others_may_be_a_function() -> None:
    def other(messages: Sequence[Message], output: type[BaseModel] | None) -> dict[str, str] | str:
        return {"text": f"{output.__name__} of {messages[0].text}"} if output else "plain"

    model = ScriptedModel([DONE], others=other)
    assert (await model.complete(PROMPT, Summary)).output.text == "Summary of rules"
    assert (await model.complete(PROMPT)).text == "plain"


async def test_without_others_the_error_says_so() -> None:
    with pytest.raises(ConfigError, match="Summary was asked for: give others="):
        await ScriptedModel([DONE]).complete(PROMPT, Summary)


async def test_a_call_for_text_takes_a_str() -> None:
    reply = await ScriptedModel(["Just text, {not} read."]).complete(PROMPT)
    assert (reply.output, reply.text) == (None, "Just text, {not} read.")
    with pytest.raises(ConfigError, match="others="):
        await ScriptedModel([DONE]).complete(PROMPT)


@pytest.mark.parametrize("script", ["click", {"click": {"ref": "e1"}}])
def test_a_single_item_is_no_script(script: Any) -> None:
    with pytest.raises(ConfigError, match="list"):
        ScriptedModel(script)
    with pytest.raises(ConfigError, match="list"):
        ScriptedModel([], others=script)


async def test_prompts_are_recorded_with_their_estimate() -> None:
    model = ScriptedModel(["four"], others=["five!"])
    reply = await model.complete([user(Text("12345678")), user(Text("1234"))])
    assert (reply.usage.prompt, reply.usage.completion) == (3, 1)
    assert (reply.model, reply.stop, reply.text) == ("scripted/script", "stop", "five!")
    assert [[m.text for m in prompt] for prompt in model.prompts] == [["12345678", "1234"]]
    await model.aclose()


async def test_a_recorded_prompt_does_not_change_afterwards() -> None:
    model = ScriptedModel(["a", "b"])
    prompt: list[Message] = [user(Text("one"))]
    await model.complete(prompt)
    prompt.append(user(Text("two")))
    await model.complete(prompt)
    assert [len(recorded) for recorded in model.prompts] == [1, 2]
