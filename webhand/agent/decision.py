"""What a model decides in one step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from webhand.agent.config import AgentConfig
from webhand.browser import Fingerprint, Observation
from webhand.controller import ActionCall, Controller

ASKED: Mapping[str, tuple[str, ...]] = {
    "full": ("evaluation", "memory", "next_goal"),
    "brief": ("memory", "next_goal"),
    "none": (),
}
"""The texts that a model is asked for, in this order, before its actions."""


class Decision(BaseModel):
    """What the last step brought, what must not be forgotten, what comes next, and the actions for it."""

    model_config = ConfigDict(frozen=True)

    evaluation: str = ""
    memory: str = ""
    next_goal: str = ""
    actions: tuple[ActionCall, ...]

    @classmethod
    def of(cls, answer: BaseModel) -> Decision:
        """The decision in a model's answer, which is an instance of what `answer_model` made."""
        plain = answer.model_dump(mode="json", exclude_unset=True, by_alias=True, round_trip=True)
        actions = [
            ActionCall(action=name, arguments=given) for one in plain.pop("actions") for name, given in one.items()
        ]
        return cls(actions=tuple(actions), **plain)

    def targets(self, seen: Observation) -> dict[str, Fingerprint]:
        """Fingerprints of the elements that the actions name, by reference."""
        named = [value for call in self.actions for value in call.arguments.values() if isinstance(value, str)]
        return {ref: seen.elements[ref].fingerprint for ref in named if ref in seen.elements}

    def meant(self, seen: Observation) -> dict[str, str]:
        """What the references in its actions stand for, in any document: role, name and place among its like."""
        places: Counter[str] = Counter()
        named = self.targets(seen)
        meant: dict[str, str] = {}
        for ref, element in seen.elements.items() if named else ():
            like = f"{element.role} {element.name}"
            places[like] += 1
            if ref in named:
                meant[ref] = f"{like} {places[like]}"
        return meant


def answer_model(controller: Controller, config: AgentConfig) -> type[BaseModel]:
    """What a model has to answer in every step of a run: the texts asked for, then the actions."""
    fields: dict[str, Any] = dict.fromkeys(ASKED[config.thinking], (str, ...))
    action: Any = controller.action_model()
    most = config.max_actions_per_step
    fields["actions"] = (list[action], Field(min_length=1, max_length=most))
    return create_model("Decision", __config__=ConfigDict(extra="forbid"), **fields)
