"""What a model has to answer, and the decision in its answer."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from webhand import AgentConfig, Controller, Decision, Observation
from webhand.agent.decision import answer_model
from webhand.browser.observation import Element, Scroll
from webhand.controller import ActionCall

TEXTS = {"evaluation": "went well", "memory": "two left", "next_goal": "the third"}
ASKED = {"full": ["evaluation", "memory", "next_goal"], "brief": ["memory", "next_goal"], "none": []}


def answer(thinking: Any = "full", **more: Any) -> type[BaseModel]:
    return answer_model(Controller(), AgentConfig(thinking=thinking, **more))


@pytest.mark.parametrize("thinking", ASKED)
def test_the_texts_that_are_asked_for_come_before_the_actions(thinking: str) -> None:
    model = answer(thinking)
    assert list(model.model_fields) == [*ASKED[thinking], "actions"]
    schema = model.model_json_schema()
    assert schema["required"] == [*ASKED[thinking], "actions"]
    assert schema["additionalProperties"] is False
    given = {name: TEXTS[name] for name in ASKED[thinking]} | {"actions": [{"click": {"ref": "e1"}}]}
    decision = Decision.of(model.model_validate(given))
    assert decision.model_dump(exclude={"actions"}) == {
        name: TEXTS[name] if name in ASKED[thinking] else "" for name in TEXTS
    }


@pytest.mark.parametrize("thinking", ASKED)
def test_what_was_not_asked_for_is_refused(thinking: str) -> None:
    others: dict[str, Any] = {name: text for name, text in TEXTS.items() if name not in ASKED[thinking]} or {
        "mood": "x"
    }
    given: dict[str, Any] = {name: TEXTS[name] for name in ASKED[thinking]}
    given["actions"] = [{"back": {}}]
    with pytest.raises(ValidationError):
        answer(thinking).model_validate(given | others)


def test_a_decision_keeps_what_was_said_and_adds_nothing() -> None:
    actions: list[Any] = [{"click": {"ref": "e1"}}, {"select": {"ref": "e2", "values": ["a", "b"]}}, {"back": {}}]
    decision = Decision.of(answer("none").model_validate({"actions": actions}))
    assert decision.actions == (
        ActionCall(action="click", arguments={"ref": "e1"}),
        ActionCall(action="select", arguments={"ref": "e2", "values": ["a", "b"]}),
        ActionCall(action="back", arguments={}),
    )
    assert Decision.model_validate(decision.model_dump(mode="json")) == decision


def test_the_number_of_actions_is_limited() -> None:
    model = answer("none", max_actions_per_step=2)
    model.model_validate({"actions": [{"back": {}}] * 2})
    for count in (0, 3):
        with pytest.raises(ValidationError):
            model.model_validate({"actions": [{"back": {}}] * count})


def test_own_and_left_out_actions_count() -> None:
    controller = Controller(without=["click"])

    @controller.action("Look the stock up")
    async def stock(name: str) -> str:
        return name

    model = answer_model(controller, AgentConfig(thinking="none"))
    assert Decision.of(model.model_validate({"actions": [{"stock": {"name": "tea"}}]})).actions[0].action == "stock"
    with pytest.raises(ValidationError):
        model.model_validate({"actions": [{"click": {"ref": "e1"}}]})


def element(ref: str, name: str) -> Element:
    return Element(ref, "button", name, "button", None, (), None, "", True, {})


def test_targets_are_the_elements_that_are_named() -> None:
    seen = Observation("a:", "", "", {"e1": element("e1", "One"), "e2": element("e2", "Two")}, (), Scroll(0, 0, 1))
    decision = Decision(
        actions=(
            ActionCall(action="drag", arguments={"ref": "e1", "to": "e2"}),
            ActionCall(action="click", arguments={"ref": "e77", "count": 2}),
            ActionCall(action="type", arguments={"ref": "e2", "text": "e1 is no target, but e9 would be"}),
        )
    )
    assert {ref: mark.name for ref, mark in decision.targets(seen).items()} == {"e1": "One", "e2": "Two"}
